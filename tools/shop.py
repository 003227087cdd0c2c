"""The shop, opened: what the page, the commands and the tests work with."""

import threading
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from env.database import Database, open_database
from env.settings import Settings
from tools.catalog import Catalog
from tools.embedder import Embedder, load_embedder
from tools.pictures import PictureStore


class LazyEmbedder:
    """Loads the embedder of the settings when it is first called, once, whichever thread comes first."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._loaded: Embedder | None = None

    def __call__(self) -> Embedder:
        """The embedder.

        Raises:
            EmbedderError: the checkpoint cannot be found or used.
        """
        with self._lock:
            if self._loaded is None:
                self._loaded = load_embedder(self._settings)
            return self._loaded


@dataclass(frozen=True, slots=True)
class Shop:
    """Everything a turn needs of the shop. Use it in a `with` statement, or call `close`."""

    settings: Settings
    database: Database
    pictures: PictureStore
    catalog: Catalog
    load_embedder: LazyEmbedder

    @property
    def embedder(self) -> Embedder:
        """The embedder, loaded on first use; raises EmbedderError where it cannot be."""
        return self.load_embedder()

    def close(self) -> None:
        """Close the database; safe to call twice."""
        self.database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def open_shop(settings: Settings, embedder: LazyEmbedder | None = None) -> Shop:
    """Open the shop of the settings; the embedder, theirs or the one given, waits until it is needed.

    Raises:
        DatabaseError: the database cannot be started or reached.
    """
    database = open_database(settings)
    embedder = embedder or LazyEmbedder(settings)
    return Shop(
        settings=settings,
        database=database,
        pictures=PictureStore(settings.data_dir / "pictures"),
        catalog=Catalog(database, embedder, settings),
        load_embedder=embedder,
    )
