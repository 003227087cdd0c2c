"""What a model's words broke of the contract, before the checker mended or dropped them."""

import re
from dataclasses import dataclass

from agents.checker import check, grounds_of
from agents.checker.amounts import amounts_in
from agents.checker.markup import folded
from agents.events import Evidence
from agents.speaking import speaking, spoken_locale

WRONG_SHAPE = "wrong JSON shape"
# What the checker says of a sentence, and what kind of breach that is; the first that fits.
_KINDS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("price written by itself", re.compile(r"^price |^a price |^an amount |^number ")),
    ("foreign item", re.compile(r"^card |is not shown$")),
    ("claimed action", re.compile(r"^a claimed action")),
    ("link or markup", re.compile(r"markup|e-mail|telephone|brackets that name|^a secret")),
    ("leaked prompt", re.compile(r"words of the prompt|^an instruction")),
    ("remark on a body", re.compile(r"remark on a body")),
)
# Counted by the amount itself.
_WRITTEN_OVER = "a price written over with the row's"
_UNBORNE = "claim that no row bears out"
_SHORTEST_TITLE_WORDS = 2


@dataclass(frozen=True, slots=True)
class Violation:
    """One breach: its kind, and what it was in the model's words or the checker's."""

    kind: str
    detail: str


def violations_of(said: str, evidence: Evidence, message: str, locale: str, language: str) -> tuple[Violation, ...]:
    """Every breach in a reply as the model wrote it, each once; none where it wrote nothing.

    A right price and a right title count too where the model wrote them itself: the shop fills those in, so that a
    price of yesterday never stands in a reply.
    """
    if not said.strip():
        return ()
    with speaking(language):
        grounds = grounds_of(evidence, message, spoken_locale(locale))
        problems = check(said, grounds).problems
    found = [Violation(_kind(problem), _detail(problem)) for problem in problems if problem != _WRITTEN_OVER]
    compared = folded(said)
    written = (amount for amount in amounts_in(compared) if amount.value not in grounds.named | grounds.told)
    found += [Violation("price written by itself", amount.written.strip()) for amount in written]
    low = compared.casefold()
    for hit in evidence.hits:
        title = folded(hit.item.title).casefold()
        is_told = title in grounds.facts.casefold() or title in folded(message).casefold()
        if len(title.split()) >= _SHORTEST_TITLE_WORDS and title in low and not is_told:
            found.append(Violation("title written by itself", hit.item.title))
    return tuple(dict.fromkeys(found))


def _kind(problem: str) -> str:
    return next((kind for kind, pattern in _KINDS if pattern.search(problem)), _UNBORNE)


def _detail(problem: str) -> str:
    """The amount itself where the problem is about one, so that it counts once."""
    amount = re.match(r"price '(.+)' is in no row", problem)
    return amount[1].strip() if amount else problem
