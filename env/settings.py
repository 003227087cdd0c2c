"""All settings, read once from the environment and the `env/*.env` files."""

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from env.errors import SettingsError

REPO_DIR = Path(__file__).resolve().parent.parent
ENV_FILES = tuple(REPO_DIR / "env" / f"{name}.env" for name in ("connection", "postgres", "llm"))

ClassifierName = Literal["offline", "gemini", "vertexai", "openai", "ollama"]
AssistantName = Literal["offline", "gemini", "vertexai", "openai", "ollama", "llava"]


class Settings(BaseSettings):
    """Everything that may differ between a laptop and a cluster. Names in the environment are upper case."""

    model_config = SettingsConfigDict(env_file=ENV_FILES, extra="ignore", env_ignore_empty=True, frozen=True)

    # Where things are. An empty database_url starts the embedded Postgres in data_dir.
    # A URL is a plain string: pydantic's PostgresDsn refuses socket URLs.
    database_url: SecretStr = SecretStr("")
    data_dir: Path = REPO_DIR / "var"
    # What the embedded Postgres keeps of its tables and indexes in memory (shared_buffers), beside the system's cache.
    postgres_memory_mb: int = Field(default=128, ge=16, le=1_000_000)
    host: str = "127.0.0.1"
    port: int = Field(default=8501, ge=1, le=65535)

    # Who may do what (docs/operations.md); "local" serves this machine alone and gives whoever sits at it all roles.
    access: Literal["local", "public", "login", "proxy"] = "local"
    # Names (of the claim in a login, of the header behind a proxy) that have a role, separated by commas.
    merchandisers: str = ""
    presenters: str = ""
    admins: str = ""
    access_claims: str = "roles,groups,email"
    # Whether only guests of a demo (by their link) and staff may use the shop.
    guests_only: bool = False
    proxy_user_header: str = "X-Forwarded-User"
    proxy_groups_header: str = "X-Forwarded-Groups"
    # What the proxy sends in X-Vitrine-Proxy, so that nobody who reaches the page around it is believed.
    proxy_secret: SecretStr = SecretStr("")

    # Where Streamlit looks for its secrets, [auth] of a login among them; under Streamlit's own name.
    streamlit_secrets_files: str = ""

    # The embedding space.
    embedder: str = "models/blip2-mini"
    embedder_device: Literal["auto", "cpu", "cuda", "mps"] = "auto"
    embedder_dtype: Literal["auto", "fp32", "bf16", "int8"] = "auto"

    # How many hits of a search by words the matching head puts in order again; about 30 ms each on one core.
    rerank_itm_top: int = Field(default=0, ge=0, le=100)

    # Who reads and who answers.
    classifier: ClassifierName = "offline"
    assistant: AssistantName = "offline"
    chat_timeout_s: float = Field(default=20.0, gt=0, le=600)
    chat_max_retries: int = Field(default=1, ge=0, le=5)
    chat_temperature: float = Field(default=0.2, ge=0, le=2)
    chat_max_output_tokens: int = Field(default=400, ge=16, le=8192)
    google_cloud_project: str = ""
    google_cloud_location: str = "us-central1"
    google_api_key: SecretStr = SecretStr("")
    gemini_model: str = "gemini-2.5-flash"
    gemini_base_url: str = ""
    gemini_access_token: SecretStr = SecretStr("")
    openai_base_url: str = "https://api.openai.com/v1"
    openai_api_key: SecretStr = SecretStr("")
    openai_model: str = "gpt-4o-mini"
    ollama_base_url: str = "http://127.0.0.1:11434"
    ollama_model: str = "llava:7b"
    llava_model: str = "llava-hf/llava-1.5-7b-hf"

    # Limits.
    max_items: int = Field(default=12, ge=1, le=50)
    max_photo_bytes: int = Field(default=10 * 1024 * 1024, ge=1024)
    max_photo_pixels: int = Field(default=40_000_000, ge=10_000)
    # Feeds may name pictures on the web; addresses inside a private network are refused unless this is set.
    allow_private_image_hosts: bool = False
    max_message_chars: int = Field(default=2_000, ge=100)

    currency: str = Field(default="EUR", pattern=r"^[A-Z]{3}$")
    locale: str = "en"
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "WARNING"


def load_settings() -> Settings:
    """Read the settings in force.

    Raises:
        SettingsError: a value cannot be used; the message names the setting, the value and what is allowed.
    """
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0]).upper()
        raise SettingsError(
            f"setting {name}={first['input']!r}: {first['msg'].lower()}; see docs/settings.md"
        ) from error


def secret_values(settings: Settings) -> tuple[str, ...]:
    """All secrets that are set, longest first, so that no log and no table shows one."""
    values = (getattr(settings, name) for name in Settings.model_fields)
    secrets = {value.get_secret_value() for value in values if isinstance(value, SecretStr)}
    return tuple(sorted(secrets - {""}, key=len, reverse=True))
