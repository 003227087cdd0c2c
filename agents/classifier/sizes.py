"""Sizes in words: "in size M", "size 42 or 43", "extra large"."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from agents.classifier.language import Language


@dataclass(frozen=True, slots=True)
class Size:
    """One wanted size. `start` and `end` are character offsets of the words that said it."""

    start: int
    end: int
    value: str


def find_sizes(text: str, language: Language, labels: Mapping[str, str]) -> tuple[Size, ...]:
    """The sizes a plain text asks for, in order.

    `labels` maps a size in lower case to the catalogue's own spelling of it; another size is kept in upper case.
    """
    found: list[Size] = []
    for form in _forms(language):
        for match in form.finditer(text):
            if any(match.start() < other.end and other.start < match.end() for other in found):
                continue
            for value in re.split(r"\s*(?:\bor\b|\band\b|/|,)\s*", match.group("sizes")):
                label = language.sizes["words"].get(value.strip(), value.strip())
                found.append(Size(match.start(), match.end(), labels.get(label.lower(), label.upper())))
    return tuple(sorted(found, key=lambda size: size.start))


@cache
def _forms(language: Language) -> tuple[re.Pattern[str], ...]:
    sizes = language.sizes
    letters = "|".join(sorted(sizes["letters"], key=len, reverse=True))
    words = "|".join(sorted(sizes["words"], key=len, reverse=True))
    more = r"\s*(?:\bor\b|\band\b|/|,)\s*"

    def after(leads: list[str], values: str) -> re.Pattern[str]:
        lead = "|".join(sorted(leads, key=len, reverse=True))
        end = r"(?![\w'%]|[.,]\d|-\d)"
        return re.compile(rf"(?<!\w)(?:{lead})\s+(?P<sizes>(?:{values}){end}(?:{more}(?:{values}){end})*)")

    number = r"\d{1,3}(?:[.,]5)?"
    return (
        after(sizes["number_lead"], f"{letters}|{words}|{number}"),
        after(sizes["lead"], f"{letters}|{words}"),
        re.compile(rf"(?<!\w)(?P<sizes>{letters}|{words})(?=\s+sizes?\b)"),
        after(["in"], r"[2-5]\d(?:[.,]5)?(?!\s*%)"),
        re.compile(rf"(?<![\w.,])(?P<sizes>{number})(?=\s?(?:{'|'.join(sizes['number_trail'])})\b)"),
        # The whole message may be a size; a single letter else may be anything, "xl" only a size.
        re.compile(rf"^(?P<sizes>{letters})(?=[ .!?]*$)"),
        re.compile(
            rf"(?<![\w'-])(?P<sizes>{'|'.join(letter for letter in sizes['letters'] if len(letter) > 1)})(?![\w'-])"
        ),
        # "Large bag" is no size, "extra large hoodie" is one.
        re.compile(rf"(?<!\w)(?P<sizes>{'|'.join(word for word in sizes['words'] if ' ' in word)})(?!\w)"),
    )
