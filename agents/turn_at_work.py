"""A turn on its way through its stages."""

import time
from dataclasses import dataclass, field

from agents.chat_models.usage import Spent
from agents.desk import Desk
from agents.doing import Done
from agents.events import Evidence, Message, TurnDone
from agents.intent import Intent
from agents.request import Request
from agents.session import Session
from env.errors import ChatModelError, IntentError
from tools.catalog import Catalog
from tools.profile import Profile


@dataclass(slots=True)
class Turn:
    """A turn on its way: what is known so far. `catalog` is the shop's under its rules, as this turn sees it."""

    session: Session
    message: Message
    desk: Desk
    intent: Intent | None = None
    catalog: Catalog | None = None
    evidence: Evidence = field(default_factory=Evidence)
    profile: Profile = field(default_factory=Profile)
    doing: Done | None = None
    reply: str = ""
    suggestions: tuple[str, ...] = ()
    pressed: dict[str, Intent] = field(default_factory=dict)
    backends: dict[str, str] = field(default_factory=dict)
    prompt_versions: dict[str, str] = field(default_factory=dict)
    timings_ms: dict[str, float] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)
    # What the models of each stage used, by their vendors' count.
    spent: dict[str, Spent] = field(default_factory=lambda: {"classifier": Spent(), "assistant": Spent()})
    # What the checker took out of a model's reply or wrote over; None where no model's reply was checked.
    violations: tuple[str, ...] | None = None

    @property
    def request(self) -> Request:
        """What the shop is asked for; the intent has been read by then."""
        assert self.intent is not None
        shop = self.desk.shop
        catalog = self.catalog or shop.catalog
        return Request(self.intent, self.message, self.session, catalog, shop.settings, self.profile)

    def done(self) -> TurnDone:
        """The last event of the turn as it stands."""
        return TurnDone(
            self.reply, self.suggestions, self.backends, self.prompt_versions, self.timings_ms, tuple(self.failures),
            self.pressed,
        )  # fmt: skip


def failure_line(error: ChatModelError | IntentError, consequence: str) -> str:
    """What failed and what was done instead, for the page."""
    said = (
        f"{error.service} {error.reason}" if isinstance(error, ChatModelError) else "The model's answer was no intent"
    )
    return f"{said}, {consequence}."


def ms_since(started_s: float) -> float:
    """Milliseconds since a reading of time.perf_counter()."""
    return round((time.perf_counter() - started_s) * 1000, 2)
