"""A version of a prompt as a model would get it, filled with a turn that really happened; no model is asked."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from PIL import Image
from pydantic import BaseModel

from agents.assistant.model import ModelAssistant
from agents.chat_models.message import ChatMessage
from agents.classifier.model import ModelClassifier
from agents.classifier.slots import Defaults
from agents.events import Message
from agents.intent_json import intent_from_json
from agents.prompt import Prompt
from agents.prompts_in_force import PromptsInForce
from agents.restored import groups_of, restored_evidence
from agents.session import Session
from env.errors import ChatModelError, PromptError
from tools.shop import Shop
from tools.store_latest import LatestTurn

Shape = TypeVar("Shape", bound=BaseModel)
# As many as the hosted models take.
_MAX_PICTURES = 16
PICTURE = "(a picture)"


@dataclass(frozen=True, slots=True)
class Said:
    """One message to the model, its pictures as PICTURE. `role` is "system" or "user"."""

    role: str
    parts: tuple[str, ...]


def preview(prompt: Prompt, turn: LatestTurn, shop: Shop) -> tuple[Said, ...]:
    """The messages that this version makes of a stored turn, built by the code that serves shoppers.

    A shopper's photo is never stored, so a blank stands for it; of all pictures only that they are there is told.
    Rows are read afresh: prices and other colours are today's.

    Raises:
        PromptError: no code fills this prompt, or it cannot be filled.
        CatalogError: the stored catalogue cannot serve the search.
    """
    if prompt.name not in _FILLED:
        raise PromptError(f"prompt {prompt.name!r} is filled in by nothing that could be shown; see agents/")
    session = Session.from_json(turn.session_id, turn.state_before)
    session.prompts = PromptsInForce({prompt.name: prompt})
    message = Message(turn.message, _blank() if turn.has_photo else None)
    told = _FILLED[prompt.name](_Asked(message, session, turn.record, shop))
    return tuple(_said(each) for each in told)


@dataclass(frozen=True, slots=True)
class _Asked:
    message: Message
    session: Session
    record: Mapping[str, object]
    shop: Shop


@dataclass(slots=True)
class _Recorder:
    """Stands where a model stands, keeps what it is told and answers nothing."""

    heard: list[ChatMessage] = field(default_factory=list)
    version: str = "preview"
    max_pictures: int = _MAX_PICTURES

    def stream(self, messages: Sequence[ChatMessage]) -> Iterator[str]:
        """Keep them; no words."""
        self.heard.extend(messages)
        yield from ()

    def structured(self, messages: Sequence[ChatMessage], shape: type[Shape]) -> Shape:
        """Keep them; there is no answer to take a shape from."""
        self.heard.extend(messages)
        raise ChatModelError("the preview", "asks no model")


def _as_classifier(asked: _Asked) -> list[ChatMessage]:
    recorder, settings = _Recorder(), asked.shop.settings
    reader = ModelClassifier(recorder, Defaults(settings.currency, settings.max_items), settings.locale)
    try:
        reader.read(asked.message, asked.session, asked.shop.catalog.vocabulary())
    except ChatModelError:
        return recorder.heard
    return recorder.heard


def _as_assistant(asked: _Asked) -> list[ChatMessage]:
    recorder, record = _Recorder(), asked.record
    evidence = restored_evidence(record, groups_of([record], asked.shop.catalog))
    read = record["intent"]
    assert isinstance(read, Mapping)
    intent = intent_from_json({**read, "text": record["text"]})
    writer = ModelAssistant(recorder, asked.shop.pictures, asked.shop.settings.locale)
    for _ in writer.reply(asked.message, intent, evidence, asked.session):
        pass
    return recorder.heard


_FILLED: Mapping[str, Callable[[_Asked], list[ChatMessage]]] = {
    "classifier": _as_classifier,
    "assistant": _as_assistant,
}


def _said(message: ChatMessage) -> Said:
    return Said(message.role, tuple(part if isinstance(part, str) else PICTURE for part in message.parts))


def _blank() -> Image.Image:
    return Image.new("RGB", (1, 1), "white")
