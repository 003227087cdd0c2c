"""Which words belong to which wanted item: "a red dress and black heels under 80" is two items with own slots."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from agents.classifier.counts import Count
from agents.classifier.lexicon import Mention
from agents.classifier.prices import Price
from agents.classifier.sizes import Size

_CONJUNCTION = re.compile(r"\b(?:and|plus|with|as well as|also)\b|[,;&+]")
_ALTERNATIVE = re.compile(r"\bor\b|/")
_FRESH_START = re.compile(r"\s*(?:also\s+)?(?:an?|the|some|one|two|three|four|\d+|matching)\b")
# "With" and no article before a noun: it is a part of the item before it.
_FEATURE = re.compile(
    r"\s*(?:(?:that|which|to) (?:goes?|works?|fits?) )?with "
    r"(?!(?:an?|the|some|one|two|three|four|matching|\d+|my)\b)(?:[\w-]+ ){0,2}"
)
# Said once, these go for everything that is wanted; a colour or a material is its own noun's.
_SHARED_ANYWHERE = ("gender", "age_group")
_SHARED_AT_THE_END = ("usage", "season", "size", "brand")


@dataclass(frozen=True, slots=True)
class Wish:
    """All that was said about one wanted kind of item, negated mentions included."""

    mentions: tuple[Mention, ...] = ()
    prices: tuple[Price, ...] = ()
    sizes: tuple[Size, ...] = ()
    counts: tuple[Count, ...] = ()
    soft: tuple[tuple[int, str], ...] = ()


def merge_nouns(text: str, categories: Sequence[Mention]) -> tuple[Mention, ...]:
    """The categories that are heads: "shirt dress" is a dress, "sandals with low heels" are sandals."""
    heads: list[Mention] = []
    for mention in categories:
        between = text[heads[-1].end : mention.start] if heads else ""
        if _FEATURE.fullmatch(between):
            continue
        if heads and not between.strip(" -"):
            heads.pop()
        heads.append(mention)
    return tuple(heads)


def group_alternatives(text: str, heads: Sequence[Mention]) -> tuple[tuple[Mention, ...], ...]:
    """Heads joined by "or" form one group, in lists too ("dresses, skirts or shorts")."""
    groups: list[list[Mention]] = []
    for mention in reversed(heads):
        between = text[mention.end : groups[-1][0].start] if groups else ""
        is_list = bool(groups) and len(groups[-1]) > 1 and between.strip() == ","
        if groups and (_ALTERNATIVE.search(between) or is_list):
            groups[-1].insert(0, mention)
        else:
            groups.append([mention])
    return tuple(tuple(group) for group in reversed(groups))


def split_wishes(text: str, groups: Sequence[Sequence[Mention]], whole: Wish) -> tuple[Wish, ...]:
    """One Wish for each group of categories: its own words, and those that go for all."""
    starts = [0]
    for before, group in pairwise(groups):
        starts.append(_boundary(text, before[-1].end, group[0].start, whole.mentions))
    ends = [*starts[1:], len(text) + 1]
    wishes = [_cut(whole, start, end) for start, end in zip(starts, ends, strict=True)]
    return tuple(_with_shared(wish, whole, groups[-1][-1].end, len(groups)) for wish in wishes)


def _boundary(text: str, start: int, end: int, mentions: Sequence[Mention]) -> int:
    """Where the words of the next item begin: at the conjunction that opens it."""
    found = [match for match in _CONJUNCTION.finditer(text, start, end)]
    if not found:
        return end
    for match in reversed(found):
        if _FRESH_START.match(text, match.end()):
            return match.start()
    at = len(found) - 1
    # "a belt and black and white shoes": the last "and" stands inside the description.
    while at > 0 and any(m.start >= found[at - 1].end() and m.end <= found[at].start() for m in mentions):
        if text[found[at - 1].end() : found[at].start()].strip().count(" ") > 1:
            break
        at -= 1
    return found[at].start()


def _cut(whole: Wish, start: int, end: int) -> Wish:
    return Wish(
        tuple(mention for mention in whole.mentions if start <= mention.start < end),
        tuple(price for price in whole.prices if start <= price.start < end),
        tuple(size for size in whole.sizes if start <= size.start < end),
        tuple(count for count in whole.counts if start <= count.start < end),
        tuple((place, word) for place, word in whole.soft if start <= place < end),
    )


def _with_shared(wish: Wish, whole: Wish, last_noun_end: int, n_wishes: int) -> Wish:
    if n_wishes == 1:
        return wish
    own = {mention.facet for mention in wish.mentions}
    shared = tuple(mention for mention in whole.mentions if _is_shared(mention, whole, last_noun_end, own))
    trailing_prices = tuple(price for price in whole.prices if price.start >= last_noun_end)
    return replace(
        wish,
        mentions=(*wish.mentions, *(mention for mention in shared if mention not in wish.mentions)),
        prices=wish.prices or (trailing_prices if len(whole.prices) == 1 else ()),
        soft=tuple(dict.fromkeys((*wish.soft, *((at, word) for at, word in whole.soft if at >= last_noun_end)))),
    )


def _is_shared(mention: Mention, whole: Wish, last_noun_end: int, own: set[str]) -> bool:
    if mention.facet in own:
        return False
    if mention.facet in _SHARED_ANYWHERE:
        return len({other.value for other in whole.mentions if other.facet == mention.facet}) == 1
    return mention.start >= last_noun_end and (mention.is_negated or mention.facet in _SHARED_AT_THE_END)
