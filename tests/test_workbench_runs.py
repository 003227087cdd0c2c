"""Runs over a test set: what a planted regression shows and the same prompt twice does not, resuming, the gate."""

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest

from agents.workbench.gate import GatePolicy, check_gate, read_policy, set_policy
from agents.workbench.run_book import RunBook
from agents.workbench.scorers import SCORERS
from agents.workbench.variants import Variant
from agents.workbench.versions import KnownVersions
from agents.workbench.worker import RunWorker
from env.errors import AccessError, BenchError
from env.roles import ANYBODY, EVERYTHING
from tests.workbench_cases import colour_cases, edited, known, may_guess, may_write_prices, practice, run_all
from tools.shop import Shop
from tools.store_cases import CaseRow, CaseStore, Earlier

DRESSES = [case for case in colour_cases() if "Dress" in case.id]
SAME = edited("assistant", "same")
ALL_VERSIONS = known(may_write_prices(), may_guess(), SAME)


@pytest.fixture(scope="module")
def regression(shop: Shop) -> tuple[RunBook, int]:
    """One run of 24 cases: what is in force, the same words as another version, and two planted regressions."""
    variants = [
        practice("in force"),
        practice("same", assistant="same"),
        practice("prices", assistant="prices"),
        practice("guesses", classifier="guesses"),
    ]
    return run_all(shop, ALL_VERSIONS, variants, colour_cases())


@pytest.fixture
def fresh_gate(shop: Shop) -> Iterator[None]:
    """The gate's default policy, before and after."""
    yield
    set_policy(EVERYTHING, shop.database, GatePolicy().model_dump(), SCORERS)


def test_a_planted_regression_is_worse_and_the_same_words_show_no_difference(regression: tuple[RunBook, int]) -> None:
    book, run_id = regression
    report = book.report(run_id)
    assert (report.run.status, len(report.played)) == ("done", 24)
    assert [report.verdict(place) for place in (1, 2, 3)] == ["no difference shown", "worse", "worse"]
    measures = {measured.scorer.name: measured for measured in report.measured}
    assert measures["whole_intent"].means == (1.0, 1.0, 1.0, 0.0)
    assert measures["whole_intent"].verdicts[2] == "worse"
    assert measures["violations"].means[:2] == (0.0, 0.0)
    assert measures["violations"].verdicts[1] == "worse"
    assert set(report.figures[2].violations) == {"price written by itself"}
    assert report.figures[1].violations == {}


def test_the_gate_lets_the_same_words_through_and_no_regression(shop: Shop, regression: tuple[RunBook, int]) -> None:
    _, run_id = regression
    same = check_gate(shop.database, "assistant", "same", ALL_VERSIONS)
    assert (same.is_open, same.run_id) == (True, run_id)
    assert same.reasons == (f"run {run_id} over 24 cases: no difference shown",)
    prices = check_gate(shop.database, "assistant", "prices", ALL_VERSIONS)
    assert (prices.is_open, prices.run_id) == (False, run_id)
    assert prices.reasons[0].startswith("new contract violations: price written by itself (")
    guesses = check_gate(shop.database, "classifier", "guesses", ALL_VERSIONS)
    assert not guesses.is_open
    assert guesses.reasons[0].startswith("worse on whole intent right: 1.000 before, 0.000 now")


def test_a_draft_that_was_edited_since_its_run_does_not_pass_on_it(shop: Shop, regression: tuple[RunBook, int]) -> None:
    again = replace(SAME, template={**SAME.template, "system": SAME.template["system"] + "\nBe kind."})
    verdict = check_gate(shop.database, "assistant", "same", known(again))
    assert (verdict.is_open, verdict.run_id) == (False, 0)
    assert "no finished run has 'assistant' 'same' as it is now beside" in verdict.reasons[0]


@pytest.mark.usefixtures("fresh_gate")
def test_the_team_sets_the_gate_and_who_may_not_publish_does_not(shop: Shop, regression: tuple[RunBook, int]) -> None:
    with pytest.raises(AccessError, match="publish prompts"):
        set_policy(ANYBODY, shop.database, {"is_on": False}, SCORERS)
    with pytest.raises(BenchError, match="knows no measure 'charm'"):
        set_policy(EVERYTHING, shop.database, {"not_worse": ("charm",)}, SCORERS)
    with pytest.raises(BenchError, match="min_cases=0: input should be greater than or equal to 1"):
        set_policy(EVERYTHING, shop.database, {"min_cases": 0}, SCORERS)
    set_policy(EVERYTHING, shop.database, {"min_cases": 25}, SCORERS)
    verdict = check_gate(shop.database, "assistant", "same", ALL_VERSIONS)
    assert not verdict.is_open
    assert "has 24 cases, at least 25 are asked for" in verdict.reasons[0]
    set_policy(EVERYTHING, shop.database, {"is_on": False}, SCORERS)
    assert check_gate(shop.database, "assistant", "prices", ALL_VERSIONS).reasons == ("the gate is switched off",)
    assert not read_policy(shop.database).is_on


def test_with_few_cases_nothing_is_told_apart(shop: Shop) -> None:
    book, run_id = run_all(shop, ALL_VERSIONS, [practice("now"), practice("prices", assistant="prices")], DRESSES[:2])
    assert book.report(run_id).verdict(1) == "too few to tell"


def test_a_stopped_run_keeps_what_is_done_and_goes_on_from_there(shop: Shop) -> None:
    book = RunBook.of(shop.database, shop.settings, ALL_VERSIONS)
    run_id = book.start(EVERYTHING, [Variant("a"), Variant("b")], DRESSES)
    seen: list[int] = []

    def stop_after_three(at_work: int) -> None:
        seen.append(at_work)
        if len(seen) == 3:
            book.stop(EVERYTHING, at_work)

    RunWorker(shop, ALL_VERSIONS).work(stop_after_three)
    assert (book.run(run_id).status, book.run(run_id).n_done) == ("stopped", 3)
    first = [row.result for row in book.store.results(run_id)]
    book.resume(EVERYTHING, run_id)
    assert book.run(run_id).status == "queued"
    RunWorker(shop, ALL_VERSIONS).work()
    assert (book.run(run_id).status, book.run(run_id).n_done) == ("done", 12)
    assert all(result in [row.result for row in book.store.results(run_id)] for result in first)
    with pytest.raises(BenchError, match=f"run {run_id} is done; only a stopped run can be taken up again"):
        book.resume(EVERYTHING, run_id)


def test_a_run_whose_process_died_reads_as_stopped_and_holds_up_nobody(shop: Shop) -> None:
    book = RunBook.of(shop.database, shop.settings, ALL_VERSIONS)
    lost = book.start(EVERYTHING, [Variant("a"), Variant("b")], DRESSES[:1])
    assert book.store.claim() == lost
    with shop.database.connection() as connection:
        connection.execute("UPDATE bench_runs SET beat_at = now() - interval '5 minutes' WHERE id = %s", [lost])
    assert book.run(lost).status == "stopped"
    after = book.start(EVERYTHING, [Variant("a"), Variant("b")], DRESSES[:1])
    RunWorker(shop, ALL_VERSIONS).work()
    assert [book.run(run_id).status for run_id in (lost, after)] == ["stopped", "done"]
    book.resume(EVERYTHING, lost)
    RunWorker(shop, ALL_VERSIONS).work()
    assert book.run(lost).status == "done"


def test_a_case_that_fails_is_a_result_and_no_chat_or_bag_is_left_behind(shop: Shop) -> None:
    cases = [
        CaseRow("broken", "x" * 3_000),
        CaseRow("bag", "put the first one into the bag", earlier=(Earlier("red belts"),)),
    ]
    book, run_id = run_all(shop, ALL_VERSIONS, [Variant("a"), practice("b")], cases)
    report = book.report(run_id)
    broken, bag = report.played
    assert "3000 characters, at most 2000 are read" in broken.results[0].error
    assert bag.results[0].intent["route"] == "cart"
    with shop.database.connection() as connection:
        for table in ("sessions", "cart_lines", "profiles"):
            assert connection.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)


def test_labels_of_today_score_stored_replies_without_a_model(shop: Shop, regression: tuple[RunBook, int]) -> None:
    book, run_id = regression
    case = replace(colour_cases()[0], expected={"colours": ["blue"]}, is_whole=False, must_say=("regex: \\[1\\]",))
    CaseStore(shop.database).put([case])
    then, today = book.report(run_id), book.report(run_id, with_labels_of_today=True)
    means = [{measured.scorer.name: measured.means[0] for measured in report.measured} for report in (then, today)]
    assert [mean["whole_intent"] for mean in means] == [1.0, pytest.approx(23 / 24)]
    assert "said_right" not in means[0]
    assert means[1]["said_right"] == 1.0


def test_a_run_refuses_what_it_cannot_compare(shop: Shop) -> None:
    book = RunBook.of(shop.database, shop.settings, ALL_VERSIONS)
    two = [Variant("a"), Variant("b")]
    with pytest.raises(AccessError, match="edit prompts"):
        book.start(ANYBODY, two, DRESSES)
    for variants, cases, words in (
        (two[:1], DRESSES, "compares 2 to 6 variants, and 1 are given"),
        (two, [], "the test set is empty"),
        ([Variant("a"), Variant("a")], DRESSES, "two variants have the label 'a'"),
        ([Variant("a"), Variant("b", assistant="gpt")], DRESSES, "unknown backend 'gpt'"),
        ([Variant("a"), Variant("b", {"judge": "1"})], DRESSES, "no run can try the prompt 'judge'"),
    ):
        with pytest.raises(BenchError, match=words):
            book.start(EVERYTHING, variants, cases)
    with pytest.raises(BenchError, match="the judge needs a chat model"):
        book.start(EVERYTHING, two, DRESSES, has_judge=True)


def test_every_result_can_be_stored_and_read_again(regression: tuple[RunBook, int]) -> None:
    book, run_id = regression
    first = book.report(run_id).played[0].results[0]
    assert first.tokens_in > 1_000
    assert not first.is_estimated
    assert first.cost == 0
    assert first.backends["assistant"] == "practice"
    assert json.dumps(first.to_json())
    assert KnownVersions({}).in_force("assistant") == first.prompt_versions["assistant"]
