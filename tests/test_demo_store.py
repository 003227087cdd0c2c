"""Guests and their limits, isolation and forgetting, in a real database."""

import threading

import pytest

from agents.demo.audience import end_link, join, left, make_link, new_audience, open_link_again, require_open, spend
from agents.desk import Desk, open_desk
from env.database import Database
from env.errors import AccessError, DemoError
from env.roles import ANYBODY, EVERYTHING
from tests.stocked_shop import ask
from tools.shop import Shop
from tools.store_demo import Audience, DemoStore, GuestLink


@pytest.fixture
def store(database: Database) -> DemoStore:
    return DemoStore(database)


def link_of(store: DemoStore, n_guests: int = 2, n_turns: int = 2) -> GuestLink:
    return make_link(store, EVERYTHING, n_guests=n_guests, n_turns=n_turns, minutes=10)


def guest_of(store: DemoStore, link: GuestLink, browser: str = "a") -> Audience:
    return join(store, link.token, browser)


def n_left(store: DemoStore, guest: Audience) -> int:
    found = left(store, guest)
    assert found is not None
    return found.n_turns


def test_only_who_may_present_makes_and_ends_links(store: DemoStore) -> None:
    with pytest.raises(AccessError, match="leave to present demos"):
        make_link(store, ANYBODY, n_guests=1, n_turns=1, minutes=1)
    link = link_of(store)
    with pytest.raises(AccessError, match="leave to present demos"):
        end_link(store, ANYBODY, link.token)
    with pytest.raises(DemoError, match="for 0 guests; choose 1 to 500"):
        link_of(store, n_guests=0)


def test_a_browser_is_the_same_guest_after_a_reload_and_its_turns_stay_counted(store: DemoStore) -> None:
    link = link_of(store)
    guest = guest_of(store, link)
    spend(store, guest.shopper)
    again = guest_of(store, link)
    assert (again.shopper, again.n_turns) == (guest.shopper, 1)
    assert guest_of(store, link, "b").shopper != guest.shopper
    assert n_left(store, again) == 1


def test_turns_beyond_the_limit_are_refused_kindly(store: DemoStore) -> None:
    guest = guest_of(store, link_of(store))
    for _ in range(2):
        spend(store, guest.shopper)
    with pytest.raises(DemoError, match="your 2 questions of this demo are used up; thank you"):
        spend(store, guest.shopper)
    assert n_left(store, guest) == 0


def test_two_tabs_never_spend_the_last_turn_twice(store: DemoStore) -> None:
    guest, refused = guest_of(store, link_of(store, n_turns=3)), []

    def go() -> None:
        try:
            spend(store, guest.shopper)
        except DemoError as error:
            refused.append(error)

    threads = [threading.Thread(target=go) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 5
    assert store.links(1)[0].n_turns_used == 3


def test_a_full_demo_lets_in_no_new_guest_and_keeps_those_inside(store: DemoStore) -> None:
    link = link_of(store)
    guest_of(store, link, "a")
    guest_of(store, link, "b")
    with pytest.raises(DemoError, match="all 2 seats of this demo are taken"):
        guest_of(store, link, "c")
    assert guest_of(store, link, "a").token == link.token
    # A browser without cookies cannot be known again, so each visit takes a seat.
    with pytest.raises(DemoError, match="seats"):
        guest_of(store, link, "")


@pytest.mark.parametrize("token", ["", "x", "A" * 16, "'; DROP TABLE demo_links; --", "\x00" * 16])
def test_a_forged_token_is_told(store: DemoStore, token: str) -> None:
    with pytest.raises(DemoError, match="not one of ours"):
        join(store, token, "a")


def test_an_ended_link_refuses_at_once_and_can_be_opened_again(store: DemoStore) -> None:
    link = link_of(store)
    guest = guest_of(store, link)
    end_link(store, EVERYTHING, link.token)
    for refused in (
        lambda: spend(store, guest.shopper),
        lambda: guest_of(store, link),
        lambda: require_open(store, guest.shopper),
    ):
        with pytest.raises(DemoError, match="this demo has ended"):
            refused()
    open_link_again(store, EVERYTHING, link.token)
    spend(store, guest.shopper)
    assert store.links(1)[0].n_turns_used == 1


def test_a_link_ends_with_its_minutes(store: DemoStore, database: Database) -> None:
    link = link_of(store)
    guest = guest_of(store, link)
    with database.connection() as connection:
        connection.execute("UPDATE demo_links SET ends_at = now() - interval '1 second'")
    with pytest.raises(DemoError, match="this demo has ended"):
        spend(store, guest.shopper)
    open_link_again(store, EVERYTHING, link.token)
    with pytest.raises(DemoError, match="this demo has ended"):
        guest_of(store, link)


def sessions_of_demos(desk: Desk) -> set[str]:
    with desk.shop.database.connection() as connection:
        return {row[0] for row in connection.execute("SELECT session_id FROM demo_sessions")}


def test_an_audience_is_alone_marked_as_a_demo_and_forgotten_whole(shop: Shop) -> None:
    desk, store = open_desk(shop), DemoStore(shop.database)
    own = desk.new_session("somebody-real")
    ask(desk, own, "red T-shirts")
    shopper = new_audience(store, "kiosk")
    session = desk.new_session(shopper)
    _, evidence, _ = ask(desk, session, "red dresses")
    desk.shoppers.save(shopper, [evidence.hits[0].item])
    desk.profiles.view(shopper, evidence.hits[0].item.sku)
    assert desk.find_session(own.id, shopper) is None
    assert sessions_of_demos(desk) == {session.id}
    store.forget(shopper)
    assert sessions_of_demos(desk) == set()
    assert desk.sessions.read(session.id) is None
    assert not desk.shoppers.saved(shopper)
    assert not desk.profiles.viewed(shopper)
    with pytest.raises(DemoError, match="was reset"):
        spend(store, shopper)
    store.forget("somebody-real")
    assert desk.sessions.read(own.id) is not None


def test_those_who_left_the_kiosk_without_a_word_are_found(shop: Shop) -> None:
    store = DemoStore(shop.database)
    gone, here = new_audience(store, "kiosk"), new_audience(store, "kiosk")
    with shop.database.connection() as connection:
        connection.execute("UPDATE demo_audiences SET used_at = now() - interval '3 hours' WHERE shopper = %s", [gone])
    assert store.stale("kiosk", 120) == (gone,)
    assert here not in store.stale("kiosk", 120)
