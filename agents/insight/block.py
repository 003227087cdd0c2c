"""One question that insight answers: a sentence, a table, and for each row the turns behind it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from tools.insight import Pick

Cell = str | int | float | date | datetime | None
BlockName = Literal[
    "talk", "routes", "queries", "missed", "limits", "unchosen", "chosen", "thumbs", "times", "cost", "failures"
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table; `pick` is None where no turns of its own lie behind it."""

    cells: tuple[Cell, ...]
    pick: Pick | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """A question and its answer. `sentence` says what the rows show; without rows it says what would bring some.

    A column whose name ends in "share" holds numbers in [0, 1].
    """

    name: BlockName
    question: str
    sentence: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]

    def column(self, name: str) -> tuple[Cell, ...]:
        """The cells of one column from top to bottom."""
        place = self.columns.index(name)
        return tuple(row.cells[place] for row in self.rows)
