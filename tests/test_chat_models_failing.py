"""Every way a vendor can fail, at a real socket: a typed error with a reason, bounded retries, a deadline."""

import gc
import threading
import warnings
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from PIL import Image
from pydantic import BaseModel

from agents.chat_models import HOSTED, open_chat_model
from agents.chat_models.message import ChatMessage
from env.errors import ChatModelError
from tests.servers.local import LocalServer
from tests.servers.vendors import REPLY, SERVICES, VENDORS, Opener, settings_for
from tests.servers.wire import Fault

# ChatVertexAI forgets to close the stream of an answer it cannot read.
pytestmark = pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")
every_vendor = pytest.mark.parametrize("name", list(HOSTED))
QUESTION = (ChatMessage("user", ("Which one?", Image.new("RGB", (60, 80), "red"))),)


class Wish(BaseModel):
    """A small shape."""

    route: str


@pytest.fixture(scope="module", autouse=True)
def _what_is_left_open_is_collected_here() -> Iterator[None]:
    """Not in the middle of another file's test, where it would be an error."""
    yield
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="unclosed <socket", category=ResourceWarning)
        gc.collect()


@pytest.fixture
def open_model() -> Iterator[Opener]:
    """Open a backend against a local server of its vendor."""
    with ExitStack() as stack:
        yield Opener(stack)


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
    open_model: Opener, name: str, fault: Fault, words: str
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
    open_model: Opener, name: str, fault: Fault, words: str
) -> None:
    model, _ = open_model(name, fault)
    with pytest.raises(ChatModelError, match=f"^{SERVICES[name]}: {expected(name, fault, words)}"):
        model.structured(QUESTION, Wish)


@every_vendor
def test_an_answer_of_another_shape_is_an_error_that_says_where(open_model: Opener, name: str) -> None:
    model, _ = open_model(name, Fault.WRONG_SHAPE)
    with pytest.raises(ChatModelError, match=r"answered in the wrong shape \(route\)$"):
        model.structured(QUESTION, Wish)
    model, _ = open_model(name, answer="I would rather not.")
    with pytest.raises(ChatModelError, match="answered in the wrong shape"):
        model.structured(QUESTION, Wish)


@every_vendor
@pytest.mark.parametrize("fault", [Fault.BUSY, Fault.BROKEN])
def test_a_passing_failure_is_asked_again_once(open_model: Opener, name: str, fault: Fault) -> None:
    model, server = open_model(name, fault, times=1)
    assert "".join(model.stream(QUESTION)) == REPLY
    assert len(server.requests) == 2


@every_vendor
def test_retries_are_bounded(open_model: Opener, name: str) -> None:
    model, server = open_model(name, Fault.BUSY, chat_max_retries=2)
    with pytest.raises(ChatModelError, match="429"):
        list(model.stream(QUESTION))
    assert len(server.requests) == 3


@every_vendor
@pytest.mark.parametrize("fault", [Fault.UNKNOWN, Fault.MALFORMED, Fault.CUT])
def test_a_lasting_failure_or_a_begun_answer_is_not_asked_again(open_model: Opener, name: str, fault: Fault) -> None:
    model, server = open_model(name, fault)
    with pytest.raises(ChatModelError):
        list(model.stream(QUESTION))
    assert len(server.requests) == 1


@every_vendor
@pytest.mark.parametrize("fault", [Fault.HANG, Fault.DRIP, Fault.PING])
def test_an_answer_that_never_ends_is_given_up(open_model: Opener, name: str, fault: Fault) -> None:
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


def test_leaving_a_stream_ends_its_thread(open_model: Opener) -> None:
    model, _ = open_model("openai", Fault.DRIP, chat_timeout_s=60)
    before = set(threading.enumerate())
    stream = model.stream(QUESTION)
    next(stream)
    (worker,) = [thread for thread in set(threading.enumerate()) - before if thread.name == "chat-model"]
    stream.close()  # type: ignore[attr-defined]
    worker.join(10)
    assert not worker.is_alive()
