"""Journeys as data: what a shopper writes, shows and presses, turn by turn, and what has to come of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, get_args

import yaml

from env.errors import SettingsError

CASES_DIR = Path(__file__).resolve().parent / "cases" / "journeys"
Way = Literal["suggestion", "choice", "put_back", "without"]
WAYS: tuple[str, ...] = get_args(Way)


@dataclass(frozen=True, slots=True)
class Press:
    """What is pressed instead of writing: a button of the turn before whose label holds `label`, or a standing limit.

    "without" takes the limit off whose name or value is `label` ("price", "red").
    """

    way: Way
    label: str = ""


@dataclass(frozen=True, slots=True)
class Cards:
    """What has to be true of the cards, beside keeping every standing limit. Prices are in whole units.

    `like` is a SKU one of whose group has to be among the first four. `fresh` allows no card of the turn before, `same`
    no other. `never` maps a field of the item to values that no card may have; `each` to those that every card has to
    have which is shown without a limit widened, as the prices have to be.
    """

    n: int | None = None
    least: int = 0
    most: int | None = None
    each: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    never: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    pays_max: float | None = None
    pays_min: float | None = None
    sort: str = ""
    like: str = ""
    fresh: bool = False
    same: bool = False


@dataclass(frozen=True, slots=True)
class JourneyTurn:
    """One message with what has to follow. What is not named is not asked, but for what every turn has to keep.

    `intent` holds names and values of the intent as JSON, `standing` those of each part that stands afterwards (None
    where nothing is asked). `photo` is the SKU whose picture is sent, altered. `says` and `never_says` are patterns of
    the reply; `says` is asked of the replies of this machine only, since models word things as they like.
    """

    say: str = ""
    photo: str = ""
    press: Press | None = None
    route: str = ""
    intent: Mapping[str, Any] = field(default_factory=dict)
    standing: tuple[Mapping[str, Any], ...] | None = None
    cards: Cards = Cards()
    relaxed: bool | None = None
    dropped: bool | None = None
    choices: int = 0
    says: tuple[str, ...] = ()
    never_says: tuple[str, ...] = ()
    bag: int | None = None
    saved: int | None = None


@dataclass(frozen=True, slots=True)
class Journey:
    """One conversation. `about` is what it shows, the same for several; `language` that of its messages."""

    id: str
    about: str
    turns: tuple[JourneyTurn, ...]
    language: str = "en"


def read_journeys(folder: Path = CASES_DIR) -> tuple[Journey, ...]:
    """All journeys, file by file.

    Raises:
        SettingsError: a file does not hold journeys, or two have the same id.
    """
    found: dict[str, Journey] = {}
    for path in sorted(folder.glob("*.yaml")):
        for row in yaml.safe_load(path.read_text(encoding="utf-8")):
            try:
                journey = _journey(row)
            except (KeyError, TypeError) as error:
                raise SettingsError(f"{path.name}: {row.get('id', row)!r} is no journey: {error}") from error
            if journey.id in found:
                raise SettingsError(f"{path.name}: the id {journey.id!r} is taken; every journey has its own")
            found[journey.id] = journey
    return tuple(found.values())


def _journey(row: Mapping[str, Any]) -> Journey:
    return Journey(**{**row, "turns": tuple(_turn(turn) for turn in row["turns"])})


def _turn(row: Mapping[str, Any]) -> JourneyTurn:
    made: dict[str, Any] = dict(row)
    if "press" in row:
        ((way, label),) = row["press"].items()
        if way not in WAYS:
            raise TypeError(f"nothing can be pressed by {way!r}; ways are {', '.join(WAYS)}")
        made["press"] = Press(way, str(label))
    if "cards" in row:
        made["cards"] = Cards(**{**row["cards"], **_values(row["cards"], "each"), **_values(row["cards"], "never")})
    if "standing" in row:
        made["standing"] = tuple(row["standing"])
    for name in ("says", "never_says"):
        made[name] = tuple(row.get(name, ()))
    return JourneyTurn(**made)


def _values(row: Mapping[str, Any], name: str) -> dict[str, Any]:
    return {name: {facet: tuple(values) for facet, values in row.get(name, {}).items()}}
