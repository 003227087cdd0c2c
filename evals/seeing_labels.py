"""Labelled pictures to read attributes from: a folder of Kaggle's layout, shoppers' photos, and pictures of nothing."""

import csv
import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml
from PIL import Image

from env.errors import FeedError
from evals.retrieval_gallery import read_skus
from evals.seeing_nothing import N_NOTHINGS, nothing
from tools.seeing import Source

CASES_DIR = Path(__file__).resolve().parent / "cases"
# Kaggle's squares are squeezed from 3:4.
_ASPECT = 0.75
# More pictures than this teach an attribute nothing new. All values are thinned alike: how rare one is counts too.
_MOST_OF_AN_ATTRIBUTE = 2_500


@dataclass(frozen=True, slots=True)
class Labelled:
    """One picture: where it is (a number for one of nothing), and its value of each attribute that is known.

    `doubtful` attributes are known by a rule that is right for most only: good to fit with, not to judge by.
    """

    place: Path | int
    source: Source
    is_held_out: bool
    values: Mapping[str, str]
    doubtful: frozenset[str] = frozenset()

    def open(self) -> Image.Image:
        """The picture, RGB, in its true proportions."""
        if isinstance(self.place, int):
            return nothing(self.place)
        with Image.open(self.place) as opened:
            picture = opened.convert("RGB")
        is_squeezed = self.source == "item" and picture.width == picture.height
        return picture.resize((round(picture.height * _ASPECT), picture.height)) if is_squeezed else picture


def labelled(folder: Path, photos: Path | None, held_out: Path, held_out_photos: Path) -> list[Labelled]:
    """All pictures with a label, at most 2,500 for an attribute beside those held out; in order of their ids' hashes.

    Raises:
        FeedError: the folder has no styles.csv, or the photos no labels.csv.
    """
    rules = yaml.safe_load((CASES_DIR / "seeing_rules.yaml").read_text(encoding="utf-8"))
    found = [*_items(folder, rules, read_skus(held_out))]
    if photos is not None:
        found += _photos(photos, rules["photos"], read_skus(held_out_photos))
    found += [Labelled(seed, "photo", seed % 2 == 0, {"kind": "nothing"}) for seed in range(N_NOTHINGS)]
    return list(_thinned(sorted(found, key=lambda one: hashlib.sha256(str(_id(one)).encode()).digest())))


def _id(one: Labelled) -> str:
    return one.place.stem if isinstance(one.place, Path) else str(one.place)


def _items(folder: Path, rules: Mapping[str, Any], held_out: frozenset[str] | set[str]) -> Iterator[Labelled]:
    by_eye = {row["sku"]: row for row in _rows(CASES_DIR / "seeing_labels.csv")}
    for row in _rows(folder / "styles.csv"):
        path = folder / "images" / f"{row['id']}.jpg"
        is_held_out = row["id"] in held_out
        doubtful = {} if is_held_out else _said(row, rules["fitted"])
        values = _said(row, rules["measured"]) | doubtful
        eyed = by_eye.get(row["id"])
        if eyed is not None:
            # What the eye could not tell is not known by a rule either.
            values = {name: value for name, value in values.items() if name not in eyed}
            values |= {name: eyed[name] for name in ("sleeves", "neckline") if eyed[name]}
            doubtful = {}
        if values and path.exists():
            yield Labelled(path, "item", is_held_out, values, frozenset(doubtful))


def _photos(
    folder: Path, says: Mapping[str, Mapping[str, str]], held_out: frozenset[str] | set[str]
) -> Iterator[Labelled]:
    for row in _rows(folder / "labels.csv"):
        values = {name: of[row["label"]] for name, of in says.items() if row["label"] in of}
        path = folder / "images" / f"{row['id']}.jpg"
        if values and path.exists():
            yield Labelled(path, "photo", row["id"] in held_out, values)


def _rows(path: Path) -> Iterator[dict[str, str]]:
    try:
        with path.open(encoding="utf-8", newline="") as opened:
            yield from csv.DictReader(opened)
    except OSError as error:
        raise FeedError(f"cannot read {str(path)!r}: {error.strerror}; name a folder of Kaggle's layout") from error


def _said(row: Mapping[str, str], rules: Mapping[str, Any]) -> dict[str, str]:
    """The value of each attribute of which exactly one rule fits."""
    said = {}
    for name, rule in rules.items():
        if rule["types"] and row["articleType"] not in rule["types"]:
            continue
        fitting = [value for value, of in rule["values"].items() if _holds(row, of)]
        if len(fitting) == 1:
            said[name] = fitting[0]
    return said


def _holds(row: Mapping[str, str], rule: Mapping[str, Any]) -> bool:
    title = (row["productDisplayName"] or "").lower()
    return (
        row["articleType"] in rule.get("types", [row["articleType"]])
        and bool(re.search(rule.get("title", ""), title))
        and not ("unless" in rule and re.search(rule["unless"], title))
        and row["usage"] == rule.get("usage", row["usage"])
        and row["baseColour"] == rule.get("colour", row["baseColour"])
    )


def _thinned(found: Sequence[Labelled]) -> Iterator[Labelled]:
    """All that is held out, and of the rest so many for each attribute as still teach something."""
    n_of: dict[tuple[str, str], int] = {}
    for one in found:
        kept = {}
        for name, value in one.values.items():
            key = (one.source, name)
            n_of[key] = n_of.get(key, 0) + (not one.is_held_out)
            if one.is_held_out or n_of[key] <= _MOST_OF_AN_ATTRIBUTE:
                kept[name] = value
        if kept:
            yield replace(one, values=kept)
