"""What shoppers do with shown items is kept with the turn that showed them, and never at their expense."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient
from streamlit.testing.v1 import AppTest

from agents.desk import Desk, open_desk
from agents.session import Session
from app_pages.follow_route import follow_route
from env.database import Database
from env.settings import REPO_DIR
from tests.stocked_shop import ask
from tools.shop import Shop

APP = REPO_DIR / "app.py"
TIMEOUT_S = 120
LINK = "https://shop.example/dress?a=1&b=2"


@pytest.fixture
def desk(shop: Shop) -> Desk:
    return open_desk(shop)


@pytest.fixture
def chat(desk: Desk) -> Session:
    """A chat with white dresses on the screen."""
    chat = desk.new_session()
    ask(desk, chat, "white dresses")
    return chat


@pytest.fixture
def page_database(stocked: tuple[str, Path]) -> Iterator[Database]:
    with Database(stocked[0]) as database:
        yield database


def outcomes(database: Database, session_id: str) -> list[tuple[int, str, str]]:
    """Turn number, SKU and kind, in the order they came."""
    with database.connection() as connection:
        found = "SELECT number, sku, kind FROM outcomes WHERE session_id = %(id)s ORDER BY id"
        return connection.execute(found, {"id": session_id}).fetchall()


def test_what_a_message_puts_into_the_bag_or_saves_counts_for_the_turn_that_showed_it(
    desk: Desk, shop: Shop, chat: Session
) -> None:
    first, second = chat.shown[0].sku, chat.shown[1].sku
    ask(desk, chat, "save the second one")
    ask(desk, chat, "save the second one")
    ask(desk, chat, "add the first one to my bag")
    assert outcomes(shop.database, chat.id) == [(1, second, "save")]
    ask(desk, chat, "M")
    # The question after the size showed it too: the newest turn that did counts.
    assert outcomes(shop.database, chat.id)[1:] == [(4, first, "cart")]


def test_a_count_that_cannot_be_kept_disturbs_nobody(
    desk: Desk, shop: Shop, chat: Session, caplog: pytest.LogCaptureFixture
) -> None:
    with shop.database.connection() as connection:
        connection.execute("ALTER TABLE outcomes RENAME TO outcomes_gone")
    _, _, done = ask(desk, chat, "save the first one")
    with shop.database.connection() as connection:
        connection.execute("ALTER TABLE outcomes_gone RENAME TO outcomes")
    assert done.reply.startswith("Saved [1]")
    assert "outcome not kept: kind=save" in caplog.text


def test_cards_opened_saved_and_put_into_the_bag_on_the_page_are_counted(
    surroundings: pytest.MonkeyPatch, page_database: Database
) -> None:
    page = AppTest.from_file(str(APP), default_timeout=TIMEOUT_S).run()
    page.chat_input(key="asked").set_value("white dresses").run()
    page.chat_input(key="asked").set_value("black dresses").run()
    views = page.session_state["chat"].views
    page.button(key="open-1-1").click().run()
    sku = views[0].hits[0].item.sku
    (pills,) = [one for one in page.button_group if str(one.key).startswith("size-")]
    pills.set_value("M")
    next(one for one in page.button if str(one.key).startswith("add-")).click().run()
    page.button(key="open-1-1").click().run()
    next(one for one in page.button if str(one.key).startswith("save-")).click().run()
    assert not page.exception
    kept = outcomes(page_database, page.session_state["chat"].session_id)
    assert kept == [(1, sku, "open"), (1, sku, "cart"), (1, sku, "open"), (1, sku, "save")]


def test_the_way_to_an_items_own_page_is_counted_and_leads_nowhere_else(
    surroundings: pytest.MonkeyPatch, page_database: Database
) -> None:
    page = AppTest.from_file(str(APP), default_timeout=TIMEOUT_S).run()
    page.chat_input(key="asked").set_value("white dresses").run()
    chat = page.session_state["chat"]
    sku, wanted = chat.views[0].hits[0].item.sku, {"session": chat.session_id}
    with page_database.connection() as connection:
        connection.execute("UPDATE items SET link = %(link)s WHERE sku = %(sku)s", {"link": LINK, "sku": sku})
    client = TestClient(Starlette(routes=[follow_route()]), follow_redirects=False)
    sent = client.get("/follow", params={**wanted, "sku": sku, "url": "https://evil.example"})
    assert (sent.status_code, sent.headers["location"]) == (303, LINK)
    assert sent.headers["referrer-policy"] == "no-referrer"
    assert client.get("/follow", params={**wanted, "sku": sku}, headers={"Sec-Purpose": "prefetch"}).status_code == 303
    assert client.head("/follow", params={**wanted, "sku": sku}).status_code == 303
    for strange in ("nothing", "", "a\x00b"):
        assert client.get("/follow", params={**wanted, "sku": strange}).status_code == 404
    assert client.get("/follow", params={"session": "a\x00b", "sku": sku}).status_code == 303
    assert outcomes(page_database, chat.session_id) == [(1, sku, "link")]
    page.button(key="open-1-1").click().run()
    (pills,) = [one for one in page.button_group if str(one.key).startswith("size-")]
    pills.set_value("M")
    next(one for one in page.button if str(one.key).startswith("add-")).click().run()
    page.button(key="panel-open-bag").click().run()
    drawn = "\n".join(element.proto.body for element in page.get("html"))
    assert f'href="/follow?session={chat.session_id}&amp;sku={sku}"' in drawn
