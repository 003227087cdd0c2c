"""Names: brands, titles and kinds of item that are not on the page."""

import re
from itertools import pairwise

from agents.checker.grounds import Grounds, words_of
from agents.checker.sentences import Clause
from agents.checker.vocabulary import load_vocabulary
from tools.taxonomy import load_taxonomy

_WORD = re.compile(r"[^\W\d_]+(?:['’&-][^\W\d_]+)*")
_BESIDE_CHARS = 30
# So far before a kind of item stands its colour: "navy striped dress".
_COLOUR_CHARS = 22
_IS = re.compile(r"\]\s(?:is|are|comes in|is also there in|also comes in|is available in)(?: also| plain| a)?\s$")
# Families that photographs blur.
_NEAR = {
    "white": "beige",
    "beige": "white",
    "brown": "beige",
    "orange": "brown",
    "yellow": "beige",
    "grey": "black",
    "pink": "red",
    "purple": "pink",
    "red": "pink",
    "black": "grey",
}
# Nouns begin with a capital letter in German, so there only two names in a row tell.
_GERMAN = re.compile(
    r"[äöüß]|\b(?:der|das|dem|und|ist|sind|ein|eine|mit|nicht|aus|wirkt|durch|bei|auch|oder|von|den|im|zum|zur|kostet"
    r"|kosten|hat|haben|sie|ich|nur|noch)\b"
)
# There is a list of ordinary words for English only, so only there the first word of a sentence is looked up.
_ENGLISH = re.compile(r"\b(?:the|is|are|of|for|would|with|you|this|has|comes|it|in|one|and)\b")
# A name of the shopper's is no offer where it says what for: "for Paris", "to the Oktoberfest".
_TOWARDS = re.compile(r"\b(?:for|to|in|at|für|nach|pour|à|para|a)(?: \w+)?$")
_OTHER_TONGUE = re.compile(
    r"[^\x00-\x7f€£’‘“”…–—]|\b(?:le|la|les|est|et|sont|un|une|des|el|los|las|es|y|del|por|para|der|das|und|ist|mit)\b"
)
_OPENERS = ".!?:;¿¡"


def name_problem(sentence: str, grounds: Grounds) -> str:
    """A name in this sentence that no card, fact or brand on the page has, or ""."""
    brand = next((brand for brand in grounds.foreign if _names(sentence, brand)), "")
    if brand:
        return f"brand {brand!r} is not shown"
    unknown = _unknown_names(sentence, grounds)
    if _GERMAN.search(sentence):
        together = [first for first, second in pairwise(unknown) if first[1] + 1 == second[0]]
        return f"name {together[0][2]!r} is not shown" if together else ""
    return f"name {unknown[0][2]!r} is not shown" if unknown else ""


def _names(sentence: str, brand: str) -> bool:
    """Whether the sentence names this brand. A brand called "Current" is not meant by "the current season"."""
    if brand.casefold() not in sentence.casefold():
        return False
    is_ordinary = brand.casefold() in load_vocabulary().ordinary
    flags = re.NOFLAG if is_ordinary else re.IGNORECASE
    return re.search(rf"(?<!\w){re.escape(brand)}(?!\w)", sentence, flags) is not None


def _unknown_names(sentence: str, grounds: Grounds) -> list[tuple[int, int, str]]:
    """Start, end and text of each capitalised word that is nobody's on the page."""
    vocabulary, unknown = load_vocabulary(), []
    is_english, is_hedged = _is_english(sentence), vocabulary.is_hedged(sentence)
    for match in _WORD.finditer(sentence):
        word = match.group().replace("’", "'")
        if not word[0].isupper() or word in vocabulary.capitals or word.removesuffix("'s") in vocabulary.capitals:
            continue
        if all(part in grounds.words or _singular(part) in grounds.words for part in words_of(word)):
            continue
        before = sentence[: match.start()].rstrip()
        if all(part in grounds.asked for part in words_of(word)) and (is_hedged or _TOWARDS.search(before)):
            continue
        opens = not re.sub(r"\[\d*\]|[\"'“”‘’«»()]", "", before).strip() or before[-1] in _OPENERS
        if opens and not (word.isupper() and len(word) > 2) and (not is_english or _is_word(word)):
            continue
        unknown.append((match.start(), match.end(), word))
    return unknown


def _is_english(sentence: str) -> bool:
    return bool(_ENGLISH.search(sentence) or not _OTHER_TONGUE.search(sentence))


def _is_word(word: str) -> bool:
    """Whether a word is an ordinary English one."""
    ordinary = load_vocabulary().ordinary
    plain = word.casefold().split("'")[0]
    return all(len(part) < 4 or part in ordinary or _singular(part) in ordinary for part in plain.split("-"))


def _singular(word: str) -> str:
    return word[:-1] if word.endswith("s") else word


def kind_problem(clause: Clause, grounds: Grounds) -> str:
    """A kind of item that this clause offers and the page does not show, or ""."""
    vocabulary = load_vocabulary()
    for start, kind in vocabulary.kinds.found(clause.text):
        before = clause.text[max(0, start - _BESIDE_CHARS) : start]
        if kind not in grounds.kinds and not vocabulary.beside.search(before) and not vocabulary.is_hedged(clause.text):
            return f"{kind} is not shown"
    return ""


def colour_problem(clause: Clause, grounds: Grounds) -> str:
    """A colour that none of the clause's cards has, said of a kind of item or of a card as a whole, or "".

    Details are left to the picture: a black dress may have a white collar.
    """
    vocabulary, taxonomy = load_vocabulary(), load_taxonomy()
    if vocabulary.is_hedged(clause.text):
        return ""
    told = vocabulary.colours.meanings_in(
        " ".join((grounds.facts, *(card.said for card in grounds.about(clause.places))))
    )
    families = {taxonomy.family(colour) for colour in told} | {"multicolour"}
    kinds = [start for start, _ in vocabulary.kinds.found(clause.text)]
    for start, colour in vocabulary.colours.found(clause.text):
        of_kind = any(0 < kind - start < _COLOUR_CHARS for kind in kinds)
        of_card = _IS.search(clause.text[:start]) and clause.places
        family = taxonomy.family(colour)
        if (of_kind or of_card) and not families & {family, _NEAR.get(family, family)} and "multicolour" not in told:
            return f"{colour} is no colour of a card"
    return ""
