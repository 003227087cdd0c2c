"""The versions of prompts as runs see them: those stored, or where nothing is stored those that ship with the code."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from agents.prompt import PROMPTS_DIR, Prompt, load_prompt
from agents.prompts_in_force import PromptsInForce
from env.database import Database
from env.errors import PromptError

TESTED = ("classifier", "assistant")
"""The prompts that a run can put side by side."""


class PromptVersions(Protocol):
    """Finds versions of prompts."""

    def versions(self, name: str) -> tuple[str, ...]:
        """The versions of a prompt that can be tried, the newest first."""

    def prompt(self, name: str, version: str) -> Prompt:
        """One version.

        Raises:
            PromptError: there is none.
        """

    def in_force(self, name: str) -> str:
        """The version that answers shoppers now."""


@dataclass(frozen=True, slots=True)
class KnownVersions:
    """The shipped versions, and beside them those given here by name and version."""

    more: Mapping[tuple[str, str], Prompt]

    def versions(self, name: str) -> tuple[str, ...]:
        """The given ones, the last first, then the shipped one."""
        given = [version for known, version in self.more if known == name]
        return tuple(dict.fromkeys((*reversed(given), self.in_force(name))))

    def prompt(self, name: str, version: str) -> Prompt:
        """The given one, else the shipped one."""
        found = self.more.get((name, version))
        if found is None and (PROMPTS_DIR / f"{name}.yaml").is_file() and load_prompt(name).version == version:
            found = load_prompt(name)
        if found is None:
            raise PromptError(f"there is no version {version!r} of prompt {name!r}; choose one that is there")
        return found

    def in_force(self, name: str) -> str:
        """The shipped one."""
        return load_prompt(name).version


SHIPPED_VERSIONS = KnownVersions({})


@dataclass(frozen=True, slots=True)
class Pinned:
    """These prompts for every chat: what a run tries is not what shoppers get."""

    prompts: PromptsInForce

    def in_force(self, session_id: str) -> PromptsInForce:
        """The pinned ones."""
        return self.prompts


def mark_of(prompt: Prompt) -> str:
    """Twelve characters that tell whether the words of a version have changed since: a draft may be edited."""
    words = json.dumps([sorted(prompt.variables), dict(prompt.template)], sort_keys=True)
    return hashlib.sha256(words.encode()).hexdigest()[:12]


def versions_of(database: Database) -> PromptVersions:
    """The versions that this shop has."""
    del database  # Nothing but the shipped versions is stored yet.
    return SHIPPED_VERSIONS
