"""The test set as its editors use it: everything that changes it asks for leave first."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from agents.workbench.case_file import check_case
from agents.workbench.turn_case import Taken, case_of_turn
from env.database import Database
from env.errors import BenchError
from env.roles import Action, Actor
from tools.store_cases import CaseRow, CaseStore
from tools.store_sessions import SessionStore


@dataclass(frozen=True, slots=True)
class CaseBook:
    """The test set of a shop."""

    store: CaseStore
    sessions: SessionStore

    @classmethod
    def of(cls, database: Database) -> "CaseBook":
        """The test set in this database."""
        return cls(CaseStore(database), SessionStore(database))

    def cases(self, ids: Sequence[str] | None = None) -> list[CaseRow]:
        """The cases in the order they came, or those of these ids."""
        return self.store.cases(ids)

    def removed(self) -> list[CaseRow]:
        """What can be put back."""
        return self.store.removed()

    def put(self, actor: Actor, cases: Sequence[CaseRow]) -> int:
        """Add cases, or write them over the ones of their ids; how many are new.

        Raises:
            AccessError: the actor may not edit prompts.
            BenchError: a label cannot be used; then nothing is stored.
        """
        actor.require(Action.EDIT_PROMPTS)
        for case in cases:
            check_case(case)
        return self.store.put([replace(case, added_by=case.added_by or actor.name) for case in cases])

    def remove(self, actor: Actor, ids: Sequence[str]) -> int:
        """Take cases out of the set; `restore` puts them back. Raises AccessError."""
        actor.require(Action.EDIT_PROMPTS)
        return self.store.remove(ids)

    def restore(self, actor: Actor, ids: Sequence[str]) -> int:
        """Put removed cases back. Raises AccessError."""
        actor.require(Action.EDIT_PROMPTS)
        return self.store.restore(ids)

    def add_turn(self, actor: Actor, session_id: str, number: int) -> Taken:
        """Take a stored turn in, with the messages before it and without what tells who wrote them.

        Raises:
            AccessError: the actor may not edit prompts.
            BenchError: there is no such turn, or it has no words.
        """
        actor.require(Action.EDIT_PROMPTS)
        turns = self.sessions.turns(session_id)
        if all(turn.number != number for turn in turns):
            raise BenchError(f"there is no stored turn {number} in the chat {session_id!r}; open the chat again")
        taken = case_of_turn([turn for turn in turns if turn.number <= number])
        is_new = not self.store.cases([taken.case.id])
        if is_new:
            # A case that is there already keeps its labels.
            self.store.put([replace(taken.case, added_by=actor.name)])
        return replace(taken, is_new=is_new)
