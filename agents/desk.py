"""Who is at work: the shop with its classifier, its assistant and their stand-ins, opened once for many turns."""

from dataclasses import dataclass

from agents.assistant import Assistant, open_assistant
from agents.classifier import Classifier, open_classifier
from agents.live.serving import live_prompts
from agents.live.versions import open_versions
from agents.prompts_in_force import SHIPPED_PROMPTS, PromptSource
from agents.session import Session, new_session_id
from agents.workbench.serving import BookPrompts
from env.errors import ChatGoneError, VitrineError
from tools.shop import Shop
from tools.store_chats import ChatStore
from tools.store_feedback import FeedbackStore
from tools.store_outcomes import OutcomeStore
from tools.store_profile import ProfileStore
from tools.store_sessions import SessionRow, SessionStore, TurnRow
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
    chats: ChatStore
    feedback: FeedbackStore
    outcomes: OutcomeStore
    prompts: PromptSource = SHIPPED_PROMPTS

    def new_session(self, shopper: str = "") -> Session:
        """A fresh chat of a shopper under an id nobody can guess; stored with its first turn."""
        return Session(new_session_id(), shopper)

    def session(self, session_id: str, shopper: str = "") -> Session:
        """The chat of this id as it was left, or a fresh one under this id.

        A chat that belongs to a shopper opens for that shopper only; one that belongs to nobody opens by its id.

        Raises:
            VitrineError: the id is empty, too long or holds characters no id has.
            ChatGoneError: the chat is another shopper's.
        """
        if not _is_usable(session_id):
            raise VitrineError(
                f"session id {session_id[:40]!r} cannot be used; take 1 to {_MOST_ID_CHARS} printable characters"
            )
        stored = self.sessions.read(session_id)
        if stored is None:
            return Session(session_id, shopper)
        if stored.shopper not in ("", shopper):
            raise ChatGoneError(f"there is no chat {session_id!r}; start a new one")
        return _restored(session_id, stored, shopper)

    def find_session(self, session_id: str, shopper: str) -> Session | None:
        """The stored chat of this id; None where this shopper has none, whatever the reason."""
        stored = self.sessions.read(session_id) if _is_usable(session_id) else None
        if stored is None or stored.shopper not in ("", shopper):
            return None
        return _restored(session_id, stored, shopper)

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
        chats=ChatStore(shop.database),
        feedback=FeedbackStore(shop.database),
        outcomes=OutcomeStore(shop.database),
        prompts=live_prompts(BookPrompts(shop.database), shop.database, open_versions(shop.database)),
    )


def _is_usable(session_id: str) -> bool:
    return 0 < len(session_id) <= _MOST_ID_CHARS and session_id.isprintable()


def _restored(session_id: str, stored: SessionRow, shopper: str) -> Session:
    session = Session.from_json(session_id, stored.state)
    session.shopper, session.version, session.newest = shopper, stored.version, stored.newest
    return session
