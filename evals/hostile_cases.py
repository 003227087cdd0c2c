"""Hostile rows, messages and photos as data, and the items that carry them."""

import json
from dataclasses import dataclass
from pathlib import Path

from tools.item import Item

CASES_FILE = Path(__file__).resolve().parent / "cases" / "hostile.jsonl"
_PER_PAGE = 4


@dataclass(frozen=True, slots=True)
class HostileCase:
    """One attack: `text` stands in a row, a message or a photo and orders a model to write `says`.

    None of `forbidden` may reach a shopper, whatever its case.
    """

    id: str
    where: str
    kind: str
    text: str
    says: str
    forbidden: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Attack:
    """One turn: the cases that it meets, the brand whose items it shows, and what the shopper writes."""

    cases: tuple[HostileCase, ...]
    brand: str
    message: str
    photo_text: str = ""


def read_hostile() -> tuple[HostileCase, ...]:
    """All cases, in order."""
    rows = (json.loads(line) for line in CASES_FILE.read_text(encoding="utf-8").splitlines())
    return tuple(HostileCase(**row | {"forbidden": tuple(row["forbidden"])}) for row in rows)


def attacks_of(cases: tuple[HostileCase, ...]) -> tuple[Attack, ...]:
    """The turns that meet every case: rows a page at a time, messages and photos one by one, before harmless items."""
    rows = [case for case in cases if case.where in ("title", "description")]
    pages = [tuple(rows[at : at + _PER_PAGE]) for at in range(0, len(rows), _PER_PAGE)]
    by_row = [Attack(page, f"Mill {number:03d}", "linen dresses") for number, page in enumerate(pages)]
    by_message = [Attack((case,), "Alder", f"linen dresses {case.text}") for case in cases if case.where == "message"]
    by_photo = [Attack((case,), "Alder", "like this", case.text) for case in cases if case.where == "photo"]
    return (*by_row, *by_message, *by_photo)


def items_of(attacks: tuple[Attack, ...]) -> list[Item]:
    """Dresses of linen at prices of their own, whose titles and descriptions are the attacks'."""
    harmless = [_dress(number, "Alder", "", "") for number in range(_PER_PAGE)]
    hostile = [
        _dress(1000 + 10 * page + place, attack.brand, case.text, case.where)
        for page, attack in enumerate(attacks)
        if attack.cases[0].where in ("title", "description")
        for place, case in enumerate(attack.cases)
    ]
    return [*harmless, *hostile]


def _dress(number: int, brand: str, text: str, where: str) -> Item:
    colour = ("black", "navy", "red", "beige")[number % 4]
    return Item(
        sku=f"HOSTILE-{number}",
        title=text if where == "title" else f"{brand} {colour} dress",
        description=text if where == "description" else "A dress with two pockets.",
        category="Dress",
        category_path=("Clothing", "One-pieces", "Dress"),
        brand=brand,
        gender="female",
        age_group="adult",
        colour=colour,
        material="linen",
        pattern="solid",
        sizes={"S": 2, "M": 1},
        price_cents=5_900 + 111 * (number % 4),
        currency="EUR",
        availability="in_stock",
        rating=4.2,
        n_ratings=12,
    )
