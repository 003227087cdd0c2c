"""The way out to an item's own page: counted, then sent on to the address that the catalogue gives, and to no other."""

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from agents.noticing import notice
from app_pages.resources import desk
from env.errors import VitrineError
from tools.cart import shop_url

_HEADERS = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex"}


def follow_route() -> Route:
    """GET /follow?session=...&sku=..."""
    return Route("/follow", _follow, methods=["GET"])


async def _follow(request: Request) -> Response:
    wanted = request.query_params
    # A browser that fetches ahead, or only asks for the headers, is no shopper who went there.
    is_shopper = request.method == "GET" and "prefetch" not in request.headers.get("Sec-Purpose", "")
    url = await run_in_threadpool(_followed, wanted.get("session", ""), wanted.get("sku", ""), is_shopper)
    if not url:
        return PlainTextResponse("this item has no page of its own any more", status_code=404, headers=_HEADERS)
    return RedirectResponse(url, status_code=303, headers=_HEADERS)


def _followed(session_id: str, sku: str, is_shopper: bool) -> str:
    """Where the item's page is, "" where it has none; that a shopper goes there is kept."""
    try:
        at_work = desk()
        url = next((shop_url(item) for item in at_work.shop.catalog.items([sku])), "")
    except VitrineError:
        return ""
    if url and is_shopper:
        notice(at_work.outcomes, session_id, sku, "link")
    return url
