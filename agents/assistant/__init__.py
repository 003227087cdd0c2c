"""Answering: what to say about what was found, streamed."""

from collections.abc import Callable, Iterator, Mapping
from typing import Protocol

from agents.events import Evidence, Message
from agents.intent import Intent
from agents.session import Session
from env.errors import SettingsError
from tools.shop import Shop


class Assistant(Protocol):
    """Writes replies. They refer to items by handle only: `[1]` is the first card."""

    @property
    def name(self) -> str:
        """The backend and its version."""

    @property
    def prompt_names(self) -> tuple[str, ...]:
        """The prompts it works by; their versions are those in force in the session."""

    def reply(self, message: Message, intent: Intent, evidence: Evidence, session: Session) -> Iterator[str]:
        """The reply, piece by piece.

        Raises:
            ChatModelError: a model behind it failed, at the start or on the way.
        """


def open_assistant(shop: Shop, name: str) -> Assistant:
    """The assistant of this name.

    Raises:
        SettingsError: no assistant has this name; the message lists those that exist.
    """
    if name not in ASSISTANTS:
        raise SettingsError(f"unknown assistant {name!r}; known are {', '.join(ASSISTANTS)}")
    return ASSISTANTS[name](shop)


def _offline(shop: Shop) -> Assistant:
    from agents.assistant.offline import OfflineAssistant

    return OfflineAssistant(shop.catalog, shop.settings.locale)


def _by_model(name: str) -> Callable[[Shop], Assistant]:
    def open_model(shop: Shop) -> Assistant:
        from agents.assistant.model import model_assistant

        return model_assistant(shop.settings, name, shop.pictures)

    return open_model


ASSISTANTS: Mapping[str, Callable[[Shop], Assistant]] = {
    "offline": _offline,
    **{name: _by_model(name) for name in ("gemini", "vertexai", "openai", "ollama", "llava")},
}
