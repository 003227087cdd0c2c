"""Long work beside the page: it goes on when the tab is closed, tells how far it is, and can be stopped."""

import logging
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from env.errors import VitrineError
from ingest.progress import Watcher

logger = logging.getLogger(__name__)

JobState = Literal["running", "done", "failed"]
Work = Callable[[Watcher, threading.Event], object]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a job is. `left_s` is None while nothing can be said."""

    n_done: int
    n_total: int
    per_s: float
    left_s: float | None

    @property
    def share(self) -> float:
        """Of all that is to do, in [0, 1]."""
        return min(1.0, self.n_done / self.n_total) if self.n_total else 0.0


class Job:
    """One piece of work in a thread of its own, begun at once."""

    def __init__(self, title: str, work: Work) -> None:
        self.title = title
        self.problem = ""
        self.result: object = None
        self.state: JobState = "running"
        self._stop = threading.Event()
        self._n_done = self._n_total = 0
        self._began_s = time.monotonic()
        self._thread = threading.Thread(target=self._run, args=(work,), name="ingest-job", daemon=True)
        self._thread.start()

    @property
    def progress(self) -> Progress:
        """How far it is now."""
        seconds = time.monotonic() - self._began_s
        per_s = self._n_done / seconds if seconds else 0.0
        left = (self._n_total - self._n_done) / per_s if per_s and self._n_total else None
        return Progress(self._n_done, self._n_total, per_s, left)

    @property
    def is_stopping(self) -> bool:
        """Whether its end is wished for and not yet there."""
        return self._stop.is_set() and self.state == "running"

    def stop(self) -> None:
        """End it soon, with all that was done kept."""
        self._stop.set()

    def wait(self, timeout_s: float) -> None:
        """Until it ends, or the time is over."""
        self._thread.join(timeout_s)

    def _watch(self, n_done: int, n_total: int) -> None:
        self._n_done, self._n_total = n_done, max(n_done, n_total)

    def _run(self, work: Work) -> None:
        try:
            self.result = work(self._watch, self._stop)
            self.state = "done"
        except VitrineError as error:
            self._fail(str(error))
        except Exception:
            trace = uuid.uuid4().hex[:8]
            logger.exception("ingest job failed, trace %s", trace)
            self._fail(f"something broke on our side; the log tells more under {trace!r}")

    def _fail(self, problem: str) -> None:
        self.problem = problem
        self.state = "failed"


class Jobs:
    """The newest job under each key, for all tabs. One key does one thing at a time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._jobs: dict[str, Job] = {}

    def start(self, key: str, title: str, work: Work) -> Job:
        """Begin a job, or give the one that is at work under this key."""
        with self._lock:
            found = self._jobs.get(key)
            if found is None or found.state != "running":
                found = self._jobs[key] = Job(title, work)
            return found

    def get(self, key: str) -> Job | None:
        """The newest job of a key; None where there is none."""
        with self._lock:
            return self._jobs.get(key)

    def forget(self, key: str) -> None:
        """Forget a job that has ended."""
        with self._lock:
            if (found := self._jobs.get(key)) and found.state != "running":
                del self._jobs[key]

    def running(self) -> dict[str, Job]:
        """All that is at work, by key."""
        with self._lock:
            return {key: job for key, job in self._jobs.items() if job.state == "running"}
