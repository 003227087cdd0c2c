"""Recordings: taken live, kept, played back without a shop; and the report to take home."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from agents.demo.journey import Journey, Press, Step
from agents.demo.library import keep, open_recording, put_back, recordings, remove, removed
from agents.demo.playing import Headless, Played
from agents.demo.recording import RecordedTurn, Recording, replayed
from agents.demo.report import report_html
from agents.demo_command import demo_app
from agents.desk import Desk, open_desk
from agents.events import IntentRead, ItemsFound, ReplyToken, TurnDone
from env.database import Database
from env.errors import AccessError, ChatGoneError, DemoError
from env.roles import ANYBODY, EVERYTHING
from env.settings import Settings
from tools.pictures import PictureStore
from tools.shop import open_shop
from tools.store_demo import DemoStore

JOURNEY = Journey(
    name="mine",
    title="Mine",
    about="a journey of these tests",
    steps=(
        Step(say="red T-shirts under 30 euros", caption="a search"),
        Step(press=Press(suggestion=""), caption="a press"),
        Step(photo={"category": "Dress"}, caption="a photo"),
        Step(press=Press(card=40), caption="no such card"),
        Step(say="under 25 euros", caption="goes on"),
        Step(press=Press(suggestion="cheaper handbags"), caption="is not offered"),
    ),
)


@pytest.fixture(scope="module")
def desk(stocked: tuple[str, Path]) -> Iterator[Desk]:
    shop = open_shop(Settings.model_validate({"database_url": stocked[0], "data_dir": stocked[1]}))
    yield open_desk(shop)
    shop.close()


@pytest.fixture(scope="module")
def performed(desk: Desk) -> tuple[Headless, list[Played]]:
    stage = Headless.begin(desk)
    return stage, list(stage.play(JOURNEY, lambda _: None))


def test_a_journey_played_without_a_page_tells_its_times_and_goes_on_after_a_failed_step(
    performed: tuple[Headless, list[Played]],
) -> None:
    _, steps = performed
    assert [bool(step.problem) for step in steps] == [False, False, False, True, False, False]
    assert steps[5].skip.startswith("nothing offered here says 'cheaper handbags'; offered are '")
    assert (steps[5].said, steps[5].n_cards) == ("(presses 'cheaper handbags')", 0)
    assert not any(step.skip for step in steps[:5])
    assert steps[3].problem == "card 40 cannot be opened: it is not there"
    assert steps[0].n_cards > 0
    assert steps[1].said not in ("", JOURNEY.steps[0].say)
    assert 0 < steps[0].first_s <= steps[0].answered_s


def test_a_recording_is_played_back_with_its_own_items_prices_and_pictures(
    performed: tuple[Headless, list[Played]], tmp_path: Path
) -> None:
    stage, _ = performed
    taken = stage.tape.recording("Mine", stage.desk.shop.pictures, stage.photos, {JOURNEY.steps[0].say: "a search"})
    stored = json.loads(json.dumps(taken.to_json()))
    recording = Recording.from_json(stored)
    assert json.loads(json.dumps(recording.to_json())) == stored
    elsewhere = PictureStore(tmp_path)
    recording.unpack(elsewhere)
    read, found, *words, done = replayed(recording.turns[0], speed=100)
    assert isinstance(read, IntentRead)
    assert isinstance(found, ItemsFound)
    assert isinstance(done, TurnDone)
    assert all(isinstance(word, ReplyToken) for word in words)
    first = found.evidence.hits[0].item
    assert "T-shirt" in first.category
    assert first.pays_cents is not None
    assert first.pays_cents <= 3000
    assert elsewhere.open(first.image).size[0] <= 300
    assert recording.turns[0].caption == "a search"
    assert re.fullmatch(
        r"Recorded on \d+ \w+ \d{4}, read by offline rules \S+, written by offline composer \S+\."
        r" Items and prices are those of that day\.",
        recording.mark,
    )


def test_of_photos_only_the_journeys_own_are_recorded(performed: tuple[Headless, list[Played]]) -> None:
    stage, _ = performed
    own = stage.tape.recording("Mine", stage.desk.shop.pictures, stage.photos)
    others = stage.tape.recording("Mine", stage.desk.shop.pictures)
    assert [bool(turn.photo) for turn in own.turns] == [False, False, True, False]
    assert not any(turn.photo for turn in others.turns)


def test_recordings_are_kept_by_presenters_and_damaged_ones_are_told(
    performed: tuple[Headless, list[Played]], database: Database
) -> None:
    stage, store = performed[0], DemoStore(database)
    taken = stage.tape.recording("Mine", stage.desk.shop.pictures)
    with pytest.raises(AccessError, match="present demos"):
        keep(store, ANYBODY, taken)
    number = keep(store, EVERYTHING, taken)
    assert recordings(store)[0].id == f"kept:{number}"
    assert open_recording(store, f"kept:{number}").mark == taken.mark
    for name in ("kept:999", "file:../../secret", "file:nothing", ""):
        with pytest.raises(DemoError, match="record a demo first"):
            open_recording(store, name)
    broken = taken.to_json() | {"turns": [{"message": "x", "events": [{"at_ms": 1, "kind": "done", "data": {}}]}]}
    with pytest.raises(DemoError, match="this recording is damaged"):
        Recording.from_json(broken)
    with pytest.raises(DemoError, match="no recording of form 1"):
        Recording.from_json({})
    swapped = taken.to_json() | {"pictures": {"ab/evil.jpg": "aGVsbG8="}}
    with pytest.raises(DemoError, match="another one"):
        Recording.from_json(swapped).unpack(stage.desk.shop.pictures)


def test_a_kept_recording_is_removed_and_put_back_and_what_was_removed_long_ago_is_deleted(
    performed: tuple[Headless, list[Played]], database: Database
) -> None:
    stage, store = performed[0], DemoStore(database)
    taken = stage.tape.recording("Mine", stage.desk.shop.pictures)
    first, second = (f"kept:{keep(store, EVERYTHING, taken)}" for _ in range(2))
    with pytest.raises(AccessError, match="present demos"):
        remove(store, ANYBODY, first)
    remove(store, EVERYTHING, first)
    assert [one.id for one in recordings(store) if one.was_kept] == [second]
    assert [one.id for one in removed(store)] == [first]
    for done in (lambda: open_recording(store, first), lambda: remove(store, EVERYTHING, first)):
        with pytest.raises(DemoError, match="there is no recording"):
            done()
    with pytest.raises(AccessError, match="present demos"):
        put_back(store, ANYBODY, first)
    put_back(store, EVERYTHING, first)
    assert open_recording(store, first).mark == taken.mark
    remove(store, EVERYTHING, first)
    with database.connection() as connection:
        connection.execute("UPDATE demo_recordings SET removed_at = now() - interval '8 days' WHERE removed_at < now()")
    remove(store, EVERYTHING, second)
    assert [one.id for one in removed(store)] == [second]
    with pytest.raises(DemoError, match=f"no removed recording '{first}'; after 7 days"):
        put_back(store, EVERYTHING, first)
    for name, told in (
        ("file:a-wedding-in-summer", "ships with the shop"),
        ("kept:9" * 9, "to remove"),
        ("", "no recording"),
    ):
        with pytest.raises(DemoError, match=told):
            remove(store, EVERYTHING, name)


def test_the_command_removes_and_puts_back(
    performed: tuple[Headless, list[Played]], database: Database, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = performed[0]
    number = keep(DemoStore(database), EVERYTHING, stage.tape.recording("Mine", stage.desk.shop.pictures))
    monkeypatch.setenv("DATABASE_URL", database_url)
    said = CliRunner().invoke(demo_app, ["remove", f"kept:{number}"])
    assert said.stdout == (
        f"removed kept:{number}; for 7 days `python -m agents demo put-back kept:{number}` undoes that\n"
    )
    assert f"kept:{number}" not in CliRunner().invoke(demo_app, ["recordings"]).stdout
    assert f"kept:{number}" in CliRunner().invoke(demo_app, ["recordings", "--removed"]).stdout
    assert CliRunner().invoke(demo_app, ["put-back", f"kept:{number}"]).exit_code == 0
    listed = CliRunner().invoke(demo_app, ["recordings"]).stdout.splitlines()
    assert listed[0].startswith(f"kept:{number} ")
    assert listed[-1] == "file:a-wedding-in-summer  ships       a wedding in summer"
    assert isinstance(CliRunner().invoke(demo_app, ["remove", "kept:999"]).exception, DemoError)


def test_the_recording_that_ships_is_whole_and_says_who_worked(tmp_path: Path, database: Database) -> None:
    (shipped,) = [each for each in recordings(DemoStore(database)) if each.id.startswith("file:")]
    recording = open_recording(DemoStore(database), shipped.id)
    recording.unpack(PictureStore(tmp_path))
    assert "written by offline composer" in recording.mark
    assert all(isinstance(turn, RecordedTurn) and turn.events for turn in recording.turns)


def test_a_report_is_one_file_with_its_pictures_inside_and_nothing_remote(
    performed: tuple[Headless, list[Played]],
) -> None:
    stage, _ = performed
    page = report_html(stage.desk, stage.session.id, mark="Shown <b>here</b>.")
    assert page.count('src="data:image/jpeg;base64,') >= 2
    assert not re.search(r'(?:src|href)="(?!data:image/|#card-)', page)
    assert "<script" not in page
    assert "Shown &lt;b&gt;here&lt;/b&gt;." in page
    assert "red T-shirts under 30 euros" in page
    assert "A photo, which was not kept." in page
    assert 'alt="The shopper' not in page
    assert "written by offline composer" in page


def test_a_report_escapes_what_shoppers_wrote_and_shows_their_photos_only_where_asked(desk: Desk) -> None:
    stage = Headless.begin(desk)
    step = Step(say="red </p><script>alert(1)</script> $title T-shirts", caption="c")
    list(stage.play(Journey(name="h", title="H", about="h", steps=(step,)), lambda _: None))
    page = report_html(desk, stage.session.id, {1: "data:image/png;base64,+mine+of+mine+"})
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; $title T-shirts" in page
    assert 'src="data:image/png;base64,+mine+of+mine+"' in page
    assert "+mine+of+mine+" not in report_html(desk, stage.session.id, {1: 'javascript:alert("+mine+of+mine+")'})
    with pytest.raises(ChatGoneError, match="there is no chat 'none'"):
        report_html(desk, "none")


def test_a_tape_without_a_whole_turn_keeps_nothing(desk: Desk) -> None:
    with pytest.raises(DemoError, match="nothing to keep yet"):
        Headless.begin(desk).tape.recording("Mine", desk.shop.pictures)
