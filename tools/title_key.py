"""What the titles of one design's colour and size variants have in common."""

import hashlib
import re
from functools import lru_cache

from tools.item import Item
from tools.taxonomy import load_taxonomy

_SIZE = re.compile(r"(?:x{0,4}[sl]|m|[2-5]xl|small|medium|large|size|\d{1,3})")


def title_key(item: Item) -> str:
    """The same for items of one kind, brand and wearer whose titles differ by colour and size words only.

    32 hexadecimal digits; "" where the title says nothing else.
    """
    words = re.findall(r"\w+", item.title.casefold())
    telling = [word for word in words if word not in _colour_words() and not _SIZE.fullmatch(word)]
    if not telling:
        return ""
    told = "\n".join((item.category, item.brand.casefold(), item.gender, " ".join(telling)))
    return hashlib.sha256(told.encode()).hexdigest()[:32]


@lru_cache(maxsize=1)
def _colour_words() -> frozenset[str]:
    return frozenset(
        word for spelling, _ in load_taxonomy().words("colour") for word in re.findall(r"\w+", spelling.casefold())
    )
