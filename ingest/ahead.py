"""Work done ahead of its consumer, in order and never far."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future
from typing import TypeVar

Given = TypeVar("Given")
Made = TypeVar("Made")


def ahead(executor: Executor, work: Callable[[Given], Made], given: Iterable[Given], depth: int) -> Iterator[Made]:
    """Yield `work(one)` for each given one, in order, with at most `depth` of them begun and not yet taken."""
    begun: deque[Future[Made]] = deque()
    try:
        for one in given:
            begun.append(executor.submit(work, one))
            if len(begun) >= depth:
                yield begun.popleft().result()
        while begun:
            yield begun.popleft().result()
    finally:
        for future in begun:
            future.cancel()
