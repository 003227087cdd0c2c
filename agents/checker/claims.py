"""Claims about cards: materials, qualities that no picture shows, sizes, stock, ratings, percents, promises."""

import re
from collections.abc import Callable, Sequence
from decimal import Decimal

from agents.checker.amounts import read_number
from agents.checker.grounds import Card, Grounds
from agents.checker.sentences import Clause
from agents.checker.vocabulary import load_vocabulary

_PERCENT = re.compile(
    r"(?P<number>\d+(?:[.,]\d+)?)\s?(?:%|percent|per cent|prozent|pour ?cent|por ciento)"
    r"|百分之\s?(?P<chinese>\d+)|\b(?:hundred|fifty) per ?cent\b",
    re.IGNORECASE,
)
_LETTER_SIZE = re.compile(r"(?<![\w'’-])(?:XXS|XS|XXXL|XXL|XL|[2-6]XL|S|M|L)(?![\w'’-])")
_NAMED_SIZE = re.compile(
    r"\b(?:sizes?|größen?|taille|tallas?|EU|UK)\s+(?P<size>\d{1,3}(?:[.,/]\d+)?|[A-Za-z]{1,4}\b)|尺码\s?(?P<chinese>\w+)",
    re.IGNORECASE,
)
_NO_SIZES = re.compile(
    r"(?:and|in|of|for|is|are|or|und|et|y|the|up|guide|fits?|you|run|your|it|one|than|to|at)", re.IGNORECASE
)
_RATING = re.compile(
    r"(?P<rate>\d(?:[.,]\d+)?)\s?(?:-|\s)?(?:of|out of|/|von|sur|de)\s?5\b"
    r"|(?P<stars>\d(?:[.,]\d+)?|one|two|three|four|five)[- ]stars?\b"
    r"|\brated\s(?P<rated>\d(?:[.,]\d+)?)|(?P<sterne>\d(?:[.,]\d+)?)\s?(?:sterne|étoiles|estrellas|星)",
    re.IGNORECASE,
)
_STOCK = re.compile(
    r"\b(?P<there>in stock|auf lager|en stock|available now)\b"
    r"|\b(?P<gone>out of stock|sold out|ausverkauft|épuisée?s?|agotad[oa]s?)\b|(?P<chinese>有货)",
    re.IGNORECASE,
)
_ON_SALE = re.compile(
    r"\b(?:on sale|reduced|marked down|im angebot|reduziert\w*|en promotion|rebajad\w+)\b|降价", re.IGNORECASE
)
_WORDS = {"one": "1", "two": "2", "three": "3", "four": "4", "five": "5"}  # fmt: skip


def claim_problem(clause: Clause, grounds: Grounds) -> str:
    """What this clause claims and no row of its cards bears out, or ""."""
    promise = next(iter(sorted(load_vocabulary().promises.meanings_in(clause.text) - _told(grounds))), "")
    if promise and not load_vocabulary().is_hedged(clause.text):
        return f"a promise of {promise}"
    cards = grounds.about(clause.places)
    if ratings := _bad_ratings(clause.text, cards, grounds):
        return f"a rating {ratings} that no row has"
    if load_vocabulary().is_hedged(clause.text):
        return ""
    return next((problem for check in _CHECKS if (problem := check(clause.text, cards, grounds))), "")


def _told(grounds: Grounds) -> frozenset[str]:
    return load_vocabulary().promises.meanings_in(grounds.facts)


def _material(text: str, cards: Sequence[Card], grounds: Grounds) -> str:
    known = _union([card.materials for card in cards]) | load_vocabulary().materials.meanings_in(grounds.facts)
    unseen = load_vocabulary().materials.meanings_in(text) - known
    return f"{min(unseen)} in no row" if unseen else ""


def _quality(text: str, cards: Sequence[Card], grounds: Grounds) -> str:
    known = _union([card.qualities for card in cards]) | load_vocabulary().qualities.meanings_in(grounds.facts)
    unseen = load_vocabulary().qualities.meanings_in(text) - known
    return f"{min(unseen)} in no row" if unseen else ""


def _union(sets: Sequence[frozenset[str]]) -> frozenset[str]:
    return frozenset().union(*sets)


def _percent(text: str, cards: Sequence[Card], grounds: Grounds) -> str:
    for match in _PERCENT.finditer(text):
        number = read_number(match["number"] or match["chinese"] or "")
        held = " ".join((grounds.facts, *(card.said for card in cards)))
        known = {read_number(found["number"] or "") for found in _PERCENT.finditer(held)}
        if number is None or number not in known | _reductions(cards):
            return f"a percentage {match.group()!r} that no row has"
    return ""


def _reductions(cards: Sequence[Card]) -> set[Decimal | None]:
    """By how many percent each card is reduced."""
    ends: list[tuple[Decimal, Decimal]] = [(min(card.amounts), max(card.amounts)) for card in cards if card.amounts]
    shares = (100 - 100 * least / most for least, most in ends if most)
    return {Decimal(round(share)).normalize() for share in shares if share}


def _size(text: str, cards: Sequence[Card], grounds: Grounds) -> str:
    found = _STOCK.search(text)
    is_gone = found is not None and bool(found["gone"])
    sizes = {size.casefold() for card in cards for size, stock in card.item.sizes.items() if is_gone or stock != 0}
    said = {word.casefold() for word in re.split(r"[\s,./]+", grounds.facts)}
    written = [match.group() for match in _LETTER_SIZE.finditer(text)]
    for match in _NAMED_SIZE.finditer(text):
        size = match["size"] or match["chinese"]
        written += [size] if not (_NO_SIZES.fullmatch(size) or size.islower()) else []
    # "A picture says S" of an item without sizes is no less made up than another item's size.
    wrong = [size for size in written if size.casefold() not in sizes | said and not _is_in_names(size, cards)]
    return f"a size {wrong[0]!r} that no row has" if wrong else ""


def _is_in_names(word: str, cards: Sequence[Card]) -> bool:
    return any(re.search(rf"(?<!\w){re.escape(word)}(?!\w)", card.names) for card in cards)


def _stock(text: str, cards: Sequence[Card], grounds: Grounds) -> str:
    for match in _STOCK.finditer(text):
        wanted = not match["gone"]
        if match["gone"] and _names_gone_size(text, cards):
            continue
        if cards and not any(_is_there(card) in (wanted, None) for card in cards):
            return f"{match.group()!r}, which the row denies"
    if (
        _ON_SALE.search(text)
        and not any(len(card.amounts) > 1 for card in cards)
        and not _ON_SALE.search(grounds.facts)
    ):
        return "a reduction that no row has"
    return ""


def _names_gone_size(text: str, cards: Sequence[Card]) -> bool:
    gone = {size for card in cards for size, stock in card.item.sizes.items() if stock == 0}
    return any(re.search(rf"(?<!\w){re.escape(size)}(?!\w)", text) for size in gone)


def _is_there(card: Card) -> bool | None:
    """Whether an item can be had; None where the row does not say."""
    if card.item.sizes:
        return any(stock != 0 for stock in card.item.sizes.values())
    return {"in_stock": True, "out_of_stock": False}.get(card.item.availability)


def _bad_ratings(text: str, cards: Sequence[Card], grounds: Grounds) -> str:
    known = {Decimal(str(round(card.item.rating, 1))).normalize() for card in cards if card.item.rating is not None}
    for match in _RATING.finditer(text):
        said = next(group for group in match.groups() if group)
        value = read_number(_WORDS.get(said.lower(), said))
        if value not in known and match.group() not in grounds.facts:
            return repr(match.group())
    return ""


_CHECKS: tuple[Callable[[str, Sequence[Card], Grounds], str], ...] = (_material, _quality, _percent, _size, _stock)
