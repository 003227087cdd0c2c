"""Who a shopper is: the cookie a page brings, and the id that is made of it."""

import re

import pytest
from starlette.applications import Starlette
from starlette.responses import HTMLResponse, PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from app_pages.shopper import account_id, browser_id
from app_pages.shopper_cookie import COOKIE, ShopperCookie, cookie_of

VALUE = "A" * 30 + "_-"


@pytest.fixture
def client() -> TestClient:
    """A browser of a small site behind the middleware: pages, a picture, a page that is missing."""
    routes = [
        Route("/", lambda _: HTMLResponse("<p>hello</p>", headers={"Cache-Control": "public"})),
        Route("/picture", lambda _: PlainTextResponse("picture", headers={"Cache-Control": "public"})),
        Route("/missing", lambda _: HTMLResponse("<p>none</p>", status_code=404)),
    ]
    site = Starlette(routes=routes)
    site.add_middleware(ShopperCookie)
    return TestClient(site, base_url="http://shop.example")


def test_a_page_brings_a_cookie_that_scripts_cannot_read(client: TestClient) -> None:
    brought = client.get("/").headers["set-cookie"]
    assert re.fullmatch(rf"{COOKIE}=[A-Za-z0-9_-]{{32}}; Max-Age=34560000; Path=/; HttpOnly; SameSite=Lax", brought)


def test_a_known_browser_keeps_its_cookie_and_two_browsers_never_share_one(client: TestClient) -> None:
    first = client.get("/").cookies[COOKIE]
    assert client.get("/").headers["set-cookie"].startswith(f"{COOKIE}={first};")
    client.cookies.clear()
    assert client.get("/").cookies[COOKIE] != first


def test_a_cookie_of_the_wrong_form_is_replaced(client: TestClient) -> None:
    client.cookies.set(COOKIE, "guessed")
    assert not client.get("/").headers["set-cookie"].startswith(f"{COOKIE}=guessed")


def test_a_page_with_a_cookie_is_kept_in_no_cache(client: TestClient) -> None:
    assert client.get("/").headers["cache-control"] == "no-store"
    other = client.get("/picture")
    assert ("set-cookie" in other.headers, other.headers["cache-control"]) == (False, "public")
    assert "set-cookie" not in client.get("/missing").headers


@pytest.mark.parametrize("headers", [{"X-Forwarded-Proto": "https"}, {}])
def test_over_https_the_cookie_is_secure(client: TestClient, headers: dict[str, str]) -> None:
    address = "/" if headers else "https://shop.example/"
    assert client.get(address, headers=headers).headers["set-cookie"].endswith("; Secure")


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("", ""),
        (f"{COOKIE}={VALUE}", VALUE),
        (f"a=b; {COOKIE}={VALUE}; c=d", VALUE),
        (f"{COOKIE}={VALUE}x", ""),
        (f"{COOKIE}=", ""),
        ("\x00;;=", ""),
    ],
)
def test_only_a_value_of_the_right_form_counts(header: str, value: str) -> None:
    assert cookie_of(header) == value


def test_the_id_is_a_digest_of_its_own_for_every_cookie_and_account() -> None:
    ids = {
        browser_id(VALUE),
        browser_id("B" * 32),
        account_id("https://id.example", "1"),
        account_id("https://id.example", "2"),
    }
    assert len(ids) == 4
    assert all(re.fullmatch("[0-9a-f]{32}", each) for each in ids)
    assert VALUE not in ids
    assert browser_id("") == browser_id("short") == ""
