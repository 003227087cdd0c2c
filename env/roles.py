"""Who may do what: roles, the actions each of them may take, and the actor who takes one."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from env.errors import AccessError


class Role(StrEnum):
    """What somebody is in this shop. Roles add up: one person may have several."""

    SHOPPER = "shopper"
    MERCHANDISER = "merchandiser"
    PRESENTER = "presenter"
    ADMIN = "admin"


class Action(StrEnum):
    """What can be done beyond shopping; the words finish the sentence "this needs leave to ..."."""

    EDIT_PROMPTS = "edit prompts"
    PUBLISH_PROMPTS = "publish prompts"
    COMPARE_LIVE = "compare versions on shoppers"
    EDIT_RULES = "edit merchandising rules"
    READ_INSIGHT = "read what shoppers wrote"
    SET_RETENTION = "set how long turns are kept"
    READ_CATALOG = "look at the stored catalogue"
    CHANGE_CATALOG = "change the catalogue"
    PRESENT = "present demos"


_MERCHANDISER = frozenset(set(Action) - {Action.SET_RETENTION, Action.PRESENT})

MAY: Mapping[Role, frozenset[Action]] = MappingProxyType(
    {
        Role.SHOPPER: frozenset(),
        Role.MERCHANDISER: _MERCHANDISER,
        Role.PRESENTER: frozenset({Action.PRESENT}),
        Role.ADMIN: frozenset(Action),
    }
)


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody at work: the name that versions are signed with, and their roles."""

    name: str
    roles: frozenset[Role]

    def may(self, action: Action) -> bool:
        """Whether one of the roles allows it."""
        return any(action in MAY[role] for role in self.roles)

    @property
    def is_staff(self) -> bool:
        """Whether any of the roles is more than that of a shopper."""
        return any(MAY[role] for role in self.roles)

    def require(self, action: Action) -> None:
        """Let the action pass.

        Raises:
            AccessError: none of the roles allows it.
        """
        if not self.may(action):
            roles = ", ".join(sorted(self.roles)) or "nobody in particular"
            needed = ", ".join(sorted(role for role in Role if action in MAY[role]))
            raise AccessError(f"this needs leave to {action}: {self.name!r} is {roles}, and {needed} may")


ANYBODY = Actor("somebody", frozenset({Role.SHOPPER}))
"""A shopper, known or not."""
EVERYTHING = Actor("this computer", frozenset(Role))
"""Whoever sits at the machine itself: the command line, and the page where it serves this machine alone."""
