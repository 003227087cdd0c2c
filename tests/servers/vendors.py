"""Which local server speaks for which backend, and the settings that point the backend there."""

from collections.abc import Mapping
from contextlib import ExitStack

from agents.chat_models import open_chat_model
from agents.chat_models.langchain import LangChainModel
from env.settings import Settings
from tests.servers.gemini import Gemini
from tests.servers.local import LocalServer
from tests.servers.ollama import Ollama
from tests.servers.openai import OpenAI
from tests.servers.wire import Fault, Vendor

VENDORS: Mapping[str, type[Vendor]] = {"gemini": Gemini, "vertexai": Gemini, "openai": OpenAI, "ollama": Ollama}
SERVICES: Mapping[str, str] = {
    "gemini": "Gemini",
    "vertexai": "Vertex AI",
    "openai": "The OpenAI-compatible server",
    "ollama": "Ollama",
}
KEY = "sk-very-secret"
REPLY = "The first one [1] suits you."


def pointed_at(url: str) -> dict[str, object]:
    """Values of settings that make every backend ask the server at `url`."""
    return {
        "google_cloud_project": "shop",
        "gemini_base_url": url,
        "gemini_access_token": KEY,
        "openai_base_url": f"{url}/v1",
        "openai_api_key": KEY,
        "ollama_base_url": url,
        "chat_timeout_s": 5,
        "chat_max_retries": 1,
    }


def settings_for(url: str, **changes: object) -> Settings:
    """Settings that point every backend at `url`."""
    return Settings.model_validate(pointed_at(url) | changes)


class Opener:
    """Opens backends, each against a server of its own that lives as long as `stack`."""

    def __init__(self, stack: ExitStack) -> None:
        self._stack = stack

    def __call__(
        self, name: str, fault: Fault | None = None, times: int | None = None, answer: str = REPLY, **changes: object
    ) -> tuple[LangChainModel, LocalServer]:
        """The backend `name` at a server that always answers `answer`, after failing `times` times or always."""
        server = self._stack.enter_context(LocalServer(VENDORS[name](), brain=lambda ask: answer))
        if fault:
            server.fail(fault, times)
        model = open_chat_model(name, settings_for(server.url, **changes))
        assert isinstance(model, LangChainModel)
        return model, server
