"""Why an item was found: one short line from its own data."""

import re
from itertools import pairwise

from tools.item import Item
from tools.query import FACETS, Filters
from tools.taxonomy import Taxonomy, load_taxonomy, spelling_key

# Facets worth naming, the most telling first; the title tells the category already.
_TOLD = ("colour", "pattern", "material", "usage", "season", "brand")
_MOST = 4
_MOST_WORDS = 3
# Two pictures nearer than this show the same kind of thing more often than not (docs/experiments.md).
_ALIKE = 0.95
_SAY_NOTHING = frozenset({
    "about", "also", "anything", "around", "find", "from", "have", "into", "just", "like", "look", "looking", "made",
    "more", "need", "nice", "other", "over", "please", "show", "some", "someone", "something", "than", "that", "their",
    "them", "these", "they", "this", "those", "under", "very", "want", "wear", "what", "which", "will", "with",
    "without", "your",
})  # fmt: skip


def explain(item: Item, filters: Filters, text: str, photo_score: float = 0.0) -> str:
    """What matched first, then a reduced price, the material and the rating: "black, cotton, rated 4.6".

    Only facts are named: the item's values that were asked for, the words asked for that its description holds, and its
    likeness to a photo (`photo_score`, the cosine of the two pictures) where that is near. Empty where nothing is
    worth telling.
    """
    taxonomy = load_taxonomy()
    said = ["looks like your photo"] if photo_score >= _ALIKE else []
    said += _matched(item, filters, _keys(text), taxonomy)
    said += _described(item, text, taxonomy)
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
        family = taxonomy.family(value) if facet == "colour" else value
        if family != value and spelling_key(family) in asked and spelling_key(value) not in asked:
            said.append(f"{value}, a shade of {family}")
        elif value and (value in filters.facets.get(facet, ()) or spelling_key(value) in asked):
            said.append(value)
    if "gender" in filters.facets and (label := taxonomy.label(item.gender, item.age_group)):
        said.append(f"for {label}")
    in_stock = [size for size in filters.facets.get("size", ()) if item.sizes.get(size, 0) != 0]
    if in_stock:
        said.append(f"size {' and '.join(in_stock)} in stock")
    return said


def _described(item: Item, text: str, taxonomy: Taxonomy) -> list[str]:
    """The words asked for that no facet knows and the description holds; what the title holds is seen anyway."""
    named, told = _keys(item.title), _keys(item.description)
    words = [
        word
        for word in dict.fromkeys(re.findall(r"[^\W\d_]{4,}", text.casefold()))
        if word not in _SAY_NOTHING and spelling_key(word) in told - named and not _is_facet(word, taxonomy)
    ]
    return [f"“{' '.join(words[:_MOST_WORDS])}” in its description"] if words else []


def _is_facet(word: str, taxonomy: Taxonomy) -> bool:
    return any(taxonomy.canonical(facet, word) for facet in FACETS)


def _keys(text: str) -> set[str]:
    """Spelling keys of all words and pairs of words of a text ("navy", "faux leather")."""
    words = re.findall(r"[\w'’-]+", text)
    return {spelling_key(word) for word in words} | {
        spelling_key(f"{first} {second}") for first, second in pairwise(words)
    }
