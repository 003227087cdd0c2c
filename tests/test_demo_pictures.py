"""The demo shop's pictures: drawn from the item alone, one for every article type, true to the declared colour."""

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageStat

from ingest.demo import DemoItem, demo_rows, draw
from ingest.demo.export import contact_sheet, write
from ingest.demo.palette import rgb
from ingest.demo.picture import DRAWERS


def one_of_each_category() -> list[DemoItem]:
    first: dict[str, DemoItem] = {}
    for item in demo_rows(n_groups=120):
        first.setdefault(item.category, item)
    return list(first.values())


def distance(colour: tuple[int, ...], other: tuple[int, ...]) -> int:
    return max(abs(a - b) for a, b in zip(colour, other, strict=True))


def test_the_same_item_gives_the_same_bytes() -> None:
    items = one_of_each_category()[::9]
    first = [hashlib.sha256(draw(item).tobytes()).hexdigest() for item in items]
    again = [hashlib.sha256(draw(item).tobytes()).hexdigest() for item in items]
    assert first == again


def test_another_seed_draws_another_shape() -> None:
    item = next(i for i in demo_rows(seed=1) if i.category == "Dress")
    other = next(i for i in demo_rows(seed=2) if i.category == "Dress")
    same_cloth = replace(other.drawing, colour=item.drawing.colour, accent=item.drawing.accent, pattern="solid")
    plain = replace(item, drawing=replace(item.drawing, pattern="solid"))
    assert draw(plain).tobytes() != draw(replace(other, drawing=same_cloth)).tobytes()


def test_every_category_has_a_picture_of_the_catalogue_size_with_an_item_on_it() -> None:
    items = one_of_each_category()
    assert {item.category for item in items} == set(DRAWERS)
    for item in items:
        picture = draw(item)
        assert (picture.size, picture.mode) == ((600, 800), "RGB"), item.category
        corner = picture.crop((0, 0, 60, 60))
        middle = picture.crop((120, 160, 480, 680))
        assert ImageStat.Stat(middle).stddev[0] > 3 * ImageStat.Stat(corner).stddev[0], item.category


@pytest.mark.parametrize("colour", ["#1c1b1a", "#f7f6f2", "#c22f31", "#1f2a4d", "#3c7d4f"])
@pytest.mark.parametrize("category", ["T-shirt", "Sweater", "Jeans", "Coat", "Handbag"])
def test_a_solid_garment_shows_its_declared_colour(category: str, colour: str) -> None:
    item = next(i for i in demo_rows(n_groups=60) if i.category == category)
    picture = draw(replace(item, drawing=replace(item.drawing, colour=colour, pattern="solid", material="viscose")))
    pixels = picture.crop((200, 180, 400, 620)).resize((50, 110)).getcolors(maxcolors=6000)
    assert pixels is not None
    near = sum(n for n, pixel in pixels if isinstance(pixel, tuple) and distance(pixel, rgb(colour)) < 40)
    assert near > 0.4 * sum(n for n, _ in pixels)


def test_white_things_stand_out_from_the_ground() -> None:
    item = next(i for i in demo_rows(n_groups=60) if i.category == "T-shirt")
    picture = draw(replace(item, drawing=replace(item.drawing, colour="#f7f6f2", pattern="solid")))
    cloth, ground = picture.getpixel((300, 420)), picture.getpixel((300, 40))
    assert isinstance(cloth, tuple)
    assert isinstance(ground, tuple)
    assert distance(cloth, ground) > 25


def test_two_colours_of_a_group_differ_in_their_pictures() -> None:
    first, second = list(demo_rows(n_groups=1))[:2]
    assert first.colour != second.colour
    difference = ImageChops.difference(draw(first), draw(second)).convert("L")
    assert sum(difference.histogram()[30:]) > 20_000


def test_patterns_change_the_cloth() -> None:
    item = next(i for i in demo_rows(n_groups=60) if i.category == "Shirt")
    seen = set()
    for pattern in ("solid", "striped", "checked", "dotted", "floral", "colour-block", "printed"):
        picture = draw(replace(item, drawing=replace(item.drawing, pattern=pattern)))
        seen.add(hashlib.sha256(picture.tobytes()).hexdigest())
    assert len(seen) == 7


def test_writing_the_shop_gives_rows_with_pictures(tmp_path: Path) -> None:
    items = list(demo_rows(seed=5, n_groups=2))
    write(items, tmp_path)
    rows = [json.loads(line) for line in (tmp_path / "items.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [row["sku"] for row in rows] == [item.sku for item in items]
    assert rows[0]["sizes"] == dict(items[0].sizes)
    assert "drawing" not in rows[0]
    for row in rows:
        with Image.open(tmp_path / row["image"]) as picture:
            assert (picture.format, picture.size) == ("JPEG", (600, 800))


def test_the_contact_sheet_holds_one_card_an_item() -> None:
    items = list(demo_rows(n_groups=1))
    assert contact_sheet(items, 150).size == (1500, 200)
