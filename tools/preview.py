"""What rules do to a search: the same query with and without them, and what moved."""

from dataclasses import dataclass

from tools.catalog import Catalog
from tools.merchandising import merchandised
from tools.occasion import Occasion
from tools.query import Found, Hit, Query
from tools.rules import Rule, RuleSet
from tools.ruling import Lost


@dataclass(frozen=True, slots=True)
class Moved:
    """One hit of the second search. `before` is its place without rules, None where it was not among those shown."""

    hit: Hit
    place: int
    before: int | None

    @property
    def words(self) -> str:
        """How it moved: "▲ 3", "▼ 1", "▲ new"; "" where it stands as before."""
        if self.before is None:
            return "▲ new"
        moved = self.before - self.place
        return f"▲ {moved}" if moved > 0 else f"▼ {-moved}" if moved else ""


@dataclass(frozen=True, slots=True)
class Preview:
    """A search without rules and with them. `gone` are hits that are no longer shown; `part` are rules that hold."""

    before: Found
    after: Found
    moved: tuple[Moved, ...]
    gone: tuple[Hit, ...]
    part: tuple[Rule, ...]
    lost: tuple[Lost, ...]


def preview(
    catalog: Catalog, query: Query, rule_set: RuleSet, occasion: Occasion, unruled: Query | None = None
) -> Preview:
    """What a set of rules does to a query on an occasion; `unruled` is the query without them where it differs."""
    plain = catalog.without_rules()
    ruling = catalog.under(rule_set, occasion).ruling(query.filters, query.text)
    before = plain.search(unruled or query)
    after, kept_out = merchandised(plain.search, query, ruling)
    places = {_design(hit): place for place, hit in enumerate(before.hits, 1)}
    moved = tuple(Moved(hit, place, places.get(_design(hit))) for place, hit in enumerate(after.hits, 1))
    shown = {_design(hit) for hit in after.hits}
    gone = tuple(hit for hit in before.hits if _design(hit) not in shown)
    lost = (*kept_out, *ruling.lost)
    absent = {each.rule.id for each in kept_out}
    return Preview(before, after, moved, gone, tuple(rule for rule in ruling.part if rule.id not in absent), lost)


def draft_set(rule_set: RuleSet, rule: Rule) -> RuleSet:
    """The set as it would be with one more rule, or with one written over."""
    others = tuple(each for each in rule_set.rules if each.id != rule.id)
    return RuleSet(rule_set.version, (*others, rule))


def _design(hit: Hit) -> str:
    return hit.item.item_group_id or hit.item.sku
