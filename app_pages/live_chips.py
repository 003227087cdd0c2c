"""Chips of the newest search: each can be clicked off, and most can be changed in place."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

import streamlit as st
from babel.numbers import get_currency_precision

from agents.events import Choice
from agents.pressing import Pressed
from agents.wanted import CHANGEABLE, Limit, limits_in
from agents.ways_on import SEARCHING
from app_pages.chat import OtherValues
from app_pages.chips import chip_class, chip_of, inner_html
from app_pages.choices import Press, choice_label, draw_dropped, note_html
from app_pages.turn_view import TurnView
from app_pages.wording import Wording, markdown_text, plain_label
from tools.money import minor_units


@dataclass(frozen=True, slots=True)
class _Chip:
    """One chip on the page; `key` is its own."""

    key: str
    limit: Limit
    is_kept: bool
    pressed: Pressed
    wording: Wording
    press: Press
    others: OtherValues


def newest_search(views: Sequence[TurnView]) -> int:
    """The number of the turn whose search stands now; 0 where there is none. One at work may yet become it."""
    searches = (view for view in reversed(views) if not view.has_ended or _is_search(view))
    return next((view.number for view in searches), 0)


def _is_search(view: TurnView) -> bool:
    return view.intent is not None and view.intent.route in SEARCHING


def can_be_pressed(view: TurnView) -> bool:
    """Whether the turn found what it found by a search, so that its limits are known."""
    return _is_search(view) and view.evidence is not None and bool(view.evidence.parts)


def draw_live_chips(view: TurnView, wording: Wording, press: Press, others: OtherValues) -> None:
    """The chips of each part, what was widened, and what was left behind."""
    assert view.evidence is not None
    assert view.intent is not None
    standing = tuple(part.slots for part in view.evidence.parts)
    has_picture = view.has_photo or view.intent.route == "similar" or view.evidence.parts[0].photo_weight is not None
    with st.container(key=f"reading-{view.number}"):
        for place, slots in enumerate(standing):
            pressed = Pressed(standing, place, view.intent.language, wording.locale, has_picture)
            with st.container(key=f"chips-{view.number}-{place}", horizontal=True):
                own = limits_in(view.evidence.parts[place].kept)
                for at, limit in enumerate(limits_in(slots)):
                    key = f"{view.number}-{place}-{at}"
                    _draw(_Chip(key, limit, limit in own, pressed, wording, press, others))
        if note := note_html(view):
            st.html(note)
        draw_dropped(view, press)


def _draw(chip: _Chip) -> None:
    drawn = replace(chip_of(chip.limit, chip.pressed.slots, chip.wording), is_kept=chip.is_kept)
    name = markdown_text(drawn.text)
    is_changeable = chip.limit.name == "price" or (chip.limit.name in CHANGEABLE and not chip.limit.is_excluded)
    changes = " v-changes" if is_changeable else ""
    with st.container(key=f"chip-{drawn.kind}-{chip.key}", horizontal=True, width="content"):
        st.html(f'<span class="{chip_class(drawn)}{changes}">{inner_html(drawn)}</span>')
        if is_changeable:
            # What else there is is counted when the popover is opened, not before.
            changing = st.popover(
                plain_label(f"Change: {drawn.text}"), key=f"change-{chip.key}", type="tertiary", on_change="rerun"
            )
            if changing.open:
                with changing:
                    _draw_price(chip) if chip.limit.name == "price" else _draw_others(chip, name)
        removed = chip.pressed.removed(chip.limit)
        st.button(f"Remove\\: {name}", key=f"drop-{chip.key}", type="tertiary", on_click=chip.press, args=(removed,))


def _draw_others(chip: _Chip, name: str) -> None:
    others = chip.others(chip.pressed, chip.limit)
    st.caption(f"Instead of {name}" if others else "With everything else you asked for there is no other.")
    for place, (told, choice) in enumerate(others, start=1):
        label = choice_label(Choice(told, choice.intent, choice.n_matching))
        st.button(label, key=f"other-{chip.key}-{place}", type="tertiary", on_click=chip.press, args=(choice,))


def _draw_price(chip: _Chip) -> None:
    slots, key = chip.pressed.slots, f"price-{chip.key}"
    currency = slots.currency
    unit = 10 ** get_currency_precision(currency) if currency else 100
    with st.form(key=f"{key}-form", border=False):
        ends = (("From", "low", slots.price_min_cents), ("To", "high", slots.price_max_cents))
        for label, name, cents in ends:
            shown = None if cents is None else cents / unit
            step = 5.0
            told = f"{label} ({currency})" if currency else label
            st.number_input(told, min_value=0.0, value=shown, step=step, format="%.10g", key=f"{key}-{name}")
        st.form_submit_button("Show", key=f"{key}-show", on_click=_press_price, args=(chip, key))


def _press_price(chip: _Chip, key: str) -> None:
    currency = chip.pressed.slots.currency
    low, high = (_cents(st.session_state[f"{key}-{name}"], currency) for name in ("low", "high"))
    chip.press(chip.pressed.priced(low, high, currency))


def _cents(amount: float | None, currency: str) -> int | None:
    if not amount:
        return None
    return minor_units(Decimal(str(amount)), currency or "EUR")
