"""What differs between a stored item and the row that would replace it."""

from collections.abc import Sequence
from dataclasses import dataclass, fields

from tools.item import Item
from tools.money import format_price
from tools.store_desk_item import Past
from tools.store_load import StoredState

# `image` is a name in the picture store, told as "picture"; the path follows from the category.
_UNTOLD = frozenset({"sku", "image", "category_path"})


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field before and after, as text; "" where it is unknown."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Change:
    """An item that changes, and how."""

    sku: str
    title: str
    fields: tuple[FieldChange, ...]


def field_changes(before: Item, after: Item) -> tuple[FieldChange, ...]:
    """The fields that differ, in the order of Item; a picture by its name in the store is left out."""
    return tuple(
        FieldChange(one.name, field_text(before, one.name), field_text(after, one.name))
        for one in fields(Item)
        if one.name not in _UNTOLD and getattr(before, one.name) != getattr(after, one.name)
    )


def differences(stored: Item, item: Item, state: StoredState, source: str, has_same_picture: bool) -> Change:
    """How a row of `source` changes a stored item. Where nothing it says differs, what else makes it be written."""
    told = list(field_changes(stored, item))
    if state.source != source:
        told.append(FieldChange("source", state.source, source))
    if not has_same_picture:
        told.append(FieldChange("picture", "as stored", "another one"))
    if not told:
        told.append(FieldChange("picture and vectors", "lost, or of another embedder", "made anew"))
    return Change(item.sku, item.title, tuple(told))


def field_text(item: Item, name: str) -> str:
    """A field's value as text, the same for every kind of field."""
    value = getattr(item, name)
    if name == "sizes":
        return ", ".join(label if stock is None else f"{label}: {stock}" for label, stock in item.sizes.items())
    if name in ("price_cents", "sale_price_cents") and value is not None:
        return format_price(value, item.currency, "en")
    if isinstance(value, tuple):
        return " > ".join(value)
    return "" if value is None else str(value)


@dataclass(frozen=True, slots=True)
class Told:
    """One run in the history of an item, and what it changed; `pictures` are the names before and after, if new."""

    past: Past
    changes: tuple[FieldChange, ...]
    pictures: tuple[str, str] | None


def told_history(current: Item | None, history: Sequence[Past]) -> tuple[Told, ...]:
    """What each run changed: the row before it against the row after, which is the one before the next newer run."""
    told = []
    after = current
    for past in history:
        before = past.before
        if past.what == "changed" and before is not None and after is not None:
            pictures = (before.image, after.image) if before.image != after.image else None
            told.append(Told(past, field_changes(before, after), pictures))
        else:
            told.append(Told(past, (), None))
        after = before
    return tuple(told)
