"""The versions of prompts that a live comparison may take: told by whoever keeps them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from agents.prompt import Prompt
from agents.workbench.prompt_book import PromptBook
from agents.workbench.publishing import gate_of
from env.database import Database
from env.roles import Actor

PROMPT_NAMES = ("assistant", "classifier")


@dataclass(frozen=True, slots=True)
class Versions:
    """What is known of versions. `ready` lists those of a name that may meet shoppers, the newest first.

    They are published, were, or have passed the gate. `in_force` is the one that sessions outside of comparisons get.
    `publish(actor, name, version, note)` puts one in force for all; None where that is not possible here.
    """

    in_force: Callable[[str], str]
    ready: Callable[[str], Sequence[str]]
    prompt: Callable[[str, str], Prompt]
    publish: Callable[[Actor, str, str, str], None] | None = None
    names: tuple[str, ...] = PROMPT_NAMES


class PromptKeeper(Protocol):
    """Whoever keeps versions of prompts, drafts too."""

    def in_force(self, name: str) -> str:
        """The version that answers shoppers now."""

    def versions(self, name: str) -> Sequence[str]:
        """The versions that could answer, newest first."""

    def prompt(self, name: str, version: str) -> Prompt:
        """One version."""


def versions_of(
    keeper: PromptKeeper,
    may_meet_shoppers: Callable[[str, str], bool],
    publish: Callable[[Actor, str, str, str], None] | None = None,
) -> Versions:
    """The kept versions. `may_meet_shoppers(name, version)` says whether one was published or has passed the gate."""

    def ready(name: str) -> Sequence[str]:
        return [version for version in keeper.versions(name) if may_meet_shoppers(name, version)]

    return Versions(keeper.in_force, ready, keeper.prompt, publish)


def open_versions(database: Database) -> Versions:
    """The versions that are kept in this database. One may meet shoppers that was in force, or that the gate lets."""
    book, gate = PromptBook(database), gate_of(database)

    def may_meet_shoppers(name: str, version: str) -> bool:
        was_in_force = version == book.in_force(name) or book.read(name, version).published_at is not None
        return was_in_force or gate(name, version).is_open

    def publish(actor: Actor, name: str, version: str, note: str) -> None:
        book.publish(actor, name, version, note, gate)

    return versions_of(book, may_meet_shoppers, publish)
