"""The catalogue: everything that can be asked of the shop's items."""

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from PIL import Image

from env.database import Database
from env.errors import CatalogError
from env.settings import Settings
from tools.embedder import Embedder
from tools.item import Item
from tools.likeness import kinds_shown
from tools.matching import best_match_first
from tools.photo_crops import Crop, garments
from tools.pictures import PictureStore
from tools.query import Filters, Found, Hit, Query
from tools.seeing import Eyes, open_eyes
from tools.store import Probe, Store, Vector
from tools.store_facets import facet_values
from tools.store_vectors import read_pooled
from tools.store_vocabulary import catalog_version, count_items, read_vocabulary, stored_embedders
from tools.vocabulary import Vocabulary
from tools.why import explain

# Without a facet to decide what belongs, a search sorted by price or date sorts this many nearest groups.
_N_SORTED = 48
# Sorted by price, only these many nearest groups still look like a photo.
_N_LOOK_ALIKES = 16


@dataclass(frozen=True, slots=True)
class _Known:
    """What is remembered about one version of the catalogue."""

    version: int
    n_items: int
    embedders: tuple[str, ...]
    vocabulary: Vocabulary | None = None


@dataclass(frozen=True, slots=True)
class _Anchor:
    """An item whose picture takes a photo's place: its vectors, its category, SKUs that are no hits."""

    pooled: Vector
    tokens: Vector
    category: str
    left_out: tuple[str, ...]


class Catalog:
    """Search and facts over one database. Safe to share between threads.

    `embedder` is called when words or a photo are first compared with pictures, not before.
    """

    def __init__(self, database: Database, embedder: Callable[[], Embedder], settings: Settings) -> None:
        self._database = database
        self._store = Store(database)
        self._embedder = embedder
        self._settings = settings
        self._pictures = PictureStore(settings.data_dir / "pictures")
        self._lock = threading.Lock()
        self._remembered: _Known | None = None

    def search(self, query: Query) -> Found:
        """The best `top_k` groups for a query, every limit kept; see Query for what decides the order.

        Sorted other than by relevance, all items that pass the limits take part; with a photo, or with words where no
        facet is limited, only the nearest ones do. A photo draws hits of its own category, unless one is asked for.
        What is `like` an item leaves out its whole design, but for a query which the item itself does not pass
        ("in green"): then the design's own variant in green is the best answer there is.

        Raises:
            CatalogError: the stored vectors are another embedder's, a filter is unknown, or the item to be like is
                gone or has no picture.
            EmbedderError: the checkpoint cannot be used.
        """
        query, anchor = self._anchored(query)
        n_matching = self.count(query.filters)
        if query.top_k < 1 or n_matching == 0:
            return Found((), n_matching)
        probe = self._probe(query, anchor)
        if probe is None or (query.sort != "relevance" and probe.photo_vector is None and _has_facet(query.filters)):
            hits = self._sorted(query, None)
        elif query.sort == "relevance":
            hits = self._nearest(probe, query, n_matching)[: query.top_k]
        else:
            near = self._nearest(probe, replace(query, top_k=max(_N_SORTED, query.top_k)), n_matching)
            n_near = len(near) if probe.photo_vector is None else max(_N_LOOK_ALIKES, query.top_k)
            hits = self._sorted(query, [hit.item.sku for hit in near[:n_near]])
        return Found(self._tell(hits, query), n_matching)

    def n_matching(self, query: Query) -> int:
        """Number of items that `search` would choose from.

        Raises:
            CatalogError: the item to be like is gone or has no picture.
        """
        return self.count(self._anchored(query)[0].filters)

    def values(self, facet: str, filters: Filters, most: int) -> list[str]:
        """The values of a facet among the items that pass, the most frequent first, ties by name."""
        return facet_values(self._database, facet, filters, most)

    def items(self, skus: Sequence[str]) -> list[Item]:
        """The items of these SKUs in the order asked; those no longer in the catalogue are left out."""
        return self._store.items(skus)

    def like_these(self, skus: Sequence[str], top_k: int) -> tuple[Hit, ...]:
        """The designs nearest to the mean picture of some items, none of theirs among them, best first.

        SKUs that have left the catalogue, or have no picture, say nothing; without any that do there are no hits.
        """
        pictured = [item.sku for item in self.items(skus) if item.image]
        seen = [self._store.vectors_and_design(sku) for sku in pictured]
        if not seen or top_k < 1:
            return ()
        middle = np.mean([pooled for pooled, _, _ in seen], axis=0)
        length = float(np.linalg.norm(middle))
        probe = Probe(photo_vector=(middle / length if length else seen[0][0]).astype(np.float32), rerank=False)
        members = tuple(dict.fromkeys(sku for _, _, design in seen for sku in design))
        filters = Filters(exclude_skus=members, in_stock=True)
        return tuple(self._store.nearest(probe, filters, top_k, self.count(filters))[:top_k])

    def item_vector(self, sku: str) -> Vector:
        """The pooled vector (256,) of an item's picture.

        Raises:
            CatalogError: there is no such item, or it has no picture.
        """
        return self._store.vectors_and_design(sku)[0]

    def garments(self, photo: Image.Image) -> tuple[Crop, ...]:
        """The garments of a photo that shows several; () where it shows one or none."""
        return garments(photo, self._embedder(), self.eyes())

    def eyes(self) -> Eyes:
        """What can be told from the vectors of the embedder at work."""
        return open_eyes(self._embedder().fingerprint)

    def variants(self, sku: str) -> list[Item]:
        """All items of this item's design, itself included, by SKU; only itself where it has no variants.

        Raises:
            CatalogError: there is no such item.
        """
        found = self._store.variants([sku], Filters())[sku]
        if not found:
            raise CatalogError(f"no item has the SKU {sku!r}; it may have left the catalogue")
        return found

    def pooled_vectors(self, skus: Sequence[str]) -> Mapping[str, Vector]:
        """The pooled vector (256,), of unit length, of each of these items that has a picture."""
        return read_pooled(self._database, skus)

    def photo_vector(self, photo: Image.Image) -> Vector:
        """The pooled vector (256,) of a photo, to be compared with those of items.

        Raises:
            CatalogError: the stored vectors are another embedder's.
            EmbedderError: the checkpoint cannot be used.
        """
        self.check_embedder()
        vector: Vector = self._embedder().embed_images([photo]).pooled[0]
        return vector

    def kinds_in(self, photo: Image.Image) -> Mapping[str, float]:
        """How likely each category is to be what a photo shows; see tools/likeness.py. Raises as `photo_vector`."""
        return kinds_shown(self._store.kinds_near(self.photo_vector(photo)))

    def count(self, filters: Filters) -> int:
        """Number of items that pass."""
        has_no_limit = filters == Filters(currency=filters.currency)
        return self.n_items() if has_no_limit else self._store.count(filters)

    def n_items(self) -> int:
        """Number of items in the catalogue."""
        return self._known().n_items

    def vocabulary(self) -> Vocabulary:
        """The facets' values with counts and the price ranges; remembered until the catalogue changes."""
        known = self._known()
        if known.vocabulary is not None:
            return known.vocabulary
        vocabulary = read_vocabulary(self._database)
        with self._lock:
            if self._remembered == known:
                self._remembered = replace(known, vocabulary=vocabulary)
        return vocabulary

    def check_embedder(self) -> None:
        """Make sure that stored vectors and the embedder at work belong together.

        Raises:
            CatalogError: they do not; says what to run.
        """
        embedders = self._known().embedders
        wanted = self._embedder().fingerprint if embedders else ""
        foreign = [name for name in embedders if name != wanted]
        if foreign:
            raise CatalogError(
                f"the catalogue's vectors come from {foreign[0]!r}, this embedder is {wanted!r}; "
                "run `python -m ingest reembed`, or set EMBEDDER back"
            )

    def _known(self) -> _Known:
        """What is remembered, if the catalogue has not changed since."""
        version = catalog_version(self._database)
        with self._lock:
            if self._remembered is None or self._remembered.version != version:
                embedders = tuple(stored_embedders(self._database))
                self._remembered = _Known(version, count_items(self._database), embedders)
            return self._remembered

    def _anchored(self, query: Query) -> tuple[Query, _Anchor | None]:
        """The query without the SKUs that the item to be like leaves out, and that item."""
        if not query.like:
            return query, None
        anchor = self._anchor(query)
        left_out = (*query.filters.exclude_skus, *anchor.left_out)
        return replace(query, filters=replace(query.filters, exclude_skus=left_out)), anchor

    def _anchor(self, query: Query) -> _Anchor:
        """The item that the hits are to be like, and what of its design is no hit."""
        pooled, tokens, members = self._store.vectors_and_design(query.like)
        (item,) = self._store.items([query.like])
        passing = self._store.variants([query.like], query.filters)[query.like]
        is_passing = query.like in {other.sku for other in passing}
        return _Anchor(pooled, tokens, item.category, members if is_passing else (query.like,))

    def _probe(self, query: Query, anchor: _Anchor | None) -> Probe | None:
        """The query as vectors; None where it has neither words nor a photo."""
        text, avoid = query.text.strip(), query.avoid.strip()
        if not text and query.photo is None and anchor is None:
            return None
        if text or avoid or query.photo is not None:
            self.check_embedder()
        words = [words for words in (text, avoid) if words]
        vectors = dict(zip(words, self._embedder().embed_query_text(words) if words else (), strict=True))
        probe = Probe(
            text=text,
            text_vector=vectors.get(text),
            photo_weight=query.photo_weight,
            avoid_vector=vectors.get(avoid),
        )
        keeps_kind = not query.filters.facets.get("category")
        if query.photo is not None:
            seen = self._embedder().embed_images([query.photo])
            shown = kinds_shown(self._store.kinds_near(seen.pooled[0])) if keeps_kind else {}
            return replace(probe, photo_vector=seen.pooled[0], photo_tokens=seen.tokens[0], kinds=shown)
        if anchor is not None:
            shown = {anchor.category: 1.0} if keeps_kind else {}
            return replace(probe, photo_vector=anchor.pooled, photo_tokens=anchor.tokens, kinds=shown)
        return probe

    def _nearest(self, probe: Probe, query: Query, n_matching: int) -> list[Hit]:
        """The nearest groups, at least `top_k` if there are so many."""
        n_itm = self._settings.rerank_itm_top if probe.text_vector is not None else 0
        near = self._store.nearest(probe, query.filters, max(query.top_k, n_itm), n_matching)
        if n_itm:
            near[:n_itm] = best_match_first(near[:n_itm], probe.text, self._embedder(), self._pictures)
        return near

    def _sorted(self, query: Query, only_skus: Sequence[str] | None) -> list[Hit]:
        currency = query.filters.currency or self._settings.currency
        return self._store.sorted_by(query.sort, query.filters, query.top_k, currency, only_skus)

    def _tell(self, hits: Sequence[Hit], query: Query) -> tuple[Hit, ...]:
        """The hits with why they were found and the other items of their designs."""
        designs = self._store.variants([hit.item.sku for hit in hits], query.filters)
        is_photo_alone = query.photo is not None and not query.text.strip()
        return tuple(
            replace(
                hit,
                why=explain(hit.item, query.filters, query.text, hit.score if is_photo_alone else 0.0),
                variants=tuple(other for other in designs[hit.item.sku] if other.sku != hit.item.sku),
            )
            for hit in hits
        )


def _has_facet(filters: Filters) -> bool:
    return any(filters.facets.values())
