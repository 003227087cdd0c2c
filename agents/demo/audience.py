"""Who takes part in a demo: ids of their own, so that nothing of anybody else's is seen, and what they may."""

import hashlib
import re
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from agents.events import TurnEvent
from env.errors import DemoError
from env.roles import Action, Actor
from tools.store_demo import Audience, AudienceKind, DemoStore, GuestLink

MAX_GUESTS = 500
MAX_TURNS = 200
MAX_MINUTES = 24 * 60
_ID_BYTES = 18
_RESET = "this demo session was reset; load the page again"
_ENDED = "this demo has ended; thank you for coming"
_TOKEN = re.compile(r"[A-Za-z0-9_-]{16}")


@dataclass(frozen=True, slots=True)
class Left:
    """What a guest has left: turns, and the link they came by."""

    n_turns: int
    link: GuestLink


def new_audience(store: DemoStore, kind: AudienceKind) -> str:
    """A fresh shopper's id, marked as one of a demo: no chats, an empty bag."""
    shopper = f"demo-{secrets.token_urlsafe(_ID_BYTES)}"
    store.begin(shopper, kind)
    return shopper


def make_link(store: DemoStore, actor: Actor, *, n_guests: int, n_turns: int, minutes: int) -> GuestLink:
    """A guest link for so many guests, with so many turns for each, open for so many minutes.

    Raises:
        AccessError: the actor may not present.
        DemoError: a limit is out of range.
    """
    actor.require(Action.PRESENT)
    limits = (("guests", n_guests, MAX_GUESTS), ("turns", n_turns, MAX_TURNS), ("minutes", minutes, MAX_MINUTES))
    for name, given, most in limits:
        if not 1 <= given <= most:
            raise DemoError(f"a guest link cannot be for {given} {name}; choose 1 to {most}")
    return store.make_link(actor.name, n_guests=n_guests, n_turns=n_turns, minutes=minutes)


def end_link(store: DemoStore, actor: Actor, token: str) -> None:
    """End a link before its time. Raises AccessError where the actor may not present."""
    actor.require(Action.PRESENT)
    store.end_link(token)


def open_link_again(store: DemoStore, actor: Actor, token: str) -> None:
    """Undo `end_link`. Raises AccessError where the actor may not present."""
    actor.require(Action.PRESENT)
    store.open_link_again(token)


def join(store: DemoStore, token: str, browser: str) -> Audience:
    """The guest that a browser is at this link: the same after a reload and in a second tab.

    `browser` is whatever tells browsers apart; "" is a guest of its own each time.

    Raises:
        DemoError: the token is not one of ours, the demo has ended or is full.
    """
    if not _TOKEN.fullmatch(token):
        raise DemoError("this guest link is not one of ours; ask the presenter to show the code again")
    told = browser or secrets.token_urlsafe(_ID_BYTES)
    digest = hashlib.sha256(f"guest\n{token}\n{told}".encode()).hexdigest()[:32]
    return store.join(token, f"demo-{digest}")


def left(store: DemoStore, guest: Audience) -> Left | None:
    """What a guest has left; None where the link is gone."""
    link = store.link(guest.token or "")
    now = store.audience(guest.shopper)
    if link is None or now is None:
        return None
    return Left(0 if link.has_ended else max(0, link.n_turns - now.n_turns), link)


def spend(store: DemoStore, shopper: str) -> None:
    """Count one turn of somebody in a demo, before it begins.

    Raises:
        DemoError: a guest has no turn left, or the demo has ended.
    """
    audience = store.audience(shopper)
    if audience is None:
        raise DemoError(_RESET)
    if store.spend(shopper, is_guest=audience.kind == "guest"):
        return
    found = left(store, audience)
    if found is None or found.link.has_ended:
        raise DemoError(_ENDED)
    raise DemoError(f"{used_up(found.link)}; thank you for trying it")


def used_up(link: GuestLink) -> str:
    """That a guest has no turn left, in words."""
    if link.n_turns == 1:
        return "your one question of this demo is used up"
    return f"your {link.n_turns} questions of this demo are used up"


def require_open(store: DemoStore, shopper: str) -> None:
    """Let pass what costs no turn, as long as the demo goes on.

    Raises:
        DemoError: it has ended, or the session was reset.
    """
    audience = store.audience(shopper)
    if audience is None:
        raise DemoError(_RESET)
    found = left(store, audience) if audience.kind == "guest" else None
    if audience.kind == "guest" and (found is None or found.link.has_ended):
        raise DemoError(_ENDED)


def counted(store: DemoStore, shopper: str, begin: Callable[[], Iterator[TurnEvent]]) -> Iterator[TurnEvent]:
    """The events of a turn, which is counted first; DemoError in its place where none is left."""
    spend(store, shopper)
    yield from begin()
