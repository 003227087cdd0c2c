"""The classifier that asks a chat model, with the catalogue's own words beside the message."""

import json

from agents.chat_models import StructuredModel, open_structured_model
from agents.chat_models.message import ChatMessage, Part
from agents.classifier.canonical import Ground, intent_of
from agents.classifier.shape import IntentShape
from agents.classifier.slots import Defaults
from agents.conversation import recent
from agents.events import Message
from agents.intent import ROUTES, Intent
from agents.intent_json import slots_json
from agents.prompt import as_data, as_line
from agents.session import Session
from env.settings import Settings
from tools.money import format_price
from tools.query import FACETS
from tools.vocabulary import Vocabulary

# The most frequent values of each facet: enough for a model to pick from, little enough to send with every message.
_MOST_WORDS = {"category": 100, "colour": 40, "brand": 60, "size": 60}
_MOST_WORDS_ELSE = 30
_WORD_CHARS = 40
_MOST_SHOWN = 24
_NOTHING = "nothing"


class ModelClassifier:
    """Reads messages in any language the model reads. `name` follows the version that really answered."""

    prompt_names = ("classifier",)

    def __init__(self, model: StructuredModel, defaults: Defaults, locale: str) -> None:
        self.name = model.version
        self._model = model
        self._defaults = defaults
        self._locale = locale

    def read(self, message: Message, session: Session, vocabulary: Vocabulary) -> Intent:
        """The intent of a message; the photo goes along as a picture.

        Raises:
            ChatModelError: the model failed, or answered in another shape.
            IntentError: what it answered is no intent.
        """
        answer = self._model.structured(self._messages(message, session, vocabulary), IntentShape)
        self.name = self._model.version
        return intent_of(answer, Ground(vocabulary, session, self._defaults))

    def _messages(self, message: Message, session: Session, vocabulary: Vocabulary) -> list[ChatMessage]:
        prompt = session.prompts.prompt("classifier")
        parts: list[Part] = [
            prompt.fill(
                "user",
                shop=words_of(vocabulary, self._locale),
                standing="\n".join(
                    as_line(json.dumps(slots_json(slots), ensure_ascii=False)) for slots in session.standing
                )
                or _NOTHING,
                shown=_shown(session) or _NOTHING,
                conversation=recent(session) or _NOTHING,
                message=as_data(message.text, 2_000),
            )
        ]
        if message.photo is not None:
            parts += [prompt.fill("photo"), message.photo]
        return [
            ChatMessage("system", (prompt.fill("system", routes=", ".join(ROUTES)),)),
            ChatMessage("user", tuple(parts)),
        ]


def model_classifier(settings: Settings, name: str) -> ModelClassifier:
    """The classifier that asks the backend of this name.

    Raises:
        SettingsError: the name is unknown, or a setting it needs is empty.
    """
    defaults = Defaults(settings.currency, settings.max_items)
    return ModelClassifier(open_structured_model(name, settings), defaults, settings.locale)


def words_of(vocabulary: Vocabulary, locale: str) -> str:
    """One line for each facet that has values, its most frequent ones, and a line of prices."""
    lines = []
    for facet in FACETS:
        most = _MOST_WORDS.get(facet, _MOST_WORDS_ELSE)
        frequent = set(list(vocabulary.counts.get(facet, {}))[:most])
        words = [as_data(word, _WORD_CHARS) for word in vocabulary.values(facet) if word in frequent]
        if words:
            lines.append(f"{facet}: {', '.join(words)}")
    for price in vocabulary.prices[:1]:
        low, high = (format_price(cents, price.currency, locale) for cents in (price.min_cents, price.max_cents))
        lines.append(f"price: {low} to {high} ({price.currency})")
    return "\n".join(lines)


def _shown(session: Session) -> str:
    return "\n".join(
        f"[{number}] " + " | ".join(as_data(word) for word in (shown.title, shown.category, shown.colour) if word)
        for number, shown in enumerate(session.shown[:_MOST_SHOWN], 1)
    )
