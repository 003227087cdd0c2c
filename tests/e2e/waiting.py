"""Waiting for the page, so that what is pressed stays what it is."""

import contextlib

from playwright.sync_api import Locator, Page, expect


def at_rest(page: Page) -> None:
    """Wait until the page is drawn: meanwhile Streamlit may put another element in the place of the one pressed."""
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")


def press(button: Locator, shows: Locator) -> None:
    """Press until something shows, as whoever sees that nothing happened does."""
    for _ in range(2):
        button.click()
        with contextlib.suppress(AssertionError):
            expect(shows).to_be_visible(timeout=15_000)
            return
    button.click()
    expect(shows).to_be_visible()
