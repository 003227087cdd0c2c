"""What the steps of a journey need from the shop: a picture to send, and the button that a press means."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from agents.demo.journey import Press
from agents.events import Choice, Evidence, TurnDone
from env.errors import DemoError, NothingToPressError
from tools.query import Filters, Query
from tools.shop import Shop

_N_LOOKED_AT = 12
_N_TOLD = 6


@dataclass(frozen=True, slots=True)
class Offer:
    """A button under a reply: where it stands among those of its kind, from 1, and what it does.

    `does` is a Choice, or a text that is sent like a message.
    """

    kind: Literal["way", "put_back", "suggestion"]
    place: int
    label: str
    does: Choice | str


def photo_of(shop: Shop, facets: Mapping[str, str]) -> bytes:
    """The picture (JPEG) of the best rated item with these facets, or with the first ones of them that find any.

    Raises:
        DemoError: nothing of that kind has a picture here.
    """
    names = list(facets)
    for n_kept in range(len(names), 0, -1):
        filters = Filters(facets={name: (facets[name],) for name in names[:n_kept]})
        for hit in shop.catalog.search(Query(filters=filters, top_k=_N_LOOKED_AT)).hits:
            if hit.item.image:
                return shop.pictures.path(hit.item.image).read_bytes()
    told = " ".join(facets.values())
    raise DemoError(f"this catalogue has no picture of {told!r} to send; fill in the demo catalogue for this journey")


def offers(evidence: Evidence | None, done: TurnDone | None) -> Iterator[Offer]:
    """All that the newest turn offers: ways on of its search, what a new topic left behind, suggestions."""
    for place, choice in enumerate(evidence.choices if evidence else (), start=1):
        yield Offer("way", place, choice.label, choice)
    for place, text in enumerate(done.suggestions if done else (), start=1):
        intent = done.pressed.get(text) if done else None
        yield Offer("suggestion", place, text, Choice(text, intent) if intent else text)
    if evidence is not None and evidence.put_back is not None:
        yield Offer("put_back", 1, evidence.put_back.label, evidence.put_back)


def pressed(press: Press, evidence: Evidence | None, done: TurnDone | None) -> Offer:
    """The offer that a step means by its words.

    Raises:
        NothingToPressError: the newest turn offers nothing of these words; says what it offers.
    """
    there = list(offers(evidence, done))
    if not there:
        raise NothingToPressError("nothing is offered here that could be pressed")
    wanted = (press.suggestion or "").casefold()
    found = next((offer for offer in there if wanted in offer.label.casefold()), None)
    if found is None:
        told = ", ".join(repr(offer.label) for offer in there[:_N_TOLD])
        raise NothingToPressError(f"nothing offered here says {press.suggestion!r}; offered are {told}")
    return found
