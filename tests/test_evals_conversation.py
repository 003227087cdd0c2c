"""Journeys are played for real, and every kind of fault that they are judged by is found where there is one."""

from dataclasses import replace
from pathlib import Path

import pytest

from agents.desk import open_desk
from env.errors import SettingsError
from evals.conversation import Judge, judge_of, measure_conversation
from evals.conversation_page import page
from evals.conversation_report import told
from evals.journey_models import shape_of
from evals.journey_player import Played, UnplayableError, play
from evals.journeys import Cards, Journey, JourneyTurn, Press, read_journeys
from evals.results_record import record
from tests.small_catalog import small_items
from tools.query import Hit
from tools.shop import Shop

ITEMS = {item.sku: item for item in small_items()}
DRESSES = Journey(
    "dresses",
    "limits are kept",
    (
        JourneyTurn(
            "red dresses for women",
            route="search",
            intent={"colours": ["red"]},
            cards=Cards(least=1, each={"colour": ("red",)}),
        ),
        JourneyTurn("add the first one to my bag in size S", route="cart", bag=1),
        JourneyTurn(press=Press("without", "red"), route="refine", standing=({"categories": ["Dress"]},)),
        JourneyTurn("thanks", route="thanks", cards=Cards(n=0)),
    ),
)


@pytest.fixture(scope="module")
def judge(shop: Shop) -> Judge:
    return judge_of(shop)


@pytest.fixture(scope="module")
def played(shop: Shop) -> list[Played]:
    return list(play(DRESSES, open_desk(shop), 1))


def kinds(judge: Judge, turn: Played) -> set[str]:
    return {fault.kind for fault in judge.faults(turn)}


def with_hits(turn: Played, *hits: Hit, **changes: object) -> Played:
    part = replace(turn.evidence.parts[0], hits=hits, **changes)  # type: ignore[arg-type]
    return replace(turn, evidence=replace(turn.evidence, parts=(part,)))


def saying(turn: Played, reply: str) -> Played:
    return replace(turn, streamed=reply, done=replace(turn.done, reply=reply))


def test_at_least_forty_journeys_of_several_turns_cover_what_was_promised() -> None:
    journeys = read_journeys()
    assert len(journeys) >= 40
    assert sum(len(journey.turns) for journey in journeys) / len(journeys) > 2
    assert {journey.language for journey in journeys} == {"en", "de", "fr", "es", "zh"}
    assert {
        "limits are kept", "one slot is changed", "a new topic", "references", "several kinds at once", "photo",
        "composed", "exclusions", "compare", "outfit", "variants", "bag", "saved", "preferences",
        "questions about the data", "questions about a picture", "ways out", "languages", "unclear", "out of scope",
        "injections", "typos",
    } <= {journey.about for journey in journeys}  # fmt: skip
    assert max(len(journey.turns) for journey in journeys if journey.about == "limits are kept") > 5


def test_a_true_conversation_has_no_fault(judge: Judge, played: list[Played]) -> None:
    assert [judge.faults(turn) for turn in played] == [[], [], [], []]
    assert [turn.after.cart.n_pieces for turn in played] == [0, 1, 1, 1]


def test_a_card_that_breaks_a_limit_or_is_not_its_row_is_a_fault(judge: Judge, played: list[Played]) -> None:
    first = played[0]
    black = next(item for item in ITEMS.values() if (item.category, item.colour) == ("Dress", "black"))
    assert {"limit", "cards"} <= kinds(judge, with_hits(first, Hit(black, 0.5)))
    hit = first.evidence.hits[0]
    cheaper = replace(hit, item=replace(hit.item, sale_price_cents=100))
    assert "row" in kinds(judge, with_hits(first, cheaper))
    assert "twice" in kinds(judge, with_hits(first, hit, hit))
    assert "cards" in kinds(judge, with_hits(first))


def test_a_wrong_count_and_a_missed_item_are_faults(judge: Judge, played: list[Played]) -> None:
    first = played[0]
    assert kinds(judge, with_hits(first, *first.evidence.hits, n_matching=99)) == {"count"}
    assert {"missed"} <= kinds(judge, with_hits(first))


def test_an_order_that_is_not_the_wanted_one_is_a_fault(judge: Judge, played: list[Played]) -> None:
    dresses = sorted(
        (item for item in ITEMS.values() if item.category == "Dress"), key=lambda item: item.pays_cents or 0
    )
    cheap, dear = Hit(dresses[0], 0.5), Hit(dresses[-1], 0.5)
    slots = replace(played[2].standing[0], sort="price_asc")
    turn = replace(with_hits(played[2], dear, cheap), standing=(slots,))
    assert "order" in kinds(judge, turn)
    assert "order" not in kinds(judge, replace(with_hits(played[2], cheap, dear), standing=(slots,)))


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        ("[9] is the one.", "foreign item"),
        ("[1] costs €1.23 today.", "amount"),
        ("Added [1] to your bag.", "claim"),
        ("Saved [1] for you.", "claim"),
        ("From now on I keep to that.", "claim"),
        ("I've added it to your bag.", "claim"),
        ("See https://shop.example for more.", "remote link"),
        ("", "empty"),
    ],
)
def test_a_reply_that_is_not_true_is_a_fault(judge: Judge, played: list[Played], reply: str, kind: str) -> None:
    assert kind in kinds(judge, saying(played[0], reply))


def test_a_reply_that_hides_what_was_widened_is_a_fault(judge: Judge, played: list[Played]) -> None:
    first = played[0]
    widened = with_hits(first, *first.evidence.hits, relaxed=("nothing matched exactly; shown without size S",))
    assert "widened" in kinds(judge, widened)
    assert "widened" not in kinds(judge, saying(widened, "These are without size S."))


def test_a_price_of_another_card_is_a_fault_beside_one_card(judge: Judge, played: list[Played]) -> None:
    turn = played[2]
    first, second = next(
        (a, b)
        for a, b in zip(turn.evidence.hits, turn.evidence.hits[1:], strict=False)
        if not {a.item.pays_cents, a.item.price_cents} & {b.item.pays_cents}
    )
    shown = with_hits(turn, first, second)
    price = f"€{(second.item.pays_cents or 0) / 100:.2f}"
    assert "amount" in kinds(judge, saying(shown, f"[1] is the nicest, at {price}."))
    assert "amount" not in kinds(judge, saying(shown, f"[2] is the nicest, at {price}."))


def test_something_put_in_without_a_word_is_a_fault(judge: Judge, played: list[Played]) -> None:
    assert "untold" in kinds(judge, saying(played[1], "It is a nice one."))


def test_an_intent_a_standing_limit_or_a_count_of_pieces_that_differs_is_a_fault(
    judge: Judge, played: list[Played]
) -> None:
    first = played[0]
    wanted = replace(first.turn, route="similar", intent={"colours": ["navy"]}, standing=({"gender": "male"},), bag=2)
    assert {"intent", "standing", "kept"} <= kinds(judge, replace(first, turn=wanted))


def test_what_cannot_be_pressed_is_told(shop: Shop) -> None:
    journey = Journey("none", "ways out", (JourneyTurn("dresses"), JourneyTurn(press=Press("choice", "up to"))))
    with pytest.raises(UnplayableError, match="nothing to press reads like 'up to'; there is nothing"):
        list(play(journey, open_desk(shop), 1))


def test_a_protocol_reads_and_writes_every_turn_and_nothing_careless_comes_through(shop: Shop) -> None:
    report = measure_conversation(shop, [DRESSES], ("offline", "openai sloppy", "gemini hostile"), n_runs=1)
    assert [way.failures for way in report.ways] == [(), (), ()]
    # The pressed turn is not read; it, like the turn about the bag, is answered by this machine.
    assert [(way.runs[0].n_read, way.runs[0].n_written) for way in report.ways] == [(0, 0), (3, 2), (3, 2)]
    assert told(report).splitlines()[2].split()[:6] == ["offline", "1", "1", "of", "1", "4"]
    text = page([record("conversation", (), ["--runs 1"], report)])
    assert "| openai sloppy | 1 | 1 of 1 | 4 of 4 |" in text
    assert "Nothing." in text


def test_a_failed_journey_is_listed_with_its_turn_and_the_reason(shop: Shop) -> None:
    journey = Journey("wrong", "photo", (JourneyTurn("red dresses", route="refine"),))
    report = measure_conversation(shop, [journey], ("offline",), n_runs=2)
    assert [run.n_right for run in report.ways[0].runs] == [0, 0]
    line = "  offline: wrong, turn 1 ('red dresses'): intent: route search, refine wanted"
    assert told(report).splitlines()[-1] == line
    assert "| wrong | 1 | red dresses | intent |" in page([record("conversation", (), [], report)])


def test_a_way_that_is_none_is_refused(shop: Shop) -> None:
    with pytest.raises(SettingsError, match="no way 'gemini' to answer; ways are offline, gemini honest"):
        measure_conversation(shop, [DRESSES], ("gemini",))


def test_files_that_hold_no_journeys_are_told(tmp_path: Path) -> None:
    (tmp_path / "one.yaml").write_text("- {id: a, about: b, turns: [{say: x, shows: 3}]}", encoding="utf-8")
    with pytest.raises(SettingsError, match=r"one.yaml: 'a' is no journey: .*shows"):
        read_journeys(tmp_path)
    (tmp_path / "one.yaml").write_text("- &a {id: a, about: b, turns: [{say: x}]}\n- *a", encoding="utf-8")
    with pytest.raises(SettingsError, match="the id 'a' is taken"):
        read_journeys(tmp_path)


def test_an_intent_keeps_its_meaning_in_the_shape_of_a_model(shop: Shop) -> None:
    classifier = open_desk(shop).classifier
    first = next(play(Journey("a", "b", (JourneyTurn("two red dresses under 80, not cotton"),)), open_desk(shop), 1))
    assert classifier.name.startswith("offline")
    shaped = shape_of(first.intent)
    assert (shaped["count"], shaped["price_max"], shaped["exclude"]) == (2, 80, {"material": ["cotton"]})
