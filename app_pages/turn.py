"""Draws one turn: what was said, what was understood, the cards, the reply, and what can be done next."""

from dataclasses import dataclass

import streamlit as st

from agents.events import Choice, TurnDone
from agents.intent import Slots
from app_pages.announcer import announce
from app_pages.blend import draw_blend
from app_pages.cards import draw_cards, skeletons_html
from app_pages.chat import Chat
from app_pages.chips import chips_html, chips_of
from app_pages.choices import draw_choices, dropped_html, note_html
from app_pages.compare import draw_comparison, is_comparison
from app_pages.crops import draw_crops
from app_pages.edit import draw_edit, is_editable
from app_pages.found import found_html
from app_pages.live_chips import can_be_pressed, draw_live_chips
from app_pages.reply import reply_html
from app_pages.turn_view import TurnView
from app_pages.verdict import draw_verdict
from app_pages.wording import Wording, html_text, markdown_text, sentence
from app_pages.workbench_take import draw_take

# The sizes of an item that is to go into the bag are more than follow-ups are.
MAX_SUGGESTIONS = 8
# Routes that are answered in words: no cards are to be expected.
WORDS_ONLY = ("small_talk", "thanks", "help", "out_of_scope", "unclear")


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a turn needs to know of the page.

    `is_last` turns offer suggestions and the slider between their words and their photo. The limits of the newest
    search (`is_searched`) can be taken away and changed. A message has at most `max_chars`. `mark` says over the turn
    what it is where it is not a turn of now: then nothing of it can be changed or gone on from.
    """

    wording: Wording
    chat: Chat
    is_last: bool
    is_searched: bool
    max_chars: int
    mark: str = ""


class TurnDrawing:
    """The places of one turn on the page. `update` fills only those whose content has changed."""

    def __init__(self, number: int, around: Surroundings) -> None:
        """Reserve the places in the order a shopper reads them."""
        self._around = around
        self._number = number
        self._drawn: TurnView | None = None
        self.opened: int | None = None
        with st.container(key=f"turn-{number}"):
            if around.mark:
                st.html(f'<p class="v-mark">{html_text(around.mark)}</p>')
            self._said, self._edit, self._understood, self._blend = (st.empty() for _ in range(4))
            self._crops, self._cards = st.empty(), st.empty()
            self._reply, self._below = st.empty(), st.empty()
            self._voice = {stage: st.empty() for stage in ("asked", "cards", "reply")}

    def update(self, view: TurnView) -> None:
        """Draw what `view` has and the page has not."""
        is_first = self._drawn is None
        before = self._drawn or TurnView(self._number)
        self._drawn = view
        if is_first:
            self._said.html(said_html(view))
            self._say("asked", "Looking.")
            if cards_state(view) == "waiting":
                self._understood.html('<div class="v-reading" aria-hidden="true"></div>')
        if view.intent is not before.intent or view.evidence is not before.evidence:
            self._draw_understood(view)
        if self._around.is_last and (is_first or view.evidence is not before.evidence or view.done is not before.done):
            draw_blend(self._blend, view, self._around.chat.slide)
            draw_crops(self._crops, view, self._around.chat.pick)
        if is_first or cards_state(view) != cards_state(before):
            self._draw_cards(view)
        if view.reply != before.reply or view.has_ended != before.has_ended:
            self._draw_reply(view)
        if view.has_ended and not before.has_ended:
            self._draw_below(view)
            if self._around.is_last and not self._around.mark and is_editable(view):
                with self._edit.container():
                    draw_edit(view, self._around.chat.resend, self._around.max_chars)

    def _draw_understood(self, view: TurnView) -> None:
        if self._around.is_searched and can_be_pressed(view):
            with self._understood.container():
                draw_live_chips(view, self._around.wording, self._around.chat.press, self._around.chat.others)
            return
        kept = [part.kept for part in view.evidence.parts] if view.evidence else []
        chips = chips_of(wanted(view), self._around.wording, kept)
        note = note_html(view) + dropped_html(view)
        if chips or note:
            self._understood.html(f'<div class="v-reading">{chips_html(chips)}{note}</div>')
        else:
            self._understood.empty()

    def _draw_cards(self, view: TurnView) -> None:
        state = cards_state(view)
        if state == "waiting":
            self._cards.html(skeletons_html())
        if state == "none":
            self._cards.empty()
        if state != "cards" or view.evidence is None:
            return
        with self._cards.container():
            if is_comparison(view):
                self.opened = draw_comparison(view.number, view.text, view.evidence, self._around.wording)
            else:
                self.opened = draw_cards(view.number, view.evidence, self._around.wording)
        n_items = len(view.hits)
        self._say("cards", f"{n_items} item{'' if n_items == 1 else 's'} found.")

    def _draw_reply(self, view: TurnView) -> None:
        if view.reply:
            language = view.intent.language if view.intent else ""
            self._reply.html(reply_html(view.reply, view.number, view.hits, not view.has_ended, language))
        if view.has_ended:
            self._say("reply", view.problem or view.reply or "Stopped.")

    def _draw_below(self, view: TurnView) -> None:
        with self._below.container():
            for line in ending_lines(view):
                st.html(line)
            if self._around.is_searched and view.evidence is not None:
                draw_choices(view.number, view.evidence.choices, self._around.chat.press)
            if self._around.is_last and view.done:
                self._draw_suggestions(view.number, view.done)
            if found := found_html(view, self._around.wording):
                with st.expander("How this was found", key=f"found-{view.number}"):
                    st.html(found)
                    draw_take(self._around.chat.session_id, view)
            draw_verdict(self._around.chat.session_id, view, self._around.chat.judge)

    def _draw_suggestions(self, number: int, done: TurnDone) -> None:
        if not done.suggestions:
            return
        with st.container(key=f"suggestions-{number}", horizontal=True):
            for place, text in enumerate(done.suggestions[:MAX_SUGGESTIONS], start=1):
                key, intent = f"suggest-{number}-{place}", done.pressed.get(text)
                send, sent = (
                    (self._around.chat.press, Choice(text, intent)) if intent else (self._around.chat.ask, text)
                )
                st.button(markdown_text(text), key=key, on_click=send, args=(sent,), disabled=bool(self._around.mark))

    def _say(self, stage: str, message: str) -> None:
        if self._around.is_last:
            with self._voice[stage].container():
                announce(self._number, stage, message)


def wanted(view: TurnView) -> tuple[Slots, ...]:
    """What is looked for now: what was searched with, standing limits included, else what the message alone says."""
    searched = tuple(part.slots for part in view.evidence.parts) if view.evidence else ()
    if any(slots != Slots() for slots in searched) or view.intent is None:
        return searched
    return view.intent.parts or (view.intent.slots,)


def cards_state(view: TurnView) -> str:
    """What stands where the cards go: "cards", "waiting" for skeletons, or "none"."""
    if view.evidence is not None:
        return "cards" if view.hits else "none"
    is_wordy = view.intent is not None and view.intent.route in WORDS_ONLY
    return "none" if view.has_ended or is_wordy else "waiting"


def said_html(view: TurnView) -> str:
    """The shopper's words and photo, on the right."""
    photo = ""
    if view.has_photo:
        gone = "<em>A photo, which was not kept</em>"
        photo = f'<img src="{html_text(view.photo_url)}" alt="Your photo">' if view.photo_url else gone
    words = f"<p>{html_text(view.text)}</p>" if view.text else ""
    return f'<div class="v-said" id="turn-{view.number}"><h2 class="v-unseen">You asked</h2>{photo}{words}</div>'


def ending_lines(view: TurnView) -> list[str]:
    """What went wrong or was cut short, each as one quiet line."""
    lines = [f'<p class="v-note">{html_text(failure)}</p>' for failure in (view.done.failures if view.done else ())]
    if view.problem:
        lines.append(f'<p class="v-note v-problem">{html_text(sentence(view.problem))}</p>')
    if view.is_stopped:
        shown = "What was found stays." if view.hits else "Nothing was shown yet."
        lines.append(f'<p class="v-note">Stopped. {shown}</p>')
    return lines
