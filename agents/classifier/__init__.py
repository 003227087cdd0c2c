"""Reading a message: what is wanted, as an Intent."""

from collections.abc import Callable, Mapping
from typing import Protocol

from agents.events import Message
from agents.intent import Intent
from agents.session import Session
from env.errors import SettingsError
from env.settings import Settings
from tools.vocabulary import Vocabulary


class Classifier(Protocol):
    """Reads messages."""

    @property
    def name(self) -> str:
        """The backend and its version."""

    @property
    def prompt_names(self) -> tuple[str, ...]:
        """The prompts it works by; their versions are those in force in the session."""

    def read(self, message: Message, session: Session, vocabulary: Vocabulary) -> Intent:
        """What the message wants.

        Raises:
            ChatModelError: a model behind it failed.
            IntentError: what a model answered is no intent.
        """


def open_classifier(settings: Settings, name: str) -> Classifier:
    """The classifier of this name.

    Raises:
        SettingsError: no classifier has this name; the message lists those that exist.
    """
    if name not in CLASSIFIERS:
        raise SettingsError(f"unknown classifier {name!r}; known are {', '.join(CLASSIFIERS)}")
    return CLASSIFIERS[name](settings)


def _offline(settings: Settings) -> Classifier:
    from agents.classifier.offline import OfflineClassifier
    from agents.classifier.slots import Defaults
    from tools.taxonomy import load_taxonomy

    return OfflineClassifier(load_taxonomy(), Defaults(settings.currency, settings.max_items))


def _by_model(name: str) -> Callable[[Settings], Classifier]:
    def open_model(settings: Settings) -> Classifier:
        from agents.classifier.model import model_classifier

        return model_classifier(settings, name)

    return open_model


CLASSIFIERS: Mapping[str, Callable[[Settings], Classifier]] = {
    "offline": _offline,
    **{name: _by_model(name) for name in ("gemini", "vertexai", "openai", "ollama")},
}
