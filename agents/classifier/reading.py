"""A message taken apart: what it names, limits, counts, points at, and the words that are left."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from agents.classifier.counts import find_counts
from agents.classifier.language import Language
from agents.classifier.lexicon import Lexicon, Mention
from agents.classifier.negation import cue_ends, negate
from agents.classifier.parts import Wish, merge_nouns
from agents.classifier.prices import Price, find_prices
from agents.classifier.references import References, find_references
from agents.classifier.sizes import Size, find_sizes
from agents.classifier.typos import correct, is_known
from agents.classifier.words import Token, plain, singular, tokens
from agents.intent import NOT
from agents.session import Session
from tools.taxonomy import load_taxonomy

_SHORTEST_SOFT = 3
_WORN = {"Clothing", "Shoes"}
# A smaller number at the end of a message counts items.
_LEAST_SIZE = 20


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything found in one plain text. `heads` are the wanted categories, `n_unknown` counts foreign words."""

    text: str
    whole: Wish
    heads: tuple[Mention, ...]
    references: References
    n_unknown: int

    @property
    def has_facets(self) -> bool:
        """Whether anything the catalogue can filter by is named."""
        return bool(self.whole.mentions or self.whole.prices or self.whole.sizes)


def read(message: str, session: Session, lexicon: Lexicon, language: Language, labels: Mapping[str, str]) -> Reading:
    """Take a message apart; `labels` maps sizes in lower case to the catalogue's spelling."""
    text = plain(message)
    sizes = find_sizes(text, language, labels)
    prices = find_prices(_blank(text, sizes), language)
    rest = _blank(text, (*sizes, *prices))
    found = correct(tokens(rest), lexicon, language)
    orders = order_spans(text, language)
    named = [mention for mention in lexicon.mentions(found, language) if not _is_within(mention.start, orders)]
    all_mentions = negate(rest, found, named, language)
    references = find_references(text, all_mentions, session, language)
    mentions = tuple(mention for mention in all_mentions if not references.covers(mention))
    heads = merge_nouns(text, [m for m in mentions if m.facet == "category" and not m.is_negated])
    mentions = tuple(m for m in mentions if m.facet != "category" or m.is_negated or m in heads)
    sizes = (*sizes, *_bare_sizes(found, heads, language, labels))
    counts = tuple(
        count
        for count in find_counts(found, [head.start for head in heads], language)
        if not _is_within(count.start, (*references.spans, *((size.start, size.end) for size in sizes)))
    )
    taken = [(mention.start, mention.end) for mention in mentions] + [*references.spans, *orders]
    taken += [(size.start, size.end) for size in sizes]
    taken += [(count.start, count.end) for count in counts if count.is_said]
    left = [token for token in found if not _is_within(token.start, taken)]
    soft, n_unknown = _soft_words(rest, left, lexicon, language)
    return Reading(text, Wish(mentions, prices, sizes, counts, soft), heads, references, n_unknown)


def order_spans(text: str, language: Language) -> tuple[tuple[int, int], ...]:
    """Where a plain text says in which order: "top rated" names no top."""
    return tuple(match.span() for pattern in language.sort.values() for match in pattern.finditer(text))


def _is_within(place: int, spans: Iterable[tuple[int, int]]) -> bool:
    return any(start <= place < end for start, end in spans)


def _bare_sizes(
    found: Sequence[Token], heads: Sequence[Mention], language: Language, labels: Mapping[str, str]
) -> Iterator[Size]:
    """A "large hoodie" is one of size L; a "large bag" is a big one."""
    for token in found:
        label = language.sizes["words"].get(token.text) or _known_number(token, found, labels)
        head = next((head for head in heads if head.start > token.start), heads[-1] if heads else None)
        if label and head and _WORN & set(load_taxonomy().category_path(head.value)):
            yield Size(token.start, token.end, labels.get(label.lower(), label))


def _known_number(token: Token, found: Sequence[Token], labels: Mapping[str, str]) -> str:
    """The size that a number is at the end of a message, where the catalogue has such a size ("black shoes 44")."""
    is_size = token.text.isdigit() and int(token.text) >= _LEAST_SIZE and token.text in labels
    return labels[token.text] if is_size and token is found[-1] else ""


def _blank(text: str, spans: Sequence[Price | Size]) -> str:
    """The text with the spans overwritten by spaces, so that all offsets stay."""
    for span in spans:
        text = text[: span.start] + " " * (span.end - span.start) + text[span.end :]
    return text


def _soft_words(
    text: str, left: Sequence[Token], lexicon: Lexicon, language: Language
) -> tuple[tuple[tuple[int, str], ...], int]:
    """Words that say something no facet can check, with their places; and how many words nobody knows."""
    ends = cue_ends(text, language)
    soft: list[tuple[int, str]] = []
    n_unknown = 0
    for token in left:
        if token.is_mark or not token.text.isalpha() or len(token.text) < _SHORTEST_SOFT:
            continue
        if {token.text, singular(token.text)} & language.stop:
            continue
        n_unknown += not is_known(token.text, lexicon, language)
        word = language.soft.get(token.text, token.text)
        unwanted = {said.removeprefix(NOT) for _, said in soft if said.startswith(NOT)}
        soft.append((token.start, NOT + word if _is_negated(text, token, ends, language, unwanted) else word))
    return tuple(soft), n_unknown


def _is_negated(text: str, token: Token, ends: Sequence[int], language: Language, unwanted: set[str]) -> bool:
    """Whether only bridges stand between a cue and the word: in "without lace or sequins" both are unwanted."""
    before = [end for end in ends if end <= token.start]
    if not before:
        return False
    between = text[max(before) : token.start].split()
    is_listed = bool(set(between) & {"or", "nor"})
    return all(word in language.negations.bridges or (is_listed and word in unwanted) for word in between)
