"""The vendors' clients, each made from settings. Imports happen inside: ChatVertexAI alone takes seconds."""

import contextlib
import warnings
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from agents.chat_models.failure import Vendor
from agents.chat_models.langchain import LangChainModel, Limits
from env.errors import SettingsError
from env.settings import Settings

if TYPE_CHECKING:
    from google.oauth2.credentials import Credentials

OPENAI_URL = "https://api.openai.com/"
# Ollama silently cuts what does not fit into its context. Nine pictures of 576 tokens and the words do.
OLLAMA_CONTEXT_TOKENS = 8_192


def open_gemini(settings: Settings, limits: Limits) -> LangChainModel:
    """Gemini: on Vertex AI when a project is set, else on the developer API with a key."""
    from langchain_google_genai import ChatGoogleGenerativeAI

    where: dict[str, Any] = {"base_url": settings.gemini_base_url or None}
    if settings.google_cloud_project:
        where |= {
            "vertexai": True,
            "project": settings.google_cloud_project,
            "location": settings.google_cloud_location,
            "credentials": _credentials(settings),
        }
    elif settings.google_api_key.get_secret_value():
        where |= {"vertexai": False, "google_api_key": settings.google_api_key}
    else:
        raise SettingsError(
            "gemini needs GOOGLE_CLOUD_PROJECT (Vertex AI) or GOOGLE_API_KEY (developer API), and both are empty;"
            " set one of them in env/llm.env"
        )
    chat = ChatGoogleGenerativeAI(
        model=settings.gemini_model,
        temperature=limits.temperature,
        max_output_tokens=limits.max_output_tokens,
        timeout=limits.timeout_s,
        max_retries=1,  # the library counts attempts
        thinking_budget=_thinking_budget(settings.gemini_model),
        **where,
    )
    key_setting = "GOOGLE_APPLICATION_CREDENTIALS" if settings.google_cloud_project else "GOOGLE_API_KEY"
    vendor = Vendor("gemini", "Gemini", settings.gemini_model, "GEMINI_MODEL", key_setting, "GEMINI_BASE_URL")
    return LangChainModel(
        chat,
        vendor,
        limits,
        lambda schema: {"response_mime_type": "application/json", "response_json_schema": schema},
    )


def open_vertexai(settings: Settings, limits: Limits) -> LangChainModel:
    """Gemini through ChatVertexAI, for those who deploy that class already; `gemini` is the better choice."""
    from langchain_google_vertexai import ChatVertexAI

    if not settings.google_cloud_project:
        raise SettingsError("vertexai needs GOOGLE_CLOUD_PROJECT, which is empty; set it in env/llm.env")
    with _deprecation_accepted():
        chat = ChatVertexAI(
            model=settings.gemini_model,
            project=settings.google_cloud_project,
            location=settings.google_cloud_location,
            credentials=_credentials(settings),
            # REST, not gRPC: it goes through proxies, and a base URL can point at any server.
            api_transport="rest",
            api_endpoint=settings.gemini_base_url or None,
            # The class has no way to close its session, so no connection is left open in it.
            additional_headers={"Connection": "close"},
            temperature=limits.temperature,
            max_output_tokens=limits.max_output_tokens,
            timeout=limits.timeout_s,
            max_retries=1,  # the library counts attempts
            thinking_budget=_thinking_budget(settings.gemini_model),
        )
    vendor = Vendor(
        "vertexai",
        "Vertex AI",
        settings.gemini_model,
        "GEMINI_MODEL",
        "GOOGLE_APPLICATION_CREDENTIALS",
        "GEMINI_BASE_URL",
    )
    return LangChainModel(
        chat,
        vendor,
        limits,
        lambda schema: {"response_mime_type": "application/json", "response_schema": _unbounded(schema)},
    )


def open_openai(settings: Settings, limits: Limits) -> LangChainModel:
    """Any server that speaks OpenAI's chat completions: vLLM, llama.cpp, LM Studio, OpenAI itself."""
    from langchain_openai import ChatOpenAI
    from pydantic import SecretStr

    is_openai = settings.openai_base_url.startswith(OPENAI_URL)
    key = settings.openai_api_key.get_secret_value()
    if is_openai and not key:
        raise SettingsError(
            f"openai at {settings.openai_base_url!r} needs OPENAI_API_KEY, which is empty;"
            " set it in env/llm.env, or point OPENAI_BASE_URL at a server of your own"
        )
    chat = ChatOpenAI(
        model=settings.openai_model,
        base_url=settings.openai_base_url,
        api_key=SecretStr(key or "none"),
        temperature=limits.temperature,
        max_completion_tokens=limits.max_output_tokens,
        timeout=limits.timeout_s,
        max_retries=0,
        # Not every server of others takes the question for its usage.
        stream_usage=is_openai,
        # The older name of the same limit, which is the only one some servers know.
        extra_body=None if is_openai else {"max_tokens": limits.max_output_tokens},
    )
    service = "OpenAI" if is_openai else "The OpenAI-compatible server"
    vendor = Vendor("openai", service, settings.openai_model, "OPENAI_MODEL", "OPENAI_API_KEY", "OPENAI_BASE_URL")
    return LangChainModel(
        chat,
        vendor,
        limits,
        lambda schema: {
            "response_format": {"type": "json_schema", "json_schema": {"name": schema["title"], "schema": schema}}
        },
    )


def open_ollama(settings: Settings, limits: Limits) -> LangChainModel:
    """A model served by Ollama."""
    import httpx
    from langchain_ollama import ChatOllama

    chat = ChatOllama(
        model=settings.ollama_model,
        base_url=settings.ollama_base_url,
        temperature=limits.temperature,
        num_predict=limits.max_output_tokens,
        num_ctx=OLLAMA_CONTEXT_TOKENS,
        # Turns are far apart: a connection kept open would only be found stale.
        client_kwargs={"timeout": limits.timeout_s, "limits": httpx.Limits(max_keepalive_connections=0)},
    )
    vendor = Vendor("ollama", "Ollama", settings.ollama_model, "OLLAMA_MODEL", "OLLAMA_BASE_URL", "OLLAMA_BASE_URL")
    return LangChainModel(chat, vendor, limits, lambda schema: {"format": schema})


def _credentials(settings: Settings) -> "Credentials | None":
    """A token given in settings, for gateways and local servers; None lets Google's library find its own."""
    from google.oauth2.credentials import Credentials

    token = settings.gemini_access_token.get_secret_value()
    return Credentials(token=token) if token else None  # type: ignore[no-untyped-call]


def _thinking_budget(model: str) -> int | None:
    """No thinking where it can be switched off: it would eat the few tokens a short reply is given."""
    return 0 if "2.5-flash" in model else None


def _unbounded(node: Any) -> Any:
    """A schema without `maxItems`: ChatVertexAI cannot translate it."""
    if isinstance(node, list):
        return [_unbounded(value) for value in node]
    if not isinstance(node, dict):
        return node
    return {name: _unbounded(value) for name, value in node.items() if name != "maxItems"}


@contextlib.contextmanager
def _deprecation_accepted() -> Iterator[None]:
    """ChatVertexAI says twice that it is deprecated; decision 0002 says why its name stays.

    To be entered after the import, which puts a filter of its own in front of all others.
    """
    with warnings.catch_warnings():
        for words in (r"Use \[`ChatGoogleGenerativeAI`\]", "The class `ChatVertexAI` was deprecated"):
            warnings.filterwarnings("ignore", message=words, category=DeprecationWarning)
        yield
