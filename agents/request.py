"""One turn's question to the shop."""

from dataclasses import dataclass, field

from PIL import Image

from agents.events import Message
from agents.intent import Intent
from agents.session import Session, Shown
from env.settings import Settings
from tools.catalog import Catalog
from tools.profile import Profile


@dataclass(frozen=True, slots=True)
class Request:
    """What is wanted, by whom, and where to look. The session is only read; `profile` stands for every search."""

    intent: Intent
    message: Message
    session: Session
    catalog: Catalog
    settings: Settings
    profile: Profile = field(default_factory=Profile)

    @property
    def photo(self) -> Image.Image | None:
        """The photo to search by: the message's own, or that of the search which the message refines."""
        return self.message.photo or (self.session.photo if self.intent.route == "refine" else None)

    @property
    def anchor(self) -> Shown | None:
        """The card that the message wants more of the like of, if it does."""
        is_like_a_card = self.intent.route == "similar" and self.message.photo is None
        return self.session.anchor(self.intent.references) if is_like_a_card else None

    @property
    def like(self) -> str:
        """SKU of the card whose picture the search goes by: the message's own, or the refined search's; "" for none."""
        if self.anchor is not None:
            return self.anchor.sku if self.anchor.has_picture else ""
        return self.session.like if self.intent.route == "refine" and self.photo is None else ""

    @property
    def is_exact(self) -> bool:
        """Whether something was pressed that named what it finds: then nothing is widened beyond it."""
        return bool(self.intent.standing)

    @property
    def has_lost_photo(self) -> bool:
        """Whether a search by photo is refined and the photo is gone: it lives in memory only."""
        return self.intent.route == "refine" and self.session.has_photo and self.photo is None
