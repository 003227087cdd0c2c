"""Works through the queue of runs, one at a time, in a thread of its own: a closed tab changes nothing."""

import contextlib
import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from agents.pricing import Price, load_prices
from agents.workbench.bench import Staffed, staff
from agents.workbench.judge import Judge, open_judge
from agents.workbench.playing import play
from agents.workbench.practice import PracticeServer
from agents.workbench.variants import Variant
from agents.workbench.versions import PromptVersions
from env.errors import BenchError, VitrineError
from env.settings import Settings
from tools.shop import Shop
from tools.store_cases import CaseRow
from tools.store_runs import ResultRow, RunStore, Status

logger = logging.getLogger(__name__)
_WAIT_S = 2.0

OnResult = Callable[[int], None]


def bench_folder(settings: Settings) -> Path | None:
    """Where the team keeps its scorers and prices; None where it keeps none."""
    return Path(settings.workbench_dir) if settings.workbench_dir else None


def _in_turn(n_variants: int, number: int) -> list[int]:
    """The places of the variants for a case of this number, each as often first as any other."""
    return [(number + place) % n_variants for place in range(n_variants)]


@dataclass(frozen=True, slots=True)
class _Tools:
    """What a result is made with besides its variant."""

    prices: Mapping[str, Price]
    judge: Judge | None


class RunWorker:
    """The worker of one process. Safe to wake from any thread."""

    def __init__(self, shop: Shop, versions: PromptVersions) -> None:
        self._shop = shop
        self._versions = versions
        self._store = RunStore(shop.database)
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._is_closed = threading.Event()

    def wake(self) -> None:
        """See to it that somebody works on the queue."""
        with self._lock:
            if self._is_closed.is_set() or (self._thread is not None and self._thread.is_alive()):
                return
            self._thread = threading.Thread(target=self._work_quietly, name="workbench-runs", daemon=True)
            self._thread.start()

    def close(self) -> None:
        """Let go after the case at work; what is not done can be resumed."""
        self._is_closed.set()
        thread = self._thread
        if thread is not None and thread is not threading.current_thread():
            thread.join(timeout=60)

    def work(self, on_result: OnResult | None = None) -> None:
        """Run what is in the queue until nothing is; `on_result` is told the run after each result.

        Raises:
            VitrineError: the database cannot be reached.
        """
        while not self._is_closed.is_set():
            run_id = self._store.claim()
            if run_id is None:
                if not self._has_queue():
                    return
                # Another process is at work on a run; this one comes after it.
                self._is_closed.wait(_WAIT_S)
                continue
            self._work_on(run_id, on_result)

    def _has_queue(self) -> bool:
        return any(run.status == "queued" for run in self._store.runs())

    def _work_quietly(self) -> None:
        try:
            self.work()
        except VitrineError as error:
            logger.warning("runs given up: %s", error)

    def _work_on(self, run_id: int, on_result: OnResult | None) -> None:
        try:
            is_whole = self._play_all(run_id, on_result)
        except VitrineError as error:
            self._end(run_id, "failed", str(error))
        except Exception as error:
            # The edge of the thread: without it a run would look at work for ever.
            logger.exception("run failed: id=%s", run_id)
            self._end(run_id, "failed", f"the run broke ({type(error).__name__}); please report it")
        else:
            self._end(run_id, "done" if is_whole else "stopped")

    def _end(self, run_id: int, status: Status, problem: str = "") -> None:
        with contextlib.suppress(VitrineError):
            self._store.end(run_id, status, problem)

    def _play_all(self, run_id: int, on_result: OnResult | None) -> bool:
        """Play what has no result yet; whether all of it was played."""
        run = self._store.run(run_id)
        if run is None:
            raise BenchError(f"there is no run {run_id}")
        variants = [Variant.from_json(each) for each in run.variants]
        cases = self._store.cases(run_id)
        done = {(row.case_id, row.variant) for row in self._store.results(run_id)}
        with contextlib.ExitStack() as stack:
            is_practice = any(variant.is_practice for variant in variants)
            url = stack.enter_context(PracticeServer()).url if is_practice else ""
            staffed = [staff(self._shop, variant, self._versions, url) for variant in variants]
            judge = open_judge(self._shop.settings) if run.has_judge else None
            # The first search loads the checkpoint: no variant's latency should pay for that.
            self._shop.embedder.embed_query_text(["warm"])
            prices = load_prices(bench_folder(self._shop.settings))
            for number, case in enumerate(cases):
                # Case by case over all variants, so that a run that is stopped holds pairs. They take turns at going
                # first: whoever does finds nothing in any cache, and that must not look like a slow prompt.
                for place in _in_turn(len(variants), number):
                    if (case.id, place) in done:
                        continue
                    if self._is_closed.is_set() or not self._store.beat(run_id):
                        return False
                    self._play_one(run_id, case, place, staffed[place], _Tools(prices, judge))
                    if on_result:
                        on_result(run_id)
        self._store.beat(run_id)
        return True

    def _play_one(self, run_id: int, case: CaseRow, place: int, staffed: Staffed, using: _Tools) -> None:
        result = play(case, staffed, self._store, using.prices)
        if using.judge is not None and not result.error:
            result = using.judge.judged(case, result)
        self._store.put_result(run_id, ResultRow(place, case.id, result.to_json()))
