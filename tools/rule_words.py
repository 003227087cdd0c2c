"""A rule in plain words, for lists, histories and messages."""

from tools.rules import Rule, Scope

_NAMES = {"synonym": "Synonym", "pin": "Pin", "boost": "Boost", "bury": "Bury", "hide": "Hide", "redirect": "Redirect"}
_SIGNS = {"two_way": " = ", "one_way": " → also ", "replace": " → read as ", "never": " ≠ "}
_MOST_NAMED = 3


def rule_words(rule: Rule) -> str:
    """What a rule does and when, in one line: "pin A-012 at place 1 for “red dress”"."""
    return " ".join(part for part in (effect_words(rule), scope_words(rule.scope)) if part)


def effect_words(rule: Rule) -> str:
    """What a rule does."""
    if rule.kind == "synonym":
        if rule.way == "two_way":
            return f"“{_SIGNS['two_way'].join(rule.terms)}”"
        return f"“{', '.join(rule.terms)}{_SIGNS[rule.way]}{', '.join(rule.others)}”"
    items = target_words(rule)
    if rule.kind == "pin":
        return f"pin {items} at place {rule.place}{', sponsored' if rule.is_sponsored else ''}"
    if rule.kind == "redirect":
        return f"show the collection “{rule.name}” ({items})"
    return f"{rule.kind} {items}" + ("" if rule.kind == "hide" else f" × {rule.factor:g}")


def target_words(rule: Rule) -> str:
    """Which items a rule means."""
    target = rule.target
    listed = ", ".join(target.skus[:_MOST_NAMED])
    more = f" and {len(target.skus) - _MOST_NAMED} more" if len(target.skus) > _MOST_NAMED else ""
    parts = [f"{listed}{more}" if listed else "", " and ".join(target.conditions)]
    designs = " with all of the design" if target.is_design else ""
    return " or ".join(part for part in parts if part) + designs


def scope_words(scope: Scope) -> str:
    """When a rule holds; "" for always."""
    told = []
    if scope.match != "any":
        words = " or ".join(f"“{phrase}”" for phrase in scope.words)
        told.append(f"for {words}" if scope.match == "exact" else f"for words with {words}")
    if scope.categories:
        told.append(f"in {' or '.join(scope.categories)}")
    if scope.starts:
        told.append(f"from {scope.starts}")
    if scope.ends:
        told.append(f"to {scope.ends}")
    told += _audience_words(scope)
    return ", ".join(told)


def kind_name(kind: str) -> str:
    """A kind as a heading says it."""
    return _NAMES[kind]


def _audience_words(scope: Scope) -> list[str]:
    audience = scope.audience
    told = [f"for {audience.visitors} shoppers"] if audience.visitors != "all" else []
    told += [f"in messages in {audience.language!r}"] if audience.language else []
    if audience.signed_in != "all":
        told.append("if signed in" if audience.signed_in == "yes" else "if not signed in")
    return told
