"""The translations: one gettext catalogue a language, whose contexts are the names of the English wordings."""

import gettext
import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LOCALES_DIR = Path(__file__).resolve().parent.parent / "locales"
# Grammar of English alone, no sentences.
_UNTRANSLATED = ("nouns",)
_PLURAL = {"one", "other"}


@dataclass(frozen=True, slots=True)
class Source:
    """One English wording: `context` is its name ("search.page.0"); `other` is its plural, "" where it has none."""

    context: str
    text: str
    other: str = ""


def catalogue_path(language: str) -> Path:
    """Where the catalogue of a language lies; there is none for English."""
    return LOCALES_DIR / language / "LC_MESSAGES" / "vitrine.po"


def read_catalogue(language: str) -> Catalog:
    """The catalogue of a language as translators edit it."""
    with catalogue_path(language).open("rb") as file:
        return read_po(file, locale=language)


def sources(texts: Mapping[str, Any]) -> Iterator[Source]:
    """Every English wording that other languages need."""
    for name, found in texts.items():
        if name not in _UNTRANSLATED:
            yield from _sources(name, found)


def _sources(name: str, found: Any) -> Iterator[Source]:
    if isinstance(found, list):
        for place, text in enumerate(found):
            yield from _sources(f"{name}.{place}", text)
    elif not isinstance(found, Mapping):
        yield Source(name, str(found))
    elif set(found) == _PLURAL:
        yield Source(name, found["one"], found["other"])
    else:
        for key, inner in found.items():
            yield from _sources(f"{name}.{key}", inner)


def translated(texts: Mapping[str, Any], language: str) -> dict[str, Any]:
    """The same tree in a language; a wording with a plural becomes a function of the number."""
    translations = _translations(language)
    return {
        name: found if name in _UNTRANSLATED else _translated(name, found, translations)
        for name, found in texts.items()
    }


def _translated(name: str, found: Any, translations: gettext.NullTranslations) -> Any:
    if isinstance(found, list):
        return [_translated(f"{name}.{place}", text, translations) for place, text in enumerate(found)]
    if not isinstance(found, Mapping):
        return translations.pgettext(name, str(found))
    if set(found) == _PLURAL:
        return _plural(name, found["one"], found["other"], translations)
    return {key: _translated(f"{name}.{key}", inner, translations) for key, inner in found.items()}


def _plural(name: str, one: str, other: str, translations: gettext.NullTranslations) -> Callable[[int], str]:
    return lambda count: translations.npgettext(name, one, other, count)


@cache
def _translations(language: str) -> gettext.NullTranslations:
    """Compiled in memory: a checkout needs no build step, and a translator sees a change at the next start."""
    if language == "en":
        return gettext.NullTranslations()
    compiled = io.BytesIO()
    write_mo(compiled, read_catalogue(language))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)
