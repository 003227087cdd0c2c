"""How long turns are kept: what goes, what stays, and that a shorter time can be taken back."""

import threading
from datetime import UTC, datetime, timedelta

import pytest

from agents.retention import apply_retention, count_older, keep_retention, retention, set_retention
from env.database import Database
from env.errors import AccessError, SettingsError
from env.roles import EVERYTHING, Actor, Role
from tests.insight_log import Logged, write
from tools.store_retention import Old
from tools.store_shopper import ShopperStore

NOW = datetime.now(UTC)
TABLES = ("sessions", "turns", "feedback", "outcomes", "turn_figures", "turn_wants")


@pytest.fixture
def log(database: Database) -> Database:
    """One old chat, one that goes on, one young: of 2, 3 and 1 turns, with thumbs and outcomes."""
    old, young = NOW - timedelta(days=90), NOW - timedelta(days=5)
    write(database, [Logged("old", old, "hat", thumb=True, did=((1, "open"),))] * 2)
    write(database, [Logged("on", at, "shoes", thumb=False) for at in (old, old, young)])
    write(database, [Logged("young", young, "dress", did=((1, "cart"),))])
    return database


def rows(database: Database) -> dict[str, int]:
    with database.connection() as connection:
        counts = [connection.execute(f"SELECT count(*) FROM {table}").fetchone() for table in TABLES]
    return {table: row[0] for table, row in zip(TABLES, counts, strict=True) if row}


def let_it_apply(database: Database) -> None:
    """A day passes."""
    with database.connection() as connection:
        connection.execute("UPDATE retention SET applies_at = now() - interval '1 minute'")


def test_nothing_expires_until_somebody_sets_it(log: Database) -> None:
    before = rows(log)
    assert retention(log).days is None
    assert apply_retention(log) == Old(0, 0)
    assert rows(log) == before


def test_what_is_older_goes_with_all_that_hangs_on_it_and_only_that(log: Database) -> None:
    set_retention(log, EVERYTHING, 30)
    let_it_apply(log)
    assert count_older(log, 30) == Old(1, 4)
    assert apply_retention(log) == Old(1, 4)
    assert count_older(log, 30) == Old(0, 0)
    assert rows(log) == {"sessions": 2, "turns": 2, "feedback": 1, "outcomes": 1, "turn_figures": 2, "turn_wants": 6}
    told = retention(log)
    assert (told.days, told.n_chats, told.n_turns, told.set_by) == (30, 1, 4, "this computer")


def test_a_chat_that_goes_on_forgets_what_was_deleted_of_it(log: Database) -> None:
    exchanges = [{"message": word, "reply": ""} for word in ("first", "second", "third")]
    with log.connection() as connection:
        connection.execute(
            """UPDATE sessions SET state = jsonb_build_object('history', %(all)s::jsonb, 'n_turns', 3),
            state_before = jsonb_build_object('history', %(before)s::jsonb) WHERE id = 'on'""",
            {"all": _json(exchanges), "before": _json(exchanges[:2])},
        )
        version = connection.execute("SELECT version FROM sessions WHERE id = 'on'").fetchone()
    set_retention(log, EVERYTHING, 30)
    let_it_apply(log)
    apply_retention(log)
    with log.connection() as connection:
        found = connection.execute("SELECT state, state_before, version FROM sessions WHERE id = 'on'").fetchone()
    assert version is not None
    assert found == ({"history": exchanges[2:], "n_turns": 3}, {"history": []}, version[0] + 1)


def test_bag_and_saved_items_stay(log: Database) -> None:
    with log.connection() as connection:
        connection.execute(
            "INSERT INTO saved_items (shopper, sku, title, saved_at) VALUES ('anna', 'A', 'hat', '2020-01-01')"
        )
    set_retention(log, EVERYTHING, 1)
    let_it_apply(log)
    apply_retention(log)
    assert [item.sku for item in ShopperStore(log).saved("anna")] == ["A"]


def test_a_shorter_time_waits_a_day_and_can_be_taken_back(log: Database) -> None:
    before = rows(log)
    told = set_retention(log, EVERYTHING, 30)
    assert (told.days, told.next_days, told.is_waiting) == (None, 30, True)
    apply_retention(log)
    assert rows(log) == before
    told = set_retention(log, EVERYTHING, None)
    assert (told.days, told.next_days, told.is_waiting) == (None, None, False)
    let_it_apply(log)
    apply_retention(log)
    assert rows(log) == before


def test_a_longer_time_counts_at_once_and_two_changes_in_a_row_keep_what_is_in_force(log: Database) -> None:
    set_retention(log, EVERYTHING, 60)
    let_it_apply(log)
    set_retention(log, EVERYTHING, 10)
    told = set_retention(log, EVERYTHING, 20)
    assert (told.days, told.next_days, told.is_waiting) == (60, 20, True)
    told = set_retention(log, EVERYTHING, 100)
    assert (told.days, told.next_days, told.is_waiting) == (100, 100, False)


def test_it_is_applied_once_a_day_by_one_process(log: Database) -> None:
    assert apply_retention(log, every_hours=24) == Old(0, 0)
    assert apply_retention(log, every_hours=24) is None
    with log.connection() as held:
        held.execute("SELECT * FROM retention FOR UPDATE")
        assert apply_retention(log) is None


def test_the_thread_applies_it_at_its_start_and_ends_when_told(log: Database) -> None:
    set_retention(log, EVERYTHING, 30)
    let_it_apply(log)
    is_over = threading.Event()
    thread = threading.Thread(target=keep_retention, args=(lambda: log, is_over))
    thread.start()
    for _ in range(200):
        if rows(log)["turns"] == 2:
            break
        is_over.wait(0.05)
    is_over.set()
    thread.join(10)
    assert not thread.is_alive()
    assert rows(log)["turns"] == 2


def test_only_who_may_sets_it_and_only_to_what_can_be_kept(database: Database) -> None:
    merchandiser = Actor("mia", frozenset({Role.MERCHANDISER}))
    with pytest.raises(AccessError, match="leave to set how long turns are kept: 'mia' is merchandiser, and admin may"):
        set_retention(database, merchandiser, 30)
    for days in (0, -1, 3_651):
        with pytest.raises(SettingsError, match=f"turns cannot be kept for {days} days; choose 1 to 3650"):
            set_retention(database, EVERYTHING, days)


def _json(value: object) -> object:
    from psycopg.types.json import Jsonb

    return Jsonb(value)
