"""One turn's question to the shop."""

from dataclasses import dataclass

from PIL import Image

from agents.events import Message
from agents.intent import Intent
from agents.session import Session
from env.settings import Settings
from tools.catalog import Catalog


@dataclass(frozen=True, slots=True)
class Request:
    """What is wanted, by whom, and where to look. The session is only read."""

    intent: Intent
    message: Message
    session: Session
    catalog: Catalog
    settings: Settings

    @property
    def photo(self) -> Image.Image | None:
        """The photo to search by: the message's own, or that of the search which the message refines."""
        return self.message.photo or (self.session.photo if self.intent.route == "refine" else None)

    @property
    def has_lost_photo(self) -> bool:
        """Whether a search by photo is refined and the photo is gone: it lives in memory only."""
        return self.intent.route == "refine" and self.session.has_photo and self.photo is None
