"""The model card of a run: what it learned from, how, and how good it was on the items held back."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from training.plan import Material, Plan

TEMPLATE = """\
---
library_name: transformers
pipeline_tag: feature-extraction
license: mit
---

# {name}

A BLIP-2 for image-text retrieval (`Blip2ForImageTextRetrieval`), {n_parameters:.1f} million parameters, trained by
`python -m training`. Pictures of {size} x {size} pixels, {n_query_tokens} query tokens, vectors of {dim} numbers.

## Data

{n_train} items to learn from and {n_validation} held back to measure on, from: {folders}.{held_out}

## Method

Started from {start}. {n_steps} steps of {batch} items{of_a_kind}. Objectives, with their weights:

{objectives}

Items of the same title, or of all facets that a caption names, are no negatives; {kin_target:.0%} of each target goes
to items of the same category, half of that to those in the same colour. Captions are titles or random wordings of
facets, with synonyms and typos; pictures are mirrored, cropped, turned and re-lit; the vision tower sees {kept:.0%}
of the patches. AdamW, {rate} with {warmup} steps of warm-up, then a cosine.

{figures}
## Limits

It knows the kinds of items it was trained on, photographed or drawn alone on a plain ground, and short English texts
(at most {max_tokens} word pieces). It tells neither people nor places, and must not be used to judge people.
"""
FIGURES = """\
## Figures on the {n_validation} items held back, after {step} steps

| measure | index vector | best query token |
|---|---|---|
{rows}

Precision at 10 is for the queries "<colour> <article type> for <gender>", out of min(10, number relevant).
"""
SPAN = 20  # steps that a loss is averaged over
MEASURES = {
    "title_recall_at_10": "title to picture, recall@10",
    "category_precision_at_10": "article type, precision@10",
    "colour_precision_at_10": "colour, precision@10",
    "gender_precision_at_10": "gender, precision@10",
    "all_precision_at_10": "all three, precision@10",
}


def write_card(folder: Path, plan: Plan, material: Material, config: Any, n_parameters: int, log: Path) -> None:
    """Write README.md into a released checkpoint; the figures are those of the run's best measurement so far."""
    lines = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    held_out = ", ".join(material.held_out)
    text = TEMPLATE.format(
        name=plan.out.name,
        n_parameters=n_parameters / 1e6,
        size=material.picture_format.size,
        n_query_tokens=config.num_query_tokens,
        dim=config.image_text_hidden_size,
        n_train=len(material.train),
        n_validation=len(material.validation),
        folders=", ".join(material.folders),
        held_out=f"\nLeft out, by SKU, title and photo: what is in {held_out}." if held_out else "",
        start=material.start.name if material.start else "random weights",
        n_steps=max((line["step"] for line in lines), default=0),
        batch=plan.batch_size * plan.n_accumulated,
        of_a_kind=f", {plan.kin_share:.0%} of each batch of one category" if plan.kin_share else "",
        objectives="\n".join(objectives(plan, lines)),
        kin_target=plan.weights.kin_share,
        kept=plan.kept_share,
        rate=plan.learning_rate,
        warmup=plan.n_warmup,
        max_tokens=config.qformer_config.max_position_embeddings,
        figures=figures(lines, len(material.validation)),
    )
    (folder / "README.md").write_text(text, encoding="utf-8")


def objectives(plan: Plan, lines: list[Mapping[str, float]]) -> Iterator[str]:
    """One line for each objective that the run's log has a loss of, with its mean over the first and last steps."""
    weights = plan.weights
    told = {
        "contrast": "image-text contrast with the best of the query tokens: 1.0",
        "pooled": f"the same with their mean, which is the index vector: {weights.pooled}",
        "attributes": f"attribute heads on the vision tower: {weights.attributes}",
        "photo": f"second, re-lit views of {plan.n_again} pictures of a batch find their own picture: {weights.photo}",
        "matching": f"image-text matching with hard negatives on {weights.n_matching} items: {weights.matching}",
        "generation": f"image-grounded writing of {weights.n_generation} captions: {weights.generation}",
    }
    steps = [line for line in lines if "loss" in line]
    span = min(SPAN, (len(steps) + 1) // 2)
    for name, text in told.items():
        if steps and name in steps[-1]:
            first, last = (sum(line[name] for line in some) / span for some in (steps[:span], steps[-span:]))
            yield f"- {text} (loss {first:.2f} at first, {last:.2f} at last)"


def figures(lines: list[Mapping[str, float]], n_validation: int) -> str:
    """The table of the best measurement; "" where none was made."""
    best = max((line for line in lines if "metric" in line), key=lambda line: line["metric"], default=None)
    if best is None:
        return ""
    rows = [
        f"| {label} | {best[f'pooled.{name}']:.3f} | {best[f'max_sim.{name}']:.3f} |"
        for name, label in MEASURES.items()
        if f"pooled.{name}" in best
    ]
    return FIGURES.format(n_validation=n_validation, step=f"{best['step']:.0f}", rows="\n".join(rows))
