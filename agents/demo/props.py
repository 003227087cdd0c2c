"""What the steps of a journey need from the shop: a picture to send, and the button that a press means."""

from collections.abc import Mapping

from agents.demo.journey import Press
from agents.events import Choice, Evidence, TurnDone
from env.errors import DemoError
from tools.query import Filters, Query
from tools.shop import Shop

_N_LOOKED_AT = 12


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


def pressed_choice(press: Press, evidence: Evidence | None, done: TurnDone | None) -> Choice | str:
    """What the suggestion or way out of a step does: a Choice, or a text that is sent like a message.

    Raises:
        DemoError: the newest turn offers nothing of these words.
    """
    wanted = (press.suggestion or "").casefold()
    for choice in evidence.choices if evidence else ():
        if wanted in choice.label.casefold():
            return choice
    for text in done.suggestions if done else ():
        if wanted in text.casefold():
            intent = done.pressed.get(text) if done else None
            return Choice(text, intent) if intent else text
    raise DemoError(f"nothing to press here says {press.suggestion!r}" if wanted else "there is nothing to press here")
