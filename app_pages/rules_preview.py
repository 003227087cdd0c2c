"""Before and after, in pictures: what rules do to a shopper's words."""

from collections.abc import Sequence
from datetime import UTC, datetime, time

import streamlit as st

from agents.rule_preview import preview_words
from app_pages.cards import picture_html
from app_pages.resources import wording
from app_pages.rules_state import RulesAtWork
from app_pages.wording import html_text, sentence
from env.errors import VitrineError
from tools.occasion import Visitor
from tools.preview import Moved, Preview
from tools.query import Hit
from tools.rule_words import rule_words
from tools.rules import RuleSet

_RETURNING = {"anybody": None, "a new shopper": False, "a returning shopper": True}
_LANGUAGES = ("en", "de", "fr", "es", "zh")


def draw_preview_desk(at_work: RulesAtWork) -> None:
    """Draw words to try, for whom and when, and what all rules in force do to them."""
    with st.container(key="rules-try"):
        text = st.text_input("What a shopper writes", placeholder="black belts", key="try-words")
        who = st.selectbox("For", list(_RETURNING), key="try-who")
        language = st.selectbox("In", _LANGUAGES, key="try-language")
        day = st.date_input("On", value=None, key="try-day", help="Today, unless you pick a day.")
    rules = at_work.catalog.rules
    if not text:
        st.html('<p class="v-note">Write what a shopper would, to see the first page with the rules and without.</p>')
        return
    now = datetime.combine(day, time(12), rules.zone).astimezone(UTC) if day else None
    visitor = Visitor(_RETURNING[who], language)
    draw_preview(at_work, text, rules.rule_set, visitor, now)


def draw_preview(
    at_work: RulesAtWork, text: str, rule_set: RuleSet, visitor: Visitor, now: datetime | None = None
) -> None:
    """Draw the first page of a search with and without a set of rules, and which of them took part."""
    try:
        seen = preview_words(at_work.desk, text, rule_set, visitor, now)
    except VitrineError as error:
        st.html(f'<p class="v-broken" role="alert">{html_text(sentence(str(error)))}</p>')
        return
    st.html(preview_html(seen, text))


def preview_html(seen: Preview, text: str) -> str:
    """Two rows of pictures and the rules behind the second."""
    led = f" It shows the collection “{html_text(seen.after.collection)}”." if seen.after.collection else ""
    before = "".join(_tile(hit, place) for place, hit in enumerate(seen.before.hits, 1))
    after = "".join(_tile(moved.hit, moved.place, moved) for moved in seen.moved)
    nothing = '<li class="v-none">nothing</li>'
    return (
        f'<section class="v-preview"><p class="v-note">{html_text(sentence(_changes(seen, text)))}{led}</p>'
        f'<h3>Without rules</h3><ol class="v-tiles">{before or nothing}</ol>'
        f'<h3>With them</h3><ol class="v-tiles">{after or nothing}</ol>'
        f"{_gone(seen.gone)}{_part(seen)}</section>"
    )


def _changes(seen: Preview, text: str) -> str:
    n_moved = sum(bool(moved.words) for moved in seen.moved)
    if not n_moved and not seen.gone:
        return f"“{text}” shows the same as without rules"
    return f"“{text}”: {n_moved} of {len(seen.moved)} stand elsewhere, {len(seen.gone)} no longer on the first page"


def _tile(hit: Hit, place: int, moved: Moved | None = None) -> str:
    mark = ""
    if moved is not None and moved.words:
        way = "v-up" if moved.words.startswith("▲") else "v-down"
        told = "new on this page" if moved.before is None else f"from place {moved.before}"
        mark = f'<span class="{way}">{moved.words}</span><span class="v-unseen"> {told}</span>'
    placed = f'<span class="v-placed">{html_text(hit.placed)}</span>' if moved and hit.placed else ""
    return (
        f'<li><div class="v-picture">{picture_html(hit.item, wording())}<span class="v-number">{place}</span></div>'
        f"<p>{mark}{placed}</p><p>{html_text(hit.item.title)}</p><p><code>{html_text(hit.item.sku)}</code></p></li>"
    )


def _gone(hits: Sequence[Hit]) -> str:
    if not hits:
        return ""
    names = ", ".join(html_text(hit.item.title) for hit in hits)
    return f'<p class="v-note">No longer on the first page: {names}.</p>'


def _part(seen: Preview) -> str:
    held = "".join(f"<li>{html_text(sentence(rule_words(rule)))}</li>" for rule in seen.part)
    lost = "".join(
        f"<li>{html_text(sentence(rule_words(each.rule)))} <em>{html_text(sentence(each.why))}</em></li>"
        for each in seen.lost
    )
    told = (
        f"<h3>Rules that hold</h3><ul>{held}</ul>" if held else '<p class="v-note">No rule holds for these words.</p>'
    )
    return told + (f"<h3>Rules that do nothing here</h3><ul>{lost}</ul>" if lost else "")
