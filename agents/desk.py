"""Who is at work: the shop with its classifier, its assistant and their stand-ins, opened once for many turns."""

from dataclasses import dataclass

from agents.assistant import Assistant, open_assistant
from agents.classifier import Classifier, open_classifier
from agents.session import Session, new_session_id
from env.errors import VitrineError
from tools.shop import Shop
from tools.store_profile import ProfileStore
from tools.store_sessions import SessionStore, TurnRow
from tools.store_shopper import ShopperStore

_MOST_ID_CHARS = 200


@dataclass(frozen=True, slots=True)
class Desk:
    """Everything a turn needs. Safe to share between threads; the shop stays its opener's to close.

    The offline classifier and assistant take over for a turn when a model-backed one fails.
    """

    shop: Shop
    classifier: Classifier
    assistant: Assistant
    offline_classifier: Classifier
    offline_assistant: Assistant
    sessions: SessionStore
    shoppers: ShopperStore
    profiles: ProfileStore

    def new_session(self) -> Session:
        """A fresh chat under an id nobody can guess; stored with its first turn."""
        return Session(new_session_id())

    def session(self, session_id: str) -> Session:
        """The chat of this id as it was left, or a fresh one under this id.

        Raises:
            VitrineError: the id is empty, too long or holds characters no id has.
        """
        if not session_id or len(session_id) > _MOST_ID_CHARS or not session_id.isprintable():
            raise VitrineError(
                f"session id {session_id[:40]!r} cannot be used; take 1 to {_MOST_ID_CHARS} printable characters"
            )
        state = self.sessions.read(session_id)
        return Session(session_id) if state is None else Session.from_json(session_id, state)

    def turns(self, session_id: str) -> list[TurnRow]:
        """All turns of a chat in order, for drawing it again."""
        return self.sessions.turns(session_id)


def open_desk(shop: Shop) -> Desk:
    """The desk of a shop, staffed as its settings say.

    Raises:
        SettingsError: a backend's name is unknown, or what it needs is not set.
    """
    settings = shop.settings
    offline_classifier = open_classifier(settings, "offline")
    offline_assistant = open_assistant(shop, "offline")
    return Desk(
        shop=shop,
        classifier=offline_classifier
        if settings.classifier == "offline"
        else open_classifier(settings, settings.classifier),
        assistant=offline_assistant if settings.assistant == "offline" else open_assistant(shop, settings.assistant),
        offline_classifier=offline_classifier,
        offline_assistant=offline_assistant,
        sessions=SessionStore(shop.database),
        shoppers=ShopperStore(shop.database),
        profiles=ProfileStore(shop.database),
    )
