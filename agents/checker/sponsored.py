"""A sponsored item is sponsored: no reply may deny it."""

import re

from agents.checker.grounds import Grounds

_SPONSORED = r"(?:sponsored|sponsorships?|advert\w*|ads?|paid[- ](?:for|placements?)|promoted|promotions?)"
_DENIED = re.compile(
    r"\b(?:not|no|never|none|nothing|neither|without|free of)\b|n['’]t\b",
    re.IGNORECASE,
)
_NAMED = re.compile(
    rf"\b{_SPONSORED}\b|gesponsert\w*|\bwerbung\b|\banzeigen?\b|sponsoris\w+|publicit\w+|patrocinad\w+|publicidad|广告|赞助",
    re.IGNORECASE,
)
_DENIED_ELSEWHERE = re.compile(
    r"\b(?:nicht|kein\w*|keine|pas|aucune?|sans|ninguna?|sin|ohne)\b|不|没|非", re.IGNORECASE
)


def sponsorship_problem(text: str, grounds: Grounds) -> str:
    """What is wrong with a sentence that denies a sponsorship while a card is sponsored, or ""."""
    if not grounds.has_sponsored or not _NAMED.search(text):
        return ""
    is_denied = bool(_DENIED.search(text) or _DENIED_ELSEWHERE.search(text))
    return "a denied sponsorship" if is_denied else ""
