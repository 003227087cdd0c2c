"""What a message does not want: "black but not leather", "nothing red", "without a logo"."""

from collections.abc import Sequence
from dataclasses import replace

from agents.classifier.language import Language
from agents.classifier.lexicon import Mention
from agents.classifier.words import Token

_CONNECTORS = ("or", "nor", "/")


def cue_ends(text: str, language: Language) -> tuple[int, ...]:
    """Where each excluding expression ends, as character offsets; "not sure" and its like are none."""
    harmless = [match.span() for match in language.negations.not_cues.finditer(text)]
    return tuple(
        match.end()
        for match in language.negations.cues.finditer(text)
        if not any(start <= match.start() < end for start, end in harmless)
    )


def negate(text: str, tokens: Sequence[Token], mentions: Sequence[Mention], language: Language) -> tuple[Mention, ...]:
    """The mentions, with those in the scope of a negation marked.

    The scope of a cue is the first thing named after it and what "or" joins to that; "but", a comma and any other
    word end it.
    """
    negated: set[int] = set()
    starts = {mention.start: mention for mention in mentions}
    for end in cue_ends(text, language):
        following = [token for token in tokens if token.start >= end]
        negated.update(_scope(following, starts, language))
    ends = {token.start for token in tokens if token.text in language.negations.after}
    negated.update(mention.start for mention in mentions if mention.end + 1 in ends)
    return tuple(replace(mention, is_negated=True) if mention.start in negated else mention for mention in mentions)


def _scope(following: Sequence[Token], starts: dict[int, Mention], language: Language) -> set[int]:
    found: set[int] = set()
    skip_to = 0
    may_start = True
    for token in following:
        if token.start < skip_to:
            continue
        mention = starts.get(token.start)
        if mention is not None and may_start:
            found.add(token.start)
            skip_to, may_start = mention.end, False
        elif token.text in _CONNECTORS:
            may_start = True
        elif not may_start or token.text not in language.negations.bridges:
            break
    return found
