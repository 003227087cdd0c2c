"""Any LangChain chat model as one of ours: a deadline, bounded retries, typed failures, a recorded version."""

import logging
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel, ValidationError

from agents.chat_models.deadline import Waiting, within
from agents.chat_models.failure import Vendor, failure_of, to_error
from agents.chat_models.message import ChatMessage, jpeg_base64
from agents.chat_models.usage import Usage, add_used
from env.errors import ChatModelError

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import AIMessage, BaseMessage

logger = logging.getLogger(__name__)

Shape = TypeVar("Shape", bound=BaseModel)

FIRST_PAUSE_S = 0.4
# What vendors call an answer that was withheld, wholly or from some point on.
WITHHELD = {"safety", "recitation", "blocklist", "prohibited_content", "spii", "content_filter", "image_safety"}
# What a question may bring along and a server may refuse.
SCHEMA, PICTURES = "a schema", "pictures"
OUT_OF_TOKENS = {"max_tokens", "length"}


@dataclass(frozen=True, slots=True)
class Limits:
    """How long, how often and how much. `timeout_s` bounds the whole answer, retries included."""

    timeout_s: float
    max_retries: int
    temperature: float
    max_output_tokens: int


class LangChainModel:
    """A hosted model: streams text, and answers in the shape of a pydantic model.

    `schema_arguments` turns a JSON schema into the vendor's own request arguments. Vendors' own retries are off
    (`chat` is built that way): they know no deadline.
    """

    max_pictures = 9

    def __init__(
        self,
        chat: "BaseChatModel",
        vendor: Vendor,
        limits: Limits,
        schema_arguments: Callable[[dict[str, Any]], dict[str, Any]],
    ) -> None:
        self._chat = chat
        self._vendor = vendor
        self._limits = limits
        self._schema_arguments = schema_arguments
        self._refused: set[str] = set()
        self._served = vendor.model
        self.usage = Usage()

    @property
    def version(self) -> str:
        """Backend and model, e.g. "gemini gemini-2.5-flash"; the vendor's own word for it once it has answered."""
        blind = " (words only)" if PICTURES in self._refused else ""
        return f"{self._vendor.backend} {self._served}{blind}"

    def stream(self, messages: Sequence[ChatMessage]) -> Iterator[str]:
        """Yield the answer piece by piece.

        A server that refuses pictures is asked again without them, and `version` says so from then on.

        Raises:
            ChatModelError: any failure, at the first piece or in the middle; an empty or withheld answer too.
        """

        def ask(given: frozenset[str]) -> Generator[str]:
            return self._pieces(_to_langchain(messages, PICTURES in given))

        return self._told(lambda waiting: self._patiently(waiting, lambda: self._adapted(_extras(messages), ask)))

    def structured(self, messages: Sequence[ChatMessage], shape: type[Shape]) -> Shape:
        """Ask for an answer in a shape.

        A server that refuses schemas is asked again without one: the prompt must describe the shape too.

        Raises:
            ChatModelError: any failure, or an answer that does not have the shape.
        """
        schema = _inlined(shape)

        def ask(given: frozenset[str]) -> Generator[str]:
            arguments = self._schema_arguments(schema) if SCHEMA in given else {}
            return self._whole(_to_langchain(messages, PICTURES in given), arguments)

        extras = (SCHEMA, *_extras(messages))
        (text,) = self._told(lambda waiting: self._patiently(waiting, lambda: self._adapted(extras, ask)))
        try:
            return shape.model_validate_json(json_part(text))
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(step) for step in first["loc"]) or "its answer"
            raise ChatModelError(self._vendor.service, f"answered in the wrong shape ({where})") from error

    def _told(self, produce: Callable[[Waiting], Generator[str]]) -> Iterator[str]:
        try:
            yield from within(self._limits.timeout_s, produce)
        except ChatModelError:
            raise
        except Exception as error:  # noqa: BLE001 - the edge to the vendors: each has error classes of its own
            # Not `from error`: a logged traceback would carry the vendor's text, and that may repeat a key.
            raise to_error(error, self._vendor, self._limits.timeout_s) from None

    def _patiently(self, waiting: Waiting, ask: Callable[[], Generator[str]]) -> Generator[str]:
        """Ask again after a passing failure, as long as nothing was said yet."""
        for attempt in range(self._limits.max_retries + 1):
            has_spoken = False
            try:
                for piece in ask():
                    has_spoken = True
                    yield piece
                return
            except Exception as error:
                failure = failure_of(error, self._vendor, self._limits.timeout_s)
                is_last = attempt == self._limits.max_retries
                if has_spoken or is_last or not failure.is_passing:
                    raise
                logger.info("chat model asked again: service=%s reason=%s", self._vendor.service, failure.reason)
                if not waiting.pause(FIRST_PAUSE_S * 2**attempt):
                    raise

    def _adapted(self, extras: Sequence[str], ask: Callable[[frozenset[str]], Generator[str]]) -> Generator[str]:
        """Ask with all extras the server takes; when it refuses the question, with ever fewer, and remember."""
        wanted = [extra for extra in extras if extra not in self._refused]
        attempts = [dropped for n_dropped in range(len(wanted) + 1) for dropped in combinations(wanted, n_dropped)]
        for dropped in attempts:
            try:
                yield from ask(frozenset(wanted) - frozenset(dropped))
            except Exception as error:
                failure = failure_of(error, self._vendor, self._limits.timeout_s)
                if dropped == attempts[-1] or not failure.is_bad_request:
                    raise
                continue
            if dropped:
                logger.warning("chat model asked without %s from now on: %s", " and ".join(dropped), self.version)
                self._refused.update(dropped)
            return

    def _pieces(self, wire: "list[BaseMessage]") -> Generator[str]:
        has_text = False
        reason = ""
        for chunk in self._chat.stream(wire):
            reason = self._note(chunk) or reason
            if chunk.text:
                has_text = True
                yield chunk.text
        self._check_end(reason, has_text)

    def _whole(self, wire: "list[BaseMessage]", arguments: dict[str, Any]) -> Generator[str]:
        answer = self._chat.invoke(wire, **arguments)
        self._check_end(self._note(answer), bool(answer.text))
        yield answer.text

    def _note(self, answer: "AIMessage") -> str:
        """Remember which model answered and what it used; the reason it gives for having ended, "" while it goes on."""
        if used := answer.usage_metadata:
            self.usage = self.usage.plus(used["input_tokens"], used["output_tokens"])
            add_used(used["input_tokens"], used["output_tokens"])
        told = answer.response_metadata
        self._served = str(told.get("model_version") or told.get("model_name") or self._served)
        return str(told.get("finish_reason") or told.get("done_reason") or "").lower()

    def _check_end(self, reason: str, has_text: bool) -> None:
        if reason in WITHHELD:
            raise ChatModelError(self._vendor.service, f"withheld its answer ({reason})")
        if has_text:
            return
        if reason in OUT_OF_TOKENS:
            raise ChatModelError(
                self._vendor.service, "ran out of tokens before it said anything", "raise CHAT_MAX_OUTPUT_TOKENS"
            )
        raise ChatModelError(self._vendor.service, "gave an empty answer")


def json_part(text: str) -> str:
    """The JSON object inside an answer: models like to put a fence or a sentence around it."""
    start, end = text.find("{"), text.rfind("}")
    return text[start : end + 1] if 0 <= start < end else text


def _extras(messages: Sequence[ChatMessage]) -> tuple[str, ...]:
    has_pictures = any(not isinstance(part, str) for message in messages for part in message.parts)
    return (PICTURES,) if has_pictures else ()


def _to_langchain(messages: Sequence[ChatMessage], with_pictures: bool) -> "list[BaseMessage]":
    from langchain_core.messages import HumanMessage, SystemMessage

    wire: list[BaseMessage] = []
    for message in messages:
        if message.role == "system":
            wire.append(SystemMessage("\n".join(part for part in message.parts if isinstance(part, str))))
            continue
        blocks: list[str | dict[Any, Any]] = []
        for part in message.parts:
            if isinstance(part, str):
                blocks.append({"type": "text", "text": part})
            elif with_pictures:
                blocks.append({"type": "image", "base64": jpeg_base64(part), "mime_type": "image/jpeg"})
        wire.append(HumanMessage(blocks))
    return wire


def _inlined(shape: type[BaseModel]) -> dict[str, Any]:
    """The shape's JSON schema without references and nulls: not every vendor knows them, and absent says the same."""
    from langchain_core.utils.json_schema import dereference_refs

    schema: dict[str, Any] = dereference_refs(shape.model_json_schema())
    schema.pop("$defs", None)
    return {name: _without_null(value) for name, value in schema.items()}


def _without_null(node: Any) -> Any:
    if isinstance(node, list):
        return [_without_null(value) for value in node]
    if not isinstance(node, dict):
        return node
    kinds = [kind for kind in node.get("anyOf", ()) if kind != {"type": "null"}]
    if len(kinds) == 1:
        node = {name: value for name, value in node.items() if name not in ("anyOf", "default")} | kinds[0]
    return {name: _without_null(value) for name, value in node.items()}
