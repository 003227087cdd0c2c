"""An item's picture held against its row: what each says of an attribute, and whether the two can both be right."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from tools.item import Item
from tools.seeing import Attribute, Eyes, Seen, load_attributes

Verdict = Literal["agree", "differ", "open"]
"""`open`: one of the two says nothing, or the row's word is none that a picture is read for."""


@dataclass(frozen=True, slots=True)
class Compared:
    """One attribute of an item. `said` is the row's word, "" without any; `seen` is None where that is not sure."""

    attribute: str
    said: str
    seen: Seen | None
    verdict: Verdict

    @property
    def is_likely_mistake(self) -> bool:
        """Whether the two differ in something where it is often the row that is wrong."""
        return self.verdict == "differ" and load_attributes()[self.attribute].finds_mistakes


def row_says(item: Item, attribute: Attribute) -> str:
    """What the row says of an attribute: its field, or the one value that the title, else the description, tells."""
    if attribute.facet:
        value: str = getattr(item, attribute.facet)
        return value
    for text in (item.title, item.description):
        told = [name for name, value in attribute.values.items() if value.told and value.told.search(text)]
        if len(told) == 1:
            return told[0]
    return ""


def compared(item: Item, vector: NDArray[np.float32], eyes: Eyes) -> Iterator[Compared]:
    """Each attribute that fits the item's category, by its picture's pooled vector (dim,)."""
    for attribute in load_attributes().values():
        if attribute.fits(item.category_path):
            yield _compared(item, vector, eyes, attribute)


def likely_mistakes(item: Item, vector: NDArray[np.float32], eyes: Eyes) -> Iterator[Compared]:
    """Where the picture differs from the row in a way that is worth a look; `seen` is there."""
    for attribute in load_attributes().values():
        if attribute.finds_mistakes and attribute.fits(item.category_path):
            found = _compared(item, vector, eyes, attribute)
            if found.is_likely_mistake:
                yield found


def _compared(item: Item, vector: NDArray[np.float32], eyes: Eyes, attribute: Attribute) -> Compared:
    said, seen = row_says(item, attribute), eyes.look(vector, attribute.name, "item")
    return Compared(attribute.name, said, seen, _verdict(item, attribute, said, seen))


def _verdict(item: Item, attribute: Attribute, said: str, seen: Seen | None) -> Verdict:
    if not said or seen is None:
        return "open"
    # A category counts as all that it is a kind of.
    words = {said, *item.category_path} if attribute.facet == "category" else {said}
    if words & set(attribute.values[seen.value].rows):
        return "agree"
    known = {word for value in attribute.values.values() for word in value.rows}
    return "differ" if words & known else "open"
