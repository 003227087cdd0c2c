"""Blocks as CSV, for spreadsheets."""

import csv
import io
from datetime import date, datetime

from agents.insight.block import Block, Cell

# A cell that begins so would be worked out as a formula by a spreadsheet.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def as_csv(block: Block) -> str:
    """The table of a block, with a line of column names; UTF-8, lines ended as RFC 4180 wants them."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(block.columns)
    writer.writerows([_plain(cell) for cell in row.cells] for row in block.rows)
    return out.getvalue()


def _plain(cell: Cell) -> str | int | float:
    if cell is None:
        return ""
    if isinstance(cell, date | datetime):
        return cell.isoformat()
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell
