"""A chat model that is listened to: what it was told, what it said before anything was checked, what that used."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from agents.chat_models import ChatModel, Shape, StructuredModel
from agents.chat_models.langchain import LangChainModel
from agents.chat_models.message import ChatMessage
from agents.chat_models.usage import Usage
from env.errors import ChatModelError

# Where a vendor sends no numbers: so many characters of English make a token, and so many tokens a small picture.
_CHARS_PER_TOKEN = 4
_TOKENS_PER_PICTURE = 260
WRONG_SHAPE = "answered in the wrong shape"


@dataclass(slots=True)
class Meter:
    """Adds up over one turn. `said` is the reply as the model wrote it, `misshapen` what was wrong with an answer."""

    usage: Usage = field(default_factory=Usage)
    is_estimated: bool = False
    n_calls: int = 0
    said: str = ""
    misshapen: str = ""

    def clear(self) -> None:
        """Begin with the next turn."""
        self.usage, self.is_estimated, self.n_calls, self.said, self.misshapen = Usage(), False, 0, "", ""


class MeteredModel:
    """Any chat model; `max_pictures` pictures go along with a question, and `name` is what it is called."""

    def __init__(
        self, model: ChatModel | StructuredModel, meter: Meter, name: str = "", max_pictures: int | None = None
    ) -> None:
        self._model = model
        self._meter = meter
        self._name = name
        self.max_pictures = getattr(model, "max_pictures", 0) if max_pictures is None else max_pictures

    @property
    def version(self) -> str:
        """Backend and model."""
        return self._name or self._model.version

    def stream(self, messages: Sequence[ChatMessage]) -> Iterator[str]:
        """What the model writes, piece by piece; raises ChatModelError."""
        before, said = self._usage(), ""
        try:
            for piece in self._model.stream(messages):  # type: ignore[union-attr]
                said += piece
                yield piece
        finally:
            self._meter.said += said
            self._count(messages, said, before)

    def structured(self, messages: Sequence[ChatMessage], shape: type[Shape]) -> Shape:
        """The answer in a shape; raises ChatModelError."""
        before, said = self._usage(), ""
        try:
            answer: Shape = self._model.structured(messages, shape)  # type: ignore[union-attr]
            said = answer.model_dump_json(exclude_defaults=True)
            return answer
        except ChatModelError as error:
            if error.reason.startswith(WRONG_SHAPE):
                self._meter.misshapen = error.reason
            raise
        finally:
            self._count(messages, said, before)

    def _usage(self) -> Usage:
        return self._model.usage if isinstance(self._model, LangChainModel) else Usage()

    def _count(self, messages: Sequence[ChatMessage], said: str, before: Usage) -> None:
        after = self._usage()
        told = Usage(after.tokens_in - before.tokens_in, after.tokens_out - before.tokens_out)
        if not told.tokens_in:
            told = Usage(_estimated(messages), -(-len(said) // _CHARS_PER_TOKEN))
            self._meter.is_estimated = True
        self._meter.usage = self._meter.usage.plus(told.tokens_in, told.tokens_out)
        self._meter.n_calls += 1


def _estimated(messages: Sequence[ChatMessage]) -> int:
    parts = [part for message in messages for part in message.parts]
    n_chars = sum(len(part) for part in parts if isinstance(part, str))
    n_pictures = sum(not isinstance(part, str) for part in parts)
    return -(-n_chars // _CHARS_PER_TOKEN) + n_pictures * _TOKENS_PER_PICTURE
