"""A small synthetic catalogue for tests: known items, deterministic unit vectors, no model."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from pgvector import HalfVector
from PIL import Image, ImageDraw

from env.database import Database
from tools.embedder import Embedder
from tools.item import Item
from tools.pictures import PictureStore

DIM = 256
N_TOKENS = 4
EMBEDDER = "test-embedder"

_KINDS = (
    ("T-shirt", ("Clothing", "Topwear", "T-shirt"), 1_900, "cotton", ("S", "M", "L")),
    ("Dress", ("Clothing", "One-pieces", "Dress"), 5_900, "linen", ("S", "M")),
    ("Sneakers", ("Shoes", "Sneakers"), 7_900, "canvas", ("41", "42", "43")),
    ("Belt", ("Accessories", "Belt"), 2_500, "leather", ()),
)
_COLOURS = ("black", "white", "red", "navy")
_GENDERS = ("female", "male", "unisex")
_BRANDS = ("Alder", "Birch & Co", "Cove")

_INSERT = """
    INSERT INTO items (
        sku, source, item_group_id, title, description, category, category_path, product_type,
        google_product_category, link, image_link, image, brand, gender, age_group, color, material, pattern,
        usage, season, sizes, price_cents, sale_price_cents, currency, availability, rating, n_ratings,
        embedding, token_embeddings, embedder, content_hash
    ) VALUES (
        %(sku)s, 'test', nullif(%(item_group_id)s, ''), %(title)s, nullif(%(description)s, ''), %(category)s,
        %(category_path)s, nullif(%(product_type)s, ''), nullif(%(google_product_category)s, ''),
        nullif(%(link)s, ''), nullif(%(image_link)s, ''), nullif(%(image)s, ''), nullif(%(brand)s, ''),
        nullif(%(gender)s, ''), nullif(%(age_group)s, ''), nullif(%(colour)s, ''), nullif(%(material)s, ''),
        nullif(%(pattern)s, ''), nullif(%(usage)s, ''), nullif(%(season)s, ''), %(sizes)s, %(price_cents)s,
        %(sale_price_cents)s, nullif(%(currency)s, ''), nullif(%(availability)s, ''), %(rating)s, %(n_ratings)s,
        %(embedding)s, %(tokens)s, %(embedder)s, %(content_hash)s
    )
"""


def unit_vectors(n_items: int, seed: int = 0, dim: int = DIM) -> NDArray[np.float32]:
    """Random directions, the same for the same seed. (n_items, dim), float32, unit length."""
    drawn = np.random.default_rng(seed).standard_normal((n_items, dim)).astype(np.float32)
    unit: NDArray[np.float32] = drawn / np.linalg.norm(drawn, axis=1, keepdims=True)
    return unit


def small_items() -> list[Item]:
    """48 items in 12 groups of 4 colours: T-shirts, dresses, sneakers and belts for women, men and everyone.

    SKUs run from "A-000" to "A-047"; every group has one sale price; the last item of each group is out of stock.
    """
    items: list[Item] = []
    for kind_number, (category, path, price_cents, material, sizes) in enumerate(_KINDS):
        for gender_number, gender in enumerate(_GENDERS):
            for colour_number, colour in enumerate(_COLOURS):
                number = len(items)
                items.append(
                    Item(
                        sku=f"A-{number:03d}",
                        title=f"{_BRANDS[gender_number]} {colour} {category.lower()} {kind_number + 1}",
                        category=category,
                        category_path=path,
                        item_group_id=f"G-{kind_number}{gender_number}",
                        brand=_BRANDS[gender_number],
                        gender=gender,
                        age_group="adult",
                        colour=colour,
                        material=material,
                        pattern="solid",
                        sizes={size: (colour_number + place) % 3 for place, size in enumerate(sizes)},
                        price_cents=price_cents + 100 * number,
                        sale_price_cents=price_cents - 500 if colour == "red" else None,
                        currency="EUR",
                        availability="out_of_stock" if colour == "navy" else "in_stock",
                        rating=round(3 + (number % 20) / 10, 1),
                        n_ratings=number,
                    )
                )
    return items


def insert_items(
    database: Database,
    items: Sequence[Item],
    vectors: NDArray[np.float32] | None = None,
    tokens: NDArray[np.float32] | None = None,
    embedder: str = EMBEDDER,
) -> None:
    """Store items with their vectors (n_items, dim) and query-token vectors (n_items, n_tokens, dim), if given."""
    rows = []
    for place, item in enumerate(items):
        row = {name: getattr(item, name) for name in Item.__slots__}
        row |= {
            "category_path": list(item.category_path),
            "sizes": json.dumps(dict(item.sizes)),
            "embedding": None if vectors is None else vectors[place],
            "tokens": None if tokens is None else [HalfVector(token) for token in tokens[place]],
            "embedder": None if vectors is None else embedder,
            "content_hash": hashlib.sha256(repr(item).encode()).hexdigest(),
        }
        rows.append(row)
    with database.connection() as connection, connection.cursor() as cursor:
        cursor.executemany(_INSERT, rows)


def token_vectors(vectors: NDArray[np.float32], seed: int = 1) -> NDArray[np.float32]:
    """Query-token vectors scattered around each item's vector. (n_items, N_TOKENS, dim), float32, unit length."""
    n_items, dim = vectors.shape
    near = vectors[:, None, :] + unit_vectors(n_items * N_TOKENS, seed, dim).reshape(n_items, N_TOKENS, dim) * 0.5
    scattered: NDArray[np.float32] = near / np.linalg.norm(near, axis=2, keepdims=True)
    return scattered


def fill_small_catalog(database: Database) -> list[Item]:
    """Store the 48 items with unit_vectors(48) and token vectors around them; the items, in SKU order."""
    items = small_items()
    vectors = unit_vectors(len(items))
    insert_items(database, items, vectors, token_vectors(vectors))
    return items


def draw_item(item: Item) -> Image.Image:
    """A plain picture of an item: a shape for its category in its colour on white, 120x160."""
    image = Image.new("RGB", (120, 160), "white")
    corners = {"T-shirt": 3, "Dress": 4, "Sneakers": 5, "Belt": 6}[item.category]
    ImageDraw.Draw(image).regular_polygon((60, 80, 50 + int(item.sku[-1])), corners, fill=item.colour, outline="black")
    return image


def fill_pictured_catalog(database: Database, pictures: PictureStore, embedder: Embedder) -> list[Item]:
    """Store the 48 items with drawn pictures, embedded for real; the items, in SKU order."""
    drawn = [draw_item(item) for item in small_items()]
    items = [replace(item, image=pictures.put_image(image)) for item, image in zip(small_items(), drawn, strict=True)]
    vectors = embedder.embed_images([pictures.open(item.image) for item in items])
    insert_items(database, items, vectors.pooled, vectors.tokens, embedder.fingerprint)
    return items
