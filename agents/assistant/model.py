"""The assistant that asks a chat model: it is shown the cards' pictures and told the cards' facts."""

import json
import logging
from collections.abc import Iterator

from PIL import Image

from agents.chat_models import ChatModel, open_chat_model
from agents.chat_models.message import ChatMessage, Part
from agents.conversation import recent
from agents.events import Evidence, Message
from agents.intent import Intent
from agents.intent_json import slots_json
from agents.prompt import as_data, as_line
from agents.seeing import photo_asked
from agents.session import Session
from env.errors import CatalogError
from env.settings import Settings
from tools.item import Item
from tools.money import format_price
from tools.pictures import PictureStore
from tools.query import Hit

logger = logging.getLogger(__name__)

MAX_ITEM_PICTURES = 8
_DESCRIPTION_CHARS = 160
_MESSAGE_CHARS = 2_000
_MOST_FACTS = 20
_NOTHING = "nothing"


class ModelAssistant:
    """Writes replies with any chat model."""

    prompt_names = ("assistant",)

    def __init__(self, model: ChatModel, pictures: PictureStore, locale: str) -> None:
        self._model = model
        self._pictures = pictures
        self._locale = locale

    @property
    def name(self) -> str:
        """The backend and its version."""
        return self._model.version

    def reply(self, message: Message, intent: Intent, evidence: Evidence, session: Session) -> Iterator[str]:
        """The reply, piece by piece, as the model writes it; nothing in it is checked here.

        Raises:
            ChatModelError: the model failed, at the start or on the way.
        """
        prompt = session.prompts.prompt("assistant")
        yield from self._model.stream(
            [
                ChatMessage("system", (prompt.fill("system"),)),
                ChatMessage("user", tuple(self._parts(message, intent, evidence, session))),
            ]
        )

    def _parts(self, message: Message, intent: Intent, evidence: Evidence, session: Session) -> list[Part]:
        """All the words first, then the shopper's photo, then one picture for each card as far as they go."""
        prompt = session.prompts.prompt("assistant")
        notes = dict.fromkeys(note for part in evidence.parts for note in part.relaxed)
        seen = () if self._model.max_pictures else evidence.seen
        parts: list[Part] = [
            prompt.fill(
                "user",
                conversation=recent(session) or _NOTHING,
                message=as_data(message.text, _MESSAGE_CHARS),
                understood=_understood(intent),
                items="\n".join(
                    f"[{number}] {item_row(hit, self._locale)}" for number, hit in enumerate(evidence.hits, 1)
                )
                or _NOTHING,
                facts="\n".join(as_line(fact) for fact in [*notes, *evidence.facts, *seen][:_MOST_FACTS]) or _NOTHING,
            )
        ]
        room = self._model.max_pictures
        photo = photo_asked(intent, message, session) or message.photo
        if photo is not None:
            parts += [prompt.fill("photo"), photo]
            room -= 1
        for number, hit in enumerate(evidence.hits[: max(0, min(room, MAX_ITEM_PICTURES))], 1):
            picture = self._picture(hit.item)
            if picture is not None:
                parts += [prompt.fill("picture", handle=str(number)), picture]
        return parts

    def _picture(self, item: Item) -> Image.Image | None:
        """The item's picture; without one the model has the words alone."""
        if not item.image:
            return None
        try:
            return self._pictures.open(item.image)
        except CatalogError as error:
            logger.warning("picture left out of the prompt: sku=%s error=%s", item.sku, error)
            return None


def model_assistant(settings: Settings, name: str, pictures: PictureStore) -> ModelAssistant:
    """The assistant that asks the backend of this name.

    Raises:
        SettingsError: the name is unknown, or a setting it needs is empty.
        ChatModelError: a local model cannot be loaded.
    """
    return ModelAssistant(open_chat_model(name, settings), pictures, settings.locale)


def item_row(hit: Hit, locale: str) -> str:
    """One item as a line of data: the title, then "name: value" for each known field."""
    item = hit.item
    values = {
        "category": item.category,
        "colour": item.colour,
        "other colours": ", ".join(sorted({v.colour for v in hit.variants if v.colour and v.colour != item.colour})),
        "for": " ".join(part for part in (item.gender, item.age_group) if part),
        "brand": item.brand,
        "material": item.material,
        "pattern": item.pattern,
        "usage": item.usage,
        "season": item.season,
        "price": _price(item, locale),
        "sizes in stock": ", ".join(size for size, stock in item.sizes.items() if stock != 0),
        "availability": item.availability.replace("_", " "),
        "rating": "" if item.rating is None else f"{item.rating:g} of 5",
        "matched": hit.why,
    }
    row = [as_data(item.title), *(f"{name}: {as_data(value)}" for name, value in values.items() if value)]
    if item.description:
        row.append(f"description: {as_data(item.description, _DESCRIPTION_CHARS)}")
    return " | ".join(row)


def _price(item: Item, locale: str) -> str:
    if item.pays_cents is None:
        return ""
    price = format_price(item.pays_cents, item.currency, locale)
    if item.sale_price_cents is None or item.price_cents is None:
        return price
    return f"{price} reduced from {format_price(item.price_cents, item.currency, locale)}"


def _understood(intent: Intent) -> str:
    wishes = [slots_json(slots) for slots in (intent.parts or (intent.slots,))]
    return "\n".join(
        [f"route: {intent.route}", *(as_line(json.dumps(wish, ensure_ascii=False)) for wish in wishes if wish)]
    )
