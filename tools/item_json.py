"""The JSON form of an item, the same for every command."""

from tools.item import Item
from tools.pictures import PictureStore
from tools.query import Hit

ItemJson = dict[str, str | int | float | None]


def item_json(item: Item, pictures: PictureStore) -> ItemJson:
    """An item as told to scripts; what is unknown is null.

    `price_cents` is what a shopper pays; `regular_price_cents` is set where that is a sale price. `image` is the
    absolute path of the picture.
    """
    return {
        "sku": item.sku,
        "title": item.title,
        "category": item.category,
        "colour": item.colour or None,
        "gender": item.gender or None,
        "brand": item.brand or None,
        "price_cents": item.pays_cents,
        "regular_price_cents": item.price_cents if item.sale_price_cents is not None else None,
        "currency": item.currency or None,
        "image": str(pictures.path(item.image)) if item.image else None,
    }


def hit_json(hit: Hit, pictures: PictureStore) -> ItemJson:
    """A hit: its item, the score rounded to six places, and why it was found."""
    return item_json(hit.item, pictures) | {"score": round(hit.score, 6), "why": hit.why}
