"""The Intent: what a message wants, as route and slots."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

from tools.query import Sort

Route = Literal[
    "search", "refine", "similar", "question", "compare", "outfit", "variants", "cart", "saved", "preference",
    "small_talk", "thanks", "help", "out_of_scope", "unclear",
]  # fmt: skip
ROUTES: tuple[str, ...] = get_args(Route)
Action = Literal["", "add", "remove", "show", "clear", "set"]
ACTIONS: tuple[str, ...] = get_args(Action)
NOT = "not "
"""How a soft word that is not wanted starts: "not fussy"."""


@dataclass(frozen=True, slots=True)
class Slots:
    """What is wanted of one kind of item. Empty or None means not asked.

    Values are canonical where the catalogue knows them (tools/taxonomy.yaml, the shop's own vocabulary).
    `count` is the number of items wanted of this part. `attributes` and `exclude` map facet names to values.
    `soft` keeps words no facet can check. Prices are minor units of `currency`. `count_said` is True where the
    shopper named the number: then exactly so many are shown, else `count` only tells singular from plural.
    """

    categories: tuple[str, ...] = ()
    count: int | None = None
    colours: tuple[str, ...] = ()
    gender: str = ""
    age_group: str = ""
    brands: tuple[str, ...] = ()
    sizes: tuple[str, ...] = ()
    price_min_cents: int | None = None
    price_max_cents: int | None = None
    currency: str = ""
    sort: Sort | None = None
    exclude: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    attributes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    soft: tuple[str, ...] = ()
    count_said: bool = False


@dataclass(frozen=True, slots=True)
class Intent:
    """A message read: one route, the slots of the whole message, and per-item slots where it asks for several.

    `parts` holds one Slots per wanted item when a message asks for several items; it is empty when one kind of
    item is asked for, and then `slots` says it all. `references` are handles of shown items ("1" is the first card).
    `text` is what the retriever should embed: the wish in plain words, without prices and counts.
    The slots of a refine hold only what the message changes; `cleared` names standing limits it drops: "price", slot
    names, facet names, or "everything" to start over. `action` is what a message of the routes cart and saved does
    to the cart or to the saved items: "add" and "remove" what the references name, "show" them, "clear" them all, or
    "set" how many pieces of one the cart holds, to the count named;
    to check out is to be shown the cart. For the route preference "" keeps what the slots say, "remove" forgets what
    slots and `cleared` name, "clear" forgets all, and "show" tells what is kept; `cleared` may then be "viewed": what
    the shopper looked at. It is "" for every other route.
    `standing` is set where something was pressed that says exactly what is to be looked for from now on: the whole
    search, one Slots for each part. Nothing else of the intent changes the search then.
    """

    route: Route
    slots: Slots = Slots()
    parts: tuple[Slots, ...] = ()
    references: tuple[str, ...] = ()
    language: str = "en"
    text: str = ""
    cleared: tuple[str, ...] = ()
    action: Action = ""
    standing: tuple[Slots, ...] = ()
