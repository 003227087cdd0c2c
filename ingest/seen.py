"""What a dry run met in the catalogue, kept beside the feed, so that exactly what was shown is applied."""

import json
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self, TextIO

from env.errors import CatalogError
from ingest.work import batches
from tools.store_load import Loader, StoredState
from tools.store_peek import skus_digest

_PAGE = 5_000
_NAMED = 3


class SeenWriter:
    """Writes one line a SKU as it was met; without a file it writes nothing."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._file: TextIO | None = None

    def __enter__(self) -> Self:
        self._file = self._path.open("w", encoding="utf-8") if self._path else None
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file:
            self._file.close()

    def add(self, sku: str, state: StoredState | None) -> None:
        """Note what is stored under a SKU; None where nothing is."""
        if self._file:
            self._file.write(json.dumps([sku, _mark(state)]) + "\n")

    def add_source(self, loader: Loader) -> None:
        """Note which items the source holds, for a run that removes those its feed no longer has."""
        if self._file:
            self._file.write(json.dumps({"source": skus_digest(loader)}) + "\n")


def check_seen(loader: Loader, path: Path) -> None:
    """Make sure that the catalogue is as it was met, in every row that was shown.

    Raises:
        CatalogError: it changed since; says where.
    """
    changed: list[str] = []
    for page in batches(_lines(path), _PAGE):
        met = dict(one for one in page if isinstance(one, tuple))
        states = loader.states(list(met))
        changed += [sku for sku, mark in met.items() if _mark(states.get(sku)) != mark]
        for digest in (one for one in page if isinstance(one, str)):
            if skus_digest(loader) != digest:
                raise CatalogError("items came to this source, or left it, since the feed was looked at; look again")
    if changed:
        named = ", ".join(map(repr, changed[:_NAMED]))
        more = f" and {len(changed) - _NAMED:,} more" if len(changed) > _NAMED else ""
        raise CatalogError(f"the catalogue changed since the feed was looked at, in {named}{more}; look again")


def _mark(state: StoredState | None) -> str:
    return f"{state.content_hash} {state.source} {state.embedder} {state.image}" if state else ""


def _lines(path: Path) -> Iterator[tuple[str, str] | str]:
    with path.open(encoding="utf-8") as file:
        for line in file:
            told = json.loads(line)
            yield told["source"] if isinstance(told, dict) else (told[0], told[1])
