"""Wordings as data: English in a YAML file, other languages in gettext catalogues made from it."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from agents.speaking import spoken
from agents.wording.catalogues import translated

ENGLISH_FILE = Path(__file__).with_name("en.yaml")


@dataclass(frozen=True, slots=True)
class Wording:
    """The wordings of one language, drawn the same way for the same `seed`."""

    texts: Mapping[str, Any]
    seed: str

    def say(self, name: str, **fields: object) -> str:
        """One wording of `name` ("search.page") with its fields filled in; `count` picks singular or plural."""
        found: Any = self.texts
        for part in name.split("."):
            found = found[part]
        if isinstance(found, list):
            digest = hashlib.sha256(f"{self.seed} {name}".encode()).digest()
            found = found[digest[0] % len(found)]
        if callable(found):
            found = found(fields["count"])
        return str(found).format(**fields)


def wording(seed: str = "") -> Wording:
    """The wordings of the language that is spoken."""
    return Wording(load_texts(spoken()), seed)


def say(name: str, **fields: object) -> str:
    """One wording of the language that is spoken."""
    return wording().say(name, **fields)


@cache
def load_texts(language: str) -> Mapping[str, Any]:
    """All wordings of a language; what is not translated is in English."""
    texts: Mapping[str, Any] = translated(yaml.safe_load(ENGLISH_FILE.read_text(encoding="utf-8")), language)
    return texts
