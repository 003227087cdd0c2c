"""A wish in a shopper's words: "red dresses for women under €80"."""

from agents.intent import Slots
from agents.limits import limits_of
from agents.relax import price_words
from tools.taxonomy import load_taxonomy
from tools.vocabulary import Vocabulary

_PLURAL_ALREADY = ("jeans", "trousers", "pants", "shorts", "capris", "leggings", "sneakers", "shoes", "loafers", "boots",
                   "heels", "flats", "sandals", "flops", "sunglasses", "gloves", "socks", "cufflinks", "earrings", "briefs")  # fmt: skip
_UNCOUNTED = ("nightwear", "swimwear", "clothing", "jewellery", "outerwear", "headwear", "underwear", "knitwear",
              "topwear", "bottoms", "bags", "accessories", "beauty", "swim", "one-pieces", "perfume", "lingerie")  # fmt: skip
_IRREGULAR = {"scarf": "scarves", "watch": "watches"}


def kind_words(categories: tuple[str, ...], n_items: int) -> str:
    """The kinds of item as nouns in singular or plural: "dress", "T-shirts or tops"; "item(s)" for none."""
    if not categories:
        return "item" if n_items == 1 else "items"
    return " or ".join(_noun(category, n_items) for category in categories)


def _noun(category: str, n_items: int) -> str:
    words = category if category[:2] == "T-" else category.lower()
    *before, last = words.split()
    if last in _UNCOUNTED:
        return words if last.endswith("s") else f"{words} {'item' if n_items == 1 else 'items'}"
    if last in _PLURAL_ALREADY:
        return f"pair of {words}" if n_items == 1 else words
    return words if n_items == 1 else " ".join([*before, _plural(last)])


def _plural(word: str) -> str:
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if word.endswith(("s", "x", "ch", "sh")):
        return f"{word}es"
    if word.endswith("y") and word[-2:-1] not in "aeiou":
        return f"{word[:-1]}ies"
    return f"{word}s"


def wish_words(slots: Slots, n_items: int, vocabulary: Vocabulary, locale: str) -> str:
    """The whole wish with its limits, in the order people say them."""
    before = [
        " or ".join(slots.colours),
        *(" or ".join(slots.attributes[facet]) for facet in ("usage", "season", "pattern", "material") if facet in slots.attributes),
    ]
    label = load_taxonomy().label(slots.gender, slots.age_group)
    price = price_words(limits_of(slots, vocabulary).filters, locale)
    after = [
        f"for {label}" if label and label != "everyone" else "",
        f"by {' or '.join(slots.brands)}" if slots.brands else "",
        f"in size {' or '.join(slots.sizes)}" if slots.sizes else "",
        f"without {', '.join(value.lower() for values in slots.exclude.values() for value in values)}" if slots.exclude else "",
        price,
    ]
    return " ".join(part for part in (*before, kind_words(slots.categories, n_items), *after) if part)


def listed(values: tuple[str, ...] | list[str], last: str = "and") -> str:
    """Values as people list them: "a", "a and b", "a, b and c"."""
    return values[0] if len(values) == 1 else f"{', '.join(values[:-1])} {last} {values[-1]}" if values else ""
