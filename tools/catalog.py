"""The catalogue: everything that can be asked of the shop's items."""

from collections.abc import Callable, Mapping, Sequence
from copy import copy
from dataclasses import replace

import numpy as np
from PIL import Image

from env.database import Database
from env.errors import CatalogError
from env.settings import Settings
from tools.catalog_anchor import Anchor, anchored
from tools.catalog_memory import CatalogMemory
from tools.embedder import Embedder
from tools.item import Item
from tools.likeness import kinds_shown
from tools.matching import best_match_first
from tools.merchandising import hidden_from, merchandised
from tools.occasion import Occasion
from tools.photo_crops import Crop, garments
from tools.pictures import PictureStore
from tools.query import Filters, Found, Hit, Query
from tools.rulebook import RuleBook, Rules
from tools.rules import RuleSet
from tools.ruling import NO_RULING, Ruling, rule_on
from tools.seeing import Eyes, open_eyes
from tools.store import Probe, Store, Vector
from tools.store_facets import facet_values
from tools.store_vectors import read_pooled
from tools.vocabulary import Vocabulary
from tools.why import explain

# Without a facet to decide what belongs, a search sorted by price or date sorts this many nearest groups.
_N_SORTED = 48
# Sorted by price, only these many nearest groups still look like a photo.
_N_LOOK_ALIKES = 16
_NO_LIMITS = Filters()


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
        self._memory = CatalogMemory(database)
        self._rulebook = RuleBook(database, self._memory.vocabulary, settings)
        self._occasion = Occasion()
        self._rules: Rules | None = None
        self._rulings: dict[tuple[tuple[str, ...], tuple[str, ...]], Ruling] = {}

    def on(self, occasion: Occasion) -> "Catalog":
        """The same catalogue on an occasion, its rules kept as they stand now whatever changes meanwhile."""
        return self._under(self.rules, occasion)

    def under(self, rule_set: RuleSet, occasion: Occasion) -> "Catalog":
        """The catalogue as it would be under a set of rules: an older one, none, or one that is being written."""
        return self._under(self._rulebook.over(rule_set), occasion)

    def without_rules(self) -> "Catalog":
        """The catalogue as it is stored."""
        return self.under(RuleSet(), Occasion())

    def _under(self, rules: Rules, occasion: Occasion) -> "Catalog":
        same = copy(self)
        same._rules, same._occasion, same._rulings = rules, occasion, {}
        return same

    @property
    def rules(self) -> Rules:
        """The rules that hold here."""
        return self._rules or self._rulebook.rules()

    def ruling(self, filters: Filters = _NO_LIMITS, text: str = "") -> Ruling:
        """What the rules say of a search; by `text` where the occasion has no words."""
        rules = self.rules
        if not rules.rule_set.rules:
            return NO_RULING
        words = self._occasion.words or ((text,) if text else ())
        categories = filters.facets.get("category", ())
        known = self._rulings.get((words, categories)) if self._rules else None
        if known is None:
            known = rule_on(rules, replace(self._occasion, words=words), categories)
            if self._rules:
                self._rulings[words, categories] = known
        return known

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
        ruling = self.ruling(query.filters, query.text)
        return self._search(query) if ruling is NO_RULING else merchandised(self._search, query, ruling)[0]

    def _search(self, query: Query) -> Found:
        """The same without any rule."""
        query, anchor = anchored(self._store, query)
        n_matching = self._count(query.filters)
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
        return self.count(anchored(self._store, query)[0].filters)

    def values(self, facet: str, filters: Filters, most: int) -> list[str]:
        """The values of a facet among the items that pass, the most frequent first, ties by name."""
        return facet_values(self._database, facet, self._shown(filters), most)

    def items(self, skus: Sequence[str]) -> list[Item]:
        """The items of these SKUs in the order asked; those no longer in the catalogue, or hidden, are left out."""
        hidden = set(self.ruling().hidden)
        return self._store.items([sku for sku in skus if sku not in hidden] if hidden else skus)

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
        filters = self._shown(Filters(exclude_skus=members, in_stock=True))
        return tuple(self._store.nearest(probe, filters, top_k, self._count(filters))[:top_k])

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
        found = self._store.variants([sku], self._shown(Filters()))[sku]
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
        """Number of items that pass and are not hidden."""
        return self._count(self._shown(filters))

    def n_items(self) -> int:
        """Number of items in the catalogue, hidden ones left out."""
        return self.count(Filters())

    def vocabulary(self) -> Vocabulary:
        """The facets' values with counts and the price ranges, of what is shown; remembered until that changes."""
        return self._memory.vocabulary(self.ruling().hidden)

    def check_embedder(self) -> None:
        """Make sure that stored vectors and the embedder at work belong together.

        Raises:
            CatalogError: they do not; says what to run.
        """
        embedders = self._memory.known().embedders
        wanted = self._embedder().fingerprint if embedders else ""
        foreign = [name for name in embedders if name != wanted]
        if foreign:
            raise CatalogError(
                f"the catalogue's vectors come from {foreign[0]!r}, this embedder is {wanted!r}; "
                "run `python -m ingest reembed`, or set EMBEDDER back"
            )

    def _count(self, filters: Filters) -> int:
        has_no_limit = filters == Filters(currency=filters.currency)
        return self._memory.known().n_items if has_no_limit else self._store.count(filters)

    def _shown(self, filters: Filters) -> Filters:
        """The filters without what a rule hides."""
        return hidden_from(filters, self.ruling(filters))

    def _probe(self, query: Query, anchor: Anchor | None) -> Probe | None:
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
        # A collection limits what is found, not the colours that a found item comes in.
        designs = self._store.variants([hit.item.sku for hit in hits], replace(query.filters, only_skus=None))
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
