"""The player's states, and journeys as data."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from agents.demo.journey import Journey, Step, find_journey, journeys, read_journey
from agents.demo.labels import can_be_offered
from agents.demo.player import Player
from agents.demo_command import demo_app
from env.errors import DemoError


def two_steps() -> Player:
    steps = (Step(say="red", caption="one", seconds=2), Step(say="blue", caption="two"))
    return Player(Journey(name="j", title="J", about="a", steps=steps))


def test_a_journey_that_plays_types_waits_for_the_answer_lets_it_stand_and_goes_on() -> None:
    player, phases = two_steps().play(), []
    while player.phase != "done":
        phases.append((player.at, player.phase))
        player = {"typing": player.sent, "answering": player.answered, "looking": player.looked}[player.phase]()
    assert phases == [(at, phase) for at in (0, 1) for phase in ("typing", "answering", "looking")]
    assert not player.is_playing


def test_next_goes_through_a_step_without_playing_and_stops_behind_it() -> None:
    typing = two_steps().next()
    assert (typing.at, typing.phase, typing.is_playing) == (0, "typing", False)
    looking = typing.next().answered()
    assert looking.phase == "looking"
    assert looking.looked() is looking
    assert (looking.next().at, looking.next().phase) == (1, "typing")


def test_a_pause_begins_what_was_being_typed_anew_and_keeps_what_was_answered() -> None:
    assert two_steps().play().pause().phase == "ready"
    answered = two_steps().play().sent().answered()
    assert answered.pause().phase == "looking"
    assert answered.pause().play().looked().at == 1


def test_a_step_that_failed_is_told_and_the_journey_goes_on() -> None:
    failed = two_steps().play().sent().answered("the model is away")
    assert failed.problems == {0: "the model is away"}
    assert (failed.looked().at, failed.looked().phase) == (1, "typing")
    assert failed.reset().problems == {}


def test_speed_changes_typing_and_looking_and_survives_a_reset() -> None:
    quick = two_steps().at_speed(2.0).play()
    assert quick.ms_per_char * 2 in (44, 45, 46)
    assert quick.sent().answered().looking_ms == 1000
    assert quick.reset().speed == 2.0


def test_the_tour_comes_first_and_takes_about_a_minute() -> None:
    tour = journeys()[0]
    assert tour.name == "tour"
    player, total_ms = Player(tour).play(), 0
    while player.phase != "done":
        total_ms += player.typing_ms + player.looking_ms
        player = player.sent().answered().looked()
    assert 30_000 <= total_ms <= 70_000


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("title: A\nabout: b\nsteps: []", "steps: tuple should have at least 1 item"),
        ("title: A\nabout: b\nsteps: [{caption: c}]", "a step types (say, photo) or presses"),
        ("title: A\nabout: b\nsteps: [{caption: c, press: {card: 1, suggestion: x}}]", "name a suggestion or a card"),
        ("- no\n- journey", "cannot be read"),
        (
            "title: A\nabout: b\nsteps: [{caption: c, press: compare}]",
            "steps: value error, the first step cannot press",
        ),
        (
            "title: A\nabout: b\nsteps: [{caption: c, say: x}, {caption: d, press: in other colours}]",
            "steps.1.press.suggestion: value error, no reply ever offers 'in other colours'; it offers such as 'other",
        ),
    ],
)
def test_a_journey_that_is_none_is_refused_with_its_place(text: str, told: str, tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DemoError, match=r".") as refused:
        read_journey(path)
    assert told in str(refused.value)


@pytest.mark.parametrize(
    ("words", "is_possible"),
    [
        ("", True),
        ("other colours", True),
        ("In navy instead", True),
        ("Under €20", True),
        ("under 20 EUR", True),
        ("Without silk", True),
        ("Cheaper coats", True),
        ("Größe 38", True),
        ("Lieber schwarz", True),
        ("In navi instead", False),
        ("other colors", False),
        ("buy it now", False),
    ],
)
def test_words_that_no_label_can_hold_are_told_apart(words: str, is_possible: bool) -> None:
    assert (words == "" or can_be_offered(words)) is is_possible


def test_a_skipped_step_is_told_for_a_moment_and_the_journey_goes_on() -> None:
    sent = two_steps().play().sent()
    skipped = sent.skipped("nothing offered here says 'x'")
    assert (skipped.phase, skipped.skips, skipped.problems) == ("looking", {0: "nothing offered here says 'x'"}, {})
    assert skipped.looking_ms <= 3000
    assert (skipped.looked().at, skipped.looked().phase) == (1, "typing")
    assert two_steps().skipped("too early").skips == {}


def test_an_unknown_journey_names_the_known_ones() -> None:
    with pytest.raises(DemoError, match="no journey 'toor'; there are tour, "):
        find_journey("toor")


def test_the_command_lists_the_journeys_and_names_an_unknown_one() -> None:
    listed = CliRunner().invoke(demo_app, ["list"])
    assert listed.exit_code == 0
    assert [line.split()[0] for line in listed.stdout.splitlines()] == [journey.name for journey in journeys()]
    refused = CliRunner().invoke(demo_app, ["play", "toor", "--quick"])
    assert isinstance(refused.exception, DemoError)
