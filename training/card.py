"""The model card of a run: what it learned from, how, and how good it was on the items held back."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

TEMPLATE = """\
---
library_name: transformers
pipeline_tag: feature-extraction
license: mit
---

# {name}

A BLIP-2 for image-text retrieval (`Blip2ForImageTextRetrieval`), {n_parameters:.1f} million parameters, trained by
`python -m training`. Pictures of {size} x {size} pixels, {n_query_tokens} query tokens, vectors of 256 numbers.

## Data

{n_train} items to learn from and {n_validation} held back to measure on, from: {folders}.
Left out, by SKU, title and photo: what is in {held_out}.

## Method

Started from {start}. {n_steps} steps of {batch} items: image-text contrast with the best of the query tokens, and with
their mean (weight {pooled}); attribute heads on the vision tower (weight {attributes}); image-text matching with hard
negatives on {matching} items of each batch. Items of the same title, or of all facets that a caption names, are no
negatives. Captions are titles or random wordings of facets, with synonyms and typos; pictures are mirrored,
cropped, turned and re-lit; the vision tower sees {kept} of the patches. AdamW, {rate} with {warmup} steps of warm-up,
then a cosine.

## Figures on the {n_validation} items held back

| measure | index vector | best query token |
|---|---|---|
{figures}

Precision at 10 is for the queries "<colour> <article type> for <gender>", out of min(10, number relevant).

## Limits

It knows the kinds of items it was trained on, photographed or drawn alone on a plain ground, and short English texts
(at most {max_tokens} word pieces). It tells neither people nor places, and must not be used to judge people.
"""
MEASURES = {
    "title_recall_at_10": "title to picture, recall@10",
    "category_precision_at_10": "article type, precision@10",
    "colour_precision_at_10": "colour, precision@10",
    "gender_precision_at_10": "gender, precision@10",
    "all_precision_at_10": "all three, precision@10",
}


def write_card(folder: Path, facts: Mapping[str, Any], log: Path) -> None:
    """Write README.md into a released checkpoint; the figures are those of the run's best measurement.

    `facts` holds every field of the template but `figures`.
    """
    lines = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    best: dict[str, float] = max(
        (line for line in lines if "metric" in line), key=lambda line: line["metric"], default={}
    )
    rows = [
        f"| {label} | {best[f'pooled.{name}']:.3f} | {best[f'max_sim.{name}']:.3f} |"
        for name, label in MEASURES.items()
        if best
    ]
    (folder / "README.md").write_text(TEMPLATE.format(**facts, figures="\n".join(rows)), encoding="utf-8")
