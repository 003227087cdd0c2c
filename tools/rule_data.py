"""Rules as data: what is stored, exported and imported, checked where it enters."""

from datetime import date
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from env.errors import RuleError
from tools.rules import (
    MOST_FACTOR,
    MOST_PLACES,
    Audience,
    Kind,
    Match,
    Rule,
    Scope,
    SignedIn,
    Target,
    Visitors,
    Way,
    folded,
)

MAX_SKUS = 10_000
_Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]
_Word = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
_Words = Annotated[list[_Word], Field(max_length=50)]


class _RuleData(BaseModel):
    model_config = ConfigDict(extra="forbid")

    id: Annotated[str, StringConstraints(pattern=r"^[\w-]{0,40}$")] = ""
    kind: Kind
    match: Match = "any"
    words: _Words = []
    categories: _Words = []
    starts: date | None = None
    ends: date | None = None
    visitors: Visitors = "all"
    language: Annotated[str, StringConstraints(pattern=r"^([a-z]{2})?$")] = ""
    signed_in: SignedIn = "all"
    skus: Annotated[list[_Word], Field(max_length=MAX_SKUS)] = []
    conditions: _Words = []
    is_design: bool = False
    place: Annotated[int, Field(ge=1, le=MOST_PLACES)] = 1
    is_sponsored: bool = False
    factor: Annotated[float, Field(gt=0, le=MOST_FACTOR)] = 1.0
    way: Way = "two_way"
    terms: _Words = []
    others: _Words = []
    name: _Text = ""
    note: _Text = ""
    number: Annotated[int, Field(ge=0)] = 0

    @model_validator(mode="after")
    def _whole(self) -> Self:
        problem = self._scope_problem() or _PROBLEMS[self.kind](self)
        if problem:
            raise ValueError(problem)
        return self

    def _scope_problem(self) -> str:
        if self.match != "any" and not any(folded(word) for word in self.words):
            return "words: say which words the rule is for, or match any"
        if self.match == "any" and self.words:
            return f"match: {self.words[0]!r} is never looked at where any words match; take exact or contains"
        if self.starts and self.ends and self.ends < self.starts:
            return f"ends: {self.ends} is before {self.starts}, so no day is left"
        return ""


def _synonym_problem(data: _RuleData) -> str:
    if data.way == "two_way":
        return (
            "" if len({folded(term) for term in data.terms}) > 1 else "terms: name two words or more that mean the same"
        )
    if not data.terms or not data.others:
        return "terms: name words on both sides"
    if data.way == "replace" and len(data.others) > 1:
        return "others: a word is replaced by one other"
    both = {folded(term) for term in data.terms} & {folded(term) for term in data.others}
    return f"others: {min(both)!r} is on both sides" if both else ""


def _target_problem(data: _RuleData) -> str:
    return "" if data.skus or data.conditions else "skus: say which items: SKUs, or conditions such as brand=Alder"


def _pin_problem(data: _RuleData) -> str:
    return "" if len(data.skus) == 1 and not data.conditions else "skus: a pin holds one SKU and no conditions"


def _boost_problem(data: _RuleData) -> str:
    return _target_problem(data) or (
        "" if data.factor > 1 else f"factor: {data.factor:g} lifts nothing; take more than 1"
    )


def _bury_problem(data: _RuleData) -> str:
    return _target_problem(data) or (
        "" if data.factor < 1 else f"factor: {data.factor:g} lowers nothing; take less than 1"
    )


def _redirect_problem(data: _RuleData) -> str:
    if data.match == "any":
        return "match: a redirect is for exact or contained words; from any words it would swallow the shop"
    return _target_problem(data) or ("" if data.name else "name: name the collection, shoppers read it")


_PROBLEMS = {
    "synonym": _synonym_problem,
    "pin": _pin_problem,
    "boost": _boost_problem,
    "bury": _bury_problem,
    "hide": _target_problem,
    "redirect": _redirect_problem,
}


def read_rule(raw: object) -> Rule:
    """A rule from data as `rule_json` writes it; what is left out is as in Rule.

    Raises:
        RuleError: a field is unknown or cannot be used, or the rule lacks what its kind needs.
    """
    try:
        data = _RuleData.model_validate(raw)
    except ValidationError as error:
        first = error.errors()[0]
        told = str(first["msg"]).removeprefix("Value error, ")
        where = ".".join(str(step) for step in first["loc"])
        raise RuleError(f"{where} {first['input']!r}: {told.lower()}" if where else told) from error
    return Rule(
        id=data.id,
        kind=data.kind,
        scope=Scope(
            data.match,
            tuple(data.words),
            tuple(data.categories),
            data.starts,
            data.ends,
            Audience(data.visitors, data.language, data.signed_in),
        ),
        target=Target(tuple(dict.fromkeys(data.skus)), tuple(data.conditions), data.is_design),
        **{name: getattr(data, name) for name in ("place", "is_sponsored", "factor", "way", "name", "note", "number")},
        terms=tuple(data.terms),
        others=tuple(data.others),
    )


def rule_json(rule: Rule) -> dict[str, Any]:
    """A rule as data, without what its kind does not use or what says nothing."""
    scope, target = rule.scope, rule.target
    whole = {
        "id": rule.id,
        "kind": rule.kind,
        "match": scope.match,
        "words": list(scope.words),
        "categories": list(scope.categories),
        "starts": scope.starts.isoformat() if scope.starts else None,
        "ends": scope.ends.isoformat() if scope.ends else None,
        "visitors": scope.audience.visitors,
        "language": scope.audience.language,
        "signed_in": scope.audience.signed_in,
        "skus": list(target.skus),
        "conditions": list(target.conditions),
        "is_design": target.is_design,
        "place": rule.place if rule.kind == "pin" else None,
        "is_sponsored": rule.is_sponsored,
        "factor": rule.factor if rule.kind in ("boost", "bury") else None,
        "way": rule.way if rule.kind == "synonym" else None,
        "terms": list(rule.terms),
        "others": list(rule.others),
        "name": rule.name,
        "note": rule.note,
        "number": rule.number,
    }
    return {name: value for name, value in whole.items() if value not in (None, "", [], False, "any", "all")}
