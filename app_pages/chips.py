"""What was understood, as small chips: slots in a shopper's words."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from agents.intent import Slots
from agents.wanted import Limit, limit_words, limits_in
from app_pages.wording import Wording, html_text


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
    own = {chip_of(limit, slots, wording) for slots in kept for limit in limits_in(slots)}
    all_chips = (tuple(chip_of(limit, slots, wording) for limit in limits_in(slots)) for slots in wanted)
    parts = (tuple(replace(chip, is_kept=chip in own) for chip in chips) for chips in all_chips)
    return tuple(part for part in parts if part)


def chips_html(parts: tuple[tuple[Chip, ...], ...]) -> str:
    """The chips as lists, one a part."""
    lists = (
        f'<ul class="v-chips" aria-label="Understood">{"".join(_chip_html(chip) for chip in part)}</ul>'
        for part in parts
    )
    return f'<div class="v-understood">{"".join(lists)}</div>'


def _chip_html(chip: Chip) -> str:
    return f'<li class="{chip_class(chip)}">{inner_html(chip)}</li>'


def chip_class(chip: Chip) -> str:
    """The classes of a chip."""
    return f"v-chip v-chip-{chip.kind}{' v-chip-kept' if chip.is_kept else ''}"


def inner_html(chip: Chip) -> str:
    """What stands in a chip: the dot of its colour and its words."""
    swatch = f'<i style="background:{html_text(chip.swatch)}"></i>' if chip.swatch else ""
    said = '<span class="v-unseen"> (from your preferences)</span>' if chip.is_kept else ""
    return f"{swatch}{html_text(chip.text)}{said}"


def chip_of(limit: Limit, slots: Slots, wording: Wording) -> Chip:
    """The chip of one limit of these slots."""
    kind: Literal["want", "not", "soft"] = "not" if limit.is_excluded else "soft" if limit.name == "soft" else "want"
    swatch = wording.taxonomy.hex(limit.value) if limit.name == "colour" else ""
    return Chip(limit_words(limit, slots, wording.locale), kind, swatch)
