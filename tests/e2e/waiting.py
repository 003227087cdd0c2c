"""Waiting for the page, so that what is pressed stays what it is."""

from playwright.sync_api import Page, expect


def at_rest(page: Page) -> None:
    """Wait until the page is drawn: meanwhile Streamlit may put another element in the place of the one pressed."""
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
