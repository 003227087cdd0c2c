"""Every figure over a log with known answers, by construction or held against plain counting."""

import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import date
from statistics import median

import pytest

from agents.insight import Insight
from agents.insight.asked import FACETS, Facet
from agents.insight.block import Block
from agents.insight.reading import BLOCKS
from agents.insight.wilson import wilson
from agents.intent import Intent, Slots
from env.database import Database
from env.errors import AccessError, ChatGoneError
from env.roles import ANYBODY, EVERYTHING
from tests.insight_log import BOOTS, ITEMS, RED_DRESS, Logged, day, write
from tests.small_catalog import fill_small_catalog
from tools.insight import Pick, Scope

GEMINI = "gemini gemini-2.5-flash"
DOWN = "Gemini did not answer in 20 s, so this reply was written on this machine."

LOG = [
    Logged("a", day(1), "A red dress, please!", did=((1, "open"), (1, "cart")), thumb=True),
    Logged("a", day(1, 13), "red dress", taken="colour", shown=(2, 3), thumb=False),
    Logged("a", day(2), "without the colour", Intent("refine", cleared=("colours",)), Slots(("Dresses",)), (1,)),
    Logged("b", day(2), "boots 42", slots=BOOTS, shown=(), total_ms=300),
    Logged("b", day(2), "boots 42", slots=BOOTS, shown=(1, 0), taken="price and size", did=((2, "save"),)),
    Logged("c", day(3), "thanks", Intent("thanks", language="de"), Slots(), (), writer=GEMINI, version="3", thumb=True),
    Logged(
        "c", day(3), "rotes Kleid an anna@example.com", Intent("search", language="de"), shown=(0, 2), writer=GEMINI,
        version="3", more={"live": {"7": "B"}, "tokens": {"assistant": {"in": 1_000_000, "out": 100_000}}},
    ),
    Logged("c", day(3), "rotes Kleid an bob@example.org", Intent("search", language="de"), failures=(DOWN,)),
]  # fmt: skip


@pytest.fixture(scope="module")
def database(new_database: Callable[[], AbstractContextManager[str]]) -> Iterator[Database]:
    with new_database() as url, Database(url) as opened:
        fill_small_catalog(opened)
        write(opened, LOG)
        yield opened


@pytest.fixture(scope="module")
def insight(database: Database) -> Insight:
    return Insight(database, EVERYTHING)


def cells(block: Block) -> list[tuple[object, ...]]:
    return [row.cells for row in block.rows]


def test_only_who_may_read_what_shoppers_wrote_opens_it(database: Database) -> None:
    with pytest.raises(AccessError, match="leave to read what shoppers wrote"):
        Insight(database, ANYBODY)


def test_days(insight: Insight) -> None:
    block = insight.block("talk", Scope())
    assert cells(block) == [
        (date(2026, 3, 1), 2, 1, 1), (date(2026, 3, 2), 3, 2, 1), (date(2026, 3, 3), 3, 1, 1)
    ]  # fmt: skip
    assert block.sentence == "8 messages on 3 days, most on 2 March 2026: 3 messages in 2 chats."


def test_routes(insight: Insight) -> None:
    assert cells(insight.block("routes", Scope())) == [("search", 6, 3 / 6), ("refine", 1, 1.0), ("thanks", 1, None)]


def test_queries_are_one_where_they_differ_in_marks_courtesy_or_personal_text(insight: Insight) -> None:
    assert cells(insight.block("queries", Scope())) == [
        ("boots 42", 2, 0.0), ("red dress", 2, 0.5), ("rotes kleid an (e-mail)", 2, 1.0),
        ("without colour", 1, 1.0),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("facet", "expected"),
    [
        (
            "wish",
            [("Boots, size 42, at most 50 EUR", 2, 1, 1, 2, "boots 42"), ("red, Dresses", 1, 1, 0, 4, "red dress")],
        ),
        ("category", [("Boots", 2, 1, 1, 2, "boots 42"), ("Dresses", 1, 1, 0, 5, "red dress")]),
        ("colour", [("red", 1, 1, 0, 4, "red dress")]),
        ("size", [("42", 2, 1, 1, 2, "boots 42")]),
        ("price", [("at most 50 EUR", 2, 1, 1, 2, "boots 42")]),
        ("brand", []),
    ],
)
def test_unmet_demand(insight: Insight, facet: Facet, expected: list[object]) -> None:
    assert cells(insight.block("missed", Scope(), facet)) == expected


def test_limits_given_up_by_the_shop_and_by_shoppers(insight: Insight) -> None:
    assert cells(insight.block("limits", Scope())) == [("colour", 1, 1), ("price", 1, 0), ("size", 1, 0)]


def test_a_way_out_that_is_pressed_drops_the_limits_it_lacks(insight: Insight, database: Database) -> None:
    pressed = Intent("refine", standing=(Slots(categories=("Boots",)),))
    more = {"backends": {"classifier": "pressed", "assistant": "offline"}}
    write(database, [
        Logged("p", day(20), "boots 42", slots=BOOTS, shown=()),
        Logged("p", day(20), "Without size and price", pressed, Slots(("Boots",)), more=more),
    ])  # fmt: skip
    only = Scope(since=date(2026, 3, 20))
    assert cells(insight.block("limits", only)) == [("price", 0, 1), ("size", 0, 1)]
    assert cells(insight.block("queries", only)) == [("boots 42", 1, 0.0)]
    with database.connection() as connection:
        connection.execute("DELETE FROM sessions WHERE id = 'p'")


def test_items_by_what_was_done_with_them_and_where_they_stood(insight: Insight) -> None:
    # Place 1 was shown 6 times and chosen once, place 2 five times and chosen once.
    first, second = 1 / 6, 1 / 5
    title = [item.title for item in ITEMS]
    sku = [item.sku for item in ITEMS]
    assert cells(insight.block("chosen", Scope())) == [
        (title[0], sku[0], 4, 1.25, round(3 * first + second, 2), 2, 1, 1, 1, 0)
    ]
    unchosen = insight.block("unchosen", Scope())
    assert cells(unchosen) == [
        (title[1], sku[1], 4, 1.5, round(2 * first + 2 * second, 2), 0, 0, 0, 0, 0),
        (title[2], sku[2], 2, 1.5, round(first + second, 2), 0, 0, 0, 0, 0),
        (title[3], sku[3], 1, 2.0, round(second, 2), 0, 0, 0, 0, 0),
    ]
    assert f"“{title[1]}” was shown 4 times at place 1.5 on average and never chosen" in unchosen.sentence


def test_thumbs_by_who_answered_with_their_interval(insight: Insight) -> None:
    rows = cells(insight.block("thumbs", Scope()))
    assert [row[:5] for row in rows] == [("offline composer 1", "none", 6, 1, 1), (GEMINI, "assistant 3", 2, 1, 0)]
    assert rows[0][5:] == (0.5, pytest.approx(0.0945, abs=1e-4), pytest.approx(0.9055, abs=1e-4))
    assert wilson(0, 0).high == 1.0


def test_times_of_stages(insight: Insight) -> None:
    rows = {(row[0], row[1]): row[2:] for row in cells(insight.block("times", Scope()))}
    assert rows[date(2026, 3, 2), "total"] == (3, 100.0, 280.0)
    assert rows[date(2026, 3, 2), "retrieval"] == (3, 85.0, 265.0)
    assert rows[date(2026, 3, 1), "intent"] == (2, 5.0, 5.0)


def test_cost_is_told_where_tokens_and_price_are_known_and_never_guessed(insight: Insight) -> None:
    block = insight.block("cost", Scope())
    assert cells(block) == [(date(2026, 3, 3), GEMINI, 2, 1, 1_000_000, 100_000, 0.55)]
    assert block.sentence == "2 calls of models cost 0.55 USD as far as it is known; of 1 call the cost is not known."


def test_failures_by_service_and_reason(insight: Insight) -> None:
    assert cells(insight.block("failures", Scope())) == [("Gemini", "did not answer in 20 s", 1, day(3))]


@pytest.mark.parametrize(
    ("scope", "n_turns"),
    [
        (Scope(since=date(2026, 3, 2)), 6),
        (Scope(until=date(2026, 3, 2)), 5),
        (Scope(since=date(2026, 3, 2), until=date(2026, 3, 2)), 3),
        (Scope(language="de"), 3),
        (Scope(route="refine"), 1),
        (Scope(backend=GEMINI), 2),
        (Scope(version="assistant 3"), 2),
        (Scope(side="7 B"), 1),
        (Scope(language="de", route="search"), 2),
        (Scope(since=date(2027, 1, 1)), 0),
    ],
)
def test_a_scope_narrows_every_figure(insight: Insight, scope: Scope, n_turns: int) -> None:
    assert sum(int(str(n)) for n in insight.block("talk", scope).column("messages")) == n_turns
    assert sum(int(str(n)) for n in insight.block("routes", scope).column("messages")) == n_turns
    assert sum(int(str(n)) for n in insight.block("thumbs", scope).column("messages")) == n_turns


def test_options_name_what_there_is(insight: Insight) -> None:
    options = insight.options()
    assert (options.first, options.last, options.n_turns, options.n_uncounted) == (day(1).date(), day(3).date(), 8, 0)
    assert (options.languages, options.versions, options.sides) == (("de", "en"), ("assistant 3",), ("7 B",))
    assert GEMINI in options.backends


def test_an_empty_time_says_what_would_fill_it(insight: Insight) -> None:
    for name in BLOCKS:
        block = insight.block(name, Scope(since=date(2027, 1, 1)))
        assert block.rows == ()
        assert block.sentence.endswith(".")


def test_each_row_has_as_many_turns_behind_it_as_it_counts(insight: Insight) -> None:
    counts = {
        "talk": "messages",
        "routes": "messages",
        "queries": "messages",
        "unchosen": "shown",
        "thumbs": "messages",
    }
    for name, column in counts.items():
        block = insight.block(name, Scope())  # type: ignore[arg-type]
        for row, n_turns in zip(block.rows, block.column(column), strict=True):
            assert row.pick is not None
            assert insight.n_behind(Scope(), row.pick) == n_turns == len(insight.behind(Scope(), row.pick, 99))
    for facet in FACETS:
        for row in insight.block("missed", Scope(), facet).rows:
            assert row.pick is not None
            assert insight.n_behind(Scope(), row.pick) == row.cells[1]


def test_a_turn_behind_a_figure_holds_no_personal_text(insight: Insight) -> None:
    found = insight.behind(
        Scope(), Pick("query", ("rotes kleid an anna@example.com", "rotes kleid an bob@example.org")), 9
    )
    assert {turn.message for turn in found} <= {"rotes Kleid an (e-mail)"}
    newest = insight.turn("a", 1)
    assert newest.reply == f"Here is “{ITEMS[0].title}”."
    assert [(item.place, item.sku, item.chosen) for item in newest.items] == [
        (1, ITEMS[0].sku, ("cart", "open")), (2, ITEMS[1].sku, ())
    ]  # fmt: skip
    with pytest.raises(ChatGoneError, match="is not stored any more"):
        insight.turn("a", 9)


def test_figures_follow_a_turn_that_is_changed_or_deleted(database: Database, insight: Insight) -> None:
    write(database, [Logged("x", day(9), "blue hat"), Logged("x", day(9), "blue hat")])
    only = Scope(since=date(2026, 3, 9))
    assert insight.block("talk", only).column("messages") == (2,)
    with database.connection() as connection:
        connection.execute("DELETE FROM turns WHERE session_id = 'x' AND number = 2")
        connection.execute(
            """UPDATE turns SET record = record || '{"intent": {"route": "help"}}' WHERE session_id = 'x'"""
        )
    assert cells(insight.block("routes", only)) == [("help", 1, None)]
    with database.connection() as connection:
        connection.execute("DELETE FROM sessions WHERE id = 'x'")
    assert insight.block("talk", only).rows == ()


def test_a_record_that_cannot_be_counted_is_stored_and_told(database: Database, insight: Insight) -> None:
    write(database, [Logged("y", day(9), "hat", more={"parts": [{"hits": {"no": "list"}}]})])
    assert insight.options().n_uncounted == 1
    with database.connection() as connection:
        connection.execute("DELETE FROM sessions WHERE id = 'y'")


def test_random_logs_are_counted_as_plain_python_counts_them(
    new_database: Callable[[], AbstractContextManager[str]],
) -> None:
    chance = random.Random(7)
    log = [_random_turn(chance) for _ in range(150)]
    with new_database() as url, Database(url) as opened:
        write(opened, log)
        insight = Insight(opened, EVERYTHING)
        days = Counter(turn.at.date() for turn in log)
        assert {row[0]: row[1] for row in cells(insight.block("talk", Scope()))} == days
        missed: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
        for turn in log:
            for colour in turn.slots.colours:
                missed[colour][0 if turn.shown and not turn.taken else 1 if turn.shown else 2] += 1
        assert {row[0]: row[2:5] for row in cells(insight.block("missed", Scope(), "colour"))} == {
            colour: (nearest, nothing, found + nearest + nothing)
            for colour, (found, nearest, nothing) in missed.items()
            if nearest + nothing
        }
        shown = Counter(ITEMS[place].sku for turn in log for place in turn.shown)
        chosen = Counter(sku for turn in log for sku in {ITEMS[turn.shown[place - 1]].sku for place, _ in turn.did})
        told = {
            row[1]: (row[2], row[5]) for name in ("chosen", "unchosen") for row in cells(insight.block(name, Scope()))
        }
        assert told == {sku: (n, chosen[sku]) for sku, n in shown.items()}
        # What is expected of all items together is what was chosen of all of them.
        expected = [row[4] for name in ("chosen", "unchosen") for row in cells(insight.block(name, Scope()))]
        assert sum(float(str(n)) for n in expected) == pytest.approx(sum(chosen.values()), abs=0.1)
        for at in days:
            middle = median(turn.total_ms for turn in log if turn.at.date() == at)
            rows = [row for row in cells(insight.block("times", Scope())) if row[:2] == (at, "total")]
            assert rows[0][3] == pytest.approx(middle, abs=0.06)
        thumbs = {row[0]: (row[3], row[4]) for row in cells(insight.block("thumbs", Scope()))}
        for writer in thumbs:
            given = [turn.thumb for turn in log if turn.writer == writer]
            assert thumbs[writer] == (given.count(True), given.count(False))


def _random_turn(chance: random.Random) -> Logged:
    shown = tuple(chance.sample(range(8), chance.randrange(5)))
    did = tuple(
        (place, kind) for place in range(1, len(shown) + 1) for kind in ("open", "save") if chance.random() < 0.2
    )
    return Logged(
        f"s{chance.randrange(20)}",
        day(chance.randrange(1, 6)),
        "words",
        slots=Slots(categories=RED_DRESS.categories, colours=tuple(chance.sample(("red", "blue", "green"), 2))),
        shown=shown,
        taken=chance.choice(("", "", "size")) if shown else "",
        did=did,  # type: ignore[arg-type]
        thumb=chance.choice((None, True, False)),
        writer=chance.choice(("offline composer 1", GEMINI)),
        total_ms=chance.uniform(50, 900),
    )
