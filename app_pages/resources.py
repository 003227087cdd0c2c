"""What all browser sessions share, opened once: settings, the desk with its shop, words, the starter tiles."""

import logging
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import streamlit as st

from agents.blend import slide
from agents.desk import Desk, open_desk
from agents.events import Message, TurnDone, TurnEvent
from agents.reach import Reach
from agents.resend import resend
from agents.retention import keep_retention
from agents.session import Session
from agents.turn import run_turn
from agents.visiting import visited
from app_pages.chat import Chat, Refreshed, Stored
from app_pages.keeping import Keeping
from app_pages.restored import restored_views
from app_pages.starters import Starter, find_starters
from app_pages.wording import Wording
from env.errors import VitrineError
from env.settings import Settings, load_settings
from tools.photo import decode_photo
from tools.shop import open_shop
from tools.store_demo import DemoStore
from tools.store_feedback import Verdict
from tools.taxonomy import load_taxonomy

logger = logging.getLogger(__name__)

# A new catalogue shows in the tiles after so long at the latest.
STARTERS_TTL_S = 60


@st.cache_resource(show_spinner=False)
def settings() -> Settings:
    """The settings in force."""
    return load_settings()


@st.cache_resource(show_spinner=False, on_release=lambda opened: opened.shop.close())
def desk() -> Desk:
    """The open shop and who works in it. An error is not remembered: the next call tries again."""
    shop = open_shop(settings())
    try:
        return open_desk(shop)
    except BaseException:
        shop.close()
        raise


@st.cache_resource(show_spinner=False, ttl=STARTERS_TTL_S)
def starters() -> tuple[Starter, ...]:
    """The tiles of the first visit."""
    return find_starters(desk().shop, wording())


def wording() -> Wording:
    """How this shop puts data into words."""
    return Wording(settings().locale, load_taxonomy())


def max_photo_mb() -> int:
    """The upload limit in whole megabytes, as Streamlit wants it; bytes are counted again when a photo is decoded."""
    return -(-settings().max_photo_bytes // 2**20)


def is_offline() -> bool:
    """Whether no message or photo leaves this machine."""
    return settings().classifier == settings().assistant == "offline"


@dataclass(frozen=True, slots=True)
class Around:
    """What is done around the turns of a chat.

    `turn` runs each of them, and may refuse it with a VitrineError; `check` lets pass or refuses what is no turn.
    """

    turn: Callable[[Message, Callable[[], Iterator[TurnEvent]]], Iterator[TurnEvent]] = lambda _, begin: begin()
    check: Callable[[], None] = lambda: None


_PLAIN = Around()


def open_chat(session_id: str, shopper: str, around: Around | None = None, is_signed_in: bool | None = None) -> Chat:
    """The shopper's chat of this id with its turns so far, or a fresh one where they have none of this id.

    `is_signed_in` is None where nobody can tell.

    Raises:
        VitrineError: the shop cannot be opened.
    """
    at_work = desk()
    found = at_work.find_session(session_id, shopper) if session_id else None
    session = found or at_work.new_session(shopper)
    turn, check = (around or _PLAIN).turn, (around or _PLAIN).check

    def slid(photo_weight: float, done: TurnDone) -> Iterator[TurnEvent]:
        check()
        return slide(session, photo_weight, done, at_work)

    session.is_signed_in = is_signed_in
    return Chat(
        session.id,
        run=lambda message: turn(message, lambda: run_turn(session, message, at_work)),
        decode=lambda data: decode_photo(data, at_work.shop.settings),
        views=restored_views(at_work, session.id) if found else (),
        slide=slid,
        stored=Stored(
            resend=lambda message: turn(message, lambda: resend(session, message, at_work)),
            refresh=lambda: _refreshed(session, at_work),
            judge=lambda number, verdict: _judge(session, number, verdict, at_work),
            others=lambda pressed, limit: pressed.others(limit, _reach(at_work, session)),
            keeper=session.keeper,
        ),
    )


def _refreshed(session: Session, at_work: Desk) -> Refreshed | None:
    """The chat read again into `session` where it was written or deleted elsewhere: then it is a fresh one."""
    if at_work.sessions.version(session.id) == session.version:
        return None
    session.become(at_work.find_session(session.id, session.shopper) or at_work.new_session(session.shopper))
    return Refreshed(session.id, restored_views(at_work, session.id))


def _judge(session: Session, number: int, verdict: Verdict | None, at_work: Desk) -> None:
    if verdict is None:
        at_work.feedback.take_back(session.id, number)
    else:
        at_work.feedback.put(session.id, number, verdict)


def _reach(at_work: Desk, session: Session) -> Reach:
    """The catalogue as the standing search of a chat sees it. A card that has left the shop is no longer gone by."""
    catalog = visited(session, at_work)
    like = session.like if session.photo is None and catalog.items([session.like]) else ""
    return Reach(catalog, at_work.shop.settings.locale, like)


def demo_store() -> DemoStore:
    """Where demos are kept.

    Raises:
        VitrineError: the shop cannot be opened.
    """
    return DemoStore(desk().shop.database)


def keeping(shopper: str) -> Keeping:
    """What the shopper of this id keeps, and where.

    Raises:
        VitrineError: the shop cannot be opened.
    """
    at_work = desk()
    return Keeping(shopper, at_work.shoppers, at_work.profiles, at_work.shop.catalog, wording())


def warm_up() -> None:
    """Open the shop and load the embedder before the first shopper comes; a failure waits for them to be told."""
    try:
        desk().shop.embedder.embed_query_text(["a black T-shirt"])
    except VitrineError as error:
        logger.warning("not warm: %s", error)


def keep_turns(is_over: threading.Event) -> None:
    """Delete what is older than turns are kept, now and daily, until it is over."""
    keep_retention(lambda: desk().shop.database, is_over)


def close_desk() -> None:
    """Close the shop if it was opened."""
    desk.clear()
