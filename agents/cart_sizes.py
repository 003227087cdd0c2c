"""Which size of an item goes into the cart: the one asked for, the shopper's own, or one to be asked for."""

from dataclasses import dataclass
from typing import Literal

from agents.profile import own_sizes
from tools.cart import n_left, sizes_in_stock
from tools.item import Item
from tools.profile import Profile

Outcome = Literal["chosen", "own", "ask", "absent", "sold_out"]


@dataclass(frozen=True, slots=True)
class SizeChoice:
    """`size` is what was chosen, or what is not there ("absent"); "" where there is none, or it is to be asked for."""

    outcome: Outcome
    size: str = ""


def choose_size(item: Item, asked: tuple[str, ...], profile: Profile) -> SizeChoice:
    """The size to put into the cart. A size nobody named is only taken where the item comes in no other."""
    there = sizes_in_stock(item)
    if not there and (item.sizes or not n_left(item, "")):
        return SizeChoice("sold_out")
    if not item.sizes:
        return SizeChoice("chosen")
    wanted = [size for size in item.sizes if size.casefold() in {label.casefold() for label in asked}]
    if asked:
        found = next((size for size in wanted if size in there), None)
        return SizeChoice("absent", asked[0]) if found is None else SizeChoice("chosen", found)
    if len(item.sizes) == 1:
        return SizeChoice("chosen", there[0])
    own = [size for size in own_sizes(profile, item.category_path or (item.category,)) if size in there]
    return SizeChoice("own", own[0]) if len(own) == 1 else SizeChoice("ask")
