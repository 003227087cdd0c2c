"""Tables of the catalogue desk as CSV, safe to open in a spreadsheet."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields

from ingest.differences import field_text
from ingest.disagreements import Disagreement
from ingest.report import Told
from ingest.row import Rejected
from tools.item import Item
from tools.store_desk import StoredItem

MOST_EXPORTED = 200_000
_NUMBERS = ("price_cents", "sale_price_cents", "rating", "n_ratings")
# What a spreadsheet would run as a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One row that a run refused or told a note about."""

    reason: str
    where: str
    number: int
    detail: str
    raw: str


def items_csv(rows: Iterable[StoredItem]) -> bytes:
    """Items with their source, one a line, under the names of our fields."""
    names = [one.name for one in fields(Item)]
    lines = (
        [*(_cell(row.item, name) for name in names), row.source, row.updated_at.isoformat(timespec="seconds")]
        for row in rows
    )
    return _csv([*names, "source", "updated_at"], lines)


def report_rows(report: Mapping[str, object], part: str = "rejected_by_reason") -> tuple[ReportRow, ...]:
    """The rows of a stored report, or with `notes_by_reason` its notes; those of the most frequent reason first."""
    by_reason = report.get(part)
    told = by_reason.items() if isinstance(by_reason, Mapping) else ()
    ranked = sorted(told, key=lambda pair: (-int(pair[1]["count"]), pair[0]))
    return tuple(_report_row(reason, row) for reason, of_reason in ranked for row in of_reason["rows"])


def report_csv(rows: Iterable[ReportRow]) -> bytes:
    """Refused rows, one a line: where, why, and what the row said as far as that was kept."""
    lines = ([str(row.number), row.where, row.reason, row.detail, row.raw] for row in rows)
    return _csv(["number", "where", "reason", "detail", "row"], lines)


def disagreements_csv(rows: Iterable[Disagreement]) -> bytes:
    """What pictures show beside what rows say, one a line, with the file of the picture in the picture store."""
    lines = (
        [
            one.item.sku,
            one.item.title,
            one.seen.attribute,
            one.said,
            one.seen.value,
            f"{one.seen.confidence:.3f}",
            one.item.image,
        ]
        for one in rows
    )
    return _csv(["sku", "title", "attribute", "row_says", "picture_looks", "confidence", "picture"], lines)


def told_now(by_reason: Mapping[str, Told]) -> tuple[ReportRow, ...]:
    """The same of a report that is not stored yet."""
    return tuple(
        ReportRow(reason, str(one.place), one.place.number, one.detail, one.raw if isinstance(one, Rejected) else "")
        for reason, told in by_reason.items()
        for one in told.first
    )


def _report_row(reason: str, row: Mapping[str, object]) -> ReportRow:
    number = next((value for name, value in row.items() if name in ("line", "row", "entry", "file")), 0)
    return ReportRow(reason, str(row["where"]), int(str(number)), str(row["detail"]), str(row.get("raw", "")))


def _cell(item: Item, name: str) -> str:
    if name in _NUMBERS:
        value = getattr(item, name)
        return "" if value is None else str(value)
    return field_text(item, name)


def _csv(header: Sequence[str], lines: Iterable[Sequence[str]]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(header)
    writer.writerows([_harmless(cell) for cell in line] for line in lines)
    # Spreadsheets take a file for UTF-8 only where it begins so.
    return ("\ufeff" + out.getvalue()).encode("utf-8", "replace")


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def by_reason(report: Mapping[str, object], part: str = "rejected_by_reason") -> Iterator[tuple[str, int]]:
    """The reasons of a stored report with how often each was given, the most frequent first."""
    told = report.get(part)
    counts = {str(reason): int(one["count"]) for reason, one in told.items()} if isinstance(told, Mapping) else {}
    yield from sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
