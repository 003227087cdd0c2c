"""A photo changed by words: the photo of X, "but in <colour>", must find X's article type in that colour."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

from agents.intent import Slots
from agents.limits import limits_of
from agents.wish import wish_text
from evals.retrieval_figures import Asked, Figure
from evals.retrieval_gallery import Bench
from evals.retrieval_photos import photograph, taken
from tools.item import Item
from tools.query import PHOTO_WEIGHT, PHOTO_WEIGHT_BESIDE_LIMITS, Filters, Query
from tools.store import Probe, Store

COMPOSED = "photo but in another colour"
IN_THE_SHOP = "as the shop searches"
VECTORS = "vectors alone"
WEIGHTS = tuple(sorted({0.0, 0.2, 0.4, 0.6, 0.8, 1.0, PHOTO_WEIGHT, PHOTO_WEIGHT_BESIDE_LIMITS}))
SHARE = 0.2
_PAGE = 10


@dataclass(frozen=True, slots=True)
class Change:
    """One query: the item whose photo is shown, the colour wanted, and the SKUs that are right, of so many designs."""

    item: Item
    colour: str
    relevant: frozenset[str]
    n_designs: int


def composed(bench: Bench) -> list[Figure]:
    """Recall and violations over photo weights from 0 (words only) to 1 (photo only), in two ways.

    As the shop does it the colour is a hard limit where the catalogue tells colours; from the vectors alone nothing
    is limited and no words are looked for, so that the weight alone decides. The photo is taken anew (cropped, lit
    and compressed otherwise). Recall@10 counts out of min(10, number of right designs); a violation is a hit of another
    article type or of another colour.
    """
    changes = bench.draw(COMPOSED, colour_changes(bench), SHARE)
    photos = taken(bench, [change.item for change in changes], photograph)
    seen = bench.embedder.embed_images(photos)
    texts = bench.embed_texts([wish_text(Slots(colours=(change.colour,))) for change in changes])
    store, n_items = Store(bench.shop.database), bench.shop.catalog.n_items()
    found: list[Figure] = []
    for weight in WEIGHTS:
        in_the_shop, from_vectors = [], []
        for at, (change, photo) in enumerate(zip(changes, photos, strict=True)):
            slots = Slots(colours=(change.colour,))
            query = Query(
                text=wish_text(slots),
                photo=photo,
                filters=limits_of(slots, bench.shop.catalog.vocabulary()).filters,
                top_k=_PAGE,
                photo_weight=weight,
            )
            in_the_shop.append([hit.item for hit in bench.shop.catalog.search(query).hits])
            probe = Probe(text_vector=texts[at], photo_vector=seen.pooled[at], photo_weight=weight)
            from_vectors.append([hit.item for hit in store.nearest(probe, Filters(), _PAGE, n_items)])
        found += counted(Asked(COMPOSED, bench.gallery.name, f"{IN_THE_SHOP}, weight {weight}"), changes, in_the_shop)
        found += counted(Asked(COMPOSED, bench.gallery.name, f"{VECTORS}, weight {weight}"), changes, from_vectors)
    return found


def colour_changes(bench: Bench) -> list[Change]:
    """For each item that may be asked for, one other colour that its category comes in, drawn at random."""
    by_kind: dict[str, dict[str, list[Item]]] = {}
    for item in bench.gallery.items:
        by_kind.setdefault(item.category, {}).setdefault(item.colour, []).append(item)
    changes = []
    for item in bench.askers:
        others = sorted(set(by_kind[item.category]) - {item.colour, ""})
        if item.colour and others:
            colour = random.Random(item.sku).choice(others)
            right = by_kind[item.category][colour]
            designs = {one.item_group_id or one.image for one in right}
            changes.append(Change(item, colour, frozenset(one.sku for one in right), len(designs)))
    return changes


def counted(asked: Asked, changes: Sequence[Change], pages: Sequence[Sequence[Item]]) -> list[Figure]:
    """The figures of one page of items for each change."""
    recall, wrong_colour, wrong_type = [], [], []
    for change, shown in zip(changes, pages, strict=True):
        n_right = sum(item.sku in change.relevant for item in shown)
        recall.append(min(1.0, n_right / min(_PAGE, change.n_designs)))
        n_shown = max(1, len(shown))
        wrong_colour.append(sum(item.colour != change.colour for item in shown) / n_shown)
        wrong_type.append(sum(item.category != change.item.category for item in shown) / n_shown)
    return [
        asked.figure("recall@10", recall),
        asked.figure("wrong colour", wrong_colour),
        asked.figure("wrong type", wrong_type),
        asked.figure("places filled", [len(shown) / _PAGE for shown in pages]),
    ]
