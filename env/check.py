"""Is everything the settings name really there? Each check says what it tested, and nothing more."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx

from env.database import describe, open_database, where
from env.errors import DatabaseError
from env.settings import REPO_DIR, Settings

_TIMEOUT_S = 5.0


@dataclass(frozen=True, slots=True)
class Checked:
    """One thing tested: what it is, whether it is well, and what was seen, in one line."""

    what: str
    is_well: bool
    seen: str


def run_checks(settings: Settings) -> Iterator[Checked]:
    """Test the database, the checkpoint and each service that a setting chose, in this order."""
    yield check_database(settings)
    yield check_checkpoint("checkpoint", "EMBEDDER", settings.embedder)
    for name in dict.fromkeys((settings.classifier, settings.assistant)):
        yield CHAT_CHECKS[name](settings)


def check_database(settings: Settings) -> Checked:
    """Open the database as the shop does (started and migrated if need be) and count."""
    try:
        with open_database(settings) as database:
            facts = describe(database)
            place = where(database.url)
    except DatabaseError as error:
        return Checked("database", False, str(error))
    embedders = ", ".join(f"{n_items} by {name}" for name, n_items in facts.embedders.items()) or "none"
    kind = "at" if settings.database_url.get_secret_value() else "embedded, at"
    return Checked(
        "database",
        True,
        f"Postgres {facts.server_version} with pgvector {facts.pgvector_version}, {kind} {place}; "
        f"migration {facts.n_migrations}; {facts.n_items} items; vectors: {embedders}",
    )


def check_checkpoint(what: str, setting: str, name: str) -> Checked:
    """Look at the checkpoint's files; they are not loaded."""
    folder = REPO_DIR / name
    if folder.is_dir():
        return _check_folder(what, setting, folder)
    is_hub_id = name.count("/") == 1 and not name.startswith((".", "/", "~", "models/"))
    if not is_hub_id:
        return Checked(what, False, f"{setting}={name!r}: no such folder; name one that is there, or a hub id")
    cached = _cached_config(name)
    if cached is None:
        return Checked(what, True, f"{name!r} is a hub id, not downloaded yet: that happens on first use; not tested")
    return _check_folder(what, setting, cached.parent)


def _cached_config(name: str) -> Path | None:
    from huggingface_hub import try_to_load_from_cache

    found = try_to_load_from_cache(name, "config.json")
    return Path(found) if isinstance(found, str) else None


def _check_folder(what: str, setting: str, folder: Path) -> Checked:
    weights = sorted(folder.glob("*.safetensors"))
    try:
        kind = json.loads((folder / "config.json").read_text(encoding="utf-8"))["model_type"]
    except (OSError, ValueError, KeyError, TypeError):
        return Checked(what, False, f"{setting}: {str(folder)!r} holds no config.json of a model; name another folder")
    if not weights:
        return Checked(what, False, f"{setting}: {str(folder)!r} holds no *.safetensors; fetch the weights again")
    n_mebibytes = sum(path.stat().st_size for path in weights) / 1024 / 1024
    return Checked(what, True, f"{kind} in {str(folder)!r}, {n_mebibytes:.0f} MiB of weights; files seen, not loaded")


def _offline(settings: Settings) -> Checked:
    return Checked("chat: offline", True, "reads and answers on this machine; nothing to reach")


def _gemini(settings: Settings) -> Checked:
    place = settings.google_cloud_location
    on_vertex = (
        "https://aiplatform.googleapis.com" if place == "global" else f"https://{place}-aiplatform.googleapis.com"
    )
    if settings.google_cloud_project:
        return _reach("chat: gemini", settings.gemini_base_url or on_vertex, {})
    if settings.google_api_key.get_secret_value():
        return _reach("chat: gemini", settings.gemini_base_url or "https://generativelanguage.googleapis.com", {})
    return Checked(
        "chat: gemini", False, "GOOGLE_CLOUD_PROJECT and GOOGLE_API_KEY are both empty; set one in env/llm.env"
    )


def _vertexai(settings: Settings) -> Checked:
    if not settings.google_cloud_project:
        return Checked("chat: vertexai", False, "GOOGLE_CLOUD_PROJECT is empty; set it in env/llm.env")
    url = settings.gemini_base_url or f"https://{settings.google_cloud_location}-aiplatform.googleapis.com"
    return _reach("chat: vertexai", url, {})


def _openai(settings: Settings) -> Checked:
    key = settings.openai_api_key.get_secret_value()
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    return _reach("chat: openai", f"{settings.openai_base_url.rstrip('/')}/models", headers, needs_success=True)


def _ollama(settings: Settings) -> Checked:
    return _reach("chat: ollama", f"{settings.ollama_base_url.rstrip('/')}/api/tags", {}, needs_success=True)


def _llava(settings: Settings) -> Checked:
    return check_checkpoint("chat: llava", "LLAVA_MODEL", settings.llava_model)


CHAT_CHECKS: dict[str, Callable[[Settings], Checked]] = {
    "offline": _offline,
    "gemini": _gemini,
    "vertexai": _vertexai,
    "openai": _openai,
    "ollama": _ollama,
    "llava": _llava,
}


def _reach(what: str, url: str, headers: dict[str, str], needs_success: bool = False) -> Checked:
    """GET a URL. Without `needs_success` any answer shows that the service is there; no model is asked."""
    url = url if "://" in url else f"https://{url}"
    try:
        response = httpx.get(url, headers=headers, timeout=_TIMEOUT_S)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        return Checked(what, False, f"{url} does not answer: {str(error) or type(error).__name__}")
    said = f"{url} answers HTTP {response.status_code}; the model itself was not asked"
    if needs_success and response.status_code in (401, 403):
        return Checked(what, False, f"{url} refuses the key (HTTP {response.status_code}); correct it in env/llm.env")
    return Checked(what, response.is_success or not needs_success, said)
