"""Where a checkpoint's files are: a folder, or a download from the Hugging Face hub."""

import json
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from env.errors import EmbedderError
from env.settings import REPO_DIR

# Weights in any other format than safetensors can run code when they are read: they are never fetched.
HUB_FILES = ("*.json", "*.safetensors", "*.txt")
# A weights file is told from another by its size, its header and this many blocks spread over it.
N_BLOCKS, BLOCK_BYTES = 64, 64 * 1024
# Where a weights file says which weights it was rounded from. Kept in its header: a model trained further from it and
# saved by the library does not take this along, as it would a line in config.json.
ROUNDED_FROM = "rounded_from"
MAX_HEADER_BYTES = 100_000_000  # as the format has it


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A checkpoint's folder, and its config.json as read."""

    name: str
    folder: Path
    config: dict[str, Any]

    @property
    def model_type(self) -> str:
        """The architecture that config.json names."""
        return str(self.config.get("model_type", ""))

    def weights_identity(self) -> str:
        """A hash that differs for other weights; the same wherever the files lie, and for weights rounded from them."""
        digest = sha256()
        paths = sorted(self.folder.glob("*.safetensors"))
        origins = {rounded_from(path) for path in paths}
        if len(origins) == 1 and (origin := origins.pop()):
            return origin
        for path in paths:
            n_bytes = path.stat().st_size
            digest.update(f"{n_bytes}\n".encode())
            with path.open("rb") as file:
                for block in range(N_BLOCKS):
                    file.seek(max(0, n_bytes - BLOCK_BYTES) * block // (N_BLOCKS - 1))
                    digest.update(file.read(BLOCK_BYTES))
        return digest.hexdigest()


def rounded_from(path: Path) -> str:
    """The identity that a weights file was rounded from; empty where it says none."""
    with path.open("rb") as file:
        n_bytes = int.from_bytes(file.read(8), "little")
        if n_bytes > MAX_HEADER_BYTES:
            return ""
        try:
            metadata = json.loads(file.read(n_bytes)).get("__metadata__") or {}
            return str(metadata.get(ROUNDED_FROM, ""))
        except (ValueError, AttributeError):
            return ""  # a damaged file; reading its weights will tell


def locate(name: str) -> Checkpoint:
    """Find a checkpoint by folder (relative ones start at the repository) or hub id, which is downloaded once.

    Raises:
        EmbedderError: there is no such checkpoint, it cannot be downloaded, or it lacks a file.
    """
    folder = REPO_DIR / name
    if not folder.is_dir():
        folder = download(name)
    path = folder / "config.json"
    try:
        config = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise EmbedderError(
            f"EMBEDDER={name!r}: cannot read {str(path)!r} ({error}); it must hold config.json and model.safetensors"
        ) from error
    if not isinstance(config, dict):
        raise EmbedderError(f"EMBEDDER={name!r}: {str(path)!r} is not a checkpoint's config.json")
    if not any(folder.glob("*.safetensors")):
        raise EmbedderError(
            f"EMBEDDER={name!r}: no *.safetensors in {str(folder)!r}; other weight formats are not read"
        )
    return Checkpoint(name, folder, config)


def download(name: str) -> Path:
    """Fetch a checkpoint from the hub (with its progress bar), or take the copy fetched before."""
    if name.startswith((".", "/", "~")) or name.count("/") != 1 or name.startswith("models/"):
        raise EmbedderError(
            f"EMBEDDER={name!r}: no such folder; name one, or a hub id such as 'Salesforce/blip2-itm-vit-g'"
        )
    from httpx import HTTPError
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalEntryNotFoundError

    try:
        return Path(snapshot_download(name, allow_patterns=list(HUB_FILES)))
    except (HFValidationError, HfHubHTTPError, LocalEntryNotFoundError, HTTPError, OSError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise EmbedderError(
            f"EMBEDDER={name!r} could not be downloaded from the Hugging Face hub ({reason}); check the name and the "
            "network, or set EMBEDDER to a folder that holds the checkpoint, such as 'models/blip2-mini'"
        ) from error
