"""What the shop has for each piece of a look: within every limit, and not at odds with what the look starts from."""

from collections.abc import Sequence
from dataclasses import replace

from agents.harmony import harmonious
from agents.intent import NOT, Slots
from agents.limits import Limits, limits_of
from agents.outfit_choice import Fitting, Vector
from agents.outfit_rules import Kind, Rules
from agents.request import Request
from tools.item import Item
from tools.query import Filters, Hit, Query

_N_CHEAPEST = 8
_YOUNG = ("kids", "toddler", "infant", "newborn")


class Pool:
    """The candidates of one look, kind by kind. `filters` and `counts` tell the limits of each and what passes them."""

    def __init__(
        self,
        request: Request,
        anchor: Item | None,
        rules: Rules,
        *,
        not_skus: tuple[str, ...] = (),
        notes: tuple[str, ...] = (),
    ) -> None:
        """`anchor` is what the look starts from, `not_skus` are items not to be chosen again, `notes` begin its own."""
        self._request, self._anchor, self._rules, self._not_skus = request, anchor, rules, not_skus
        self._photo_vector: Vector | None = None
        self.candidates: list[tuple[Hit, ...]] = []
        self.filters: dict[Kind, Filters] = {}
        self.counts: dict[Kind, int] = {}
        self.notes = notes

    def add(self, kind: Kind, wish: Slots, budget_cents: int | None) -> bool:
        """Look for candidates of a kind; False where there is none."""
        hits = self.found(kind, wish, budget_cents)
        if hits:
            self.candidates.append(hits)
        return bool(hits)

    def found(self, kind: Kind, wish: Slots, budget_cents: int | None) -> tuple[Hit, ...]:
        """Items of a kind within the wish, those in colours that go with the anchor's first.

        With a budget for the whole look come those that cost no more than it, and the least expensive ones there are.
        """
        limits = limits_of(replace(wish, categories=kind), self._request.catalog.vocabulary())
        filters = self._narrowed(limits.filters, kind)
        self.notes = tuple(dict.fromkeys((*self.notes, *limits.notes)))
        self.filters[kind], self.counts[kind] = filters, self._request.catalog.count(filters)
        query = self._query(limits, filters, wish)
        affordable = query if budget_cents is None else replace(query, filters=_within(filters, budget_cents))
        hits = [*self._in_good_colours(affordable), *self._request.catalog.search(affordable).hits]
        if budget_cents is not None:
            cheap = replace(query, sort="price_asc", text="", photo=None, like="", top_k=_N_CHEAPEST)
            hits += self._request.catalog.search(cheap).hits
        return tuple({hit.item.sku: hit for hit in hits}.values())

    def fitting(self, pieces: Sequence[Item], *lists: Sequence[Hit]) -> Fitting:
        """What a choice goes by: the anchor, pieces that stay, and the vectors of these and of all candidates."""
        worn = (*((self._anchor,) if self._anchor is not None else ()), *pieces)
        skus = {item.sku for item in worn} | {hit.item.sku for hits in (*self.candidates, *lists) for hit in hits}
        return Fitting(self._rules, worn, self._request.catalog.pooled_vectors(sorted(skus - {""})), self._photo())

    def _query(self, limits: Limits, filters: Filters, wish: Slots) -> Query:
        has_picture = self._anchor is not None and bool(self._anchor.image)
        return Query(
            text=" ".join(word for word in wish.soft if not word.startswith(NOT)),
            photo=self._request.message.photo,
            filters=filters,
            top_k=self._rules.n_candidates,
            avoid=" or ".join(limits.avoid),
            like=self._anchor.sku if self._anchor is not None and has_picture else "",
        )

    def _in_good_colours(self, query: Query) -> tuple[Hit, ...]:
        """The nearest in colours that go well with the anchor's, where no colour is asked for."""
        if self._anchor is None or not self._anchor.colour or query.filters.facets.get("colour"):
            return ()
        good = harmonious(self._anchor.colour, self._request.catalog.vocabulary().values("colour"))
        if not good:
            return ()
        facets = {**query.filters.facets, "colour": good}
        return self._request.catalog.search(replace(query, filters=replace(query.filters, facets=facets))).hits

    def _narrowed(self, filters: Filters, kind: Kind) -> Filters:
        """In stock, for the anchor's wearer, and of no usage, season or gender that is at odds with the anchor's.

        What an item does not say is no reason to leave it out.
        """
        exclude = {facet: set(values) for facet, values in filters.exclude.items()}
        facets, anchor = dict(filters.facets), self._anchor
        known = self._request.catalog.vocabulary().counts
        exclude["category"] = exclude.get("category", set()) | set(self._rules.elsewhere(kind))
        for facet in ("usage", "season", "gender") if anchor is not None else ():
            value = getattr(anchor, facet)
            clashing = {other for other in known.get(facet, {}) if not self._rules.affinity(facet, value, other)}
            exclude[facet] = exclude.get(facet, set()) | (clashing - set(facets.get(facet, ())))
        if anchor is not None and anchor.age_group in _YOUNG:
            facets.setdefault("age_group", tuple(young for young in _YOUNG if young in known.get("age_group", {})))
        elif "age_group" not in facets:
            exclude["age_group"] = exclude.get("age_group", set()) | set(_YOUNG)
        design = (*self._not_skus, *self._design())
        return replace(
            filters,
            facets=facets,
            exclude={facet: tuple(sorted(values)) for facet, values in exclude.items() if values},
            in_stock=True,
            exclude_skus=tuple(dict.fromkeys((*filters.exclude_skus, *design))),
        )

    def _design(self) -> tuple[str, ...]:
        """The anchor itself and its variants."""
        if self._anchor is None or not self._anchor.sku or not self._request.catalog.items([self._anchor.sku]):
            return ()
        return tuple(item.sku for item in self._request.catalog.variants(self._anchor.sku))

    def _photo(self) -> Vector | None:
        photo = self._request.message.photo
        if photo is not None and self._photo_vector is None:
            self._photo_vector = self._request.catalog.photo_vector(photo)
        return self._photo_vector


def _within(filters: Filters, budget_cents: int) -> Filters:
    limit = budget_cents if filters.price_max_cents is None else min(budget_cents, filters.price_max_cents)
    return replace(filters, price_max_cents=limit)
