"""A demo on stage: a journey that plays in a real conversation, in a session of its own."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import streamlit as st

from agents.demo.audience import new_audience
from agents.demo.journey import Journey, Step, find_journey
from agents.demo.player import Player
from agents.demo.props import Offer, photo_of, pressed
from agents.demo.recording import RecordedTurn, Recording, replayed
from agents.demo.tape import Tape
from agents.events import Message, TurnEvent
from agents.session import new_session_id
from app_pages.chat import Chat
from app_pages.resources import Around, demo_store, desk, open_chat
from app_pages.visitor import audience_around
from env.errors import DemoError, NothingToPressError, VitrineError
from tools.photo import decode_photo

STAGE = "demo-stage"


@dataclass(slots=True)
class Stage:
    """One performance, in this browser session's state. `shopper` is "" where a recording plays.

    `n_expected` turns are of the script: where there are more, the presenter has taken over. `opened` is the card that
    a step opens.
    """

    player: Player
    chat: Chat
    shopper: str = ""
    tape: Tape = field(default_factory=Tape)
    recording: Recording | None = None
    n_expected: int = 0
    opened: int | None = None
    sent_photos: list[bytes] = field(default_factory=list)

    def perform(self) -> None:
        """Do the step at hand: send its words, or press what it presses. A step that cannot be done is told."""
        if self.player.phase != "typing":
            return
        step, self.player = self.player.step, self.player.sent()
        try:
            self._do(step)
        except NothingToPressError as error:
            self.player = self.player.skipped(str(error))
        except VitrineError as error:
            self.player = self.player.answered(str(error))
        self.n_expected = len(self.chat.views)

    def look(self) -> bool:
        """See whether the shop has answered; whether that changed anything."""
        if len(self.chat.views) > self.n_expected:
            self.n_expected = len(self.chat.views)
            if self.player.phase == "answering":
                self.player = self.player.answered()
            self.player = self.player.pause()
            return True
        if self.player.phase != "answering" or self.chat.running:
            return False
        last = self.chat.views[-1] if self.chat.views else None
        self.player = self.player.answered(last.problem if last else "nothing was sent")
        return True

    def _do(self, step: Step) -> None:
        last = self.chat.views[-1] if self.chat.views else None
        if step.press is None:
            photo = self._photo(step) if step.photo else None
            self.chat.ask(step.say, photo)
            if photo:
                self.sent_photos.append(photo)
        elif step.press.card is not None:
            n_cards = len(last.hits) if last else 0
            if step.press.card > n_cards:
                raise DemoError(f"card {step.press.card} cannot be opened: the newest turn shows {n_cards}")
            self.opened = step.press.card
            self.player = self.player.answered()
        else:
            does = self.offer().does
            if isinstance(does, str):
                self.chat.ask(does)
            else:
                self.chat.press(does)

    def offer(self) -> Offer:
        """What the step at hand presses by its words. Raises NothingToPressError where that is not offered."""
        last = self.chat.views[-1] if self.chat.views else None
        press = self.player.step.press
        assert press is not None
        return pressed(press, last.evidence if last else None, last.done if last else None)

    def _photo(self, step: Step) -> bytes | None:
        if self.recording is not None:
            return self.recording.turns[self.player.at].photo_bytes
        return photo_of(desk().shop, step.photo)


def set_up(journey: Journey) -> Stage:
    """A fresh session for a journey: nothing of anybody else's is in it."""
    shopper = new_audience(demo_store(), "presenter")
    return _live(journey, shopper, "")


def set_up_again(journey: str, at: str, session_id: str) -> Stage | None:
    """The performance that a reloaded page showed; None where it is gone, or was no demo."""
    store, at_work = demo_store(), desk()
    stored = at_work.sessions.read(session_id) if session_id else None
    audience = store.audience(stored.shopper) if stored and stored.shopper else None
    if audience is None or audience.kind != "presenter":
        return None
    stage = _live(find_journey(journey), audience.shopper, session_id)
    place = int(at) if at.isdecimal() and at.isascii() else 0
    player = Player(stage.player.journey, at=min(place, len(stage.player.journey.steps) - 1))
    stage.player = Player(player.journey, at=player.at, phase="looking") if stage.chat.views else player
    stage.n_expected = len(stage.chat.views)
    return stage


def set_up_recording(recording: Recording) -> Stage:
    """A recording on stage: the same conversation, drawn in the same way, without anybody at work."""
    recording.unpack(desk().shop.pictures)
    journey = Journey(
        name="recording",
        title=recording.title,
        about=recording.mark,
        steps=tuple(_recorded_step(turn) for turn in recording.turns),
    )
    chat = Chat(
        f"recording-{new_session_id()}",
        run=_player_of(recording),
        decode=lambda data: decode_photo(data, desk().shop.settings),
    )
    return Stage(Player(journey), chat, recording=recording)


def leave(stage: Stage) -> None:
    """Go back to the choice of journeys; what was said stays stored as a demo's."""
    stage.chat.stop()
    st.session_state.pop(STAGE, None)
    st.query_params.clear()


def start_again(stage: Stage) -> None:
    """The same journey for the next audience, in a fresh session."""
    stage.chat.stop()
    speed = stage.player.speed
    fresh = set_up_recording(stage.recording) if stage.recording else set_up(stage.player.journey)
    fresh.player = fresh.player.at_speed(speed)
    st.session_state[STAGE] = fresh
    st.query_params.clear()


def _live(journey: Journey, shopper: str, session_id: str) -> Stage:
    tape, counted = Tape(), audience_around(shopper)

    def turn(message: Message, begin: Callable[[], Iterator[TurnEvent]]) -> Iterator[TurnEvent]:
        return tape.turn(message, lambda: counted.turn(message, begin))

    chat = open_chat(session_id, shopper, Around(turn, counted.check))
    return Stage(Player(journey), chat, shopper, tape)


def _recorded_step(turn: RecordedTurn) -> Step:
    said = turn.message or ("" if turn.photo else "(a photo, which was not kept)")
    return Step(caption=turn.caption or "Recorded.", say=said, photo={"recorded": "yes"} if turn.photo else {})


def _player_of(recording: Recording) -> Callable[[Message], Iterator[TurnEvent]]:
    """Plays the recorded turns in order. Whatever else is asked has no answer here, and that is said."""
    places = iter(range(len(recording.turns)))
    steps = [_recorded_step(turn).say for turn in recording.turns]
    at = next(places, None)

    def run(message: Message) -> Iterator[TurnEvent]:
        nonlocal at
        if at is None or message.text != steps[at]:
            raise DemoError("this is a recording and answers only what was asked then; play a journey live to ask")
        turn, at = recording.turns[at], next(places, None)
        yield from replayed(turn)

    return run
