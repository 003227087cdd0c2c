"""Wordings as data: one YAML file a language."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml


@dataclass(frozen=True, slots=True)
class Wording:
    """The wordings of one language, drawn the same way for the same `seed`."""

    texts: Mapping[str, Any]
    seed: str

    def say(self, name: str, **fields: object) -> str:
        """One wording of `name` ("search.page") with its fields filled in."""
        found: Any = self.texts
        for part in name.split("."):
            found = found[part]
        if isinstance(found, list):
            digest = hashlib.sha256(f"{self.seed} {name}".encode()).digest()
            found = found[digest[0] % len(found)]
        return str(found).format(**fields)


@cache
def load_texts(language: str) -> Mapping[str, Any]:
    """All wordings of a language."""
    text = (Path(__file__).parent / f"{language}.yaml").read_text(encoding="utf-8")
    texts: Mapping[str, Any] = yaml.safe_load(text)
    return texts


def has_language(language: str) -> bool:
    """Whether there are wordings of a language."""
    return (Path(__file__).parent / f"{language}.yaml").exists()
