"""The nouns of insight: which turns are counted, and what is counted of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

PickKind = Literal["day", "route", "query", "want", "limit", "item", "workers", "failure", "slow", "model"]


@dataclass(frozen=True, slots=True)
class Scope:
    """Which turns are counted. `since` is the first day and `until` the last one, both whole days in UTC.

    Empty means any. `backend` read or wrote the turn; `version` is a prompt and its version ("assistant 3"); `side` a
    live comparison and a side of it ("7 B"). Chats of demos are left out unless `has_demos`.
    """

    since: date | None = None
    until: date | None = None
    language: str = ""
    route: str = ""
    backend: str = ""
    version: str = ""
    side: str = ""
    has_demos: bool = False


@dataclass(frozen=True, slots=True)
class Options:
    """What there is to choose a scope from. `n_uncounted` turns are stored and cannot be counted."""

    first: date | None
    last: date | None
    n_turns: int
    n_uncounted: int
    languages: tuple[str, ...]
    routes: tuple[str, ...]
    backends: tuple[str, ...]
    versions: tuple[str, ...]
    sides: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pick:
    """One row of a figure, to see the turns behind it: those that have any of `values`."""

    kind: PickKind
    values: tuple[str, ...]
    facet: str = ""


@dataclass(frozen=True, slots=True)
class DayCount:
    """How much was talked on one day. Chats that belong to no shopper count as one shopper each."""

    day: date
    n_turns: int
    n_chats: int
    n_shoppers: int


@dataclass(frozen=True, slots=True)
class RouteCount:
    """What messages were read as. Of `n_looked` turns that looked for something `n_found` found it."""

    route: str
    n_turns: int
    n_looked: int
    n_found: int


@dataclass(frozen=True, slots=True)
class QueryCount:
    """A message by its words. `example` is how one shopper wrote it: not scrubbed."""

    query: str
    example: str
    n_turns: int
    n_looked: int
    n_found: int


@dataclass(frozen=True, slots=True)
class WantCount:
    """A value that was asked for: how often, how often only the nearest could be shown, and how often nothing.

    `example` is the first message that asked for it in vain: not scrubbed.
    """

    facet: str
    value: str
    n_asked: int
    n_nearest: int
    n_nothing: int
    example: str

    @property
    def n_missed(self) -> int:
        """How often it was not to be had as asked."""
        return self.n_nearest + self.n_nothing


@dataclass(frozen=True, slots=True)
class LimitCount:
    """How often a limit was given up: by the shop for the nearest items, and by shoppers themselves."""

    limit: str
    n_relaxed: int
    n_dropped: int


@dataclass(frozen=True, slots=True)
class ItemCount:
    """How an item fared. `mean_place` counts from 1. `n_expected` turns would have chosen it if it did as well as all
    items on its places do; `n_chosen` turns did, in one way or several."""

    sku: str
    title: str
    image: str
    n_shown: int
    mean_place: float
    n_expected: float
    n_chosen: int
    n_open: int
    n_save: int
    n_cart: int
    n_link: int


@dataclass(frozen=True, slots=True)
class ThumbCount:
    """Thumbs of turns by who wrote them and the prompt versions at work."""

    writer: str
    versions: str
    n_turns: int
    n_up: int
    n_down: int


@dataclass(frozen=True, slots=True)
class StageTime:
    """How long a stage took on one day: half of the turns at most `p50_ms`, 19 of 20 at most `p95_ms`."""

    day: date
    stage: str
    n_turns: int
    p50_ms: float
    p95_ms: float


@dataclass(frozen=True, slots=True)
class TokenCount:
    """Work of one model on one day. Of `n_turns`, `n_untold` say nothing of their tokens."""

    day: date
    model: str
    n_turns: int
    n_untold: int
    n_in: int
    n_out: int


@dataclass(frozen=True, slots=True)
class FailureCount:
    """A failure as the page told it, and how many turns it struck."""

    line: str
    n_turns: int
    last_at: datetime


@dataclass(frozen=True, slots=True)
class StoredTurn:
    """One turn with all that is stored of it: not scrubbed."""

    session_id: str
    number: int
    created_at: datetime
    message: str
    has_photo: bool
    record: Mapping[str, Any]
    outcome: str
    is_good: bool | None
    said: str
    chosen: tuple[str, ...]
