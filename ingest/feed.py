"""What to ingest, and how."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from env.roles import EVERYTHING, Actor
from ingest.readers import choose_reader
from ingest.readers.reader import Reader
from tools.store_load import Loader

CHUNK_ROWS = 512


@dataclass(frozen=True, slots=True)
class Feed:
    """One source to ingest. `name` is what its rows are stored under."""

    kind: str
    name: str
    path: Path
    reader: Reader


@dataclass(frozen=True, slots=True)
class Options:
    """How to ingest. `limit` counts rows read; `currency` is for prices without one, "" means the settings'.

    `is_pruning` removes rows of this source that the feed no longer has; `is_forced` writes unchanged rows again.
    `engine` is a name of ingest/engine.py. `actor` signs the run; `upload` and `file_name` say what upload it reads.
    `before_writing` is called once nobody else can ingest this source any more: it may refuse the run.
    """

    limit: int | None = None
    currency: str = ""
    is_pruning: bool = False
    is_forced: bool = False
    chunk_rows: int = CHUNK_ROWS
    engine: str = "local"
    actor: Actor = EVERYTHING
    upload: str = ""
    file_name: str = ""
    before_writing: Callable[[Loader], None] | None = None


DEFAULTS = Options()


def find_feed(source: Path, kind: str = "", name: str = "") -> Feed:
    """Find out what a source is; its absolute path is its name unless one is given.

    Raises:
        FeedError: it is no feed, or could be several kinds.
    """
    kind, reader = choose_reader(source, kind)
    return Feed(kind, name or str(source.resolve()), source, reader)
