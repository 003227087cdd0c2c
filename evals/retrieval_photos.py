"""A photo finds its item, though it was cropped, mirrored, recompressed and taken in another light."""

import io
import random
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageEnhance

from evals.retrieval_figures import Asked, Figure, first_ranks
from evals.retrieval_gallery import Bench, Gallery
from tools.embedder import ImageEmbeddings
from tools.item import Item
from tools.query import Query

PHOTOS = "photo to item"
INDEX = "index vector"
ALIGNED = "token by token"
_SHOP = "as the shop searches"
SHARE = 0.5
_N_TAKEN_AGAIN = 200  # candidates of the index that are compared token by token

Change = Callable[[Image.Image, random.Random], Image.Image]


def crop(photo: Image.Image, draw: random.Random) -> Image.Image:
    """A part of 80 to 95 % of each side."""
    share = draw.uniform(0.80, 0.95)
    width, height = round(photo.width * share), round(photo.height * share)
    left, top = draw.randint(0, photo.width - width), draw.randint(0, photo.height - height)
    return photo.crop((left, top, left + width, top + height))


def mirror(photo: Image.Image, draw: random.Random) -> Image.Image:
    """Left is right."""
    return photo.transpose(Image.Transpose.FLIP_LEFT_RIGHT)


def recompress(photo: Image.Image, draw: random.Random) -> Image.Image:
    """Through a JPEG of quality 30 to 60."""
    buffer = io.BytesIO()
    photo.save(buffer, "JPEG", quality=draw.randint(30, 60))
    return Image.open(buffer).convert("RGB")


def relight(photo: Image.Image, draw: random.Random) -> Image.Image:
    """Brighter or darker by up to a fifth, and warmer or colder by a tenth."""
    lit = ImageEnhance.Brightness(photo).enhance(draw.uniform(0.8, 1.2))
    warmth = draw.uniform(0.9, 1.1)
    red, green, blue = lit.split()
    return Image.merge(
        "RGB", (red.point(lambda value: value * warmth), green, blue.point(lambda value: value / warmth))
    )


def photograph(photo: Image.Image, draw: random.Random) -> Image.Image:
    """All of it; mirrored every other time."""
    for change in (crop, relight, *((mirror,) if draw.random() < 0.5 else ()), recompress):
        photo = change(photo, draw)
    return photo


CHANGES: dict[str, Change] = {
    "cropped": crop, "mirrored": mirror, "recompressed": recompress, "re-lit": relight, "all of it": photograph,
}  # fmt: skip


def photo_to_item(bench: Bench) -> list[Figure]:
    """Recall of an item by its own changed photo; an item of its group or of the same photo counts as well."""
    asked = bench.draw(PHOTOS, bench.askers, SHARE)
    found: list[Figure] = []
    for name, change in CHANGES.items():
        part = f"{PHOTOS}, {name}"
        photos = taken(bench, asked, change)
        seen = bench.embedder.embed_images(photos)
        for gallery in bench.galleries():
            relevant = gallery.same_thing(asked)
            for how, scores in _scores(seen, gallery):
                found += Asked(part, gallery.name, how).found(first_ranks(scores, relevant))
        if change is photograph:
            found += _as_the_shop(Asked(part, bench.gallery.name, _SHOP), bench, asked, photos)
    return found


def taken(bench: Bench, items: Sequence[Item], change: Change) -> list[Image.Image]:
    """Each item's photo, changed; the same for the same item."""
    return [change(bench.shop.pictures.open(item.image), random.Random(item.sku)) for item in items]


def _scores(seen: ImageEmbeddings, gallery: Gallery) -> list[tuple[str, NDArray[np.float32]]]:
    """(n_photos, n_items) by the index vectors, and by the mean over query tokens of their own cosines.

    The tokens decide among the candidates of the index only, as the shop could afford it.
    """
    pooled = seen.pooled @ gallery.pooled.T
    flat = gallery.tokens.reshape(len(gallery.items), -1)
    aligned = seen.tokens.reshape(len(seen.tokens), -1) @ flat.T / seen.tokens.shape[1]
    n_taken = min(_N_TAKEN_AGAIN, pooled.shape[1])
    least = np.partition(pooled, pooled.shape[1] - n_taken, axis=1)[:, pooled.shape[1] - n_taken][:, None]
    return [(INDEX, pooled), (ALIGNED, np.where(pooled >= least, aligned, -2).astype(np.float32))]


def _as_the_shop(asked: Asked, bench: Bench, items: Sequence[Item], photos: Sequence[Image.Image]) -> list[Figure]:
    """The real search: through the index, one hit a design."""
    hits = [bench.shop.catalog.search(Query(photo=photo, top_k=10)).hits for photo in photos]
    pages = [[[hit.item, *hit.variants] for hit in found] for found in hits]
    return asked.found(page_ranks(bench, items, pages))


def page_ranks(bench: Bench, items: Sequence[Item], pages: Sequence[Sequence[Sequence[Item]]]) -> NDArray[np.int64]:
    """The place, from 1, of each item on its page of cards, where a card holds an item and its variants.

    Number of items + 1 where it is not on the page.
    """
    relevant, skus = bench.gallery.same_thing(items), bench.gallery.column("sku")
    places = []
    for row, cards in enumerate(pages):
        good = set(skus[relevant[row]])
        shown = [bool(good & {item.sku for item in card}) for card in cards]
        places.append(shown.index(True) + 1 if any(shown) else len(skus) + 1)
    return np.array(places, np.int64)
