"""The turns behind a row: what was said, the cards as small pictures, and on a press all of it."""

import streamlit as st

from agents.insight import Insight
from agents.insight.asked import route_words
from agents.insight.behind import ShownItem, TurnBehind
from agents.insight.telling import counted, spell_ms
from app_pages.found import stages_ms
from app_pages.resources import desk, wording
from app_pages.wording import html_text, picture_alt
from tools.insight import Pick, Scope
from tools.item import Item

_PAGE = 8
_OUTCOMES = {"found": "found", "nearest": "only the nearest shown", "nothing": "nothing found"}
_DID = {"open": "opened", "save": "saved", "cart": "into the bag", "link": "link followed"}


def draw_behind(insight: Insight, scope: Scope, pick: Pick, name: str) -> None:
    """Draw the turns behind a row, some at a time."""
    n_turns = insight.n_behind(scope, pick)
    n_pages = -(-n_turns // _PAGE)
    with st.container(key=f"insight-behind-{name}"):
        page = 1
        if n_pages > 1:
            page = int(st.number_input(f"Page, of {n_pages:,}", 1, n_pages, key=f"insight-page-{name}-{hash(pick)}"))
        st.html(f'<p class="v-note">{html_text(_told(n_turns, page))}</p>')
        turns = insight.behind(scope, pick, _PAGE, (page - 1) * _PAGE)
        skus = sorted({item.sku for turn in turns for item in turn.items})
        items = {item.sku: item for item in desk().shop.catalog.items(skus)}
        for turn in turns:
            _draw_turn(turn, items, name)


def _told(n_turns: int, page: int) -> str:
    first = (page - 1) * _PAGE + 1
    return (
        f"{counted(n_turns, 'turn')}, shown are {first} to {min(n_turns, first + _PAGE - 1)}."
        if n_turns
        else "No turn."
    )


def _draw_turn(turn: TurnBehind, items: dict[str, Item], name: str) -> None:
    st.html(turn_html(turn, items))
    with st.expander("The whole turn", key=f"insight-turn-{name}-{turn.session_id}-{turn.number}"):
        st.html(whole_html(turn))


def turn_html(turn: TurnBehind, items: dict[str, Item]) -> str:
    """One turn in short. Every text of shoppers, models and feeds is escaped here."""
    facts = [f"{turn.asked_at:%Y-%m-%d %H:%M}", route_words(turn.route), turn.language, _OUTCOMES.get(turn.outcome, "")]
    thumb = {True: "thumb up", False: "thumb down", None: ""}[turn.is_good]
    line = " · ".join(fact for fact in (*facts, thumb) if fact)
    said = html_text(turn.message) or "<em>a photo</em>"
    cards = "".join(_card_html(item, items.get(item.sku)) for item in turn.items)
    strip = f'<ol class="v-strip">{cards}</ol>' if cards else ""
    told = f'<p class="v-behind-said">{said}</p><p class="v-note">{html_text(line)}</p>'
    return f'<article class="v-behind">{told}{strip}</article>'


def _card_html(shown: ShownItem, item: Item | None) -> str:
    did = ", ".join(_DID.get(kind, kind) for kind in shown.chosen)
    title = html_text(
        f"{shown.place}. {shown.title}" + (f" ({did})" if did else "") + ("" if item else ", no longer here")
    )
    mark = f"<b>{html_text(did)}</b>" if did else ""
    if item is None or not item.image:
        return f'<li title="{title}"><span>{html_text(shown.title)}</span>{mark}</li>'
    alt = html_text(f"{shown.place}. {picture_alt(item, wording())}")
    picture = f'<img src="/pictures/{html_text(item.image)}" alt="{alt}" loading="lazy" decoding="async">'
    return f'<li title="{title}">{picture}{mark}</li>'


def whole_html(turn: TurnBehind) -> str:
    """All that is kept of a turn: the reply, how the cards were found, times, what failed, what was thought of it."""
    rows = list(turn.found)
    rows += [("relaxed", told) for told in turn.relaxed]
    rows += [("failed", told) for told in turn.failures]
    rows += [(f"card {item.place}", f"{item.title}: {item.why}" if item.why else item.title) for item in turn.items]
    rows += [(f"time for {stage}", spell_ms(ms)) for stage, ms in stages_ms(turn.timings_ms).items()]
    if turn.said:
        rows.append(("the shopper's comment", turn.said))
    facts = "".join(f"<dt>{html_text(name)}</dt><dd>{html_text(value)}</dd>" for name, value in rows)
    return f'<div class="v-found"><p class="v-behind-reply">{html_text(turn.reply)}</p><dl>{facts}</dl></div>'
