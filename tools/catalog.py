"""The catalogue: everything that can be asked of the shop's items."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from env.database import Database
from env.errors import CatalogError
from env.settings import Settings
from tools.embedder import Embedder
from tools.item import Item
from tools.query import Filters, Found, Hit, Query
from tools.store import Probe, Store
from tools.store_vocabulary import catalog_version, count_items, read_vocabulary, stored_embedders
from tools.vocabulary import Vocabulary
from tools.why import explain

# Without a facet to decide what belongs, a search sorted by price or date sorts this many nearest groups.
_N_SORTED = 48


@dataclass(frozen=True, slots=True)
class _Known:
    """What is remembered about one version of the catalogue."""

    version: int
    n_items: int
    embedders: tuple[str, ...]
    vocabulary: Vocabulary | None = None


class Catalog:
    """Search and facts over one database. Safe to share between threads.

    `embedder` is called when words or a photo are first compared with pictures, not before.
    """

    def __init__(self, database: Database, embedder: Callable[[], Embedder], settings: Settings) -> None:
        self._database = database
        self._store = Store(database)
        self._embedder = embedder
        self._settings = settings
        self._lock = threading.Lock()
        self._remembered: _Known | None = None

    def search(self, query: Query) -> Found:
        """The best `top_k` groups for a query, every limit kept; see Query for what decides the order.

        Sorted other than by relevance, all items that pass the limits take part; where no facet is limited but
        words or a photo are given, only the nearest ones do.

        Raises:
            CatalogError: the stored vectors are another embedder's, or a filter is unknown.
            EmbedderError: the checkpoint cannot be used.
        """
        n_matching = self.count(query.filters)
        if query.top_k < 1 or n_matching == 0:
            return Found((), n_matching)
        probe = self._probe(query)
        if probe is None:
            hits = self._sorted(query, None)
        elif query.sort == "relevance":
            hits = self._store.nearest(probe, query.filters, query.top_k, n_matching)
        elif any(query.filters.facets.values()):
            hits = self._sorted(query, None)
        else:
            n_near = max(_N_SORTED, query.top_k)
            near = self._store.nearest(probe, query.filters, n_near, n_matching)
            hits = self._sorted(query, [hit.item.sku for hit in near])
        return Found(self._tell(hits, query.filters, query.text), n_matching)

    def neighbours(self, sku: str, filters: Filters, top_k: int) -> Found:
        """The groups whose pictures are most like an item's, its own group left out.

        Raises:
            CatalogError: there is no such item, or it has no picture.
        """
        vector, own_group = self._store.vector_and_group(sku)
        others = replace(filters, exclude_skus=(*filters.exclude_skus, *own_group))
        n_matching = self._store.count(others)
        hits = self._store.nearest(Probe(photo_vector=vector), others, top_k, n_matching)
        return Found(self._tell(hits, others, ""), n_matching)

    def items(self, skus: Sequence[str]) -> list[Item]:
        """The items of these SKUs in the order asked; those no longer in the catalogue are left out."""
        return self._store.items(skus)

    def variants(self, sku: str) -> list[Item]:
        """All items of this item's group, itself included, by SKU; only itself where it has no group.

        Raises:
            CatalogError: there is no such item.
        """
        found = self._store.items([sku])
        if not found:
            raise CatalogError(f"no item has the SKU {sku!r}; it may have left the catalogue")
        group = found[0].item_group_id
        return self._store.variants([group], Filters())[group] if group else found

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

    def _probe(self, query: Query) -> Probe | None:
        """The query as vectors; None where it has neither words nor a photo."""
        text = query.text.strip()
        if not text and query.photo is None:
            return None
        self.check_embedder()
        embedder = self._embedder()
        return Probe(
            text=text,
            text_vector=embedder.embed_query_text([text])[0] if text else None,
            photo_vector=embedder.embed_images([query.photo]).pooled[0] if query.photo is not None else None,
            photo_weight=query.photo_weight,
            avoid_vector=embedder.embed_query_text([query.avoid])[0] if query.avoid.strip() else None,
        )

    def _sorted(self, query: Query, only_skus: Sequence[str] | None) -> list[Hit]:
        currency = query.filters.currency or self._settings.currency
        return self._store.sorted_by(query.sort, query.filters, query.top_k, currency, only_skus)

    def _tell(self, hits: Sequence[Hit], filters: Filters, text: str) -> tuple[Hit, ...]:
        """The hits with why they were found and the other items of their groups."""
        groups = self._store.variants([hit.item.item_group_id for hit in hits], filters)
        return tuple(
            replace(
                hit,
                why=explain(hit.item, filters, text),
                variants=tuple(other for other in groups.get(hit.item.item_group_id, ()) if other.sku != hit.item.sku),
            )
            for hit in hits
        )
