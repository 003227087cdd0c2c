"""What on the screen a message points at: "the second one", "the black one", "the last two", "both", "that dress"."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from agents.classifier.language import Language
from agents.classifier.lexicon import Mention
from agents.session import Session, Shown

# "The belt" points at a card only where it is the one belt among them; "that belt" always does.
_BARE_NUMBER = re.compile(r"(?<![\w.,$€£])(\d{1,2})(?![\w.,%€])")
_DETERMINER = re.compile(r"\b(?:this|that|these|those|the)\s+(?:[^\W\d_]+\s+){0,2}$")


@dataclass(frozen=True, slots=True)
class References:
    """Handles pointed at, in order of mention, and the character spans of the words that did it."""

    handles: tuple[str, ...] = ()
    spans: tuple[tuple[int, int], ...] = ()

    def covers(self, mention: Mention) -> bool:
        """Whether a mention is part of the pointing ("the black one") rather than a wish of its own."""
        return any(start <= mention.start < end for start, end in self.spans)


def find_references(text: str, mentions: Sequence[Mention], session: Session, language: Language) -> References:
    """All references of a plain text to the cards on the screen, or none where the screen is empty."""
    if not session.shown:
        return References()
    for finder in (_by_number, _by_range, _by_ordinal, _by_superlative, _by_description, _by_pronoun):
        found = list(finder(text, mentions, session, language))
        if found:
            handles = dict.fromkeys(handle for _, several in found for handle in several)
            return References(tuple(handles), tuple(span for span, _ in found))
    return References()


_Pointed = Iterator[tuple[tuple[int, int], tuple[str, ...]]]


def _by_number(text: str, _: Sequence[Mention], session: Session, language: Language) -> _Pointed:
    found = list(language.references["number"].finditer(text))
    if not found and language.references["compared"].search(text):
        found = list(_BARE_NUMBER.finditer(text))
    for match in found:
        handle = str(language.numbers.get(match.group(1), match.group(1)))
        if session.shown_by_handle(handle):
            yield match.span(), (handle,)


def _by_ordinal(text: str, mentions: Sequence[Mention], session: Session, language: Language) -> _Pointed:
    words = "|".join(language.ordinals)
    pattern = (
        rf"\b(?:the|that|this|and|or|vs|versus|with|,)\s+({words})\b(?:\s+ones?)?"
        rf"|\b({words})\s+(?:one|item|card)\b|^({words})\b"
    )
    for match in re.finditer(pattern, text):
        place = language.ordinals[match.group(1) or match.group(2) or match.group(3)]
        noun = next((m for m in mentions if m.facet == "category" and 0 <= m.start - match.end() <= 2), None)
        candidates = _matching(session.shown, [noun]) if noun else _all_handles(session)
        if noun and len(candidates) < place:
            candidates = _all_handles(session)
        if place <= len(candidates):
            yield (match.start(), noun.end if noun else match.end()), (candidates[place - 1],)
    last = language.references["last"].search(text)
    if last and not language.references["last_n"].search(text):
        yield last.span(), (_all_handles(session)[-1],)


def _by_range(text: str, _: Sequence[Mention], session: Session, language: Language) -> _Pointed:
    handles = _all_handles(session)
    for name in ("last_n", "first_n"):
        match = language.references[name].search(text)
        if match:
            word = match.group(1)
            n_items = int(word) if word.isdigit() else language.numbers[word]
            yield match.span(), handles[-n_items:] if name == "last_n" else handles[:n_items]
    match = language.references["both"].search(text)
    if match:
        yield match.span(), session.references if len(session.references) == 2 else handles[:2]


def _by_superlative(text: str, mentions: Sequence[Mention], session: Session, language: Language) -> _Pointed:
    priced = [
        (shown.pays_cents, int(handle))
        for handle, shown in zip(_all_handles(session), session.shown, strict=True)
        if shown.pays_cents is not None
    ]
    if not priced:
        return
    for name, best in (("cheapest", min(priced)), ("dearest", max(priced, key=lambda pair: (pair[0], -pair[1])))):
        match = language.references[name].search(text)
        if match and not any(match.end() <= mention.start <= match.end() + 1 for mention in mentions):
            yield match.span(), (str(best[1]),)


def _by_description(text: str, mentions: Sequence[Mention], session: Session, language: Language) -> _Pointed:
    for match in language.references["described"].finditer(text):
        named = [m for m in mentions if match.start() <= m.start < match.end() and not m.is_negated]
        handles = _matching(session.shown, named) if named else ()
        if handles:
            yield match.span(), handles if match.group().endswith("ones") else handles[:1]
    for mention in mentions:
        before = _DETERMINER.search(text[: mention.start])
        if mention.facet != "category" or not before:
            continue
        span = (before.start(), mention.end)
        named = [m for m in mentions if span[0] <= m.start < span[1]]
        handles = _matching(session.shown, named)
        talked_about = tuple(handle for handle in handles if handle in session.references)
        if before.group().startswith(("these", "those")):
            yield span, handles
        elif handles and (len(handles) == 1 or not before.group().startswith("the ")):
            yield span, talked_about or handles[:1]


def _by_pronoun(text: str, _: Sequence[Mention], session: Session, language: Language) -> _Pointed:
    match = language.references["all"].search(text)
    if match:
        yield match.span(), session.references if len(session.references) > 1 else _all_handles(session)
        return
    match = language.references["one"].search(text)
    if match:
        if session.references:
            yield match.span(), session.references
        elif len(session.shown) == 1:
            yield match.span(), ("1",)


def _all_handles(session: Session) -> tuple[str, ...]:
    return tuple(str(place) for place in range(1, len(session.shown) + 1))


def _matching(shown: Sequence[Shown], named: Sequence[Mention]) -> tuple[str, ...]:
    return tuple(
        str(place) for place, item in enumerate(shown, 1) if all(_is_described(item, mention) for mention in named)
    )


def _is_described(item: Shown, mention: Mention) -> bool:
    if mention.facet == "category":
        return mention.value in (item.category, *item.category_path)
    return bool(mention.value == getattr(item, mention.facet, None))
