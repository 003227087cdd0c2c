"""From a command line to a run: gather the items, leave out what is held out, build or load the model."""

import argparse
import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

from env.errors import FeedError, VitrineError
from tools.blip2 import read_model, read_tokenizer
from tools.blip2_files import locate
from tools.blip2_pictures import FILE_NAME, PictureFormat
from tools.taxonomy import Taxonomy, load_taxonomy
from training.card import write_card
from training.curve import draw_curves
from training.data import Example, FacetTable, facet_table, read_folders, split_off
from training.loop import BEST, LOG, Material, Plan, Run
from training.losses import Weights
from training.model import Shape, TrainedModel, build_blip2
from training.pictures import PictureCache, open_cache, same_photos
from training.vocabulary import make_tokenizer

log = logging.getLogger(__name__)

ASPECT = 3 / 4  # of catalogue photos: width / height
HEAD_FACETS = ("category", "department", "colour", "gender", "age_group", "pattern", "usage")
# A run may be continued with other values of these; any other change would make it another run.
FREE_ARGUMENTS = ("cache", "steps", "epochs", "patience", "out")


@dataclass(frozen=True, slots=True)
class Beginning:
    """The model before the first step and its tokenizer; `logit_scale` None keeps the default."""

    blip2: Any
    tokenizer: Any
    logit_scale: float | None = None


def start(arguments: argparse.Namespace) -> Run:
    """Do what `python -m training` was asked; the finished run.

    Raises:
        FeedError: the data cannot be read, or nothing is left to train on.
        EmbedderError: the checkpoint to start from cannot be used.
        VitrineError: `arguments.out` holds a run of other settings.
    """
    arguments.out.mkdir(parents=True, exist_ok=True)
    taxonomy = load_taxonomy()
    cache = arguments.cache or arguments.out / "cache"
    form = picture_format(arguments)
    examples, held_out = read_folders(arguments.data), read_folders(arguments.without)
    pictures = open_cache(cache, examples, form)
    kept = without_held_out(examples, pictures, held_out, open_cache(cache, held_out, form))
    train_rows, validation_rows = split_off(examples, kept, arguments.validation)
    train, validation = [examples[row] for row in train_rows], [examples[row] for row in validation_rows]
    if len(train) < 2:
        raise FeedError(f"only {len(train)} items are left to train on; give more with --data or lower --validation")
    check_settings(arguments, train)
    beginning = load(arguments) if arguments.start else build(arguments, train, taxonomy)
    table = facet_table([*train, *validation], taxonomy)
    model = trained_model(beginning, table, arguments.freeze_vision)
    chosen = pictures.only([*train_rows, *validation_rows])
    material = Material(train, validation, table, chosen, form, taxonomy, beginning.tokenizer)
    n_parameters = sum(parameter.numel() for parameter in beginning.blip2.parameters())
    log.info("%d items to train on, %d to validate, %d parameters", len(train), len(validation), n_parameters)
    run = Run(plan_of(arguments, len(train)), material, model)
    run.go()
    draw_curves(arguments.out / LOG, arguments.out / "curves.png")
    write_card(arguments.out / BEST, card_facts(arguments, run), arguments.out / LOG)
    return run


def card_facts(arguments: argparse.Namespace, run: Run) -> Mapping[str, Any]:
    """What the model card tells of a run."""
    config, plan, material = run.model.blip2.config, run.plan, run.material
    return {
        "name": arguments.out.name,
        "n_parameters": run.model.blip2.num_parameters() / 1e6,
        "size": material.picture_format.size,
        "n_query_tokens": config.num_query_tokens,
        "n_train": len(material.train),
        "n_validation": len(material.validation),
        "folders": ", ".join(folder.name for folder in arguments.data),
        "held_out": ", ".join(folder.name for folder in arguments.without) or "nothing else",
        "start": arguments.start or "random weights",
        "n_steps": run.progress.n_steps_done,
        "batch": plan.batch_size * plan.n_accumulated,
        "pooled": plan.weights.pooled,
        "attributes": plan.weights.attributes,
        "matching": plan.weights.n_matching,
        "kept": f"{plan.kept_share:.0%}",
        "rate": plan.learning_rate,
        "warmup": plan.n_warmup,
        "max_tokens": config.qformer_config.max_position_embeddings,
    }


def picture_format(arguments: argparse.Namespace) -> PictureFormat:
    """What the model sees: the checkpoint's format, or ours from scratch."""
    if arguments.start:
        return PictureFormat.read(locate(arguments.start).folder / FILE_NAME)
    return PictureFormat(size=arguments.image_size, pad_to_aspect=ASPECT)


def build(arguments: argparse.Namespace, train: Sequence[Example], taxonomy: Taxonomy) -> Beginning:
    """A new model and a vocabulary drawn from the training items' captions."""
    shape = Shape(image_size=arguments.image_size, width=arguments.width)
    tokenizer = make_tokenizer(train, taxonomy, shape.vocab_size, shape.max_text_tokens)
    blip2 = build_blip2(replace(shape, vocab_size=len(tokenizer)), arguments.seed)
    return Beginning(blip2, tokenizer)


def load(arguments: argparse.Namespace) -> Beginning:
    """The model of a checkpoint, to be trained further."""
    import torch

    checkpoint = locate(arguments.start)
    blip2 = read_model(checkpoint, torch.float32)
    return Beginning(blip2, read_tokenizer(checkpoint), checkpoint.config.get("logit_scale"))


def trained_model(beginning: Beginning, table: FacetTable, is_vision_frozen: bool) -> TrainedModel:
    """The model with its attribute heads. A facet of a single value needs no head."""
    import torch

    torch.manual_seed(0)
    # On a processor the backward pass of the fused attention takes twice the time of the plain one.
    for tower in (beginning.blip2.vision_model, beginning.blip2.qformer):
        tower.set_attn_implementation("eager")
    sizes = {facet: len(table.values[facet]) - 1 for facet in HEAD_FACETS if len(table.values[facet]) > 2}
    model = TrainedModel(beginning.blip2, sizes)
    if beginning.logit_scale is not None:
        model.logit_scale.data.fill_(beginning.logit_scale)
    if is_vision_frozen:
        beginning.blip2.vision_model.requires_grad_(False)
    return model


def plan_of(arguments: argparse.Namespace, n_items: int) -> Plan:
    """The run that the command line describes."""
    per_epoch = max(1, n_items // (arguments.batch * arguments.accumulate))
    return Plan(
        out=arguments.out,
        n_steps=arguments.steps or max(1, round(arguments.epochs * per_epoch)),
        batch_size=arguments.batch,
        n_accumulated=arguments.accumulate,
        learning_rate=arguments.learning_rate,
        n_warmup=arguments.warmup,
        kept_share=arguments.kept_patches,
        plenty=arguments.plenty,
        kin_share=arguments.kin,
        n_again=arguments.photos,
        weights=Weights(attributes=arguments.attributes, n_matching=arguments.matching),
        seed=arguments.seed,
        evaluate_every=arguments.evaluate_every,
        save_every=arguments.save_every,
        patience=arguments.patience,
    )


def check_settings(arguments: argparse.Namespace, train: Sequence[Example]) -> None:
    """Note the settings of a new run in run.json; refuse to continue one that was begun with others."""
    settings: Mapping[str, Any] = {
        **{name: str(value) for name, value in vars(arguments).items() if name not in FREE_ARGUMENTS},
        "n_items": len(train),
        "items": sha256("\n".join(one.sku for one in train).encode()).hexdigest()[:16],
    }
    path = arguments.out / "run.json"
    if path.exists() and (arguments.out / "state.safetensors").exists():
        begun = json.loads(path.read_text(encoding="utf-8"))
        changed = sorted(name for name in settings if settings[name] != begun.get(name))
        if changed:
            raise VitrineError(
                f"{str(arguments.out)!r} holds a run with another {changed[0]} ({begun.get(changed[0])!r}, now "
                f"{settings[changed[0]]!r}); continue it with its own settings or give another --out"
            )
    path.write_text(json.dumps(settings, indent=2) + "\n", encoding="utf-8")


def without_held_out(
    examples: Sequence[Example], pictures: PictureCache, held_out: Sequence[Example], held_pictures: PictureCache
) -> list[int]:
    """The rows of the items that share no SKU, no title and no photo with a held-out item."""
    skus = {one.sku for one in held_out}
    titles = {one.words["title"].casefold() for one in held_out} - {""}
    rows = [
        row for row, one in enumerate(examples) if one.sku not in skus and one.words["title"].casefold() not in titles
    ]
    if not held_out or not rows:
        return rows
    twins = same_photos(pictures.only(rows), held_pictures)
    kept = [row for row, is_twin in zip(rows, twins, strict=True) if not is_twin]
    log.info("left out: %d items by SKU or title, %d more by photo", len(examples) - len(rows), len(rows) - len(kept))
    return kept
