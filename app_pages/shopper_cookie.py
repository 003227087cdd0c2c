"""The cookie by which a browser is known again: unguessable, out of every script's reach, set by the server alone."""

import re
import secrets
from http.cookies import CookieError, SimpleCookie

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

COOKIE = "vitrine_shopper"
_VALUE_BYTES = 24
_VALUE = re.compile(r"[A-Za-z0-9_-]{32}")
# Browsers keep a cookie no longer than this.
_MAX_AGE_S = 400 * 24 * 3600


class ShopperCookie:
    """ASGI middleware: every page of HTML brings the cookie, a new one or the browser's own with its time renewed."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and add the cookie to its response where that is a page."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        asked = Headers(scope=scope)
        value = cookie_of(asked.get("cookie", "")) or secrets.token_urlsafe(_VALUE_BYTES)
        is_secure = scope.get("scheme") == "https" or asked.get("x-forwarded-proto", "").startswith("https")

        async def send_with_cookie(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] == 200:
                answered = MutableHeaders(scope=message)
                if answered.get("content-type", "").startswith("text/html"):
                    answered.append("set-cookie", _set(value, is_secure))
                    # A page with somebody's cookie must never be another's out of a shared cache.
                    answered["cache-control"] = "no-store"
            await send(message)

        await self._app(scope, receive, send_with_cookie)


def cookie_of(header: str) -> str:
    """The value in a request's Cookie header, "" where there is none of the right form."""
    try:
        found = SimpleCookie(header).get(COOKIE)
    except CookieError:
        return ""
    return found.value if found and _VALUE.fullmatch(found.value) else ""


def _set(value: str, is_secure: bool) -> str:
    secure = "; Secure" if is_secure else ""
    return f"{COOKIE}={value}; Max-Age={_MAX_AGE_S}; Path=/; HttpOnly; SameSite=Lax{secure}"
