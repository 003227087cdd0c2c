"""What every feed reader offers."""

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from ingest.row import Note, RawRow, Rejected


class Reader(Protocol):
    """Reads one kind of feed. Rows come lazily: memory does not grow with the feed."""

    @property
    def looks_for(self) -> str:
        """What tells this kind of feed, for messages."""

    def matches(self, source: Path) -> bool:
        """Say by looking whether `source` is a feed of this kind; OSError where it cannot be looked at."""

    def n_rows(self, source: Path) -> int:
        """Estimate the number of rows, for a progress bar."""

    def rows(self, source: Path) -> Iterator[RawRow | Rejected | Note]:
        """Yield every row in feed order.

        Raises:
            OSError: the feed cannot be read.
            FeedError: it is not a feed of this kind.
        """
