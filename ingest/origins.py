"""Where the values of a row came from, told as far as the feed alone does not explain them.

A field of the item that is not named here is as the feed has it, in the shop's words.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Literal

from ingest.category import UNKNOWN, find_category
from ingest.prices import parse_price
from ingest.row import RawRow
from tools.item import Item
from tools.taxonomy import Taxonomy

Origin = Literal["title", "gender", "sizes", "setting", "nothing"]


def origins(raw: RawRow, item: Item, taxonomy: Taxonomy) -> Mapping[str, Origin]:
    """The fields of an item that a rule filled, each with what the rule read; {} where all are the feed's own."""
    told: dict[str, Origin] = {field: "title" for field in raw.from_title if getattr(item, field)}
    if raw.title_tells_category and not _feed_tells(raw, item, taxonomy):
        told["category"] = "title"
    elif item.category == UNKNOWN and not any(word.strip() for word in raw.categories):
        told["category"] = "nothing"
    if item.age_group and not raw.age_group.strip():
        told["age_group"] = "gender"
    if item.availability and not any(char.isalpha() for char in raw.availability):
        told["availability"] = "sizes"
    if item.currency and not _names_currency(raw):
        told["currency"] = "setting"
    return told


def _feed_tells(raw: RawRow, item: Item, taxonomy: Taxonomy) -> bool:
    """Whether the row's own category words alone lead to the item's category."""
    return find_category(replace(raw, title_tells_category=False), taxonomy)[0] == item.category


def _names_currency(raw: RawRow) -> bool:
    """Whether the price says what money it is in: then it reads the same whatever the shop's own currency is."""
    if raw.currency.strip():
        return True
    text = raw.price if raw.price.strip() else raw.sale_price
    read = {parse_price(text, "", default, raw.dot_is_decimal) for default in ("EUR", "USD")}
    return len(read) == 1
