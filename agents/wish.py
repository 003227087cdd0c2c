"""Slots in plain words, as a title would say them: what the retriever embeds."""

from agents.intent import NOT, Slots
from tools.taxonomy import load_taxonomy

_BEFORE_NOUN = ("usage", "season", "pattern", "material")


def wish_text(slots: Slots) -> str:
    """The wish without prices, counts and exclusions, e.g. "striped red cotton dress for women"; "" for no wish."""
    label = load_taxonomy().label(slots.gender, slots.age_group)
    words = [
        *(word for word in slots.soft if not word.startswith(NOT)),
        *slots.colours,
        *(value for facet in _BEFORE_NOUN for value in slots.attributes.get(facet, ())),
        *slots.brands,
        " or ".join(category.lower() for category in slots.categories),
    ]
    wish = " ".join(word for word in words if word)
    return f"{wish} for {label}" if wish and label else wish or label
