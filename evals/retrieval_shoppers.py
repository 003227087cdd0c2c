"""Shoppers' own photos, taken at home: does the page show the type of thing that the photo is labelled with?"""

import csv
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from env.errors import FeedError
from evals.retrieval_composed import IN_THE_SHOP
from evals.retrieval_figures import Asked, Figure
from evals.retrieval_gallery import Bench, read_skus
from tools.photo import decode_photo
from tools.query import Query

SHOPPERS = "shoppers' own photos"
# Which categories of the taxonomy each label admits; a label that is not in it is not asked.
LABELS_FILE = Path(__file__).resolve().parent / "cases" / "shopper_photo_labels.json"
_PAGE = 8
_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class LabelledPhoto:
    """One photo and the categories (with all below them) that are right for it."""

    path: Path
    label: str
    categories: frozenset[str]


def shoppers_photos(bench: Bench, folder: Path, unseen: Path | None = None) -> list[Figure]:
    """The share of the first 8 hits that are of the labelled type, over all photos and for each label.

    Only labels of which the catalogue has at least 8 items are asked; `unseen` lists the ids of photos that nothing
    was trained on, one a line: only they are asked then.
    """
    labelled = read_labels(folder)
    if unseen is not None:
        asking = read_skus(unseen)
        labelled = [photo for photo in labelled if photo.path.stem in asking]
    photos = bench.draw(SHOPPERS, _answerable(bench, labelled), _SHARE)
    shares: dict[str, list[float]] = {}
    for photo in photos:
        hits = bench.shop.catalog.search(Query(photo=_opened(photo.path, bench), top_k=_PAGE)).hits
        n_right = sum(bool(photo.categories & set(hit.item.category_path)) for hit in hits)
        shares.setdefault(photo.label, []).append(n_right / _PAGE)
    every = {SHOPPERS: [share for found in shares.values() for share in found]}
    by_label = {f"{SHOPPERS}: {label}": shares[label] for label in sorted(shares)}
    return [
        Asked(part, bench.gallery.name, IN_THE_SHOP).figure("type P@8", found)
        for part, found in (every | by_label).items()
    ]


def _answerable(bench: Bench, photos: Sequence[LabelledPhoto]) -> list[LabelledPhoto]:
    paths = [set(item.category_path) for item in bench.gallery.items]
    n_items = {kind: sum(bool(kind & path) for path in paths) for kind in {photo.categories for photo in photos}}
    return [photo for photo in photos if n_items[photo.categories] >= _PAGE]


def read_labels(folder: Path) -> list[LabelledPhoto]:
    """The photos of a folder with labels.csv (columns id and label) whose label is known, in order.

    Raises:
        FeedError: the folder has no such file, or a photo it names is not there.
    """
    known: Mapping[str, Sequence[str]] = json.loads(LABELS_FILE.read_text(encoding="utf-8"))
    files = {path.stem: path for path in folder.rglob("*") if path.suffix.lower() in (".jpg", ".jpeg", ".png")}
    try:
        with (folder / "labels.csv").open(encoding="utf-8", newline="") as opened:
            rows = [(row["id"], row["label"]) for row in csv.DictReader(opened)]
    except (OSError, KeyError) as error:
        raise FeedError(f"cannot read {str(folder / 'labels.csv')!r} with columns id and label: {error!r}") from error
    missing = [name for name, label in rows if label in known and name not in files]
    if missing:
        raise FeedError(f"{str(folder)!r} has no photo {missing[0]!r}, which its labels.csv names")
    return [LabelledPhoto(files[name], label, frozenset(known[label])) for name, label in rows if label in known]


def _opened(path: Path, bench: Bench) -> Image.Image:
    return decode_photo(path.read_bytes(), bench.shop.settings)
