"""The design vocabulary: what the shop sells and who makes it, read from the YAML files beside this one."""

from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field

_HERE = Path(__file__).resolve().parent
_DEPARTMENTS = ("tops", "bottoms", "dresses", "outerwear", "shoes", "bags", "accessories")

ShapeRule = str | float | list[str] | list[float]


class _Data(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Design(_Data):
    """One kind of thing in a category. Lists are choices; `price` is a range in euros.

    A rule in `shape` is a value, a [low, high] range of numbers, or a list of words to choose from.
    """

    nouns: list[str]
    audiences: list[str] = Field(alias="for")
    price: tuple[float, float]
    materials: list[str]
    usage: list[str]
    season: list[str]
    patterns: list[str]
    colours: list[str]
    shape: dict[str, ShapeRule]
    about: list[str]


class Category(_Data):
    """An article type: `groups` is its share of the catalogue, `sizes` the name of its size system.

    `core` are colours that most of its groups come in, as far as their design has them: what shoppers ask for first.
    """

    name: str
    department: str
    groups: int
    sizes: str
    core: list[str] = []
    designs: list[Design]


class Brand(_Data):
    """An invented label; `level` multiplies a design's price."""

    name: str
    level: float
    makes: list[str]
    audiences: list[str] = Field(alias="for")
    line: str


class Starter(_Data):
    """A tile of the first page: a question, and facets of the item whose picture it shows."""

    question: str
    show: dict[str, str]


class Wording(_Data):
    """Words for titles and descriptions; `made_of` is keyed by material, `wear` by usage."""

    models: list[str]
    titles: list[str]
    patterns: dict[str, str]
    who: dict[str, str]
    made_of: dict[str, list[str]]
    wear: dict[str, list[str]]


_SHARED = ("price", "materials", "usage", "season", "patterns", "colours")


@cache
def categories() -> tuple[Category, ...]:
    """Every article type of the shop, in the order of the files. A design inherits what it leaves out."""
    palettes = _read("designs/palettes.yaml")
    found = []
    for department in _DEPARTMENTS:
        for name, facts in _read(f"designs/{department}.yaml").items():
            shared = {key: facts[key] for key in _SHARED}
            designs = [{**shared, **design} for design in facts["designs"]]
            for design in designs:
                design["colours"] = list(dict.fromkeys(c for n in design["colours"] for c in palettes.get(n, [n])))
            found.append(
                Category.model_validate(
                    {"name": name, "department": department, "designs": designs}
                    | {key: facts[key] for key in ("groups", "sizes", "core") if key in facts}
                )
            )
    return tuple(found)


@cache
def brands() -> tuple[Brand, ...]:
    """The invented labels."""
    return tuple(Brand.model_validate({"name": name} | facts) for name, facts in _read("brands.yaml").items())


@cache
def wording() -> Wording:
    """The words of titles and descriptions."""
    return Wording.model_validate(_read("wording.yaml"))


@cache
def starters() -> tuple[Starter, ...]:
    """The starter tiles of the first page."""
    return tuple(Starter.model_validate(facts) for facts in _read("starters.yaml"))


def _read(name: str):  # type: ignore[no-untyped-def]
    return yaml.safe_load((_HERE / name).read_text(encoding="utf-8"))
