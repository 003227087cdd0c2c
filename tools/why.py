"""Why an item was found: one short line from its own data."""

import re
from itertools import pairwise

from tools.item import Item
from tools.query import Filters
from tools.taxonomy import Taxonomy, load_taxonomy, spelling_key

# Facets worth naming, the most telling first; the title tells the category already.
_TOLD = ("colour", "pattern", "material", "usage", "season", "brand")
_MOST = 4


def explain(item: Item, filters: Filters, text: str) -> str:
    """What matched first, then the material, a reduced price and the rating: "black, cotton, rated 4.6".

    Only facts of the item are named; empty where it has none worth telling.
    """
    taxonomy = load_taxonomy()
    said = _matched(item, filters, _keys(text), taxonomy)
    if item.sale_price_cents is not None and item.price_cents is not None and item.sale_price_cents < item.price_cents:
        said.append("reduced")
    if len(said) < _MOST - 1:
        said.append(item.material)
    rating = [f"rated {item.rating:.1f}"] if item.rating is not None else []
    named = list(dict.fromkeys(part for part in said if part))[: _MOST - len(rating)]
    return ", ".join(named + rating)


def _matched(item: Item, filters: Filters, asked: set[str], taxonomy: Taxonomy) -> list[str]:
    """The item's values that a limit or a word of the shopper asked for."""
    said = []
    for facet in _TOLD:
        value = str(getattr(item, facet))
        if value and (value in filters.facets.get(facet, ()) or spelling_key(value) in asked):
            said.append(value)
    if "gender" in filters.facets and (label := taxonomy.label(item.gender, item.age_group)):
        said.append(f"for {label}")
    in_stock = [size for size in filters.facets.get("size", ()) if item.sizes.get(size, 0) != 0]
    if in_stock:
        said.append(f"size {' and '.join(in_stock)} in stock")
    return said


def _keys(text: str) -> set[str]:
    """Spelling keys of all words and pairs of words of a text ("navy", "faux leather")."""
    words = re.findall(r"[\w'’-]+", text)
    return {spelling_key(word) for word in words} | {
        spelling_key(f"{first} {second}") for first, second in pairwise(words)
    }
