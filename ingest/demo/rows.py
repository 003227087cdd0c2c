"""The rows of the demo shop: groups of items, all derived from one seed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from random import Random

from ingest.demo.designs import Brand, Category, Design, ShapeRule, brands, categories, wording
from ingest.demo.palette import jittered, partner, swatches
from ingest.demo.spec import DemoItem, Drawing
from ingest.demo.titles import describe, entitle

DEFAULT_SEED = 7
DEFAULT_GROUPS = 220

_CORE_SHARE = 0.6

_GENDERS = {"women": "female", "men": "male", "all": "unisex"}
_SIZES = {
    "clothing": ("XS", "S", "M", "L", "XL", "XXL"),
    "waist/women": ("26", "27", "28", "29", "30", "31", "32"),
    "waist": ("29", "30", "31", "32", "33", "34", "36"),
    "shoes/women": ("36", "37", "38", "39", "40", "41"),
    "shoes": ("40", "41", "42", "43", "44", "45"),
    "shoes/all": ("37", "38", "39", "40", "41", "42", "43", "44"),
    "shoes/kids": ("28", "29", "30", "31", "32", "33", "34", "35"),
    "kids": ("98", "104", "110", "116", "122", "128", "134", "140"),
    "belt": ("80", "85", "90", "95", "100"),
    "gloves": ("S", "M", "L"), "hats": ("S", "M", "L"), "socks": ("36-38", "39-41", "42-44"),
    "socks/kids": ("23-26", "27-30", "31-34"), "rings": ("50", "52", "54", "56", "58"), "one": ("One size",),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Group:
    """What the items of one group share."""

    id: str
    category: Category
    design: Design
    audience: str
    gender: str
    brand: Brand
    model: str
    noun: str
    material: str
    usage: str
    season: str
    price_cents: int
    rating: float
    shape: Mapping[str, float | str]
    title_form: int
    seed: int


def demo_rows(seed: int = DEFAULT_SEED, n_groups: int = DEFAULT_GROUPS) -> Iterator[DemoItem]:
    """The items of the demo shop, group after group. Equal seeds give equal items; skus differ between seeds.

    With fewer groups the shop is smaller but keeps its shares: article types are spread evenly over the groups.
    """
    turns: dict[str, int] = {}
    for index in range(n_groups):
        category = _order()[index % len(_order())]
        turn = turns[category.name] = turns.get(category.name, -1) + 1
        yield from _items(_group(Random(f"{seed}/{index}"), f"vt{seed}-{index:03d}", category, turn))


@cache
def _order() -> tuple[Category, ...]:
    """Article types in the order their groups come, each as often as its share, evenly interleaved."""
    places = [((k + 0.5) / c.groups, number, c) for number, c in enumerate(categories()) for k in range(c.groups)]
    return tuple(place[2] for place in sorted(places, key=lambda place: place[:2]))


def _group(rng: Random, group_id: str, category: Category, turn: int) -> _Group:
    """One design of a category, with everything its items share; designs take turns."""
    design = category.designs[turn % len(category.designs)]
    audience = design.audiences[(turn // len(category.designs) + rng.randrange(2)) % len(design.audiences)]
    makers = [b for b in brands() if category.department in b.makes and audience in b.audiences]
    brand = rng.choice(makers)
    low, high = design.price
    material = rng.choice(design.materials)
    euros = rng.uniform(low, high) * brand.level * (0.65 if audience == "kids" else 1.0)
    return _Group(
        id=group_id,
        category=category,
        design=design,
        audience=audience,
        gender=_GENDERS.get(audience) or rng.choice(_kids_genders(design)),
        brand=brand,
        model=rng.choice(wording().models),
        noun=rng.choice(_true_nouns(design, material)),
        material=material,
        usage=rng.choice(design.usage),
        season=rng.choice(design.season),
        price_cents=max(5, round(euros)) * 100 - rng.choice((5, 10, 10, 100)),
        rating=min(4.9, max(2.9, rng.gauss(4.25, 0.4))),
        shape={name: _settled(rule, rng) for name, rule in design.shape.items()},
        title_form=rng.randrange(1000),
        seed=rng.randrange(1 << 30),
    )


def _true_nouns(design: Design, material: str) -> list[str]:
    """The design's names, without those that claim another material, e.g. "silk tie" of a woollen one."""
    others = [m for m in wording().made_of if m != material]
    return [noun for noun in design.nouns if not any(m in noun.lower().split() for m in others)] or design.nouns


def _kids_genders(design: Design) -> list[str]:
    """Whom a design is for in children's sizes: as for adults, and for all where both wear it."""
    found = [_GENDERS[audience] for audience in design.audiences if audience in _GENDERS]
    return [*found, "unisex"] if len(found) > 1 else found or ["unisex"]


def _settled(rule: ShapeRule, rng: Random) -> float | str:
    """A value of a shape rule: a number from a range, or one of several words."""
    if not isinstance(rule, list):
        return rule
    first, last = rule[0], rule[-1]
    if isinstance(first, str) or isinstance(last, str):
        return str(rng.choice(rule))
    return round(rng.uniform(first, last), 2)


def _variants(group: _Group, rng: Random) -> list[tuple[str, str]]:
    """(pattern, colour) of a group's items: some colours of one pattern, and now and then a second pattern."""
    patterns = list(dict.fromkeys(group.design.patterns))
    first = rng.choice(group.design.patterns)
    colours = group.design.colours
    chosen = rng.sample(colours, min(len(colours), rng.choice((2, 3, 3, 4, 4))))
    core = [colour for colour in group.category.core if colour in colours and colour not in chosen]
    chosen[:0] = [colour for colour in core if rng.random() < _CORE_SHARE]
    variants = [(first, colour) for colour in chosen]
    others = [p for p in patterns if p != first]
    if others and rng.random() < 0.45:
        second = rng.choice(others)
        variants += [(second, colour) for colour in rng.sample(chosen, rng.choice((1, min(2, len(chosen)))))]
    return variants


def _items(group: _Group) -> Iterator[DemoItem]:
    rng = Random(group.seed)
    for pattern, colour in _variants(group, rng):
        suffix = "" if pattern == group.design.patterns[0] else f"-{pattern}"
        yield _item(group, f"{group.id}-{colour.replace(' ', '-')}{suffix}", (pattern, colour), rng)


def _item(group: _Group, sku: str, variant: tuple[str, str], rng: Random) -> DemoItem:
    pattern, colour = variant
    sizes = _stock(group, rng)
    on_sale = rng.random() < 0.2
    n_ratings = 0 if rng.random() < 0.05 else int(rng.lognormvariate(3.4, 1.1)) + 1
    kids = group.audience == "kids"
    return DemoItem(
        sku=sku,
        item_group_id=group.id,
        title=entitle(group.title_form, group.model, group.noun, group.material, group.audience, variant),
        description=describe(group.design, group.brand, group.material, group.usage, group.title_form),
        category=group.category.name,
        product_type=" > ".join(
            (group.audience.capitalize(), group.category.department.capitalize(), group.category.name)
        ),
        brand=group.brand.name,
        gender=group.gender,
        age_group="kids" if kids else "adult",
        colour=colour,
        material=group.material,
        pattern=pattern,
        usage=group.usage,
        season=group.season,
        price_cents=group.price_cents,
        sale_price_cents=_reduced(group.price_cents, rng) if on_sale else None,
        currency="EUR",
        availability="in_stock" if any(sizes.values()) else "out_of_stock",
        rating=round(min(5.0, max(2.0, rng.gauss(group.rating, 0.15))), 1) if n_ratings else None,
        n_ratings=n_ratings,
        drawing=_drawing(group, pattern, colour, rng),
        sizes=sizes,
    )


def _drawing(group: _Group, pattern: str, colour: str, rng: Random) -> Drawing:
    base = jittered(swatches()[colour], rng)
    return Drawing(
        colour=base,
        accent=partner(colour, Random(f"{group.seed}/{colour}")),
        pattern=pattern,
        material=group.material,
        shape=group.shape,
        scale=0.86 if group.audience == "kids" else 1.0,
        seed=group.seed,
    )


def _stock(group: _Group, rng: Random) -> dict[str, int]:
    """Stock per size: outer sizes run out first; a few items are sold out everywhere."""
    system, audience = group.category.sizes, group.audience
    labels = _SIZES.get(f"{system}/{audience}")
    if labels is None:
        labels = _SIZES["kids"] if audience == "kids" and system in ("clothing", "waist") else _SIZES[system]
    if rng.random() < 0.03:
        return dict.fromkeys(labels, 0)
    middle = (len(labels) - 1) / 2
    stock = {label: max(0, round(rng.gauss(9 - 2.2 * abs(k - middle), 4.5))) for k, label in enumerate(labels)}
    return stock if any(stock.values()) else {**stock, labels[len(labels) // 2]: 2}


def _reduced(price_cents: int, rng: Random) -> int:
    """A sale price: 15 to 50 per cent off, rounded to whole euros less ten cents."""
    return max(1, round(price_cents * (1 - rng.choice((0.15, 0.2, 0.3, 0.4, 0.5))) / 100)) * 100 - 10
