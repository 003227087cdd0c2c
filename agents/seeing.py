"""Questions about what a picture shows, how something feels, or how it sits: answered with the source named.

Three sources there are: the data (a row's facet or words), the picture (a calibrated reading, or nothing where that is
unsure), and none: what no picture shows is said to be so. Nothing is ever said about a person's body.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from PIL import Image

from agents.answers import topic_of
from agents.bodies import asks_about_body
from agents.events import Message
from agents.intent import Intent, Slots
from agents.names import named
from agents.prompt import as_data
from agents.request import Request
from agents.session import Session
from agents.wording import wording
from env.errors import CatalogError
from tools.item import Item
from tools.seeing import Attribute, Seen, Source, load_attributes
from tools.seeing_item import row_says

MOST_ITEMS = 4
_QUOTE_CHARS = 160
_CUT = ("sleeves", "neckline", "pattern")
_PHOTO_TOLD = ("kind", "colour", "pattern", "sleeves")
# Topics of a row that an attribute of a picture does not take the question away from.
_SHARED_TOPICS = ("", "colour", "pattern", "usage")
_IN_PHOTO = re.compile(r"\b(?:my|the|this|that) (?:photo|picture|image|pic)\b", re.IGNORECASE)
_REALLY = re.compile(r"\b(?:really|actually|in the picture|look|looks)\b", re.IGNORECASE)
_SMALL = re.compile(r"\b(?:logos?|writing|text|slogan|embroider\w*|label)\b", re.IGNORECASE)
_FELT = re.compile(
    r"\b(?:soft|scratchy|itchy|comfortable|comfy|warm|thick|thin|heavy|lightweight|weighs?|weight|stretch\w*|breathab\w*"
    r"|see[- ]through|transparent|quality|durable|smells?|tight|loose|true to size|waterproof|water[- ]resistant"
    r"|wash\w*|iron\w*|shrinks?)\b"
    r"|\bhow (?:does|do|will|would) (?:it|this|that|they|these|the \w+(?: one)?) (?:fit|feel)\b"
    r"|\bruns? (?:small|large|big)\b",
    re.IGNORECASE,
)  # fmt: skip
Unseen = Literal["body", "felt", "small"]


@dataclass(frozen=True, slots=True)
class Answer:
    """`facts` hold whoever writes the reply; `seen` are this machine's own looks, for replies written without eyes."""

    facts: tuple[str, ...] = ()
    seen: tuple[str, ...] = ()


def photo_asked(intent: Intent, message: Message, session: Session) -> Image.Image | None:
    """The shopper's photo that a question is about: the message's own, or the last one where no card is meant."""
    if intent.route != "question":
        return None
    if message.photo is not None:
        return message.photo
    if _IN_PHOTO.search(message.text):
        return session.photo
    return None if intent.references or session.references else session.photo


def lost_photo(request: Request) -> str:
    """A sentence where a question is about a photo that is gone, for it lives in memory only; else ""."""
    is_meant = _IN_PHOTO.search(request.message.text) is not None and not request.intent.references
    is_gone = is_meant and request.session.has_photo and request.session.photo is None
    return _Looker(request).say("lost_photo") if is_gone else ""


def attribute_asked(question: str, slots: Slots) -> Attribute | None:
    """What of a picture a question asks, or None: by its words, else by a colour, pattern or usage it names."""
    if topic_of(question) not in _SHARED_TOPICS:
        return None
    attributes = load_attributes()
    found = next((one for one in attributes.values() if one.asked.search(question)), None)
    if found is not None and found.name != "kind":
        return found
    if slots.colours:
        return attributes["colour"]
    named = next((name for name in ("pattern", "usage") if slots.attributes.get(name)), "")
    return attributes[named] if named else found


def unseen_asked(question: str) -> Unseen | None:
    """What a question asks that no look at a picture answers, or None."""
    if asks_about_body(question):
        return "body"
    if _FELT.search(question):
        return "felt"
    return "small" if _SMALL.search(question) else None


def about_items(request: Request, items: Sequence[Item]) -> Answer | None:
    """The answer about each item asked for; None where the question is about none of all this."""
    question = request.message.text
    looker, unseen = _Looker(request), unseen_asked(question)
    if unseen == "body":
        told = [fact for item in _places(items) for fact in looker.cut(*item)]
        return Answer((looker.say("body"), *(fact for fact, is_seen in told if not is_seen)), _seen(told))
    if unseen is not None:
        told = [looker.unseen(place, item, unseen, question) for place, item in _places(items)]
        return Answer(tuple(fact for fact, is_seen in told if not is_seen), _seen(told))
    attribute = attribute_asked(question, request.intent.slots)
    if attribute is None or attribute.name == "kind":
        return None
    told = [fact for item in _places(items) for fact in looker.attribute(*item, attribute)]
    return Answer(tuple(fact for fact, is_seen in told if not is_seen), _seen(told))


def about_photo(request: Request, photo: Image.Image) -> Answer:
    """The answer about the shopper's photo."""
    question, looker = request.message.text, _Looker(request)
    unseen = unseen_asked(question)
    if unseen is not None:
        return Answer((looker.say("body" if unseen == "body" else "photo_unseen"),))
    asked = attribute_asked(question, request.intent.slots)
    vector = request.catalog.photo_vector(photo)
    names = _PHOTO_TOLD if asked is None or asked.name == "kind" else (asked.name,)
    eyes = request.catalog.eyes()
    seen = [one for name in names if (one := eyes.look(vector, name, "photo")) and one.value != "nothing"]
    if seen:
        return Answer((), tuple(looker.photo_shows(one) for one in seen))
    return Answer((), (looker.say("photo_unsure", about=looker.about(asked.name if asked else "kind")),))


def without_items(request: Request) -> Answer:
    """The answer to a question about a body where no item is meant; empty for other questions."""
    if asks_about_body(request.message.text):
        looker = _Looker(request)
        return Answer((looker.say("body"), looker.say("body_which")))
    return Answer()


def _places(items: Sequence[Item]) -> Iterator[tuple[int, Item]]:
    return iter(list(enumerate(items, 1))[:MOST_ITEMS])


# One sentence, and whether it comes from a look of this machine.
_Told = tuple[str, bool]


def _seen(told: Sequence[_Told]) -> tuple[str, ...]:
    return tuple(fact for fact, is_seen in told if is_seen)


class _Looker:
    """Puts what rows say and pictures show into sentences for one request."""

    def __init__(self, request: Request) -> None:
        self._catalog = request.catalog
        self._question = request.message.text
        self._wording = wording(request.session.id)

    def say(self, name: str, **fields: object) -> str:
        return self._wording.say(f"seeing.{name}", **fields)

    def about(self, name: str) -> str:
        return self.say(f"about.{name}")

    def photo_shows(self, seen: Seen) -> str:
        return self.say("photo", value=self.say(f"values.{seen.attribute}.{seen.value}"))

    def attribute(self, place: int, item: Item, attribute: Attribute) -> Iterator[_Told]:
        """From the data, and from the picture where the data says nothing or the question doubts it."""
        told = self._data(item, attribute)
        if told:
            yield self.say("data", item=f"[{place}]", value=told), False
            if not _REALLY.search(self._question):
                return
        seen = self._look(item, attribute, "item")
        if seen is not None:
            value = self.say(f"values.{attribute.name}.{seen.value}")
            yield self.say("picture", item=f"[{place}]", value=value), True
        elif not told:
            yield self.say("unsure", item=f"[{place}]", about=self.about(attribute.name)), True

    def cut(self, place: int, item: Item) -> Iterator[_Told]:
        """What can be said of an item's cut, and nothing where nothing can."""
        for name in _CUT:
            attribute = load_attributes()[name]
            told = self._data(item, attribute)
            seen = None if told else self._look(item, attribute, "item")
            if told:
                yield self.say("data", item=f"[{place}]", value=told), False
            elif seen is not None:
                value = self.say(f"values.{name}.{seen.value}")
                yield self.say("picture", item=f"[{place}]", value=value), True

    def unseen(self, place: int, item: Item, unseen: Unseen, question: str) -> _Told:
        """What the description says of it, in its own words, or that nobody can tell."""
        quote = _quoted(item.description, _FELT if unseen == "felt" else _SMALL, question)
        if quote:
            return self.say("quote", item=f"[{place}]", quote=quote), False
        return self.say(unseen, item=f"[{place}]"), unseen == "small"

    def _data(self, item: Item, attribute: Attribute) -> str:
        """What the row says, as the end of "[1] ...": "is striped"; "" where it says nothing."""
        value = row_says(item, attribute)
        if not value:
            return ""
        known = attribute.values.keys() if not attribute.facet else ()
        if value in known:
            return self.say(f"is.{attribute.name}", value=self.say(f"values.{attribute.name}.{value}"))
        return self.say(f"is.{attribute.name}", value=as_data(named(attribute.facet, value)))

    def _look(self, item: Item, attribute: Attribute, source: Source) -> Seen | None:
        if not item.image or not attribute.fits(item.category_path):
            return None
        try:
            vector = self._catalog.item_vector(item.sku)
        except CatalogError:
            return None  # it has no vector yet: then there is nothing to look at
        return self._catalog.eyes().look(vector, attribute.name, source)


def _quoted(description: str, words: re.Pattern[str], question: str) -> str:
    """The sentence of the description that has a word the question asks about; "" where there is none."""
    asked = {match.group().lower()[:4] for match in words.finditer(question)}
    for sentence in re.split(r"(?<=[.!?])\s+", description):
        said = {match.group().lower()[:4] for match in words.finditer(sentence)}
        if asked & said and len(sentence) <= _QUOTE_CHARS and not re.search(r"https?:|www\.", sentence):
            return as_data(sentence, _QUOTE_CHARS)
    return ""
