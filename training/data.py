"""Items and their pictures, read from plain folders: items.jsonl beside images/."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from env.errors import FeedError
from tools.taxonomy import Taxonomy
from training.captions import department

TEXT_FIELDS = (
    "title", "category", "colour", "gender", "age_group", "brand", "material", "pattern", "usage", "season",
)  # fmt: skip


MOST_COPIES = 3  # of an item in one epoch


@dataclass(frozen=True, slots=True)
class Example:
    """One item to learn from: its words ("" where unknown) and the file of its picture."""

    sku: str
    words: Mapping[str, str]
    picture: Path


@dataclass(frozen=True, slots=True)
class FacetTable:
    """Facet values as numbers: `codes` (n_items, n_facets), 0 for unknown; `values` lists each facet's values."""

    codes: NDArray[np.int32]
    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def read_folders(folders: Sequence[Path]) -> list[Example]:
    """All items of the folders, in order; an SKU that was already read is skipped.

    Raises:
        FeedError: a folder has no items.jsonl, or a line of it is not an item.
    """
    seen: dict[str, Example] = {}
    for folder in folders:
        for example in read_folder(folder):
            seen.setdefault(example.sku, example)
    return list(seen.values())


def read_folder(folder: Path) -> Iterable[Example]:
    """The items of one folder, as they stand in its items.jsonl."""
    path = folder / "items.jsonl"
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise FeedError(
            f"cannot read {str(path)!r}: {error.strerror}; a data folder holds items.jsonl and images/"
        ) from error
    for number, line in enumerate(lines, start=1):
        try:
            row = json.loads(line)
            words = {name: str(row.get(name) or "") for name in TEXT_FIELDS}
            yield Example(sku=str(row["sku"]), words=words, picture=folder / row["image"])
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise FeedError(
                f"{str(path)!r} line {number}: {error!r}; each line is an object with sku and image"
            ) from error


def write_folder(folder: Path, examples: Sequence[Example]) -> None:
    """Write items as a data folder of their own; the pictures stay where they are and are named by their full paths."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = [{"sku": one.sku, **one.words, "image": str(one.picture.resolve())} for one in examples]
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    (folder / "items.jsonl").write_text(text, encoding="utf-8")


def facet_table(examples: Sequence[Example], taxonomy: Taxonomy) -> FacetTable:
    """Number the facet values of items; the department above each category is one more facet."""
    columns: dict[str, list[str]] = {name: [one.words[name] for one in examples] for name in TEXT_FIELDS}
    columns["title"] = [title.casefold() for title in columns["title"]]
    columns["department"] = [department(taxonomy, name) for name in columns["category"]]
    values: dict[str, tuple[str, ...]] = {}
    codes = np.zeros((len(examples), len(columns)), np.int32)
    for column, (name, words) in enumerate(columns.items()):
        values[name] = ("", *sorted(set(words) - {""}))
        number = {value: code for code, value in enumerate(values[name])}
        codes[:, column] = [number[word] for word in words]
    return FacetTable(codes, values)


def balanced_rows(table: FacetTable, n_train: int, plenty: int) -> NDArray[np.int64]:
    """The first `n_train` rows, those of rare kinds several times; a kind is a category in a colour.

    A kind with `plenty` items or more counts once, a rarer one sqrt(plenty / n) times, at most MOST_COPIES.
    """
    names = list(table.values)
    kinds = table.codes[:n_train, [names.index("category"), names.index("colour")]]
    _, inverse, counts = np.unique(kinds, axis=0, return_inverse=True, return_counts=True)
    copies = np.clip(np.rint(np.sqrt(plenty / counts)), 1, MOST_COPIES).astype(np.int64)
    return np.repeat(np.arange(n_train), copies[inverse.reshape(-1)])


def split_off(examples: Sequence[Example], rows: Sequence[int], n_validation: int) -> tuple[list[int], list[int]]:
    """Part rows into training and validation; which items are held back depends on their SKUs alone."""
    ranked = sorted(rows, key=lambda row: sha256(examples[row].sku.encode()).digest())
    held = set(ranked[:n_validation])
    return [row for row in rows if row not in held], [row for row in rows if row in held]
