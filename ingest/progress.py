"""How far a long job is, for whoever watches: a bar on a terminal, a line now and then elsewhere."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TextColumn, TimeRemainingColumn
from rich.text import Text

LINE_EVERY_S = 5.0


# Is told how many rows are done, and of how many, by estimate.
Watcher = Callable[[int, int], None]


def silent(n_done: int, n_total: int) -> None:
    """Watch nothing."""


class _RateColumn(ProgressColumn):
    def render(self, task: Task) -> Text:
        speed = task.finished_speed or task.speed
        return Text("" if speed is None else f"{speed:,.0f}/s")


@contextmanager
def shown(title: str) -> Iterator[Watcher]:
    """A watcher that writes to stderr: a bar with rate and time left, or plain lines where stderr is no terminal."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield _Lines(title)
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        _RateColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(title, total=None)

        def show(n_done: int, n_total: int) -> None:
            bar.update(task, completed=n_done, total=max(n_done, n_total))

        yield show


class _Lines:
    def __init__(self, title: str) -> None:
        self._title = title
        self._began_s = self._told_s = time.monotonic()

    def __call__(self, n_done: int, n_total: int) -> None:
        now = time.monotonic()
        if now - self._told_s < LINE_EVERY_S:
            return
        self._told_s = now
        rate = n_done / (now - self._began_s)
        left = f", {max(0, n_total - n_done) / rate:.0f} s left" if rate else ""
        sys.stderr.write(f"{self._title}: {n_done:,} of {max(n_done, n_total):,}, {rate:.0f}/s{left}\n")
        sys.stderr.flush()
