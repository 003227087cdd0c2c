"""Bodies are nobody's to judge: which questions ask for it, and which sentences do it."""

import re

_PARTS = r"bell(?:y|ies)|tumm(?:y|ies)|stomach|thighs?|hips?|bum|butt|waistline|love handles|double chin|wrinkles"
_LOOKS = "fat|big|skinny|thin|short|tall|old|ugly|heavy|chubby|curvy|wide"
_ASKS = re.compile(
    r"\b(?:hides?|covers?|flatter\w*|slim\w*|suits?|fits?|shows?|for) (?:my|her|his|their) (?:\w+ )?"
    rf"(?:{_PARTS}|body|figure|shape|curves|arms|legs|chest|bust|weight)\b"
    rf"|\bmy (?:{_PARTS})\b"
    rf"|\b(?:am i|are we|is (?:he|she)) (?:too |so |really )?(?:{_LOOKS})\b"
    rf"|\bi(?:'m| am) (?:too |so )(?:{_LOOKS})\b"
    r"|\b(?:make|makes|making) (?:me|her|him|them) (?:look|appear) \w+"
    r"|\b(?:do|does|would|will) (?:i|she|he) look\b|\bflattering\b",
    re.IGNORECASE,
)
_REMARKS = re.compile(
    rf"\b(?:your|her|his|their|the (?:woman|man|model|person|girl|boy|lady)'s) (?:\w+ )?(?:{_PARTS}|body|figure|curves"
    r"|weight|bust|skin|face)\b"
    r"|\b(?:fat|obese|overweight|chubby|skinny (?:woman|man|person|girl|boy|model)|slimming|hides? imperfections"
    r"|problem (?:areas?|zones?)|flatter\w*|plump|ugly)\b",
    re.IGNORECASE,
)  # fmt: skip


def asks_about_body(question: str) -> bool:
    """Whether a question wants a judgement of a body, or of an item on one."""
    return _ASKS.search(question) is not None


def remarks_on_body(sentence: str) -> bool:
    """Whether a sentence of a reply says something about somebody's body."""
    return _REMARKS.search(sentence) is not None
