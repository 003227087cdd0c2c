"""Who the shopper at this page is: somebody signed in, or whoever has this browser."""

import hashlib

import streamlit as st

from app_pages.resources import settings
from app_pages.shopper_cookie import COOKIE, cookie_of
from app_pages.wording import markdown_text
from env.access import Told, user_of


def shopper() -> str:
    """The unguessable id under which everything of this shopper is kept; "" for a browser that keeps no cookies.

    It is a digest: who reads it in the database cannot make the cookie of it.
    """
    if "shopper" not in st.session_state:
        st.session_state.shopper = _signed_in() or browser_id(st.context.cookies.get(COOKIE, ""))
    found: str = st.session_state.shopper
    return found


def browser_id(cookie: str) -> str:
    """The shopper of a cookie's value, "" for one of the wrong form."""
    return _digest("browser", cookie) if cookie_of(f"{COOKIE}={cookie}") else ""


def account_id(issuer: str, subject: str) -> str:
    """The shopper of an account: the same on every browser."""
    return _digest("account", issuer, subject)


def has_login() -> bool:
    """Whether this shop lets shoppers sign in: `[auth]` is in Streamlit's secrets."""
    return bool(st.secrets.load_if_toml_exists()) and "auth" in st.secrets


def is_signed_in() -> bool | None:
    """Whether somebody is signed in; None where this shop has no login."""
    if settings().access == "proxy":
        return bool(_proxied())
    return bool(st.user.is_logged_in) if has_login() else None


def draw_login() -> None:
    """Draw who is signed in and the way out, or the way in; nothing where the shop has no login."""
    if not has_login():
        return
    if st.user.is_logged_in:
        st.caption(f"Signed in as {markdown_text(str(st.user.get('email') or st.user.get('name') or 'you'))}")
        st.button("Sign out", key="sign-out", on_click=st.logout, type="tertiary")
    else:
        st.button("Sign in", key="sign-in", on_click=st.login, type="tertiary")


def _signed_in() -> str:
    if user := _proxied():
        return account_id("proxy", user)
    if not has_login() or not st.user.is_logged_in:
        return ""
    return account_id(str(st.user.get("iss", "")), str(st.user.get("sub", "")))


def _proxied() -> str:
    return user_of(settings(), Told(dict(st.context.headers)))


def _digest(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]
