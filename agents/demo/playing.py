"""A journey without a page: the same steps and the same turns, with their times."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from agents.demo.audience import new_audience
from agents.demo.journey import Journey, Step
from agents.demo.player import Player
from agents.demo.props import photo_of, pressed
from agents.demo.tape import Tape
from agents.desk import Desk
from agents.events import Evidence, ItemsFound, Message, TurnDone
from agents.session import Session
from agents.turn import run_turn
from env.errors import DemoError, NothingToPressError, VitrineError
from tools.photo import decode_photo
from tools.store_demo import DemoStore


@dataclass(frozen=True, slots=True)
class Played:
    """One step that was played. Times are in seconds; `first_s` is when the cards were there, 0 without any.

    `skip` is why there was nothing to press, "" where the step was not skipped.
    """

    place: int
    said: str
    typed_s: float
    first_s: float
    answered_s: float
    n_cards: int
    reply: str
    problem: str = ""
    skip: str = ""


@dataclass(slots=True)
class Headless:
    """A journey being played in a fresh session, whose turns are also taken on `tape`."""

    desk: Desk
    session: Session
    tape: Tape
    photos: list[bytes]
    evidence: Evidence | None = None
    done: TurnDone | None = None

    @classmethod
    def begin(cls, desk: Desk) -> "Headless":
        """A fresh session, marked as a demo's."""
        shopper = new_audience(DemoStore(desk.shop.database), "presenter")
        return cls(desk, desk.new_session(shopper), Tape(), [])

    def play(self, journey: Journey, sleep: Callable[[float], None] = time.sleep) -> Iterator[Played]:
        """Play every step as the page would; `sleep` waits the seconds of typing and of looking."""
        player = Player(journey).play()
        while player.phase != "done":
            sleep(player.typing_ms / 1000)
            played = self._step(player)
            sent = player.sent()
            player = sent.skipped(played.skip) if played.skip else sent.answered(played.problem)
            yield played
            sleep(player.looking_ms / 1000)
            player = player.looked()

    def _step(self, player: Player) -> Played:
        step, began_s = player.step, time.monotonic()
        said, first_s, problem, skip, n_cards = step.say or "(a photo)", 0.0, "", "", 0
        try:
            message = self._message(step)
            said = message.text or said if message else f"(opens card {step.press and step.press.card})"
            for event in self.tape.turn(message, lambda: run_turn(self.session, message, self.desk)) if message else ():
                if isinstance(event, ItemsFound):
                    self.evidence, n_cards = event.evidence, len(event.evidence.hits)
                    first_s = time.monotonic() - began_s
                elif isinstance(event, TurnDone):
                    self.done = event
        except NothingToPressError as error:
            said, skip = f"(presses {step.press.suggestion if step.press else ''!r})", str(error)
        except VitrineError as error:
            problem = str(error)
        answered_s = time.monotonic() - began_s
        reply = self.done.reply if self.done and not problem and not skip else ""
        return Played(player.at + 1, said, player.typing_ms / 1000, first_s, answered_s, n_cards, reply, problem, skip)

    def _message(self, step: Step) -> Message | None:
        """What a step sends; None where it only opens a card."""
        if step.press is None:
            photo = photo_of(self.desk.shop, step.photo) if step.photo else None
            if photo is None:
                return Message(step.say)
            self.photos.append(photo)
            return Message(step.say, decode_photo(photo, self.desk.shop.settings))
        if step.press.card is not None:
            if self.evidence is None or step.press.card > len(self.evidence.hits):
                raise DemoError(f"card {step.press.card} cannot be opened: it is not there")
            return None
        does = pressed(step.press, self.evidence, self.done).does
        return Message(does) if isinstance(does, str) else Message(does.label, None, does.intent)
