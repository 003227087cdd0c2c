"""Prompts in force for a chat that may take part in live comparisons."""

import logging
from collections.abc import Mapping

from agents.live.assignment import arm_of
from agents.live.book import LiveBook
from agents.live.guard import Guard
from agents.live.pinned import pinned
from agents.live.versions import Versions
from agents.prompt import Prompt
from agents.prompts_in_force import PromptsInForce, PromptSource
from env.database import Database
from env.errors import VitrineError
from tools.store_live import Arm, Comparison, LiveStore

logger = logging.getLogger(__name__)


class LivePrompts:
    """A prompt source that gives each chat its side of every running comparison, and lets the guard look."""

    def __init__(self, base: PromptSource, store: LiveStore, guard: Guard) -> None:
        """`base` says what is in force without comparisons."""
        self._base, self._store, self._guard = base, store, guard

    def in_force(self, session_id: str) -> PromptsInForce:
        """The prompts for the next turn. Whatever fails about a comparison, the turn gets what is in force."""
        base = self._base.in_force(session_id)
        try:
            running = self._store.running()
            return self._with_arms(base, session_id, running) if running else base
        except VitrineError as error:
            logger.warning("live comparisons left aside for a turn: %s", error)
            return base

    def _with_arms(self, base: PromptsInForce, session_id: str, running: list[Comparison]) -> PromptsInForce:
        sides = self._store.sides(session_id, [comparison.id for comparison in running])
        published, arms = dict(base.published), {}
        for comparison in running:
            if base.prompt(comparison.prompt).version != comparison.version_a:
                # Another version was put into force: that holds from this turn on, and the guard ends the comparison.
                self._guard.watch(comparison)
                continue
            try:
                prompts = _prompts(comparison)
                arm = sides.get(comparison.id) or self._assigned(comparison, session_id)
            except VitrineError as error:
                # Neither side is served and nothing is counted: half a comparison would be no comparison.
                logger.warning("live comparison left aside: id=%s error=%s", comparison.id, error)
                continue
            published[comparison.prompt], arms[str(comparison.id)] = prompts[arm], arm
            self._guard.watch(comparison)
        return PromptsInForce(published, ",".join(arms), ",".join(arms.values()))

    def _assigned(self, comparison: Comparison, session_id: str) -> Arm:
        arm = arm_of(comparison.id, session_id, comparison.share_b)
        return self._store.assign(comparison.id, session_id, arm, comparison.share_b)


def _prompts(comparison: Comparison) -> Mapping[Arm, Prompt]:
    return {
        "A": pinned(comparison.prompt, comparison.version_a, comparison.content_a),
        "B": pinned(comparison.prompt, comparison.version_b, comparison.content_b),
    }


def live_prompts(base: PromptSource, database: Database, versions: Versions) -> LivePrompts:
    """The source for a shop, guard included."""
    store = LiveStore(database)
    return LivePrompts(base, store, Guard(LiveBook(database, versions), store))
