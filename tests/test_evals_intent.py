"""The labelled intent cases and how they are scored."""

import argparse

import pytest

from agents.classifier import open_classifier
from agents.events import Message
from agents.intent import Intent
from agents.intent_json import intent_from_json, intent_json
from agents.session import Session
from env.errors import ChatModelError, VitrineError
from env.settings import Settings
from evals.intent import PARTS, add_arguments, measure_intent, read_cases, run
from tools.vocabulary import Vocabulary


class Parrot:
    """A classifier that reads every message as small talk, and fails on some."""

    name = "parrot"
    prompt_names: tuple[str, ...] = ()

    def read(self, message: Message, session: Session, vocabulary: Vocabulary) -> Intent:
        if message.text == "good morning":
            raise ChatModelError("Parrot", "sleeps")
        return Intent("small_talk")


def test_every_case_is_a_valid_intent_under_an_id_of_its_own() -> None:
    cases = [case for part in PARTS for case in read_cases(part)]
    assert len(cases) >= 400
    assert sum(case.intent["language"] != "en" for case in cases) >= len(cases) / 4
    assert len({case.id for case in cases}) == len(cases)
    for case in cases:
        assert intent_json(intent_from_json(case.intent)) == case.intent


def test_no_kept_message_is_among_those_for_development() -> None:
    dev = {case.text.lower() for case in read_cases("dev") if case.text}
    assert not dev & {case.text.lower() for case in read_cases("kept")}


@pytest.mark.parametrize("part", PARTS)
def test_the_offline_classifier_reads_whole_intents_right(part: str) -> None:
    assert measure_intent(open_classifier(Settings(), "offline"), part).whole.share >= 0.92


def test_a_wrong_reading_and_a_failure_count_as_misses() -> None:
    report = measure_intent(Parrot(), "dev")
    n_small_talk = sum(case.intent == {"route": "small_talk", "language": "en"} for case in read_cases("dev"))
    assert (report.whole.n_right, report.whole.n_cases) == (n_small_talk - 1, len(read_cases("dev")))
    assert report.by_route["small_talk"].n_right == n_small_talk - 1
    assert report.by_route["thanks"].n_right == 0
    assert report.misses[0].differs["route"] == ("search", "small_talk")


def test_the_command_fails_below_the_wanted_share(capsys: pytest.CaptureFixture[str]) -> None:
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    with pytest.raises(VitrineError, match=r"of the intents are right, at least 1\.1 are wanted"):
        run(parser.parse_args(["--part", "kept", "--at-least", "1.1"]))
    assert capsys.readouterr().out.startswith("kept: 0.9")
