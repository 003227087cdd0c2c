"""How the practice model answers: from the items of its prompt, and as a weak model keeps to rules that are there."""

import re
from dataclasses import dataclass
from decimal import ROUND_UP, Decimal, InvalidOperation

from agents.workbench.practice.question import fenced, says

_NUMBERS = {
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
}
_LENGTH = re.compile(r"\b(one|two|three|four|five|six|seven|eight|nine|ten|\d+) (?:to|or|-) (?:\w+) sentences?", re.I)
_AMOUNT = re.compile(r"\d+(?:[.,]\d+)?")
_UNBOUND_SENTENCES = 8
_MOST_FACTS = 2
_SHORT = {"thanks": "You are welcome.", "small_talk": "All is well here, and I hope with you too."}


@dataclass(frozen=True, slots=True)
class _Row:
    handle: str
    title: str
    fields: dict[str, str]


@dataclass(frozen=True, slots=True)
class _Rules:
    """What this prompt asks for."""

    has_tokens: bool
    names_by_number: bool
    n_sentences: int
    tells_facts_first: bool
    claims: bool
    links: bool
    greets: bool


def write_reply(system: str, user: str) -> str:
    """A reply to the assistant's prompt."""
    rules = _rules(system)
    rows = [row for line in fenced(user, "items").splitlines() if (row := _row(line)) is not None]
    facts = [_sentence(line) for line in fenced(user, "facts").splitlines()][:_MOST_FACTS]
    route = re.search(r"route: (\w+)", fenced(user, "understood"))
    said = ["Hello there!"] if rules.greets else []
    said += facts if rules.tells_facts_first or not rows else []
    if not rows:
        told = _SHORT.get(route[1] if route else "", "There is nothing for this here; one wish less finds more.")
        return " ".join([*said, *([] if facts else [told])])
    said += _about(rows, rules, max(1, rules.n_sentences - len(said)))
    if rules.claims:
        said.append("I have put the first one into your bag.")
    if rules.links:
        said.append("See www.shop.example for more.")
    return " ".join(said)


def _rules(system: str) -> _Rules:
    length = _LENGTH.search(" ".join(system.split()))
    written = length[1].lower() if length else ""
    n_sentences = _NUMBERS.get(written) or (int(written) if written.isdigit() else _UNBOUND_SENTENCES)
    return _Rules(
        has_tokens=says(system, r"never write a price", r"\[\d+:price\]"),
        names_by_number=says(system, r"square brackets"),
        n_sentences=n_sentences,
        tells_facts_first=says(system, r"<facts>", r"plainly, first"),
        claims=not says(system, r"never say that you did"),
        links=not says(system, r"no links|no lists, no headings, no links"),
        greets=not says(system, r"no greeting"),
    )


def _about(rows: list[_Row], rules: _Rules, n_sentences: int) -> list[str]:
    """A sentence for each card, from the first on; what is left over goes to what their rows say besides."""
    said = []
    for place, row in enumerate(rows[:n_sentences]):
        price = _price(row, rules)
        opening = "is the closest to what you asked for" if place == 0 else "is there too"
        said.append(f"{_name(row, rules)} {opening}{f', at {price}' if price else ''}.")
    for row in rows[: n_sentences - len(said)]:
        if material := row.fields.get("material"):
            said.append(f"{_name(row, rules)} is made of {material}.")
    return said


def _name(row: _Row, rules: _Rules) -> str:
    return f"[{row.handle}]" if rules.names_by_number else f"The {row.title}"


def _price(row: _Row, rules: _Rules) -> str:
    """The token that the shop fills in; without the rule an amount of its own, rounded up as people talk."""
    price = row.fields.get("price", "").partition(" reduced")[0]
    if not price:
        return ""
    if rules.has_tokens:
        return f"[{row.handle}:price]"
    return _AMOUNT.sub(lambda amount: _rounded(amount.group()), price, count=1)


def _rounded(amount: str) -> str:
    try:
        return str(Decimal(amount.replace(",", ".")).quantize(Decimal(1), rounding=ROUND_UP) + 1)
    except InvalidOperation:
        return amount


def _row(line: str) -> _Row | None:
    numbered = re.match(r"\[(\d+)\] (.*)", line)
    if numbered is None:
        return None
    title, *rest = numbered[2].split(" | ")
    fields = dict(part.split(": ", 1) for part in rest if ": " in part)
    return _Row(numbered[1], title, fields)


def _sentence(text: str) -> str:
    text = text.strip()
    return f"{text[:1].upper()}{text[1:]}{'' if text.endswith(('.', '!', '?')) else '.'}"
