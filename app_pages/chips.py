"""What was understood, as small chips: slots in a shopper's words."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from agents.intent import Slots
from app_pages.wording import Wording, html_text

_SORTS = {
    "price_asc": "cheapest first",
    "price_desc": "dearest first",
    "rating": "best rated first",
    "newest": "newest first",
}


@dataclass(frozen=True, slots=True)
class Chip:
    """One thing understood: "not" must not be shown, "soft" is a leaning. `swatch` is "#rrggbb" for a colour.

    `is_kept` marks what comes from the shopper's own preferences and not from this search.
    """

    text: str
    kind: Literal["want", "not", "soft"] = "want"
    swatch: str = ""
    is_kept: bool = False


def chips_of(wanted: Iterable[Slots], wording: Wording, kept: Iterable[Slots] = ()) -> tuple[tuple[Chip, ...], ...]:
    """The chips of each part wanted, in order; a part of which nothing was understood is left out.

    `kept` is, for each part, what of it comes from the shopper's own preferences.
    """
    own = {chip for slots in kept for chip in _chips(slots, wording)}
    parts = (tuple(replace(chip, is_kept=chip in own) for chip in _chips(slots, wording)) for slots in wanted)
    return tuple(part for part in parts if part)


def chips_html(parts: tuple[tuple[Chip, ...], ...]) -> str:
    """The chips as lists, one a part."""
    lists = (
        f'<ul class="v-chips" aria-label="Understood">{"".join(_chip_html(chip) for chip in part)}</ul>'
        for part in parts
    )
    return f'<div class="v-understood">{"".join(lists)}</div>'


def _chip_html(chip: Chip) -> str:
    swatch = f'<i style="background:{html_text(chip.swatch)}"></i>' if chip.swatch else ""
    own = ' v-chip-kept" title="from your preferences' if chip.is_kept else ""
    said = '<span class="v-unseen"> (from your preferences)</span>' if chip.is_kept else ""
    return f'<li class="v-chip v-chip-{chip.kind}{own}">{swatch}{html_text(chip.text)}{said}</li>'


def _chips(slots: Slots, wording: Wording) -> Iterator[Chip]:
    if slots.count and slots.count_said:
        yield Chip(f"{slots.count} item" if slots.count == 1 else f"{slots.count} items")
    for category in slots.categories:
        yield Chip(category)
    if who := wording.who(slots.gender, slots.age_group):
        yield Chip(who)
    for colour in slots.colours:
        yield Chip(colour, swatch=wording.taxonomy.hex(colour))
    for name, value in _facets(slots):
        yield Chip(wording.facet(name, value))
    yield from _price_chips(slots, wording)
    if slots.sort in _SORTS:
        yield Chip(_SORTS[slots.sort])
    for name, values in slots.exclude.items():
        for value in values:
            yield Chip(
                f"not {wording.facet(name, value)}", "not", wording.taxonomy.hex(value) if name == "colour" else ""
            )
    for word in slots.soft:
        yield Chip(word, "soft")


def _facets(slots: Slots) -> Iterator[tuple[str, str]]:
    for brand in slots.brands:
        yield "brand", brand
    for size in slots.sizes:
        yield "size", size
    for name, values in slots.attributes.items():
        for value in values:
            yield name, value


def _price_chips(slots: Slots, wording: Wording) -> Iterator[Chip]:
    low = slots.price_min_cents and wording.limit(slots.price_min_cents, slots.currency)
    high = slots.price_max_cents and wording.limit(slots.price_max_cents, slots.currency)
    if low and high:
        yield Chip(f"{low} to {high}")
    elif low:
        yield Chip(f"from {low}")
    elif high:
        yield Chip(f"under {high}")
