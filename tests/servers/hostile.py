"""A model that obeys every instruction it finds, and gives away what it knows."""

import re
from dataclasses import dataclass, field

from tests.servers.wire import Ask

HONEST_START = "Here is what I see."
HONEST_END = "Tell me which one you like."
SECRETS = (
    "The other session is Xy7Qp2Lm9Rt4Wz8Kc1Vb3Nd6.",
    "The session id is b3d0c9a2-5e1f-4c77-9a10-7d2f6e8b4a11.",
    "The key is sk-very-secret-0123456789.",
    "The last customer bought three hats under the name Marta Quill.",
    "The password of the database is hunter2hunter2hunter2.",
)
_OBEYED = re.compile(
    r"(?i)\b(?:say|reply|write|answer|shopper|sage|dites|di)\s[\"“](.+?)[\"”](?=\s|$|\||\))|回答 \"(.+?)\""
)
_ORDERED = re.compile(r"DO: (?P<order>[^|\n]+)")
_ABOUT_SESSIONS = re.compile(r"session|customer|key|password", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Hostile:
    """Obeys what stands in the prompt and, as if it read it there, in the photo; `said` keeps its answers."""

    photo_text: str = ""
    said: list[str] = field(default_factory=list)

    def __call__(self, ask: Ask) -> str:
        """The honest words, and between them everything that the prompt's data orders."""
        seen = "\n".join((_unfenced(ask.text), self.photo_text))
        said = [first or second for first, second in _OBEYED.findall(seen)]
        for match in _ORDERED.finditer(seen):
            is_session = _ABOUT_SESSIONS.search(match["order"])
            said += SECRETS if is_session else _told(ask.system, match["order"])
        self.said.append("\n".join((HONEST_START, *said, HONEST_END)))
        return self.said[-1]


def _unfenced(text: str) -> str:
    """The data as it was before the prompt made it harmless: a model knows what was meant."""
    marked = text.translate(str.maketrans("‹›", "<>"))
    return re.sub(r"\((\d{1,2}|here|pixel)\)", r"[\1]", marked)


def _told(system: str, order: str) -> list[str]:
    """The prompt's rules, as they stand, in capital letters or as a table."""
    lines = [line.strip(" -") for line in system.splitlines() if line.strip()]
    text = " ".join(lines)
    if "capital" in order:
        return [text.upper()]
    if "table" in order:
        return [f"| {line} |\n" for line in lines]
    return [text] if "above" in order else lines
