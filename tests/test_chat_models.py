"""Hosted chat models at a real socket: what is sent, what comes back, and every way a vendor can fail."""

import io
import subprocess
import sys
import warnings
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from PIL import Image
from pydantic import BaseModel

from agents.chat_models import HOSTED, open_chat_model, open_structured_model
from agents.chat_models.message import ChatMessage
from env.errors import SettingsError
from env.settings import REPO_DIR, Settings
from tests.servers.local import LocalServer
from tests.servers.vendors import KEY, REPLY, Opener, settings_for
from tests.servers.wire import Ask, Fault

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


@pytest.fixture
def open_model() -> Iterator[Opener]:
    """Open a backend against a local server of its vendor."""
    with ExitStack() as stack:
        yield Opener(stack)


def only_ask(server: LocalServer) -> Ask:
    (recorded,) = server.requests
    return recorded.ask


every_vendor = pytest.mark.parametrize("name", list(HOSTED))


@every_vendor
def test_a_reply_streams_word_by_word(open_model: Opener, name: str) -> None:
    model, _ = open_model(name)
    pieces = list(model.stream(QUESTION))
    assert "".join(pieces) == REPLY
    assert len(pieces) == 6


@every_vendor
def test_texts_and_pictures_arrive_in_order_and_the_limits_are_sent(open_model: Opener, name: str) -> None:
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
def test_the_version_is_the_vendors_own_word_once_it_has_answered(open_model: Opener, name: str) -> None:
    model, _ = open_model(name)
    asked_for = model.version
    list(model.stream(QUESTION))
    # ChatVertexAI drops what the server says and repeats what was asked for.
    assert model.version == asked_for + ("" if name == "vertexai" else "-local")
    assert asked_for.startswith(f"{name} ")


@every_vendor
def test_an_answer_in_a_shape_is_asked_for_by_schema(open_model: Opener, name: str) -> None:
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
def test_a_fence_around_the_json_does_no_harm(open_model: Opener, name: str) -> None:
    model, _ = open_model(name, answer='Here you are:\n```json\n{"route": "thanks", "wanted": []}\n```')
    assert model.structured(QUESTION, Wish).route == "thanks"


@every_vendor
def test_a_server_without_schemas_is_asked_in_words_and_remembered(open_model: Opener, name: str) -> None:
    model, server = open_model(name, Fault.NO_SCHEMA, answer='{"route": "help", "wanted": []}')
    assert model.structured(QUESTION, Wish).route == "help"
    assert model.structured(QUESTION, Wish).route == "help"
    assert [recorded.ask.wants_json for recorded in server.requests] == [True, False, False]


@every_vendor
@pytest.mark.parametrize("fault", [Fault.NO_PICTURES, Fault.NO_EYES])
def test_a_server_without_eyes_is_asked_in_words_and_the_version_says_so(
    open_model: Opener, name: str, fault: Fault
) -> None:
    model, server = open_model(name, fault)
    assert "".join(model.stream(QUESTION)) == REPLY
    assert "".join(model.stream(QUESTION)) == REPLY
    assert [len(recorded.ask.pictures) for recorded in server.requests] == [1, 0, 0]
    assert model.version.endswith(" (words only)")


@every_vendor
def test_a_server_without_eyes_is_still_asked_by_schema(open_model: Opener, name: str) -> None:
    model, server = open_model(name, Fault.NO_PICTURES, answer='{"route": "help", "wanted": []}')
    assert model.structured(QUESTION, Wish).route == "help"
    model.structured(QUESTION, Wish)
    last = server.requests[-1].ask
    assert (last.wants_json, last.pictures) == (True, ())
    assert len(server.requests) == 4


def test_gemini_is_asked_on_vertex_paths_with_the_token_and_without_thinking(open_model: Opener) -> None:
    model, server = open_model("gemini")
    list(model.stream(QUESTION))
    (recorded,) = server.requests
    assert recorded.path == (
        "/v1beta1/projects/shop/locations/us-central1/publishers/google/models/gemini-2.5-flash"
        ":streamGenerateContent?alt=sse"
    )
    assert {key.lower(): value for key, value in recorded.headers.items()}["authorization"] == f"Bearer {KEY}"
    assert recorded.body["generationConfig"]["thinkingConfig"] == {"thinking_budget": 0}


def test_gemini_with_a_key_and_no_project_uses_the_developer_api(open_model: Opener) -> None:
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


def test_messages_are_read_without_chance(open_model: Opener) -> None:
    _, server = open_model("openai", answer='{"route": "help", "wanted": []}')
    reader = open_structured_model("openai", settings_for(server.url))
    reader.structured(QUESTION, Wish)
    assert only_ask(server).temperature == 0


def test_choosing_one_vendor_says_nothing_of_anothers_deprecation(open_model: Opener) -> None:
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        open_model("vertexai")
    assert [str(warning.message) for warning in told if issubclass(warning.category, DeprecationWarning)] == []


def test_no_vendors_library_is_imported_before_it_is_chosen() -> None:
    heavy = "{'torch', 'transformers', 'langchain_core', 'langchain_google_vertexai', 'google.genai', 'openai'}"
    code = f"import agents.desk, agents.chat_models, sys; print(sorted({heavy} & set(sys.modules)))"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=REPO_DIR)
    assert told.stdout == "[]\n"
