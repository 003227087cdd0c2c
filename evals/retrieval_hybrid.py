"""Words looked for in three ways: by vectors alone, in full text alone, and by both fused."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from evals.retrieval_cases import is_right
from evals.retrieval_figures import Asked, Figure
from evals.retrieval_gallery import Bench
from evals.retrieval_words import unique_titles
from tools.item import Item
from tools.query import Filters, Hit, Query
from tools.store import Probe, Store
from tools.store_probe import Part

HYBRID = "words"
_PAGE = 10
_SHARE = 0.25
_PHRASES = (
    "do you have the {}", "i am looking for a {} please", "show me something like {}", "{} for my wife, not too dear",
    "where can i find {}?", "i saw a {} last week",
)  # fmt: skip
# What is right: the item's title, or its brand and type.
_Right = Callable[[Item], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Wording:
    """One query and the SKUs that answer it; `n_designs` of them can be shown at once."""

    text: str
    relevant: frozenset[str]
    n_designs: int


def hybrid(bench: Bench) -> list[Figure]:
    """Recall and rank of the right items for each kind of wording, and each way of looking for them.

    The two sides alone are the store's own lists, before anything is added to them; the last row is the real search.
    """
    found: list[Figure] = []
    for kind, queries in wordings(bench).items():
        for how, look in _ways(bench).items():
            pages = [[is_right(hit, query.relevant) for hit in look(query.text)] for query in queries]
            found += Asked(f"{HYBRID}: {kind}", bench.gallery.name, how).pages(
                pages, [one.n_designs for one in queries]
            )
    return found


def _ways(bench: Bench) -> dict[str, Callable[[str], Sequence[Hit]]]:
    store, n_items = Store(bench.shop.database), bench.shop.catalog.n_items()

    def one_side(side: Part) -> Callable[[str], Sequence[Hit]]:
        def look(text: str) -> Sequence[Hit]:
            probe = Probe(text=text, text_vector=bench.embedder.embed_query_text([text])[0], parts=(side,))
            return store.nearest(probe, Filters(), _PAGE, n_items)

        return look

    def real(text: str) -> Sequence[Hit]:
        return bench.shop.catalog.search(Query(text=text, top_k=_PAGE)).hits

    return {
        "full text alone": one_side("text"),
        "vectors alone": one_side("vector"),
        "fused, as the shop searches": real,
    }


def wordings(bench: Bench) -> dict[str, list[Wording]]:
    """Titles in a sentence, with words left out, with typos; and brand with type."""
    titled = bench.draw(HYBRID, [item for item in unique_titles(bench.askers) if len(item.title.split()) > 2], _SHARE)
    by_title = _right_items(bench, lambda item: (item.title.casefold(),))
    branded = [item for item in bench.askers if item.brand and item.category]
    by_brand = _right_items(bench, lambda item: (item.brand, item.category))
    kinds: dict[str, list[Wording]] = {"a title": [], "in a sentence": [], "words left out": [], "with typos": []}
    for item in titled:
        draw, answers = random.Random(item.sku), by_title[(item.title.casefold(),)]
        for kind, text in (
            ("a title", item.title),
            ("in a sentence", draw.choice(_PHRASES).format(item.title.lower())),
            ("words left out", _some_words(item.title, draw)),
            ("with typos", mistyped(item.title, draw)),
        ):
            kinds[kind].append(Wording(text, *answers))
    pairs = {(item.brand, item.category): item for item in branded}
    kinds["brand and type"] = [
        Wording(f"{brand} {category}".lower(), *by_brand[brand, category])
        for brand, category in bench.draw("brand and type", sorted(pairs), _SHARE)
    ]
    return kinds


def _right_items(bench: Bench, key: _Right) -> dict[tuple[str, ...], tuple[frozenset[str], int]]:
    """By key: the SKUs that are right, and how many designs they are."""
    by_key: dict[tuple[str, ...], list[Item]] = {}
    for item in bench.gallery.items:
        by_key.setdefault(key(item), []).append(item)
    return {
        name: (frozenset(item.sku for item in items), len({item.item_group_id or item.image for item in items}))
        for name, items in by_key.items()
    }


def _some_words(title: str, draw: random.Random) -> str:
    words = title.split()
    kept = sorted(draw.sample(range(len(words)), max(2, round(0.6 * len(words)))))
    return " ".join(words[at] for at in kept)


def mistyped(title: str, draw: random.Random) -> str:
    """The title with one letter of up to two of its longer words left out, doubled, or swapped with the next."""
    words = title.lower().split()
    longer = [at for at, word in enumerate(words) if len(word) > 4 and word.isalpha()]
    for at in draw.sample(longer, min(2, len(longer))):
        word, letter = words[at], draw.randrange(1, len(words[at]) - 1)
        words[at] = draw.choice((
            word[:letter] + word[letter + 1 :],
            word[:letter] + word[letter] + word[letter:],
            word[:letter] + word[letter + 1] + word[letter] + word[letter + 2 :],
        ))  # fmt: skip
    return " ".join(words)
