"""Which rules decide on one occasion: those that hold, the most specific first, and what the others lost to."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from tools.occasion import Occasion, Visitor
from tools.rulebook import Meant, Rules
from tools.rules import Audience, Rule, matches, specificity
from tools.synonyms import Synonyms
from tools.taxonomy import load_taxonomy


@dataclass(frozen=True, slots=True)
class Lost:
    """A rule that is about these words and does nothing now, and why."""

    rule: Rule
    why: str


@dataclass(frozen=True, slots=True)
class Ruling:
    """What the rules say on one occasion. `pins` and `weights` come most specific first, `hidden` are SKUs."""

    pins: tuple[Meant, ...] = ()
    weights: tuple[Meant, ...] = ()
    hides: tuple[Meant, ...] = ()
    collection: Meant | None = None
    synonyms: Synonyms = field(default_factory=Synonyms)
    lost: tuple[Lost, ...] = ()

    @property
    def hidden(self) -> tuple[str, ...]:
        """The SKUs that are not shown."""
        return tuple(dict.fromkeys(sku for meant in self.hides for sku in meant.skus))

    @property
    def part(self) -> tuple[Rule, ...]:
        """The rules that take part."""
        led = (self.collection,) if self.collection else ()
        items = (meant.rule for meant in (*led, *self.hides, *self.pins, *self.weights))
        return (*self.synonyms.rules, *items)


NO_RULING = Ruling()
"""What holds in a shop without rules."""


def rule_on(rules: Rules, occasion: Occasion, categories: tuple[str, ...] = ()) -> Ruling:
    """What holds on an occasion for a search in some categories."""
    if not rules.rule_set.rules:
        return NO_RULING
    said = [rule for rule in rules.rule_set.rules if _is_about(rule, occasion)]
    said.sort(key=lambda rule: specificity(rule, occasion.words), reverse=True)
    today = rules.today(occasion.now)
    kept_back = {rule.id: why for rule in said if (why := _why_not(rule, occasion.visitor, categories, today))}
    lost = [Lost(rule, kept_back[rule.id]) for rule in said if rule.id in kept_back]
    held = [rule for rule in said if rule.id not in kept_back]
    meant = [rules.meant(rule) for rule in held if rule.kind != "synonym"]
    hides = tuple(_whole((each for each in meant if each.rule.kind == "hide"), lost))
    hidden = {sku for each in hides for sku in each.skus}
    pins = tuple(_pins((each for each in meant if each.rule.kind == "pin"), hidden, lost))
    weights = tuple(_whole((each for each in meant if each.rule.kind in ("boost", "bury")), lost))
    led = list(_whole((each for each in meant if each.rule.kind == "redirect"), lost))
    lost += [Lost(each.rule, f"the words lead to “{led[0].rule.name}” by a stronger rule") for each in led[1:]]
    synonyms = Synonyms(tuple(rule for rule in held if rule.kind == "synonym"))
    return Ruling(pins, weights, hides, led[0] if led else None, synonyms, tuple(lost))


def _is_about(rule: Rule, occasion: Occasion) -> bool:
    scope = rule.scope
    return scope.match == "any" or any(matches(scope.match, phrase, occasion.words) for phrase in scope.words)


def _why_not(rule: Rule, visitor: Visitor, categories: tuple[str, ...], today: date) -> str:
    """Why a rule whose words match does not hold; "" where it does."""
    scope = rule.scope
    if scope.starts and today < scope.starts:
        return f"planned: it begins on {scope.starts}"
    if scope.ends and today > scope.ends:
        return f"over: it ended on {scope.ends}"
    if scope.categories and not _is_within(categories, scope.categories):
        return f"only where {' or '.join(scope.categories)} is looked for"
    return _not_for(scope.audience, visitor)


def _is_within(searched: tuple[str, ...], wanted: tuple[str, ...]) -> bool:
    taxonomy = load_taxonomy()
    return bool(searched) and all(set(taxonomy.category_path(each)) & set(wanted) for each in searched)


def _not_for(audience: Audience, visitor: Visitor) -> str:
    """Why a visitor is not meant; what is not known of them is not what is asked for."""
    if audience.visitors != "all" and visitor.is_returning is not (audience.visitors == "returning"):
        return f"only for {audience.visitors} shoppers"
    if audience.language and visitor.language != audience.language:
        return f"only for messages in {audience.language!r}"
    if audience.signed_in != "all" and visitor.is_signed_in is not (audience.signed_in == "yes"):
        return f"only for shoppers who are {'' if audience.signed_in == 'yes' else 'not '}signed in"
    return ""


def _whole(meant: Iterable[Meant], lost: list[Lost]) -> Iterator[Meant]:
    """Those that mean an item at all."""
    for each in meant:
        if each.skus:
            yield each
        else:
            lost.append(Lost(each.rule, each.problem or no_items(each)))


def no_items(meant: Meant) -> str:
    """Why a rule means no item."""
    if meant.missing:
        return f"{', '.join(map(repr, meant.missing[:3]))} has left the catalogue"
    return "no item of the catalogue meets its conditions"


def _pins(meant: Iterable[Meant], hidden: set[str], lost: list[Lost]) -> Iterator[Meant]:
    """One pin a place and one place an item: the most specific has it."""
    places: set[int] = set()
    items: set[str] = set()
    for each in _whole(meant, lost):
        rule = each.rule
        if not set(each.skus) - hidden:
            lost.append(Lost(rule, "a rule hides the item, and hiding always wins"))
        elif rule.place in places:
            lost.append(Lost(rule, f"place {rule.place} is held by a stronger rule"))
        elif items & set(each.skus):
            lost.append(Lost(rule, "a stronger rule pins the item to another place"))
        else:
            places.add(rule.place)
            items |= set(each.skus)
            yield each
