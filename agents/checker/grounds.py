"""What a reply may rely on: the cards' rows, the facts, and the amounts that the shopper named."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from itertools import combinations, product

from agents.checker.amounts import amounts_in, major, numbers_in
from agents.checker.markup import folded, problem_of
from agents.checker.vocabulary import load_vocabulary
from agents.events import Evidence
from agents.prompt import PROMPTS_DIR, Prompt, load_prompt
from tools.item import Item
from tools.query import Hit
from tools.taxonomy import load_taxonomy

SHINGLE_WORDS = 7
"""So many words of a prompt in a row are no chance."""
SHORTEST_GUARDED = 4
"""A sentence of a prompt with so many words is guarded whole."""
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")


@dataclass(frozen=True, slots=True)
class Card:
    """One card as claims are compared with it: its row, `names` (title and facets) and `said`, with its description.

    A title or a description that speaks to a model is in neither.
    """

    item: Item
    names: str
    said: str
    materials: frozenset[str]
    qualities: frozenset[str]
    amounts: frozenset[Decimal]

    @property
    def pays(self) -> Decimal | None:
        """What a shopper pays, in major units."""
        return None if self.item.pays_cents is None else major(self.item.pays_cents, self.item.currency)


@dataclass(frozen=True, slots=True)
class Grounds:
    """All that a reply is held against. `named` are the amounts of the shopper's words and limits.

    `words`, `numbers` and `kinds` are those of cards, facts and limits together, `asked` the shopper's own words;
    `guarded` are runs of words of the prompts. `foreign` are the catalogue's brands that no card has.
    """

    cards: tuple[Card, ...]
    facts: str
    told: frozenset[Decimal]
    named: frozenset[Decimal]
    words: frozenset[str]
    asked: frozenset[str]
    numbers: frozenset[Decimal]
    kinds: frozenset[str]
    guarded: frozenset[tuple[str, ...]]
    foreign: tuple[str, ...]
    locale: str
    has_sponsored: bool = False

    def about(self, places: Iterable[int]) -> tuple[Card, ...]:
        """The cards at these places; all where no place is named."""
        chosen = tuple(self.cards[place - 1] for place in places if 0 < place <= len(self.cards))
        return chosen or self.cards


def grounds_of(
    evidence: Evidence,
    message: str = "",
    locale: str = "en",
    brands: Iterable[str] = (),
    prompts: Iterable[Prompt] = (),
) -> Grounds:
    """What this evidence and this message bear out; `brands` are all that the catalogue has.

    `prompts` are those in force beside the shipped ones: their words are guarded too.
    """
    cards = tuple(_card(hit) for hit in evidence.hits)
    facts = _own_words(evidence)
    asked = " ".join(part for part in re.split(r"(?<=[.!?])\s", folded(message)) if not _is_hostile(part))
    limits = " ".join(_limit_words(evidence))
    text = " ".join((facts, limits, *(card.said for card in cards)))
    shown = " ".join(card.names for card in cards)
    kinds = load_vocabulary().kinds
    return Grounds(
        cards=cards,
        facts=facts,
        told=frozenset(_values(facts)),
        named=frozenset((*_values(message), *_plain_numbers(asked), *_limits(evidence))),
        words=frozenset(words_of(" ".join((facts, limits, shown)))),
        asked=frozenset(words_of(asked)),
        numbers=frozenset((*_plain_numbers(f"{text} {asked}"), *_counts(evidence), *_limits(evidence))),
        kinds=kinds.meanings_in(f"{facts} {limits} {shown}") | frozenset(_categories(cards)),
        guarded=_guarded(tuple(text for prompt in prompts for text in prompt.template.values())),
        foreign=tuple(brand for brand in brands if brand and brand.casefold() not in f"{shown} {facts}".casefold()),
        locale=locale,
        has_sponsored=any(hit.placed == "sponsored" for hit in evidence.hits),
    )


def _card(hit: Hit) -> Card:
    item, vocabulary = hit.item, load_vocabulary()
    label = load_taxonomy().label(item.gender, item.age_group)
    colours = [variant.colour for variant in hit.variants]
    facets = (
        item.brand, *item.category_path, item.category, item.product_type, item.colour, *colours, item.material,
        item.pattern, item.usage, item.season, label, item.gender, *item.sizes,
    )  # fmt: skip
    title, description = (_unless_hostile(text) for text in (item.title, item.description))
    names = folded(" ".join((title, *facets)))
    said = f"{names} {description}"
    return Card(
        item,
        names,
        said,
        vocabulary.materials.meanings_in(names if item.material else said),
        vocabulary.qualities.meanings_in(said),
        frozenset(
            major(cents, item.currency) for cents in (item.price_cents, item.sale_price_cents) if cents is not None
        ),
    )


def _unless_hostile(text: str) -> str:
    """A catalogue's text where it speaks to shoppers; "" where a word of it is meant for a model."""
    return "" if _is_hostile(folded(text)) else folded(text)


def _is_hostile(sentence: str) -> bool:
    return bool(load_vocabulary().instructs(sentence) or problem_of(sentence))


def _own_words(evidence: Evidence) -> str:
    """Facts and notes without what they quote of the catalogue: an amount in a description is no price."""
    quoted = [
        part.strip()
        for hit in evidence.hits
        for text in (hit.item.title, hit.item.description)
        for part in (text, *re.split(r"(?<=[.!?])\s", text))
        if part.strip()
    ]
    notes = [note for part in evidence.parts for note in part.relaxed]
    text = " ".join((*evidence.facts, *notes))
    for quote in sorted(quoted, key=len, reverse=True):
        text = text.replace(quote, "")
    return folded(text)


def _limit_words(evidence: Evidence) -> Iterator[str]:
    for part in evidence.parts:
        slots = part.slots
        yield from (*slots.categories, *slots.colours, *slots.brands, *slots.sizes, *slots.soft)
        for values in (*slots.attributes.values(), *slots.exclude.values()):
            yield from values


def _categories(cards: Iterable[Card]) -> Iterator[str]:
    for card in cards:
        yield from (card.item.category, *card.item.category_path)


def _limits(evidence: Evidence) -> Iterator[Decimal]:
    for part in evidence.parts:
        currency = part.filters.currency or part.slots.currency or "EUR"
        for cents in (part.slots.price_min_cents, part.slots.price_max_cents):
            if cents is not None:
                yield major(cents, currency)


def _counts(evidence: Evidence) -> Iterator[Decimal]:
    """Numbers of cards and matches, and what may be reckoned from the rows: sums and differences."""
    shown = len(evidence.hits)
    for count in (shown, *(n for part in evidence.parts for n in (part.n_matching, part.n_matching - shown))):
        yield Decimal(count).normalize()
    for hit in evidence.hits:
        for value in (hit.item.rating, hit.item.n_ratings, *hit.item.sizes.values()):
            if value is not None:
                yield Decimal(str(value)).normalize()
        for cents in (hit.item.price_cents, hit.item.sale_price_cents):
            if cents is not None:
                yield major(cents, hit.item.currency)


def differences(cards: Iterable[Card], named: Iterable[Decimal]) -> frozenset[Decimal]:
    """By how much two cards differ in price, or a card from a named amount, and how much each is reduced."""
    cards = tuple(cards)
    pays = [card.pays for card in cards if card.pays is not None]
    apart = (abs(first - second).normalize() for first, second in (*combinations(pays, 2), *product(pays, named)))
    reduced = (max(card.amounts) - min(card.amounts) for card in cards if card.amounts)
    return frozenset((*apart, *(amount.normalize() for amount in reduced)))


def sums(cards: Iterable[Card]) -> frozenset[Decimal]:
    """What any of the cards cost together."""
    pays = [card.pays for card in cards if card.pays is not None]
    groups = (group for size in range(2, len(pays) + 1) for group in combinations(pays, size))
    return frozenset(sum(group, Decimal()).normalize() for group in groups)


def _values(text: str) -> Iterator[Decimal]:
    return (amount.value for amount in amounts_in(text) if amount.value is not None)


def _plain_numbers(text: str) -> Iterator[Decimal]:
    return (value for _, value in numbers_in(text) if value is not None)


def words_of(text: str) -> Iterator[str]:
    """The words of `text` in lower case, and the parts of those with hyphens."""
    for match in _WORD.finditer(text):
        word = match.group().casefold().replace("’", "'").removesuffix("'s")
        yield word
        if "-" in word:
            yield from word.split("-")


def shingles(text: str, n_words: int = SHINGLE_WORDS) -> Iterator[tuple[str, ...]]:
    """Every run of `n_words` words."""
    words = _lower_words(text)
    return (tuple(words[at : at + n_words]) for at in range(len(words) - n_words + 1))


def _lower_words(text: str) -> list[str]:
    return [match.group().casefold() for match in _WORD.finditer(text)]


@lru_cache(maxsize=8)
def _guarded(texts: tuple[str, ...]) -> frozenset[tuple[str, ...]]:
    """Runs of words in the shipped prompts and in these texts, and their short sentences whole."""
    shipped = (load_prompt(path.stem) for path in sorted(PROMPTS_DIR.glob("*.yaml")))
    texts = (*(text for prompt in shipped for text in prompt.template.values()), *texts)
    sentences = (tuple(_lower_words(part)) for text in texts for part in re.split(r"[.:!?]\s", text))
    short = (words for words in sentences if SHORTEST_GUARDED <= len(words) < SHINGLE_WORDS)
    return frozenset((*short, *(run for text in texts for run in shingles(text))))
