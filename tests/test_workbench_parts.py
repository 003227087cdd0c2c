"""Parts of a run: the practice model, what counts as a breach, prices, scorers, agreement of a judge, intervals."""

import json
from pathlib import Path

import httpx
import pytest

from agents.chat_models import open_chat_model, open_structured_model
from agents.chat_models.message import ChatMessage
from agents.events import Evidence, PartFound
from agents.intent import Slots
from agents.pricing import cost_of, load_prices
from agents.prompt import load_prompt
from agents.workbench.bench import practice_settings
from agents.workbench.bootstrap import difference
from agents.workbench.case_diff import case_difference
from agents.workbench.case_result import CaseResult
from agents.workbench.contract import Violation, violations_of
from agents.workbench.judge import Judge, agreement
from agents.workbench.metered import Meter, MeteredModel
from agents.workbench.practice import PracticeServer
from agents.workbench.practice.reader import read_message
from agents.workbench.practice.writer import write_reply
from agents.workbench.scorers import SCORERS, load_scorers
from env.errors import BenchError
from env.settings import Settings
from tests.servers.local import LocalServer
from tests.servers.openai import OpenAI
from tests.servers.vendors import settings_for
from tests.servers.wire import Fault
from tests.small_catalog import small_items
from tests.workbench_cases import edited
from tools.query import Filters, Hit
from tools.store_cases import CaseRow

ASKED = (
    "<message>\nred belts\n</message>\n<understood>\nroute: search\n</understood>\n<items>\n"
    "[1] Alder belt | material: leather | price: €39.90 | rating: 4 of 5\n[2] Cove belt | price: €20.00\n</items>\n"
    "<facts>\nnavy counted as blue\n</facts>"
)
SYSTEM = load_prompt("assistant").template["system"]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("", "", "[1] is the closest to what you asked for, at [1:price]."),
        ("Never write a price, a size", "Never write a size", "[1] is the closest to what you asked for, at €41."),
        ("in square brackets", "in any way", "The Alder belt is the closest to what you asked for"),
        ("so never say that you did or will", "", "I have put the first one into your bag."),
        ("no links, ", "", "See www.shop.example for more."),
        ("no greeting, ", "", "Hello there! Navy counted as blue."),
        ("two to five sentences", "five to nine sentences", "[1] is made of leather."),
    ],
)
def test_the_practice_model_keeps_to_the_rules_that_are_there(old: str, new: str, words: str) -> None:
    assert old in SYSTEM
    reply = write_reply(SYSTEM.replace(old, new) if old else SYSTEM, ASKED)
    assert words in reply
    assert "leather" not in write_reply(SYSTEM, ASKED)


def test_the_practice_model_reads_only_what_its_prompt_asks_for() -> None:
    system = load_prompt("classifier").fill("system", routes="search, refine")
    user = (
        "<shop>\ncategory: Belt, Dress\ncolour: red, blue\nprice: €5 to €90 (EUR)\n</shop>\n<standing>\nnothing\n"
        "</standing>\n<shown>\nnothing\n</shown>\n<message>\n3 red belts under 30\n</message>"
    )
    read = json.loads(read_message(system, user))
    assert read == {
        "route": "search", "language": "en", "categories": ["Belt"], "colours": ["red"], "price_max": 30.0, "count": 3,
    }  # fmt: skip
    unpriced = json.loads(read_message(system.replace("price_min, price_max", "").replace("price_max", ""), user))
    assert "price_max" not in unpriced
    assert not read_message(system.replace("one JSON object", "a few words"), user).startswith("{")


def test_the_practice_server_speaks_the_protocol_with_usage_whole_and_streamed() -> None:
    with PracticeServer() as server:
        model = open_chat_model("openai", practice_settings(Settings(), server.url))
        meter = Meter()
        metered = MeteredModel(model, meter, "practice", 0)
        said = "".join(metered.stream([ChatMessage("system", (SYSTEM,)), ChatMessage("user", (ASKED,))]))
        assert said == write_reply(SYSTEM, ASKED) == meter.said
        assert not meter.is_estimated
        assert meter.usage.tokens_in == -(-len(f"{SYSTEM}\n{ASKED}") // 4)
        assert httpx.post(f"{server.url}/v1/chat/completions", json={"messages": 1}).status_code == 400
        assert httpx.get(server.url).status_code == 501
        assert httpx.post(f"{server.url}/v1/other", json={}).status_code == 404


def evidence() -> Evidence:
    hits = tuple(Hit(item, 0.5) for item in small_items()[:2])
    return Evidence((PartFound(Slots(), Filters(), hits, 2),))


def test_breaches_are_counted_each_once_by_kind_whether_or_not_they_happen_to_be_true() -> None:
    shown = evidence()
    first = shown.hits[0].item
    assert first.pays_cents is not None
    right = f"€{first.pays_cents / 100:.2f}"
    said = (
        f"[1] costs {right}. [7] is nice too. I have put it into your bag. {first.title} is lovely. See www.a.example."
    )
    found = violations_of(said, shown, "belts", "en", "en")
    assert [breach.kind for breach in found] == [
        "foreign item", "claimed action", "link or markup", "price written by itself", "title written by itself",
    ]  # fmt: skip
    assert found[3] == Violation("price written by itself", right)
    assert violations_of("[1] fits, at [1:price].", shown, "belts", "en", "en") == ()
    assert violations_of("", shown, "belts", "en", "en") == ()


def test_a_price_of_the_teams_wins_and_an_unknown_model_costs_nobody_knows_what(tmp_path: Path) -> None:
    (tmp_path / "prices.yaml").write_text('"openai gpt-4o-mini": {in: 1, out: 2}\n')
    prices = load_prices(tmp_path)
    assert cost_of(prices, "openai gpt-4o-mini-2024-07-18", 1_000_000, 500_000) == 2.0
    assert cost_of(load_prices(), "openai gpt-4o-2024-08-06", 1_000_000, 0) == 2.5
    assert cost_of(prices, "openai my-own", 1, 1) is None
    (tmp_path / "prices.yaml").write_text("mine: {in: -1, out: 2}\n")
    with pytest.raises(BenchError, match=r"prices\.yaml': mine\.in: input should be greater"):
        load_prices(tmp_path)


def test_scorers_of_the_team_stand_beside_the_shipped_ones(tmp_path: Path) -> None:
    file = tmp_path / "scorers.py"
    file.write_text("def polite(case, result):\n    'Says please.'\n    return 'please' in result.reply\n"
                    "SCORERS = {'polite': polite}\n")  # fmt: skip
    scorers = load_scorers(tmp_path)
    assert list(scorers) == [*SCORERS, "polite"]
    assert scorers["polite"].words == "Says please"
    assert scorers["polite"].score(CaseRow("a", "b"), CaseResult(reply="please")) is True
    file.write_text("SCORERS = {'broken': lambda case, result: 1 / 0}\n")
    with pytest.raises(BenchError, match="scorer 'broken' failed on case 'a': ZeroDivisionError"):
        load_scorers(tmp_path)["broken"].score(CaseRow("a", "b"), CaseResult())
    file.write_text("import nothing_like_this\n")
    with pytest.raises(BenchError, match=r"scorers\.py' cannot be used: ModuleNotFoundError"):
        load_scorers(tmp_path)


def test_retrieval_is_scored_where_relevant_items_are_known() -> None:
    case, result = CaseRow("a", "b", relevant=("X", "Y")), CaseResult(skus=("Q", "X"))
    names = ("recall", "ndcg", "first_relevant")
    assert [SCORERS[name].score(case, result) for name in names] == [0.5, pytest.approx(0.6309 / 1.6309, abs=1e-3), 0.5]
    assert [SCORERS[name].score(CaseRow("a", "b"), result) for name in names] == [None] * 3


def test_a_difference_has_an_interval_and_the_same_results_the_same_words() -> None:
    shift = difference([0.0] * 40, [0.0, 1.0] * 20)
    assert shift == difference([0.0] * 40, [0.0, 1.0] * 20)
    assert 0.3 < shift.low < 0.5 < shift.high < 0.7
    assert (shift.verdict(True, 20), shift.verdict(False, 20), shift.verdict(True, 41)) == (
        "better", "worse", "too few to tell",
    )  # fmt: skip
    assert difference([0.0, 1.0] * 20, [1.0, 0.0] * 20).verdict(True, 20) == "no difference shown"
    assert difference([], []).verdict(True, 1) == "too few to tell"


def test_a_case_tells_slots_cards_and_words_apart() -> None:
    before = CaseResult({"route": "search", "colours": ["red"]}, ("A", "B"), ("a", "b"), "Two red belts here.")
    after = CaseResult({"route": "search", "count": 2}, ("B", "C"), ("b", "c"), "Two belts here now.")
    found = case_difference(before, after)
    assert found.slots == (("colours", ["red"], None), ("count", None, 2))
    assert [(card.sku, card.before, card.after) for card in found.cards] == [
        ("B", 2, 1),
        ("C", None, 2),
        ("A", 1, None),
    ]
    assert found.words == (
        ("same", "Two"), ("gone", "red"), ("same", "belts"), ("gone", "here."), ("new", "here now."),
    )  # fmt: skip


def test_a_judge_is_held_against_thumbs() -> None:
    assert agreement([True, True, False, False], [True, False, False, False]).kappa == pytest.approx(0.5)
    assert agreement([True, True], [True, True]).kappa is None
    assert agreement([], []).n_turns == 0


def test_a_judge_gives_points_and_a_failing_one_leaves_the_result_without() -> None:
    case, played = CaseRow("a", "belts", rubric="is short"), CaseResult(reply="[1] fits.", titles=("A belt",))
    with LocalServer(OpenAI(), brain=lambda ask: '{"points": 4, "why": "short"}') as server:
        judge = Judge(open_structured_model("openai", settings_for(server.url)))
        result = judge.judged(case, played)
        assert (result.judged, result.judged_why) == (0.75, "short")
        (asked,) = server.requests
        assert "<rubric>\nis short\n</rubric>" in asked.ask.text
        server.fail(Fault.REFUSED)
        unjudged = judge.judged(case, played)
        assert unjudged.judged is None
        assert unjudged.judged_why.startswith("not judged: The OpenAI-compatible server")


def test_prompts_for_tests_are_planted_where_they_say() -> None:
    assert edited("assistant", "x", ("two to five", "one to two")).template["system"] != SYSTEM
