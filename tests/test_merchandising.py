"""Merchandising rules in a search: what each kind does, who wins, and that a shopper's limits always stand."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import product

import pytest

from env.errors import AccessError, RuleError
from env.roles import ANYBODY, EVERYTHING
from env.settings import Settings
from tools.catalog import Catalog
from tools.item import Item
from tools.occasion import Occasion, Visitor
from tools.preview import preview
from tools.query import Filters, Query
from tools.rule_checks import conflicts, state_of
from tools.rule_data import read_rule, rule_json
from tools.rule_editing import RuleDesk
from tools.rules import Audience, Rule, RuleSet, Scope, Target, specificity
from tools.shop import Shop
from tools.store_rules import RuleStore

SOMEBODY = Visitor()
NOON = datetime(2026, 6, 15, 12, tzinfo=UTC)
BELTS = Filters({"category": ("Belt",)})
BELT = Query("belt", filters=BELTS, top_k=3)


def rule(kind: str, skus: str = "", **more: object) -> Rule:
    """A rule from data, for the exact words "belt" unless others are said."""
    scope = {} if {"match", "terms"} & set(more) else {"match": "exact", "words": ["belt"]}
    return read_rule(
        {"id": f"{kind}-{skus}"[:40].replace(" ", "-"), "kind": kind, "skus": skus.split(), **scope, **more}
    )


def under(shop: Shop, *rules: Rule, visitor: Visitor = SOMEBODY, now: datetime = NOON) -> Catalog:
    """The shop's catalogue under these rules, the later ones newer."""
    numbered = tuple(replace(each, number=at) for at, each in enumerate(rules, 1))
    return shop.catalog.under(RuleSet(1, numbered), Occasion((), visitor, now))


def skus(catalog: Catalog, query: Query = BELT) -> list[str]:
    """The SKUs that a search shows."""
    return [hit.item.sku for hit in catalog.search(query).hits]


@pytest.fixture(scope="module")
def plain(shop: Shop) -> list[Item]:
    """The belts in their own order."""
    return [hit.item for hit in shop.catalog.search(BELT).hits]


def test_a_pin_stands_at_its_place_with_its_reason_and_leaves_the_count_alone(shop: Shop, plain: list[Item]) -> None:
    last = plain[2].sku
    found = under(shop, rule("pin", last, place=1)).search(BELT)

    assert [hit.item.sku for hit in found.hits] == [last, plain[0].sku, plain[1].sku]
    assert (found.hits[0].placed, found.hits[0].why.rsplit(", ", 1)[1]) == ("pinned", "chosen by the shop")
    assert found.n_matching == 12
    assert [other.colour for other in found.hits[0].variants] == [
        other.colour for other in shop.catalog.search(BELT).hits[2].variants
    ]


def test_a_sponsored_pin_says_so(shop: Shop, plain: list[Item]) -> None:
    hit = under(shop, rule("pin", plain[1].sku, is_sponsored=True)).search(BELT).hits[0]
    assert (hit.placed, hit.why.rsplit(", ", 1)[1]) == ("sponsored", "sponsored")


@pytest.mark.parametrize(
    "filters",
    [
        Filters({"category": ("Belt",), "colour": ("white",)}),
        Filters({"category": ("Belt",)}, price_max_cents=100, currency="EUR"),
        Filters({"category": ("Dress",)}),
        Filters({"category": ("Belt",)}, exclude_skus=("A-036",)),
        Filters({"category": ("Belt",)}, exclude={"colour": ("black",)}),
    ],
)
def test_no_pin_boost_or_collection_shows_what_the_limits_forbid(shop: Shop, filters: Filters) -> None:
    # A-036 is a black belt.
    rules = (
        rule("pin", "A-036"),
        rule("boost", "A-036", factor=10),
        rule("redirect", "A-036 A-037 A-038", name="Belts"),
    )
    query = Query("belt", filters=filters)

    found = under(shop, *rules).search(query)

    assert "A-036" not in [hit.item.sku for hit in found.hits]
    allowed = {item.sku for item in _all(shop.catalog, filters)}
    assert {hit.item.sku for hit in found.hits} <= allowed
    seen = preview(shop.catalog, query, under(shop, rules[0]).rules.rule_set, Occasion(("belt",), now=NOON))
    assert [lost.why for lost in seen.lost] == ["'A-036' does not pass the shopper's limits, or was shown before"]


def _all(catalog: Catalog, filters: Filters) -> list[Item]:
    hits = catalog.search(Query(filters=filters, top_k=48)).hits
    return [item for hit in hits for item in (hit.item, *hit.variants)]


def test_a_pinned_design_shows_the_variant_that_passes(shop: Shop) -> None:
    query = Query("belt", filters=Filters({"category": ("Belt",), "colour": ("white",)}))
    shown = skus(under(shop, rule("pin", "A-044", is_design=True)), query)
    assert shown[0] == "A-045"  # the white one of the same design


def test_pins_and_boosts_leave_an_order_that_was_asked_for(shop: Shop, plain: list[Item]) -> None:
    query = Query("belt", filters=BELTS, top_k=3, sort="price_asc")
    rules = (rule("pin", plain[2].sku), rule("boost", plain[2].sku, factor=10))
    assert skus(under(shop, *rules), query) == skus(shop.catalog, query)


def test_a_boost_lifts_from_beyond_the_cut_and_a_bury_lowers(shop: Shop) -> None:
    query = Query("belt", filters=BELTS, top_k=1)
    first, second = skus(shop.catalog, Query("belt", filters=BELTS, top_k=2))

    lifted = under(shop, rule("boost", second, factor=5)).search(query).hits
    assert [(hit.item.sku, hit.placed) for hit in lifted] == [(second, "favoured")]
    assert skus(under(shop, rule("bury", first, factor=0.2)), query) == [second]


def test_a_boost_by_condition_stays_small(shop: Shop) -> None:
    order = skus(shop.catalog, Query("belt", filters=BELTS, top_k=3))
    brand = shop.catalog.items([order[2]])[0].brand
    lifted = under(shop, rule("boost", conditions=[f"brand={brand}"], factor=1.05))
    assert skus(lifted) == order


def test_what_is_hidden_is_nowhere(shop: Shop) -> None:
    hidden = under(shop, rule("hide", "A-036", is_design=True, match="any"))
    group = {"A-036", "A-037", "A-038", "A-039"}

    assert not group & set(skus(hidden, Query("black belt", filters=BELTS, top_k=48)))
    assert (hidden.count(BELTS), hidden.n_items()) == (8, 44)
    assert hidden.n_matching(Query(filters=BELTS)) == 8
    assert hidden.search(BELT).n_matching == 8
    assert hidden.items(["A-036", "A-040"])[0].sku == "A-040"
    assert not group & {hit.item.sku for hit in hidden.like_these(["A-040"], 48)}
    assert hidden.vocabulary().counts["category"]["Belt"] == 8
    assert hidden.vocabulary().n_items == 44
    assert shop.catalog.vocabulary().counts["category"]["Belt"] == 12


def test_the_values_of_a_facet_count_without_what_is_hidden(shop: Shop) -> None:
    hidden = under(shop, rule("hide", conditions=["colour=red"], match="any"))
    assert "red" not in hidden.values("colour", BELTS, 10)
    assert "red" in shop.catalog.values("colour", BELTS, 10)
    assert all(item.colour != "red" for hit in hidden.search(BELT).hits for item in (hit.item, *hit.variants))
    assert "red" not in {item.colour for item in hidden.variants("A-036")}


def test_hiding_wins_over_a_more_specific_pin(shop: Shop) -> None:
    catalog = under(shop, rule("hide", "A-040", match="any"), rule("pin", "A-040"))
    assert "A-040" not in skus(catalog)
    assert [lost.why for lost in catalog.ruling(BELTS, "belt").lost] == [
        "a rule hides the item, and hiding always wins"
    ]


def test_exact_words_lead_to_a_collection_in_the_order_of_its_list(shop: Shop) -> None:
    led = under(shop, rule("redirect", "A-040 A-000 A-030", words=["summer sale"], match="exact", name="Summer"))
    found = led.search(Query("Summer SALE!"))
    assert ([hit.item.sku for hit in found.hits], found.collection) == (["A-040", "A-000", "A-030"], "Summer")
    assert found.n_matching == 3
    dresses = led.search(Query("summer sale", filters=Filters({"category": ("Dress",)})))
    assert [hit.item.sku for hit in dresses.hits] == []
    assert led.search(Query("belt", filters=BELTS)).collection == ""


def test_the_most_specific_pin_wins_then_the_newest(shop: Shop) -> None:
    loose = rule("pin", "A-040", match="contains", words=["belt"])
    exact = rule("pin", "A-044")
    newer = rule("pin", "A-036")
    assert skus(under(shop, exact, loose))[0] == "A-044"
    assert skus(under(shop, exact, newer))[0] == "A-036"
    assert skus(under(shop, newer, exact))[0] == "A-044"


def test_each_further_condition_makes_a_rule_more_specific_whatever_its_number() -> None:
    matches = [{"match": "any"}, {"match": "contains", "words": ("a",)}, {"match": "contains", "words": ("a b",)},
               {"match": "exact", "words": ("a",)}]  # fmt: skip
    categories: list[tuple[str, ...]] = [(), ("Shoes",), ("Sneakers",)]
    audiences = [Audience(), Audience("new"), Audience("new", "de")]
    dates = [{}, {"starts": date(2026, 1, 1)}, {"starts": date(2026, 1, 1), "ends": date(2026, 2, 1)}]
    made: dict[tuple[int, ...], Rule] = {
        at: Rule(
            "x", "hide", number=100 - sum(at),
            scope=Scope(categories=categories[at[1]], audience=audiences[at[2]], **matches[at[0]], **dates[at[3]]),  # type: ignore[arg-type]
        )
        for at in product(range(4), range(3), range(3), range(3))
    }  # fmt: skip
    for at, each in made.items():
        for step in range(4):
            further = made.get((*at[:step], at[step] + 1, *at[step + 1 :]))
            if further is not None:
                assert specificity(further) > specificity(each), (each, further)
    older, newer = Rule("a", "hide", number=1), Rule("b", "hide", number=2)
    assert specificity(newer) > specificity(older)


@pytest.mark.parametrize(
    ("now", "holds"),
    [
        ("2026-06-14T21:59:59Z", False),
        ("2026-06-14T22:00:00Z", True),
        ("2026-06-15T21:59:59Z", True),
        ("2026-06-15T22:00:00Z", False),
    ],
)
def test_dates_begin_and_end_at_midnight_where_the_shop_is(shop: Shop, now: str, holds: bool) -> None:
    settings = Settings.model_validate({"time_zone": "Europe/Berlin", "data_dir": shop.settings.data_dir})
    berlin = Catalog(shop.database, shop.load_embedder, settings)
    one_day = rule("pin", "A-044", starts="2026-06-15", ends="2026-06-15")
    catalog = berlin.under(RuleSet(1, (one_day,)), Occasion(now=datetime.fromisoformat(now)))
    assert (skus(catalog)[0] == "A-044") is holds


@pytest.mark.parametrize(
    ("audience", "visitor", "holds"),
    [
        ({"visitors": "new"}, Visitor(False), True),
        ({"visitors": "new"}, Visitor(True), False),
        ({"visitors": "new"}, Visitor(), False),
        ({"visitors": "returning"}, Visitor(True), True),
        ({"language": "de"}, Visitor(language="de"), True),
        ({"language": "de"}, Visitor(language="en"), False),
        ({"signed_in": "no"}, Visitor(is_signed_in=False), True),
        ({"signed_in": "yes"}, Visitor(), False),
    ],
)
def test_a_rule_is_for_its_audience_alone(shop: Shop, audience: dict[str, str], visitor: Visitor, holds: bool) -> None:
    catalog = under(shop, rule("pin", "A-044", **audience), visitor=visitor)
    assert (skus(catalog)[0] == "A-044") is holds


def test_a_rule_for_a_category_holds_below_it_and_nowhere_else(shop: Shop) -> None:
    catalog = under(shop, rule("pin", "A-044", match="any", categories=["Accessories"]))
    assert skus(catalog)[0] == "A-044"
    assert catalog.search(Query("belt")).hits[0].placed == ""


def test_a_sku_that_has_left_marks_the_rule_and_does_no_harm(shop: Shop, plain: list[Item]) -> None:
    gone = rule("pin", "LEFT-1")
    partly = rule("hide", f"LEFT-1 {plain[0].sku}")
    catalog = under(shop, gone, partly)
    today = date(2026, 6, 15)
    assert state_of(gone, catalog.rules, today) == ("broken", "'LEFT-1' has left the catalogue")
    assert state_of(partly, catalog.rules, today)[0] == "broken"
    assert skus(under(shop, gone)) == [item.sku for item in plain]
    assert plain[0].sku not in skus(catalog)


@pytest.mark.parametrize(
    ("written", "other", "told"),
    [
        (rule("pin", "A-040"), rule("pin", "A-044"), "pins 'A-044' to place 1 too"),
        (rule("pin", "A-040", place=2), rule("pin", "A-040"), "pins the same item"),
        (rule("pin", "A-040"), rule("hide", "A-040", match="any"), "hiding always wins"),
        (rule("hide", "A-040"), rule("pin", "A-040"), "wants to pin what this hides"),
        (rule("boost", "A-040", factor=2), rule("bury", "A-040", factor=0.5), "wants to bury"),
        (
            rule("synonym", way="replace", terms=["kicks"], others=["trainers"]),
            rule("synonym", way="replace", terms=["trainers"], others=["kicks"]),
            "closes a circle (kick → trainer → kick)",
        ),
        (
            rule("synonym", terms=["kicks", "trainers"]),
            rule("synonym", way="never", terms=["trainers"], others=["kicks"]),
            "says the opposite",
        ),
    ],
)
def test_conflicts_are_told_before_a_rule_is_written(shop: Shop, written: Rule, other: Rule, told: str) -> None:
    other = replace(other, id="other")
    rules = under(shop, other).rules
    (found,) = conflicts(written, rules, shop.catalog.vocabulary())
    assert told in found
    later = replace(other, scope=Scope(starts=date(2027, 1, 1)))
    before = replace(written, scope=Scope(ends=date(2026, 12, 31)))
    assert conflicts(before, under(shop, later).rules, shop.catalog.vocabulary()) == ()


@pytest.fixture
def desk(shop: Shop) -> Iterator[RuleDesk]:
    """The desk of a shop whose rules are gone again afterwards."""
    desk = RuleDesk(RuleStore(shop.database))
    yield desk
    desk.restore(EVERYTHING, 0) if desk.store.newest().version else None


def test_every_change_is_a_version_and_undo_walks_back(shop: Shop, desk: RuleDesk, plain: list[Item]) -> None:
    first = desk.put(EVERYTHING, rule("pin", "A-044"), note="for the fair")
    assert skus(shop.catalog)[0] == "A-044"
    desk.put(EVERYTHING, replace(first, place=2), seen=first)
    assert skus(shop.catalog)[1] == "A-044"
    desk.remove(EVERYTHING, first.id)
    assert skus(shop.catalog) == [item.sku for item in plain]

    assert [each.place for each in desk.undo(EVERYTHING).rules] == [2]
    assert [each.place for each in desk.undo(EVERYTHING).rules] == [1]
    assert desk.undo(EVERYTHING).rules == ()
    with pytest.raises(RuleError, match="there is nothing left to undo"):
        desk.undo(EVERYTHING)
    notes = [row.note for row in desk.store.history()][-3:]
    assert notes[::-1] == [
        "for the fair",
        "changed: pin A-044 at place 2 for “belt”",
        "removed: pin A-044 at place 2 for “belt”",
    ]
    assert {row.who for row in desk.store.history()} == {"this computer"}


def test_a_rule_that_changed_meanwhile_is_not_written_over(desk: RuleDesk) -> None:
    seen = desk.put(EVERYTHING, rule("pin", "A-044"))
    desk.put(EVERYTHING, replace(seen, place=3), seen=seen)
    with pytest.raises(RuleError, match="changed or removed meanwhile"):
        desk.put(EVERYTHING, replace(seen, place=4), seen=seen)


def test_who_may_not_edit_rules_is_refused(desk: RuleDesk) -> None:
    version = desk.store.newest().version
    for attempt in (
        lambda: desk.put(ANYBODY, rule("pin", "A-044")),
        lambda: desk.put_all(ANYBODY, [rule("pin", "A-044")], ""),
        lambda: desk.remove(ANYBODY, "pin-A-044"),
        lambda: desk.undo(ANYBODY),
        lambda: desk.restore(ANYBODY, 0),
    ):
        with pytest.raises(AccessError, match="edit merchandising rules"):
            attempt()
    assert desk.store.newest().version == version


def test_a_preview_tells_what_moved_and_which_rules_lost(shop: Shop, plain: list[Item]) -> None:
    rules = under(shop, rule("pin", plain[2].sku), rule("pin", plain[1].sku, match="any")).rules.rule_set
    seen = preview(shop.catalog, BELT, rules, Occasion(("belt",), now=NOON))
    assert [moved.words for moved in seen.moved] == ["▲ 2", "▼ 1", "▼ 1"]
    assert [each.id for each in seen.part] == [f"pin-{plain[2].sku}"]
    assert [lost.why for lost in seen.lost] == ["place 1 is held by a stronger rule"]


def test_a_rule_survives_being_stored() -> None:
    whole = rule("pin", "A-044", place=4, is_sponsored=True, starts="2026-01-01", visitors="new", language="de")
    assert read_rule(rule_json(whole)) == whole
    assert whole.target == Target(("A-044",))
