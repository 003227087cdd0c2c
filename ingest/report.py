"""What an ingest did: counts, and every row that was refused, by reason and place."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from ingest.row import Note, Rejected

# Places remembered for each reason; counting goes on beyond, so that memory stays flat.
MAX_TOLD = 1_000


@dataclass(frozen=True, slots=True)
class Told:
    """All that was told for one reason: how often, and the first MAX_TOLD of it in feed order."""

    n: int
    first: tuple[Rejected | Note, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """What one run did. Every row read is new, changed, unchanged or rejected, unless the run was stopped."""

    kind: str
    source: str
    embedder: str
    n_read: int
    n_new: int
    n_changed: int
    n_unchanged: int
    n_pruned: int
    n_stale: int
    seconds: float
    is_stopped: bool
    rejected: Mapping[str, Told]
    notes: Mapping[str, Told]

    @property
    def n_written(self) -> int:
        """Rows added or replaced."""
        return self.n_new + self.n_changed

    @property
    def n_good(self) -> int:
        """Rows of the feed that the catalogue now holds."""
        return self.n_written + self.n_unchanged

    @property
    def n_rejected(self) -> int:
        """Rows refused, for whatever reason."""
        return sum(told.n for told in self.rejected.values())

    @property
    def items_per_s(self) -> float:
        """Rows decided a second."""
        return (self.n_good + self.n_rejected) / self.seconds if self.seconds else 0.0

    def to_json(self) -> str:
        """The report as a JSON object."""
        return json.dumps(self.as_json(), ensure_ascii=False, indent=2)

    def as_json(self) -> dict[str, object]:
        """The report as the values of a JSON object."""
        return {
            "kind": self.kind,
            "source": self.source,
            "embedder": self.embedder,
            "read": self.n_read,
            "written": self.n_written,
            "new": self.n_new,
            "changed": self.n_changed,
            "unchanged": self.n_unchanged,
            "rejected": self.n_rejected,
            "pruned": self.n_pruned,
            "seconds": round(self.seconds, 3),
            "items_per_s": round(self.items_per_s, 1),
            "stopped": self.is_stopped,
            "rejected_by_reason": _told_json(self.rejected),
            "notes_by_reason": _told_json(self.notes),
        }

    def lines(self, max_places: int = 10) -> list[str]:
        """The report for people, a few lines; `max_places` places are named for each reason."""
        rate = f"{self.seconds:.1f} s, {self.items_per_s:.0f} items/s"
        lines = [
            f"{self.kind} {self.source}: read {self.n_read:,}, written {self.n_written:,} ({self.n_new:,} new,"
            f" {self.n_changed:,} changed), unchanged {self.n_unchanged:,}, rejected {self.n_rejected:,} ({rate})"
        ]
        if self.n_pruned:
            lines.append(f"removed {self.n_pruned:,} items that the feed no longer has")
        lines += [f"rejected {line}" for line in _told_lines(self.rejected, max_places)]
        lines += [f"note {line}" for line in _told_lines(self.notes, max_places)]
        if self.n_stale:
            lines.append(f"{self.n_stale:,} items carry vectors of another embedder; run `python -m ingest reembed`")
        if self.is_stopped:
            lines.append("stopped; all of the above is kept: run the same command again to go on")
        return lines


def _told_json(by_reason: Mapping[str, Told]) -> dict[str, object]:
    return {
        reason: {
            "count": told.n,
            "rows": [
                {one.place.unit: one.place.number, "where": str(one.place), "detail": one.detail}
                | ({"raw": one.raw} if isinstance(one, Rejected) and one.raw else {})
                for one in told.first
            ],
        }
        for reason, told in by_reason.items()
    }


def _told_lines(by_reason: Mapping[str, Told], max_places: int) -> list[str]:
    lines = []
    for reason, told in sorted(by_reason.items(), key=lambda pair: (-pair[1].n, pair[0])):
        places = ", ".join(str(one.place) for one in told.first[:max_places])
        more = f" and {told.n - max_places:,} more" if told.n > max_places else ""
        lines.append(f"{told.n:,} {reason}: {places}{more} (first: {told.first[0].detail})")
    return lines


@dataclass(slots=True)
class Tally:
    """Counts while a run goes on."""

    n_read: int = 0
    n_new: int = 0
    n_changed: int = 0
    n_unchanged: int = 0
    n_rejected: int = 0
    _rejected: dict[str, tuple[int, list[Rejected | Note]]] = field(default_factory=dict)
    _notes: dict[str, tuple[int, list[Rejected | Note]]] = field(default_factory=dict)

    @property
    def n_decided(self) -> int:
        """Rows whose fate is known."""
        return self.n_new + self.n_changed + self.n_unchanged + self.n_rejected

    def tell(self, one: Rejected | Note) -> None:
        """Count a refused row, or a note on one that is used."""
        by_reason = self._notes
        if isinstance(one, Rejected):
            self.n_rejected += 1
            by_reason = self._rejected
        n, first = by_reason.get(one.reason, (0, []))
        if n < MAX_TOLD:
            first.append(one)
        by_reason[one.reason] = (n + 1, first)

    @property
    def rejected(self) -> Mapping[str, Told]:
        """Refused rows by reason, in feed order."""
        return _in_order(self._rejected)

    @property
    def notes(self) -> Mapping[str, Told]:
        """Notes by reason, in feed order."""
        return _in_order(self._notes)


def _in_order(by_reason: Mapping[str, tuple[int, list[Rejected | Note]]]) -> Mapping[str, Told]:
    return {
        reason: Told(n, tuple(sorted(first, key=lambda one: one.place.number)))
        for reason, (n, first) in by_reason.items()
    }
