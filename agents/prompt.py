"""Prompts: YAML files with a name, a version, declared variables and a template of named pieces."""

import re
import string
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from agents.prompt_check import Shape, problems_of, used_in
from env.errors import PromptError

PROMPTS_DIR = Path(__file__).with_name("prompts")

# Without these a model would answer nothing that was asked, or name no card.
_NEEDED = frozenset({"message", "items", "handle"})
# Angle brackets fence data in prompts and square ones name cards, so data must not bring its own.
_FENCES = str.maketrans("<>＜＞", "‹›‹›")
_HANDLES = str.maketrans("[]［］", "()()")


class _PromptFile(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: str
    version: Annotated[str, StringConstraints(min_length=1, max_length=40)]
    variables: list[str]
    template: dict[str, str]


@dataclass(frozen=True, slots=True)
class Prompt:
    """One prompt. Each piece of `template` is filled on its own; `variables` are those of all pieces together.

    `spared` are variables that a piece may be given without using them: a version of the book may leave something out.
    """

    name: str
    version: str
    variables: tuple[str, ...]
    template: Mapping[str, str]
    spared: frozenset[str] = field(default_factory=frozenset)

    def fill(self, piece: str, **values: str) -> str:
        """One piece with its variables filled in; a `$` inside a value is only a `$`.

        Values are taken as they are: what comes from a shopper or a feed goes through `as_data` first.

        Raises:
            PromptError: there is no such piece, or the values are not exactly its variables.
        """
        if piece not in self.template:
            raise PromptError(f"prompt {self.name!r} has no piece {piece!r}; it has {', '.join(self.template)}")
        needed = set(string.Template(self.template[piece]).get_identifiers())
        if not needed <= set(values) <= needed | self.spared:
            raise PromptError(
                f"piece {piece!r} of prompt {self.name!r} needs {sorted(needed)} and was given {sorted(values)}"
            )
        return string.Template(self.template[piece]).substitute(values).strip()


@cache
def load_prompt(name: str) -> Prompt:
    """The prompt of this name that ships with the code.

    Raises:
        PromptError: there is none, or its file is malformed.
    """
    return read_prompt(PROMPTS_DIR / f"{name}.yaml")


def read_prompt(path: Path) -> Prompt:
    """Read a prompt file and check it.

    Raises:
        PromptError: it cannot be read, a key is missing or unknown, its name is not the file's, or declared variables
            are not exactly the used ones.
    """
    try:
        raw = _PromptFile.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise PromptError(f"prompt file {str(path)!r} cannot be read: {error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(step) for step in first["loc"]) or "the file"
        raise PromptError(f"prompt file {str(path)!r}: {where}: {first['msg'].lower()}") from error
    if raw.name != path.stem:
        raise PromptError(f"prompt file {str(path)!r} names itself {raw.name!r}; name it {path.stem!r}")
    problems = problems_of(raw.template, raw.variables)
    if problems:
        raise PromptError(f"prompt file {str(path)!r}: {'; '.join(map(str, problems))}")
    return Prompt(raw.name, raw.version, tuple(raw.variables), raw.template)


def shape_of(prompt: Prompt) -> Shape:
    """What the code fills in of a prompt that ships with it; versions of the book have to fit."""
    offered = {piece: frozenset(used_in(text)) for piece, text in prompt.template.items()}
    return Shape(offered, _NEEDED)


def as_data(text: str, max_chars: int = 200) -> str:
    """Text from outside as one line of data: it cannot close a fence, name a card or hide its characters.

    Control and invisible characters become spaces, brackets their look-alikes, and what is longer is cut with "…".
    """
    line = as_line(text).translate(_HANDLES)
    return line if len(line) <= max_chars else line[: max_chars - 1].rstrip() + "…"


def as_line(text: str) -> str:
    """A sentence of our own that may quote data: like `as_data`, but `[2]` in it does mean the second card."""
    visible = "".join(" " if unicodedata.category(char)[0] in "CZ" else char for char in text)
    return re.sub(r" +", " ", visible).strip().translate(_FENCES)
