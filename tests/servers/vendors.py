"""Which local server speaks for which backend, and the settings that point the backend there."""

from collections.abc import Mapping

from env.settings import Settings
from tests.servers.gemini import Gemini
from tests.servers.ollama import Ollama
from tests.servers.openai import OpenAI
from tests.servers.wire import Vendor

VENDORS: Mapping[str, type[Vendor]] = {"gemini": Gemini, "vertexai": Gemini, "openai": OpenAI, "ollama": Ollama}
SERVICES: Mapping[str, str] = {
    "gemini": "Gemini",
    "vertexai": "Vertex AI",
    "openai": "The OpenAI-compatible server",
    "ollama": "Ollama",
}
KEY = "sk-very-secret"


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
