"""The guard: it ends a comparison whose B clearly loses, and acts as was chosen where B clearly wins."""

import logging
import threading

from agents.live.book import LiveBook
from agents.live.measures import GUARDED
from agents.live.report import LiveReport
from agents.live.words import figure_words, measure_label
from env.errors import VitrineError
from tools.store_live import Comparison, LiveStore

logger = logging.getLogger(__name__)

EVERY_S = 60.0
"""How often it looks at most, over all processes together."""


def reason_to_stop(report: LiveReport) -> str:
    """Why B has to go: it is worse by what decides, or by what is guarded anyway; "" where it may stay."""
    if report.comparison.is_running:
        for name in (report.comparison.decided_by, *GUARDED):
            if report.figures[name].shown == "worse":
                return f"B is worse by “{measure_label(name)}”: {figure_words(report.figures[name])}"
    return ""


def reason_of_win(report: LiveReport) -> str:
    """Why B wins; "" where it does not, or has ended."""
    figure = report.deciding
    is_won = report.comparison.is_running and report.b_wins
    return f"B is better by “{measure_label(figure.measure)}”: {figure_words(figure)}" if is_won else ""


class Guard:
    """Looks at running comparisons beside the turns: at most every `EVERY_S` seconds, in a thread, delaying no turn.

    Where nobody asks anything nothing is looked at, and nobody gets B either.
    """

    def __init__(self, book: LiveBook, store: LiveStore, every_s: float = EVERY_S) -> None:
        """`every_s` is for those who cannot wait."""
        self._book, self._store, self._every_s = book, store, every_s

    def watch(self, comparison: Comparison) -> threading.Thread | None:
        """Look at a comparison if a look is due; the thread that does."""
        if not self._store.claim_check(comparison.id, self._every_s):
            return None
        looking = threading.Thread(target=self._look, args=(comparison.id,), name="live-guard", daemon=True)
        looking.start()
        return looking

    def look(self, comparison_id: int) -> Comparison:
        """Look at a comparison now; it afterwards.

        It ends where B clearly loses, where A is in force no more, and where B clearly wins and was to be put in force.
        """
        found = self._book.end_if_replaced(comparison_id)
        if not found.is_running:
            return found
        report = self._book.report(comparison_id)
        reason = reason_to_stop(report)
        if not reason:
            won = reason_of_win(report)
            return self._book.won(comparison_id, won) if won else found
        logger.warning("live comparison stopped: id=%s reason=%s", comparison_id, reason)
        return self._book.stop_by_guard(comparison_id, reason)

    def _look(self, comparison_id: int) -> None:
        try:
            self.look(comparison_id)
        except VitrineError as error:
            # The next look comes; somebody else may also have ended it meanwhile.
            logger.warning("live comparison not looked at: id=%s error=%s", comparison_id, error)
