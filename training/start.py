"""From a command line to a run: gather the items, leave out what is held out, build or load the model."""

import argparse
import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from safetensors import SafetensorError

from env.errors import EmbedderError, FeedError, VitrineError
from tools.blip2 import read_model, read_tokenizer
from tools.blip2_files import Checkpoint, locate
from tools.blip2_pictures import FILE_NAME, PictureFormat
from tools.taxonomy import Taxonomy, load_taxonomy
from training.arguments import check_settings
from training.data import Example, FacetTable, facet_table, read_folders, split_off, write_folder
from training.heads import HEADS, take_heads
from training.loop import BEST, Run
from training.losses import Weights
from training.model import Shape, TrainedModel, build_blip2
from training.pictures import PictureCache, open_cache, same_photos
from training.place import Place, choose_place
from training.plan import Material, Plan
from training.vocabulary import make_tokenizer

log = logging.getLogger(__name__)

ASPECT = 3 / 4  # of catalogue photos: width / height
HEAD_FACETS = ("category", "department", "colour", "gender", "age_group", "pattern", "usage")
VALIDATION = "validation"  # of a run's folder: the items held back, as a data folder
# A vocabulary that spells more of the titles' word pieces with [UNK] than this cannot tell them apart.
MOST_UNKNOWN = 0.2


@dataclass(frozen=True, slots=True)
class Beginning:
    """The model before the first step and its tokenizer, and the checkpoint they come from; None: from scratch."""

    blip2: Any
    tokenizer: Any
    checkpoint: Checkpoint | None = None


def start(arguments: argparse.Namespace) -> Run:
    """Do what `python -m training` was asked; the finished run.

    Raises:
        FeedError: the data cannot be read, or nothing is left to train on.
        EmbedderError: the checkpoint to start from, or the device, cannot be used.
        VitrineError: `arguments.out` holds a run of other settings, or the disk is full.
    """
    try:
        place = choose_place(arguments.device, arguments.precision)
        arguments.out.mkdir(parents=True, exist_ok=True)
        material, model = prepare(arguments, place)
        run = Run(plan_of(arguments, len(material.train), place), material, model)
        run.go()
    except (OSError, SafetensorError) as error:
        raise VitrineError(
            f"cannot go on: {error}; what was saved in {str(arguments.out)!r} is whole: "
            "mend that, then run the same command again"
        ) from error
    return run


def prepare(arguments: argparse.Namespace, place: Place) -> tuple[Material, TrainedModel]:
    """What to learn from, and the model that learns it."""
    taxonomy = load_taxonomy()
    checkpoint = find_checkpoint(arguments.start)
    form = picture_format(arguments, checkpoint)
    cache = arguments.cache or arguments.out / "cache"
    examples, held_out = worded(read_folders(arguments.data)), read_folders(arguments.without)
    pictures = open_cache(cache, examples, form)
    kept = without_held_out(examples, pictures, held_out, open_cache(cache, held_out, form))
    train_rows, validation_rows = split_off(examples, kept, arguments.validation)
    train, validation = [examples[row] for row in train_rows], [examples[row] for row in validation_rows]
    if len(train) < 2:
        raise FeedError(
            f"{len(train)} of {len(examples)} items are left to train on, 2 are needed; give more with --data, or "
            f"lower --validation (now {arguments.validation})"
        )
    check_settings(arguments, train)
    write_folder(arguments.out / VALIDATION, validation)
    beginning = load(checkpoint, train) if checkpoint else build(arguments, train, taxonomy)
    table = facet_table([*train, *validation], taxonomy)
    model = trained_model(beginning, table, arguments, place)
    n_parameters = sum(parameter.numel() for parameter in model.parameters() if parameter.requires_grad)
    log.info(
        "%d items to train on, %d to validate, %d parameters to learn on %s in %s",
        len(train), len(validation), n_parameters, place.device, "bf16" if place.is_bf16 else "fp32",
    )  # fmt: skip
    chosen = pictures.only([*train_rows, *validation_rows])
    folders, without = ([folder.name for folder in some] for some in (arguments.data, arguments.without))
    material = Material(
        train, validation, table, chosen, form, taxonomy, beginning.tokenizer, folders, without, checkpoint
    )
    return material, model


def worded(examples: Sequence[Example]) -> list[Example]:
    """The items that a caption can be written for: those with a title or a category."""
    kept = [one for one in examples if one.words["title"] or one.words["category"]]
    if len(kept) < len(examples):
        log.info("left out: %d items with neither title nor category", len(examples) - len(kept))
    return kept


def find_checkpoint(name: str) -> Checkpoint | None:
    """The checkpoint that --from names; None for ""."""
    try:
        return locate(name) if name else None
    except EmbedderError as error:
        raise EmbedderError(f"--from {name!r}: {error}") from error


def picture_format(arguments: argparse.Namespace, checkpoint: Checkpoint | None) -> PictureFormat:
    """What the model sees: the checkpoint's format, or ours from scratch."""
    if checkpoint:
        return PictureFormat.read(checkpoint.folder / FILE_NAME)
    return PictureFormat(size=arguments.image_size, pad_to_aspect=ASPECT)


def build(arguments: argparse.Namespace, train: Sequence[Example], taxonomy: Taxonomy) -> Beginning:
    """A new model and a vocabulary drawn from the training items' captions."""
    shape = Shape(image_size=arguments.image_size, width=arguments.width)
    tokenizer = make_tokenizer(train, taxonomy, shape.vocab_size, shape.max_text_tokens)
    blip2 = build_blip2(replace(shape, vocab_size=len(tokenizer)), arguments.seed)
    return Beginning(blip2, tokenizer)


def load(checkpoint: Checkpoint, train: Sequence[Example]) -> Beginning:
    """The model of a checkpoint, to be trained further.

    Raises:
        EmbedderError: its tokenizer is of another vocabulary than its weights.
    """
    import torch

    tokenizer = read_tokenizer(checkpoint)
    blip2 = read_model(checkpoint, torch.float32)
    n_words = blip2.config.qformer_config.vocab_size
    if len(tokenizer) > n_words:
        raise EmbedderError(
            f"--from {checkpoint.name!r}: its tokenizer has {len(tokenizer)} entries and its weights {n_words}; "
            "take both from the same checkpoint"
        )
    unknown = unknown_share(tokenizer, [one.words["title"] for one in train])
    if unknown > MOST_UNKNOWN:
        raise EmbedderError(
            f"--from {checkpoint.name!r}: its vocabulary does not know {unknown:.0%} of the titles' word pieces; "
            "train from scratch, or start from a checkpoint in the catalogue's language"
        )
    return Beginning(blip2, tokenizer, checkpoint)


def unknown_share(tokenizer: Any, titles: Sequence[str]) -> float:
    """The share of [UNK] among the word pieces of titles; 0 without any."""
    ids = [
        token
        for pieces in tokenizer([title.lower() for title in titles if title] or [""], add_special_tokens=False)[
            "input_ids"
        ]
        for token in pieces
    ]
    return ids.count(tokenizer.unk_token_id) / max(1, len(ids))


def trained_model(beginning: Beginning, table: FacetTable, arguments: argparse.Namespace, place: Place) -> TrainedModel:
    """The model with its heads, and those of the run it comes from. A facet of a single value needs no head.

    Nor does a frozen vision tower: heads on it would teach it nothing.
    """
    import torch

    torch.manual_seed(0)
    is_frozen = arguments.freeze_vision
    facets = () if is_frozen or not arguments.attributes else HEAD_FACETS
    sizes = {facet: len(table.values[facet]) - 1 for facet in facets if len(table.values[facet]) > 2}
    model = TrainedModel(beginning.blip2, sizes, writes=arguments.generation > 0)
    model.blip2.qformer.set_attn_implementation("eager")
    if is_frozen:
        model.freeze_vision(place.frozen_dtype)
    elif place.device == "cpu":
        # On a processor the backward pass of the fused attention takes twice the time of the plain one.
        model.blip2.vision_model.set_attn_implementation("eager")
    checkpoint = beginning.checkpoint
    if checkpoint and "logit_scale" in checkpoint.config:
        model.logit_scale.data.fill_(checkpoint.config["logit_scale"])
    if checkpoint and checkpoint.folder.name == BEST:
        take_heads(checkpoint.folder.parent / HEADS, model, table)
    return model


def plan_of(arguments: argparse.Namespace, n_items: int, place: Place) -> Plan:
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
        home_share=arguments.home,
        weights=Weights(
            kin_share=arguments.like,
            attributes=arguments.attributes,
            n_matching=arguments.matching,
            n_generation=arguments.generation,
        ),
        place=place,
        seed=arguments.seed,
        evaluate_every=arguments.evaluate_every,
        save_every=arguments.save_every,
        patience=arguments.patience,
    )


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
