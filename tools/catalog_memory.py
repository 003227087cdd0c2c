"""What is remembered of a catalogue until it changes."""

import threading
from dataclasses import dataclass

from env.database import Database
from tools.store_vocabulary import catalog_version, count_items, read_vocabulary, stored_embedders
from tools.vocabulary import Vocabulary

# One for each set of hidden items; a set per occasion is rare.
_MOST_VOCABULARIES = 16


@dataclass(frozen=True, slots=True)
class Known:
    """What is remembered about one version of the catalogue."""

    version: int
    n_items: int
    embedders: tuple[str, ...]


class CatalogMemory:
    """Asks the catalogue's version, and the rest only where that has changed. Safe to share between threads."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = threading.Lock()
        self._remembered: Known | None = None
        self._vocabularies: dict[tuple[str, ...], Vocabulary] = {}

    def known(self) -> Known:
        """What is remembered, if the catalogue has not changed since."""
        version = catalog_version(self._database)
        with self._lock:
            if self._remembered is None or self._remembered.version != version:
                embedders = tuple(stored_embedders(self._database))
                self._remembered = Known(version, count_items(self._database), embedders)
                self._vocabularies = {}
            return self._remembered

    def vocabulary(self, hidden: tuple[str, ...] = ()) -> Vocabulary:
        """The facets' values with counts and the price ranges of all items but these; remembered as long."""
        version = self.known().version
        with self._lock:
            vocabulary = self._vocabularies.get(hidden)
        if vocabulary is not None:
            return vocabulary
        vocabulary = read_vocabulary(self._database, hidden)
        with self._lock:
            if self._remembered is not None and self._remembered.version == version:
                if len(self._vocabularies) >= _MOST_VOCABULARIES:
                    self._vocabularies = {}
                self._vocabularies[hidden] = vocabulary
        return vocabulary
