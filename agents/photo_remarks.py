"""What there is to say about a photo beside what it finds: the search goes on whatever is wrong with it."""

from dataclasses import dataclass

from PIL import Image

from agents.nouns import listed
from agents.request import Request
from agents.wording import wording
from tools.photo_check import flaws_of
from tools.photo_crops import Crop

# How sure it has to be that there is nothing to wear; docs/experiments.md holds the figures.
_SURE_OF_NOTHING = 0.5


@dataclass(frozen=True, slots=True)
class Remarks:
    """Sentences about the message's photo, and its garments where there are several to pick from."""

    facts: tuple[str, ...] = ()
    crops: tuple[Crop, ...] = ()


def remarks(request: Request) -> Remarks:
    """What is to be said of the photo that came with this message; nothing where none came.

    A part of a photo that the shopper has picked is not taken apart again.
    """
    photo = request.message.photo
    if photo is None:
        return Remarks()
    words = wording(request.session.id)
    facts = [words.say(f"photo.{flaw}") for flaw in flaws_of(photo)]
    vector = request.catalog.photo_vector(photo)
    if request.catalog.eyes().share(vector, "kind", "nothing") >= _SURE_OF_NOTHING:
        return Remarks((*facts, words.say("photo.nothing")))
    crops = () if request.message.intent is not None else _crops(request, photo)
    if crops:
        kinds = listed(list(dict.fromkeys(words.say(f"photo.kinds.{crop.kind}") for crop in crops)))
        facts.append(words.say("photo.several", kinds=kinds))
    return Remarks(tuple(facts), crops)


def _crops(request: Request, photo: Image.Image) -> tuple[Crop, ...]:
    return request.catalog.garments(photo)
