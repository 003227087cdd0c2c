"""Plays a journey: real turns of a real chat, with what stood in the database before and after each."""

import random
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageEnhance, ImageOps

from agents.desk import Desk
from agents.events import Choice, Evidence, IntentRead, ItemsFound, Message, ReplyToken, TurnDone
from agents.intent import Intent, Slots
from agents.pressing import Pressed
from agents.session import Session
from agents.turn import run_turn
from agents.wanted import limits_in
from env.errors import VitrineError
from evals.journey_models import Reader
from evals.journeys import Journey, JourneyTurn
from tools.cart import Cart
from tools.profile import Profile


class UnplayableError(VitrineError):
    """A journey wants something pressed that is not there."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What the database keeps of a shopper."""

    cart: Cart
    saved: tuple[str, ...]
    profile: Profile


@dataclass(frozen=True, slots=True)
class Played:
    """One turn as it went. `said` are the shopper's words of the journey so far; times are wall-clock.

    `cards_before` are the SKUs on the screen before it, `like` that of the card that the search goes by afterwards.
    """

    number: int
    turn: JourneyTurn
    photo: Image.Image | None
    said: tuple[str, ...]
    intent: Intent
    evidence: Evidence
    done: TurnDone
    streamed: str
    standing_before: tuple[Slots, ...]
    standing: tuple[Slots, ...]
    like: str
    cards_before: tuple[str, ...]
    before: Kept
    after: Kept
    first_card_ms: float
    total_ms: float


def play(journey: Journey, desk: Desk, seed: int, reader: Reader | None = None) -> Iterator[Played]:
    """The turns of a chat of its own. `reader` is what reads messages behind a model's server, if anything does.

    Raises:
        UnplayableError: what is to be pressed is not there.
    """
    session = desk.new_session(f"journey-{journey.id}-{random.SystemRandom().getrandbits(64):x}")
    last: Played | None = None
    said: tuple[str, ...] = ()
    for number, turn in enumerate(journey.turns, 1):
        message = _message(turn, last, session, desk, f"{seed} {journey.id} {number}")
        said = (*said, message.text)
        if reader is not None:
            reader.begin(message, session.copy(), desk.shop.catalog.vocabulary())
        last = _take(number, turn, said, message, session, desk)
        yield last


def _take(
    number: int, turn: JourneyTurn, said: tuple[str, ...], message: Message, session: Session, desk: Desk
) -> Played:
    before, standing = _kept(desk, session), session.standing
    shown = tuple(card.sku for card in session.shown)
    intent, evidence, done, streamed, first_card_ms = None, Evidence(), None, "", 0.0
    began_s = time.perf_counter()
    for event in run_turn(session, message, desk):
        if isinstance(event, IntentRead):
            intent = event.intent
        elif isinstance(event, ItemsFound):
            evidence, first_card_ms = event.evidence, _ms_since(began_s)
        elif isinstance(event, ReplyToken):
            streamed += event.text
        else:
            done = event
    total_ms = _ms_since(began_s)
    assert intent is not None
    assert done is not None
    return Played(
        number, turn, message.photo, said, intent, evidence, done, streamed, standing, session.standing, session.like,
        shown, before, _kept(desk, session), first_card_ms, total_ms,
    )  # fmt: skip


def _ms_since(began_s: float) -> float:
    return (time.perf_counter() - began_s) * 1000


def _kept(desk: Desk, session: Session) -> Kept:
    saved = tuple(one.sku for one in desk.shoppers.saved(session.keeper))
    return Kept(desk.shoppers.cart(session.keeper), saved, desk.profiles.profile(session.keeper))


def _message(turn: JourneyTurn, last: Played | None, session: Session, desk: Desk, seed: str) -> Message:
    if turn.press is None:
        return Message(turn.say, _photo(turn.photo, desk, seed) if turn.photo else None)
    if last is None:
        raise UnplayableError("nothing can be pressed before the first turn")
    if turn.press.way == "without":
        choice = _without(turn.press.label, session, desk)
        return Message(choice.label, intent=choice.intent)
    if turn.press.way == "suggestion":
        label = _matching(turn.press.label, last.done.suggestions)
        return Message(label, intent=last.done.pressed.get(label))
    offered = [last.evidence.put_back] if turn.press.way == "put_back" else list(last.evidence.choices)
    by_label = {choice.label: choice for choice in offered if choice is not None}
    choice = by_label[_matching(turn.press.label, tuple(by_label))]
    return Message(choice.label, intent=choice.intent)


def _matching(wanted: str, labels: tuple[str, ...]) -> str:
    found = next((label for label in labels if re.search(wanted, label, re.IGNORECASE)), None)
    if found is None:
        raise UnplayableError(f"nothing to press reads like {wanted!r}; there is {', '.join(labels) or 'nothing'}")
    return found


def _without(name: str, session: Session, desk: Desk) -> Choice:
    """The chip of a limit clicked off."""
    for place, slots in enumerate(session.standing):
        for limit in limits_in(slots):
            if name in (limit.name, limit.value):
                has_picture = session.photo is not None or bool(session.like)
                pressed = Pressed(session.standing, place, "en", desk.shop.settings.locale, has_picture)
                return pressed.removed(limit)
    raise UnplayableError(f"no limit {name!r} stands; there is {session.standing!r}")


def _photo(sku: str, desk: Desk, seed: str) -> Image.Image:
    """An item's own picture as a shopper's photo would show it: turned, cut, brighter or darker, noisy."""
    items = desk.shop.catalog.items([sku])
    if not items:
        raise UnplayableError(f"the catalogue holds no {sku!r} to take a photo of")
    drawn = random.Random(seed)
    picture = desk.shop.pictures.open(items[0].image).convert("RGB")
    cut = round(drawn.uniform(0.02, 0.06) * picture.width)
    picture = ImageOps.crop(picture, cut).rotate(drawn.uniform(-4, 4), fillcolor="white", resample=Image.BICUBIC)  # type: ignore[attr-defined]
    picture = ImageEnhance.Brightness(picture).enhance(drawn.uniform(0.88, 1.12))
    noise = np.random.default_rng(drawn.getrandbits(32)).normal(0, 4, (picture.height, picture.width, 3))
    return Image.fromarray(np.clip(np.asarray(picture, np.float32) + noise, 0, 255).astype(np.uint8))
