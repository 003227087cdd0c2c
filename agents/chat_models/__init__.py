"""Chat models by name: hosted ones through LangChain, LLaVA in this process; libraries load when one is chosen."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Protocol, TypeVar

from pydantic import BaseModel

from agents.chat_models.hosted import open_gemini, open_ollama, open_openai, open_vertexai
from agents.chat_models.langchain import LangChainModel, Limits
from agents.chat_models.llava import open_llava
from agents.chat_models.message import ChatMessage
from env.errors import SettingsError
from env.settings import Settings

Shape = TypeVar("Shape", bound=BaseModel)

# An intent is longer than a reply, and the same words must always be read the same way.
STRUCTURED_OUTPUT_TOKENS = 1_024
STRUCTURED_TEMPERATURE = 0.0


class ChatModel(Protocol):
    """Writes about texts and pictures. `max_pictures` is how many one question can hold."""

    @property
    def max_pictures(self) -> int: ...

    @property
    def version(self) -> str:
        """Backend and model, e.g. "gemini gemini-2.5-flash"."""
        ...

    def stream(self, messages: Sequence[ChatMessage]) -> Iterator[str]:
        """Yield the answer piece by piece; every failure is a ChatModelError."""
        ...


class StructuredModel(Protocol):
    """Answers in the shape of a pydantic model."""

    @property
    def version(self) -> str:
        """Backend and model, e.g. "gemini gemini-2.5-flash"."""
        ...

    def structured(self, messages: Sequence[ChatMessage], shape: type[Shape]) -> Shape:
        """The answer in a shape; every failure is a ChatModelError."""
        ...


HOSTED: Mapping[str, Callable[[Settings, Limits], LangChainModel]] = MappingProxyType(
    {"gemini": open_gemini, "vertexai": open_vertexai, "openai": open_openai, "ollama": open_ollama}
)
CHAT_MODELS: Mapping[str, Callable[[Settings, Limits], ChatModel]] = MappingProxyType({**HOSTED, "llava": open_llava})


def open_chat_model(name: str, settings: Settings) -> ChatModel:
    """The model that writes replies.

    Raises:
        SettingsError: the name is unknown, or a setting it needs is empty.
        ChatModelError: a local model cannot be loaded.
    """
    if name not in CHAT_MODELS:
        raise SettingsError(f"ASSISTANT={name!r} is no chat model; known are {', '.join(CHAT_MODELS)}")
    limits = Limits(
        settings.chat_timeout_s,
        settings.chat_max_retries,
        settings.chat_temperature,
        settings.chat_max_output_tokens,
    )
    return CHAT_MODELS[name](settings, limits)


def open_structured_model(name: str, settings: Settings) -> StructuredModel:
    """The model that reads messages.

    Raises:
        SettingsError: the name is unknown, or a setting it needs is empty.
    """
    if name not in HOSTED:
        raise SettingsError(f"CLASSIFIER={name!r} cannot answer in a shape; known are {', '.join(HOSTED)}")
    limits = Limits(
        settings.chat_timeout_s, settings.chat_max_retries, STRUCTURED_TEMPERATURE, STRUCTURED_OUTPUT_TOKENS
    )
    return HOSTED[name](settings, limits)
