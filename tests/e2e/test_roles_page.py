"""Who may open what, with a real login and behind a real proxy: pages one may not use do not exist."""

from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Page, expect

from env.access import PROXY_SECRET_HEADER
from tests.e2e.conftest import NewPage
from tests.e2e.served import free_port, served
from tests.e2e.test_chats_page import open_list
from tests.e2e.waiting import at_rest
from tests.servers.oidc import CLIENT_ID, CLIENT_SECRET, oidc_provider
from tests.servers.trusted_proxy import trusted_proxy

SECRET = "a-secret-of-this-proxy"
PEOPLE = {"MERCHANDISERS": "buying", "PRESENTERS": "stage", "ADMINS": "root@shop.example"}
BEHIND = "Behind the counter"


def counter(page: Page) -> list[str]:
    """The pages that the counter offers, once it is drawn."""
    page.get_by_role("link", name="Shop", exact=True).wait_for()
    at_rest(page)
    return page.get_by_test_id("stPageLink").all_inner_texts()


def expect_a_shopper(page: Page, url: str) -> None:
    """No way behind the counter, and no page there under its address."""
    page.goto(url)
    page.locator(".v-starter img").first.wait_for()
    expect(page.get_by_role("link", name=BEHIND)).to_have_count(0)
    page.goto(f"{url}/workbench")
    page.get_by_role("dialog", name="Page not found").get_by_role("button", name="Close").click()
    page.locator(".v-starter img, .v-said").first.wait_for()
    expect(page.get_by_role("link", name="Workbench")).to_have_count(0)


def test_whoever_signs_in_sees_what_their_role_may_and_nothing_after_signing_out(
    stocked: dict[str, str], new_page: NewPage, tmp_path: Path
) -> None:
    port = free_port()
    with oidc_provider() as provider:
        secrets = tmp_path / "secrets.toml"
        secrets.write_text(
            f'[auth]\nredirect_uri = "http://127.0.0.1:{port}/oauth2callback"\ncookie_secret = "{"x" * 32}"\n'
            f'client_id = "{CLIENT_ID}"\nclient_secret = "{CLIENT_SECRET}"\n'
            f'server_metadata_url = "{provider.url}/.well-known/openid-configuration"\n'
        )
        login = {"ACCESS": "login", "STREAMLIT_SECRETS_FILES": str(secrets), **PEOPLE}
        with served({**stocked, **login}, tmp_path / "page.log", port) as url:
            page = new_page(url)
            expect_a_shopper(page, url)
            provider.claims = {"sub": "7", "email": "mia@shop.example", "groups": ["staff", "buying"]}
            open_list(page)
            page.get_by_role("button", name="Sign in").click()
            page.get_by_role("link", name=BEHIND).click()
            assert counter(page) == ["Shop", "Workbench", "Rules", "Insight", "Catalogue"]
            page.get_by_role("link", name="Shop", exact=True).click()
            open_list(page)
            expect(page.get_by_text("Signed in as mia@shop.example")).to_be_visible()
            page.get_by_role("button", name="Sign out").click()
            expect(page.get_by_role("link", name=BEHIND)).to_have_count(0)
            expect_a_shopper(page, url)


def test_a_proxys_word_counts_with_its_secret_alone(stocked: dict[str, str], new_page: NewPage, tmp_path: Path) -> None:
    guarded = {"ACCESS": "proxy", "PROXY_SECRET": SECRET, **PEOPLE}
    headers = {PROXY_SECRET_HEADER: SECRET, "X-Forwarded-User": "leo", "X-Forwarded-Groups": "stage"}
    with served({**stocked, **guarded}, tmp_path / "page.log") as url:
        target = (urlsplit(url).hostname or "", urlsplit(url).port or 0)
        with trusted_proxy(target, headers) as through:
            page = new_page(through)
            page.get_by_role("link", name=BEHIND).click()
            assert counter(page) == ["Shop", "Demo"]
            headers["X-Forwarded-User"] = "root@shop.example"
            page.goto(f"{through}/workbench")
            assert counter(page) == ["Shop", "Workbench", "Rules", "Insight", "Catalogue", "Demo"]
            headers[PROXY_SECRET_HEADER] = "guessed"
            expect_a_shopper(page, through)
        expect_a_shopper(page, url)
