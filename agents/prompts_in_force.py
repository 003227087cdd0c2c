"""Which version of each prompt a turn goes by: the published ones, else those that ship with the code."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from agents.prompt import Prompt, load_prompt


@dataclass(frozen=True, slots=True)
class PromptsInForce:
    """The prompts of one turn, taken once at its start so that a turn never mixes versions.

    `published` holds those that differ from the shipped ones, by name. `comparison` and `arm` say which live comparison
    the chat takes part in and on which side, "" where in none; of several, one of each prompt, with commas between.
    """

    published: Mapping[str, Prompt] = field(default_factory=dict)
    comparison: str = ""
    arm: str = ""

    def prompt(self, name: str) -> Prompt:
        """The prompt of this name.

        Raises:
            PromptError: there is none.
        """
        return self.published.get(name) or load_prompt(name)

    def versions(self, names: tuple[str, ...]) -> Mapping[str, str]:
        """Version of each of these prompts, by its name."""
        return {name: self.prompt(name).version for name in names}


class PromptSource(Protocol):
    """Says which prompts are in force."""

    def in_force(self, session_id: str) -> PromptsInForce:
        """The prompts for the next turn of this chat."""


SHIPPED = PromptsInForce()


class ShippedPrompts:
    """The prompts that ship with the code, for every chat."""

    def in_force(self, session_id: str) -> PromptsInForce:
        """The shipped ones."""
        return SHIPPED


SHIPPED_PROMPTS = ShippedPrompts()
