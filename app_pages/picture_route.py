"""Item pictures over HTTP, beside Streamlit's own routes: browsers keep them, and no rerun sends them again."""

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Route

from app_pages.resources import desk
from env.errors import VitrineError

# A name is the hash of its picture: what it names never changes.
_CACHED = {"Cache-Control": "public, max-age=31536000, immutable"}


def picture_route() -> Route:
    """GET /pictures/NAME."""
    return Route("/pictures/{name:path}", _picture, methods=["GET"])


async def _picture(request: Request) -> Response:
    try:
        at_work = await run_in_threadpool(desk)
        path = at_work.shop.pictures.path(request.path_params["name"])
    except VitrineError:
        return PlainTextResponse("there is no such picture", status_code=404)
    if not path.is_file():
        return PlainTextResponse("there is no such picture", status_code=404)
    return FileResponse(path, headers=_CACHED)
