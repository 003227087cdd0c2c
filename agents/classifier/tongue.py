"""Which language a message is in, and the message in the English of the rules."""

import re
from dataclasses import dataclass

from agents.classifier.gloss import glossed, n_known
from agents.classifier.glossary import load_glossaries
from agents.classifier.language import Language
from agents.classifier.lexicon import Lexicon
from agents.classifier.words import key, plain, singular, tokens

_CHINESE = re.compile(r"[一-鿿]")
# A word of the English dictionary that no rule knows says less about the language than a word of the shop.
_WEAK = 0.5


@dataclass(frozen=True, slots=True)
class Said:
    """A message in the rules' English, and the two-letter code of the language it was written in."""

    text: str
    language: str


def in_english(message: str, lexicon: Lexicon, language: Language, before: str = "en") -> Said:
    """The message for the rules; one in English, or in a language that nobody knows, stays as it is.

    One that tells no language ("Jeans", a photo alone) is in that of the chat `before`, where that knows its words.
    """
    text = plain(message)
    glossaries = {glossary.code: glossary for glossary in load_glossaries()}
    if _CHINESE.search(text):
        return Said(glossed(text, glossaries["zh"]), "zh")
    best, most = "", _english(text, lexicon, language)
    for code in sorted(glossaries, key=lambda code: code != before):
        n_units = n_known(text, glossaries[code], lambda word: word in lexicon.words and word not in language.stop)
        if n_units > most or (n_units == most and code == before):
            best, most = code, n_units
    return Said(glossed(text, glossaries[best]), best) if best else Said(text, "en")


def _english(text: str, lexicon: Lexicon, language: Language) -> float:
    return sum(_english_weight(token.text, lexicon, language) for token in tokens(text))


def _english_weight(word: str, lexicon: Lexicon, language: Language) -> float:
    forms = {word, singular(word)}
    if forms & lexicon.words or forms & language.stop or word in language.numbers or key([word]) in lexicon.meanings:
        return 1.0
    return _WEAK if forms & language.known_words else 0.0
