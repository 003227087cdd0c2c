"""The rows of a feed, counted, checked and made items; the first row of a SKU wins."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from env.errors import FeedError
from ingest.feed import Feed, Options
from ingest.normalise import Normaliser, clean_sku
from ingest.origins import origins
from ingest.report import Tally
from ingest.row import Note, Picture, Place, RawRow, Rejected, RowError, raw_text, told_by
from tools.item import Item

_TAKEN_OUT = frozenset({"not_published"})  # refused because their owner took them out of the shop


@dataclass(frozen=True, slots=True)
class Candidate:
    """A row that made an item, its picture not yet looked for."""

    place: Place
    item: Item
    picture: Picture | None
    origins: Mapping[str, str]


class Candidates:
    """Reads a feed once. Memory grows by some bytes a SKU: that is what tells duplicates.

    `is_whole` says, after reading, whether every row could at least be told from its neighbours.
    """

    def __init__(self, feed: Feed, options: Options, normaliser: Normaliser, tally: Tally) -> None:
        self._feed = feed
        self._options = options
        self._normaliser = normaliser
        self._tally = tally
        self._taken: dict[int, int] = {}  # hash of a SKU to the number of its place
        self._refused: set[int] = set()
        self.is_whole = True

    def __iter__(self) -> Iterator[Candidate]:
        for row in self._rows():
            if not isinstance(row, RawRow):
                self._tally.tell(row)
                # Which SKU an unreadable row has is not known: it may be one that the catalogue holds.
                if isinstance(row, Rejected) and row.reason not in _TAKEN_OUT:
                    self.is_whole = False
                continue
            try:
                yield self._candidate(row)
            except RowError as error:
                self._tally.tell(Rejected(row.place, error.reason, error.detail, raw_text(told_by(row))))

    def is_gone(self, sku: str) -> bool:
        """Say, after reading, whether no row names this SKU, not even a refused one."""
        key = _key(sku)
        return key not in self._taken and key not in self._refused

    def _rows(self) -> Iterator[RawRow | Rejected | Note]:
        """The feed's rows, counted; where it breaks off after some rows, the rest is told as one rejected row."""
        tally = self._tally
        try:
            for row in self._feed.reader.rows(self._feed.path):
                if not isinstance(row, Note):
                    if tally.n_read == self._options.limit:
                        return
                    tally.n_read += 1
                yield row
        except (FeedError, OSError) as error:
            if not tally.n_read:
                raise FeedError(str(error)) from error
            tally.n_read += 1
            yield Rejected(Place(tally.n_read, "row"), "broken_feed", f"nothing after this could be read: {error}")

    def _candidate(self, row: RawRow) -> Candidate:
        key = _key(clean_sku(row.sku))
        if key in self._taken:
            raise RowError(
                "duplicate_sku", f"{row.sku.strip()!r} stands in {row.place.unit} {self._taken[key]} already"
            )
        try:
            item, notes = self._normaliser.item(row)
        except RowError:
            self._refused.add(key)
            raise
        self._taken[key] = row.place.number
        for note in notes:
            self._tally.tell(note)
        return Candidate(row.place, item, row.picture, origins(row, item, self._normaliser.taxonomy))


def _key(sku: str) -> int:
    return int.from_bytes(hashlib.blake2b(sku.encode(), digest_size=8).digest(), "big")
