"""The catalogue that is measured: feeds in a scratch shop of their own, or the shop as it stands."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from pydantic import SecretStr

from env.errors import FeedError
from env.settings import REPO_DIR, Settings, load_settings
from ingest.demo_fill import fill_demo
from ingest.feed import find_feed
from ingest.pipeline import run
from ingest.progress import shown
from tools.shop import LazyEmbedder, Shop, open_shop

SHOP = "shop"
DEMO = "demo"
_WHOLE = "whole.json"
_DEMO_CODE = REPO_DIR / "ingest" / "demo"


def settings_with(embedder: str | None) -> Settings:
    """The settings in force, with another embedder where one is named."""
    settings = load_settings()
    return settings.model_copy(update={"embedder": embedder}) if embedder else settings


@contextmanager
def open_source(sources: Sequence[str], settings: Settings) -> Iterator[Shop]:
    """A shop that holds the sources: `shop` is the one of the settings, `demo` the drawn one, all else is a feed.

    Feeds are ingested one after the other, so that a later one replaces items of the same SKU, by the shop's own
    pipeline into a database of their own below DATA_DIR/evals. It is kept, and used again for the same sources and the
    same embedder; an ingest that was cut short goes on.

    Raises:
        FeedError: `shop` stands beside other sources, a feed cannot be read, or nothing of it could be used.
        DatabaseError: the database cannot be started.
        EmbedderError: the checkpoint cannot be used.
    """
    if SHOP in sources:
        if len(sources) > 1:
            raise FeedError(f"{SHOP!r} is a catalogue of its own; name it alone, not with {sources!r}")
        with open_shop(settings) as shop:
            yield shop
        return
    embedder = LazyEmbedder(settings)
    folder = scratch_folder(sources, settings, embedder().fingerprint)
    scratch = settings.model_copy(update={"data_dir": folder, "database_url": SecretStr("")})
    with open_shop(scratch, embedder) as shop:
        if not (folder / _WHOLE).exists():
            _fill(shop, sources)
            (folder / _WHOLE).write_text(json.dumps({"sources": list(sources), "n_items": shop.catalog.n_items()}))
        yield shop


def scratch_folder(sources: Sequence[str], settings: Settings, fingerprint: str) -> Path:
    """Where the scratch shop of these sources is kept; the same for the same files and the same embedder."""
    identity = hashlib.sha256(fingerprint.encode())
    for source in sources:
        identity.update(_demo_identity() if source == DEMO else _feed_identity(Path(source)))
    name = Path(sources[0]).name or "source"
    return settings.data_dir.absolute() / "evals" / f"{name}-{identity.hexdigest()[:12]}"


def _demo_identity() -> bytes:
    """What the drawings depend on: the code and the data that draw them."""
    files = sorted(path for path in _DEMO_CODE.rglob("*") if path.suffix in (".py", ".yaml"))
    return b"".join(hashlib.sha256(path.read_bytes()).digest() for path in files)


def _feed_identity(path: Path) -> bytes:
    """Name, size and time of a feed's own files; pictures in folders below it are taken to keep their names."""
    if not path.exists():
        raise FeedError(f"there is no {str(path)!r}; name a feed file, a folder of pictures, {DEMO!r} or {SHOP!r}")
    files = [path] if path.is_file() else sorted(child for child in path.iterdir() if child.is_file())
    told = [f"{file.resolve()}|{file.stat().st_size}|{file.stat().st_mtime_ns}" for file in files]
    return "\n".join([str(path.resolve()), *told]).encode()


def _fill(shop: Shop, sources: Sequence[str]) -> None:
    for source in sources:
        with shown(f"Ingesting {Path(source).name}") as watcher:
            report = fill_demo(shop, watcher) if source == DEMO else run(shop, find_feed(Path(source)), watcher=watcher)
        if not report.n_good:
            raise FeedError(f"no row of {source!r} could be used: {'; '.join(report.lines())}")
