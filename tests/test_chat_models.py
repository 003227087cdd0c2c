"""Hosted chat models at a real socket: what is sent, what comes back, and every way a vendor can fail."""

import gc
import io
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from PIL import Image
from pydantic import BaseModel

from agents.chat_models import HOSTED, open_chat_model, open_structured_model
from agents.chat_models.langchain import LangChainModel
from agents.chat_models.message import ChatMessage
from env.errors import ChatModelError, SettingsError
from env.settings import Settings
from tests.servers.local import LocalServer
from tests.servers.vendors import KEY, SERVICES, VENDORS, settings_for
from tests.servers.wire import Ask, Fault

REPLY = "The first one [1] suits you."
QUESTION = (
    ChatMessage("system", ("You sell clothes.",)),
    ChatMessage("user", ("Look at this:", Image.new("RGB", (1200, 1600), "red"), "Which one?")),
)


class Wish(BaseModel):
    """A small shape with a nested one, so that references in its schema matter."""

    route: str
    wanted: list["Wanted"]


class Wanted(BaseModel):
    category: str
    count: int | None = None


Open = Callable[..., tuple[LangChainModel, LocalServer]]


# ChatVertexAI has no way to close its session.
pytestmark = pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")


@pytest.fixture(scope="module", autouse=True)
def _sessions_of_vertexai_are_left_open() -> Iterator[None]:
    """What it leaves is collected here, not in the middle of another file's test."""
    yield
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="unclosed <socket", category=ResourceWarning)
        gc.collect()


@pytest.fixture
def open_model() -> Iterator[Open]:
    """Open a backend against a local server of its vendor."""
    with ExitStack() as stack:

        def open_it(
            name: str, fault: Fault | None = None, times: int | None = None, answer: str = REPLY, **changes: object
        ) -> tuple[LangChainModel, LocalServer]:
            server = stack.enter_context(LocalServer(VENDORS[name](), brain=lambda ask: answer))
            if fault:
                server.fail(fault, times)
            model = open_chat_model(name, settings_for(server.url, **changes))
            assert isinstance(model, LangChainModel)
            return model, server

        yield open_it


def only_ask(server: LocalServer) -> Ask:
    (recorded,) = server.requests
    return recorded.ask


every_vendor = pytest.mark.parametrize("name", list(HOSTED))


@every_vendor
def test_a_reply_streams_word_by_word(open_model: Open, name: str) -> None:
    model, _ = open_model(name)
    pieces = list(model.stream(QUESTION))
    assert "".join(pieces) == REPLY
    assert len(pieces) == 6


@every_vendor
def test_texts_and_pictures_arrive_in_order_and_the_limits_are_sent(open_model: Open, name: str) -> None:
    model, server = open_model(name, chat_temperature=0.7, chat_max_output_tokens=123)
    list(model.stream(QUESTION))
    ask = only_ask(server)
    assert ask.system == "You sell clothes."
    words = ["Look at this:", "Which one?"]
    # Ollama's protocol has one text and a list of pictures to a message.
    arrived = ask.text.split("\n")[1:] if name == "ollama" else [part for part in ask.parts if isinstance(part, str)]
    assert arrived == words
    assert name == "ollama" or [type(part) for part in ask.parts] == [str, bytes, str]
    assert ask.temperature == pytest.approx(0.7)
    assert (ask.max_output_tokens, ask.is_stream) == (123, True)
    picture = Image.open(io.BytesIO(ask.pictures[0]))
    assert (picture.format, picture.size) == ("JPEG", (384, 512))


@every_vendor
def test_the_version_is_the_vendors_own_word_once_it_has_answered(open_model: Open, name: str) -> None:
    model, _ = open_model(name)
    asked_for = model.version
    list(model.stream(QUESTION))
    # ChatVertexAI drops what the server says and repeats what was asked for.
    assert model.version == asked_for + ("" if name == "vertexai" else "-local")
    assert asked_for.startswith(f"{name} ")


@every_vendor
def test_an_answer_in_a_shape_is_asked_for_by_schema(open_model: Open, name: str) -> None:
    model, server = open_model(name, answer='{"route": "search", "wanted": [{"category": "Belt", "count": 2}]}')
    wish = model.structured(QUESTION, Wish)
    assert wish == Wish(route="search", wanted=[Wanted(category="Belt", count=2)])
    ask = only_ask(server)
    assert ask.wants_json
    assert len(ask.pictures) == 1
    sent = str(server.requests[0].body)
    assert "category" in sent
    assert "$ref" not in sent


@every_vendor
def test_a_fence_around_the_json_does_no_harm(open_model: Open, name: str) -> None:
    model, _ = open_model(name, answer='Here you are:\n```json\n{"route": "thanks", "wanted": []}\n```')
    assert model.structured(QUESTION, Wish).route == "thanks"


@every_vendor
def test_a_server_without_schemas_is_asked_in_words_and_remembered(open_model: Open, name: str) -> None:
    model, server = open_model(name, Fault.NO_SCHEMA, answer='{"route": "help", "wanted": []}')
    assert model.structured(QUESTION, Wish).route == "help"
    assert model.structured(QUESTION, Wish).route == "help"
    assert [recorded.ask.wants_json for recorded in server.requests] == [True, False, False]


@every_vendor
def test_a_server_without_eyes_is_asked_in_words_and_the_version_says_so(open_model: Open, name: str) -> None:
    model, server = open_model(name, Fault.NO_PICTURES)
    assert "".join(model.stream(QUESTION)) == REPLY
    assert "".join(model.stream(QUESTION)) == REPLY
    assert [len(recorded.ask.pictures) for recorded in server.requests] == [1, 0, 0]
    assert model.version.endswith(" (words only)")


@every_vendor
def test_a_server_without_eyes_is_still_asked_by_schema(open_model: Open, name: str) -> None:
    model, server = open_model(name, Fault.NO_PICTURES, answer='{"route": "help", "wanted": []}')
    assert model.structured(QUESTION, Wish).route == "help"
    model.structured(QUESTION, Wish)
    last = server.requests[-1].ask
    assert (last.wants_json, last.pictures) == (True, ())
    assert len(server.requests) == 4


FAILURES = [
    (Fault.REFUSED, r"refused the credentials \(401\); check "),
    (Fault.UNKNOWN, r"does not know the model '[^']+' \(404\); check [A-Z]+_MODEL"),
    (Fault.BUSY, r"has no capacity for us right now \(429\)"),
    (Fault.BROKEN, r"failed on its side \(500\)"),
    (Fault.MALFORMED, "sent an answer that cannot be read"),
    (Fault.BLOCKED, r"withheld its answer \((safety|content_filter)\)"),
    (Fault.CUT, "broke off its answer"),
]


def expected(name: str, fault: Fault, words: str) -> str:
    # A static token cannot be renewed, so Google's library gives up before it reports the 401.
    if name == "vertexai" and fault is Fault.REFUSED:
        return "was given no valid credentials; check "
    # Ollama has no word for a withheld answer.
    return "gave an empty answer" if name == "ollama" and fault is Fault.BLOCKED else words


@every_vendor
@pytest.mark.parametrize(("fault", "words"), FAILURES, ids=[fault for fault, _ in FAILURES])
def test_every_failure_of_a_stream_names_the_service_and_the_reason(
    open_model: Open, name: str, fault: Fault, words: str
) -> None:
    model, _ = open_model(name, fault)
    with pytest.raises(ChatModelError, match=f"^{SERVICES[name]}: {expected(name, fault, words)}") as caught:
        list(model.stream(QUESTION))
    assert caught.value.service == SERVICES[name]
    assert "secret" not in str(caught.value)
    assert caught.value.__cause__ is None


@every_vendor
@pytest.mark.parametrize(("fault", "words"), FAILURES, ids=[fault for fault, _ in FAILURES])
def test_every_failure_of_a_shaped_answer_names_the_service_and_the_reason(
    open_model: Open, name: str, fault: Fault, words: str
) -> None:
    model, _ = open_model(name, fault)
    with pytest.raises(ChatModelError, match=f"^{SERVICES[name]}: {expected(name, fault, words)}"):
        model.structured(QUESTION, Wish)


@every_vendor
def test_an_answer_of_another_shape_is_an_error_that_says_where(open_model: Open, name: str) -> None:
    model, _ = open_model(name, Fault.WRONG_SHAPE)
    with pytest.raises(ChatModelError, match=r"answered in the wrong shape \(route\)$"):
        model.structured(QUESTION, Wish)
    model, _ = open_model(name, answer="I would rather not.")
    with pytest.raises(ChatModelError, match="answered in the wrong shape"):
        model.structured(QUESTION, Wish)


@every_vendor
@pytest.mark.parametrize("fault", [Fault.BUSY, Fault.BROKEN])
def test_a_passing_failure_is_asked_again_once(open_model: Open, name: str, fault: Fault) -> None:
    model, server = open_model(name, fault, times=1)
    assert "".join(model.stream(QUESTION)) == REPLY
    assert len(server.requests) == 2


@every_vendor
def test_retries_are_bounded(open_model: Open, name: str) -> None:
    model, server = open_model(name, Fault.BUSY, chat_max_retries=2)
    with pytest.raises(ChatModelError, match="429"):
        list(model.stream(QUESTION))
    assert len(server.requests) == 3


@every_vendor
@pytest.mark.parametrize("fault", [Fault.UNKNOWN, Fault.MALFORMED, Fault.CUT])
def test_a_lasting_failure_or_a_begun_answer_is_not_asked_again(open_model: Open, name: str, fault: Fault) -> None:
    model, server = open_model(name, fault)
    with pytest.raises(ChatModelError):
        list(model.stream(QUESTION))
    assert len(server.requests) == 1


@every_vendor
@pytest.mark.parametrize("fault", [Fault.HANG, Fault.DRIP, Fault.PING])
def test_an_answer_that_never_ends_is_given_up(open_model: Open, name: str, fault: Fault) -> None:
    model, server = open_model(name, fault, chat_timeout_s=0.5)
    with pytest.raises(ChatModelError, match=rf"^{SERVICES[name]}: did not answer in 0\.5 s$"):
        list(model.stream(QUESTION))
    with pytest.raises(ChatModelError, match=r"did not answer in 0\.5 s"):
        model.structured(QUESTION, Wish)
    assert len(server.requests) == 2


@every_vendor
def test_a_server_that_is_not_there_is_named_with_the_setting(name: str) -> None:
    with LocalServer(VENDORS[name]()) as server:
        gone = server.url
    model = open_chat_model(name, settings_for(gone, chat_max_retries=0))
    with pytest.raises(ChatModelError, match=r"could not be reached; check the network and [A-Z]+_BASE_URL"):
        list(model.stream(QUESTION))


def test_leaving_a_stream_ends_its_thread(open_model: Open) -> None:
    model, _ = open_model("openai", Fault.DRIP, chat_timeout_s=60)
    before = set(threading.enumerate())
    stream = model.stream(QUESTION)
    next(stream)
    (worker,) = [thread for thread in set(threading.enumerate()) - before if thread.name == "chat-model"]
    stream.close()  # type: ignore[attr-defined]
    worker.join(10)
    assert not worker.is_alive()


def test_gemini_is_asked_on_vertex_paths_with_the_token_and_without_thinking(open_model: Open) -> None:
    model, server = open_model("gemini")
    list(model.stream(QUESTION))
    (recorded,) = server.requests
    assert recorded.path == (
        "/v1beta1/projects/shop/locations/us-central1/publishers/google/models/gemini-2.5-flash"
        ":streamGenerateContent?alt=sse"
    )
    assert {key.lower(): value for key, value in recorded.headers.items()}["authorization"] == f"Bearer {KEY}"
    assert recorded.body["generationConfig"]["thinkingConfig"] == {"thinking_budget": 0}


def test_gemini_with_a_key_and_no_project_uses_the_developer_api(open_model: Open) -> None:
    model, server = open_model("gemini", google_cloud_project="", google_api_key=KEY)
    assert "".join(model.stream(QUESTION)) == REPLY
    (recorded,) = server.requests
    assert recorded.path == "/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse"
    assert {key.lower(): value for key, value in recorded.headers.items()}["x-goog-api-key"] == KEY


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("gemini", r"gemini needs GOOGLE_CLOUD_PROJECT \(Vertex AI\) or GOOGLE_API_KEY"),
        ("vertexai", "vertexai needs GOOGLE_CLOUD_PROJECT"),
        ("openai", "needs OPENAI_API_KEY"),
    ],
)
def test_a_missing_setting_is_told_before_anything_is_asked(name: str, words: str) -> None:
    with pytest.raises(SettingsError, match=words):
        open_chat_model(name, Settings())


def test_an_unknown_name_lists_the_known_ones() -> None:
    with pytest.raises(SettingsError, match="known are gemini, vertexai, openai, ollama, llava"):
        open_chat_model("oracle", Settings())
    with pytest.raises(SettingsError, match=r"known are gemini, vertexai, openai, ollama$"):
        open_structured_model("llava", Settings())


def test_messages_are_read_without_chance(open_model: Open) -> None:
    _, server = open_model("openai", answer='{"route": "help", "wanted": []}')
    reader = open_structured_model("openai", settings_for(server.url))
    reader.structured(QUESTION, Wish)
    assert only_ask(server).temperature == 0


def test_choosing_one_vendor_says_nothing_of_anothers_deprecation(open_model: Open) -> None:
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        open_model("vertexai")
    assert [str(warning.message) for warning in told if issubclass(warning.category, DeprecationWarning)] == []
