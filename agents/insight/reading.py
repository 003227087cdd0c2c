"""Insight for somebody who may read it: every block, and the turns behind each of its rows."""

from pathlib import Path

from agents.insight.asked import Facet, limits_block, missed_block, queries_block, routes_block, talk_block
from agents.insight.behind import TurnBehind, behind
from agents.insight.block import Block, BlockName
from agents.insight.ran import chosen_block, cost_block, failures_block, thumbs_block, times_block, unchosen_block
from agents.pricing import load_prices
from env.database import Database
from env.errors import ChatGoneError
from env.roles import Action, Actor
from tools.insight import Options, Pick, Scope
from tools.store_insight import InsightStore
from tools.store_insight_running import RunningStore
from tools.store_insight_turns import BehindStore

BLOCKS: tuple[BlockName, ...] = (
    "talk", "queries", "missed", "limits", "routes", "chosen", "unchosen", "thumbs", "times", "cost", "failures",
)  # fmt: skip
MOST_ROWS = 50
# Messages that differ in personal text alone become one line: so many more are read than are shown.
_MOST_QUERIES = 500


class Insight:
    """Reads figures and turns for an actor. What it gives holds no personal text that `agents.scrub` knows."""

    def __init__(self, database: Database, actor: Actor, prices_folder: Path | None = None) -> None:
        """Open insight; `prices_folder` is where the team keeps prices of its own.

        Raises:
            AccessError: the actor may not read it.
        """
        actor.require(Action.READ_INSIGHT)
        self._prices_folder = prices_folder
        self._asked, self._ran, self._turns = InsightStore(database), RunningStore(database), BehindStore(database)

    def options(self) -> Options:
        """What a scope can be chosen from."""
        return self._asked.options()

    def block(self, name: BlockName, scope: Scope, facet: Facet = "wish") -> Block:
        """One question answered within a scope; `facet` is what the block "missed" goes by."""
        match name:
            case "talk":
                return talk_block(self._asked.days(scope))
            case "routes":
                return routes_block(self._asked.routes(scope))
            case "queries":
                return queries_block(self._asked.queries(scope, _MOST_QUERIES), MOST_ROWS)
            case "missed":
                return missed_block(self._asked.wants(scope, facet, MOST_ROWS), facet)
            case "limits":
                return limits_block(self._asked.limits(scope))
            case _:
                return self._how_it_ran(name, scope)

    def _how_it_ran(self, name: BlockName, scope: Scope) -> Block:
        match name:
            case "unchosen":
                return unchosen_block(self._ran.never_chosen(scope, MOST_ROWS))
            case "chosen":
                return chosen_block(self._ran.most_chosen(scope, MOST_ROWS))
            case "thumbs":
                return thumbs_block(self._ran.thumbs(scope))
            case "times":
                return times_block(self._ran.times(scope))
            case "cost":
                return cost_block(self._ran.tokens(scope), load_prices(self._prices_folder))
            case _:
                return failures_block(self._ran.failures(scope))

    def n_behind(self, scope: Scope, pick: Pick) -> int:
        """How many turns lie behind a row."""
        return self._turns.count(scope, pick)

    def behind(self, scope: Scope, pick: Pick, limit: int, offset: int = 0) -> tuple[TurnBehind, ...]:
        """The turns behind a row, the newest first (for times the slowest)."""
        return tuple(behind(turn) for turn in self._turns.turns(scope, pick, limit, offset))

    def turn(self, session_id: str, number: int) -> TurnBehind:
        """One turn.

        Raises:
            ChatGoneError: it is not stored any more.
        """
        found = self._turns.turn(session_id, number)
        if found is None:
            raise ChatGoneError(f"turn {number} of this chat is not stored any more; it was deleted or sent again")
        return behind(found)
