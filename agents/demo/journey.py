"""Journeys: what a presenter shows, step by step, as data (`journeys/*.yaml`)."""

from functools import cache
from pathlib import Path
from typing import Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from agents.demo.labels import EXAMPLES, can_be_offered
from env.errors import DemoError

_FOLDER = Path(__file__).with_name("journeys")


class _Data(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Press(_Data):
    """Something to press in the newest turn, one of: a suggestion or a way on by its words, a card by its number.

    Words are matched without regard to case, as a part of the label; "" is the first there is. Words alone, without
    saying of what, are those of a suggestion.
    """

    suggestion: str | None = None
    card: int | None = Field(default=None, ge=1)

    @model_validator(mode="before")
    @classmethod
    def _of_words(cls, given: object) -> object:
        return {"suggestion": given} if isinstance(given, str) else given

    @field_validator("suggestion")
    @classmethod
    def _can_be(cls, words: str | None) -> str | None:
        if words and not can_be_offered(words):
            raise ValueError(f"no reply ever offers {words!r}; it offers such as {', '.join(map(repr, EXAMPLES))}")
        return words

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        if (self.suggestion is None) == (self.card is None):
            raise ValueError("name a suggestion or a card, one of them")
        return self


class Step(_Data):
    """One step: what to type or to press, and what the presenter may say meanwhile.

    `photo` are facets of an item whose picture is sent along, as a shopper's photo would be.
    `seconds` is how long the answer stands before the next step of a journey that plays by itself.
    """

    caption: str = Field(min_length=1)
    say: str = ""
    photo: dict[str, str] = {}
    press: Press | None = None
    seconds: float = Field(default=6.0, ge=0, le=120)

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        if (self.press is None) == (not self.say and not self.photo):
            raise ValueError("a step types (say, photo) or presses, one of them")
        return self


class Journey(_Data):
    """A journey; `name` is that of its file."""

    name: str
    title: str = Field(min_length=1)
    about: str = Field(min_length=1)
    steps: tuple[Step, ...] = Field(min_length=1)

    @field_validator("steps")
    @classmethod
    def _begins_with_words(cls, steps: tuple[Step, ...]) -> tuple[Step, ...]:
        if steps[0].press is not None:
            raise ValueError("the first step cannot press: nothing is offered before something was asked")
        return steps


@cache
def journeys() -> tuple[Journey, ...]:
    """The journeys that ship with the shop, in the order they are offered: the tour first, then by title."""
    found = [read_journey(path) for path in sorted(_FOLDER.glob("*.yaml"))]
    return tuple(sorted(found, key=lambda journey: (journey.name != "tour", journey.title)))


def find_journey(name: str) -> Journey:
    """The journey of this name.

    Raises:
        DemoError: there is none.
    """
    for journey in journeys():
        if journey.name == name:
            return journey
    known = ", ".join(journey.name for journey in journeys())
    raise DemoError(f"there is no journey {name!r}; there are {known}")


def read_journey(path: Path) -> Journey:
    """The journey in a file.

    Raises:
        DemoError: it cannot be read, or is no journey.
    """
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        return Journey.model_validate({**data, "name": path.stem})
    except (OSError, UnicodeDecodeError, yaml.YAMLError, TypeError) as error:
        raise DemoError(f"journey {str(path)!r} cannot be read; write it as docs/demo.md says") from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise DemoError(f"journey {str(path)!r}, {place or 'steps'}: {first['msg'].lower()}") from error
