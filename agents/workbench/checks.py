"""What a reply must or must not say, written as one line: plain words, or a rule and its value."""

import re
from collections.abc import Callable, Mapping

_PATTERN_CHARS = 200


def _contains(reply: str, value: str) -> bool:
    return _plain(value) in _plain(reply)


def _equals(reply: str, value: str) -> bool:
    return _plain(reply) == _plain(value)


def _matches(reply: str, value: str) -> bool:
    return re.search(value, reply, re.IGNORECASE) is not None


def _at_most(reply: str, value: str) -> bool:
    return len(reply) <= int(value)


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


CHECKS: Mapping[str, Callable[[str, str], bool]] = {
    "contains": _contains, "equals": _equals, "regex": _matches, "max_chars": _at_most,
}  # fmt: skip
"""Rules by name: "regex: [0-9]+ left" is the rule `regex` with the value "[0-9]+ left"."""


def holds(check: str, reply: str) -> bool:
    """Whether a reply keeps a check. Capitals and spaces do not matter; words without a rule have to occur."""
    rule, value = _rule(check)
    return CHECKS[rule](reply, value)


def check_problem(check: str) -> str:
    """Why a check cannot be used, or ""."""
    rule, value = _rule(check)
    if not value:
        return f"the check {check!r} has no value; write words, or {', '.join(f'{name}: ...' for name in CHECKS)}"
    if rule == "max_chars" and not value.isdigit():
        return f"the check {check!r} needs a whole number"
    if rule == "regex":
        if len(value) > _PATTERN_CHARS:
            return f"the pattern {value[:40]!r}... is longer than {_PATTERN_CHARS} characters; shorten it"
        try:
            re.compile(value)
        except re.error as error:
            return f"the pattern {value!r} cannot be read: {error}"
    return ""


def _rule(check: str) -> tuple[str, str]:
    name, colon, value = check.partition(":")
    if colon and name.strip() in CHECKS:
        return name.strip(), value.strip()
    return "contains", check.strip()
