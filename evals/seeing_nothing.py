"""Drawn pictures without anything to wear: walls, noise, landscapes, pages of text, tiles, rooms."""

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

N_NOTHINGS = 240
_SIZE = (360, 480)


def nothing(seed: int) -> Image.Image:
    """One of six sorts of picture, the same for the same seed; the even and the odd seeds hold every sort."""
    chance = np.random.default_rng(seed)
    return (_wall, _noise, _landscape, _page, _tiles, _room)[seed // 2 % 6](chance)


def _colour(chance: np.random.Generator) -> tuple[int, int, int]:
    red, green, blue = chance.integers(20, 240, 3)
    return int(red), int(green), int(blue)


def _wall(chance: np.random.Generator) -> Image.Image:
    """One colour, lit from a side, with a little grain."""
    base = np.array(_colour(chance), np.float32)
    light = np.linspace(chance.uniform(0.7, 1), chance.uniform(1, 1.3), _SIZE[0], dtype=np.float32)
    grain = chance.normal(0, chance.uniform(0, 8), (_SIZE[1], _SIZE[0], 3))
    return Image.fromarray((base * light[None, :, None] + grain).clip(0, 255).astype(np.uint8))


def _noise(chance: np.random.Generator) -> Image.Image:
    cells = int(chance.integers(4, 200))
    small = Image.fromarray(chance.integers(0, 255, (cells, cells, 3)).astype(np.uint8))
    return small.resize(_SIZE, Image.Resampling.BILINEAR)


def _landscape(chance: np.random.Generator) -> Image.Image:
    picture = Image.new("RGB", _SIZE, (int(chance.integers(90, 200)), int(chance.integers(150, 220)), 240))
    draw = ImageDraw.Draw(picture)
    for layer in range(int(chance.integers(2, 5))):
        heights = chance.uniform(140 + 70 * layer, 240 + 70 * layer, 8)
        hills = [(at * _SIZE[0] / 7, height) for at, height in enumerate(heights)]
        draw.polygon([(0, _SIZE[1]), *hills, (_SIZE[0], _SIZE[1])], fill=_colour(chance))
    at = int(chance.integers(40, 300))
    draw.ellipse((at, 40, at + 50, 90), fill=(255, 230, 140))
    return picture.filter(ImageFilter.GaussianBlur(float(chance.uniform(0, 3))))


def _page(chance: np.random.Generator) -> Image.Image:
    picture = Image.new("RGB", _SIZE, (245, 243, 238))
    draw = ImageDraw.Draw(picture)
    for line in range(30, 450, int(chance.integers(12, 26))):
        at = 30
        while at < 320:
            width = int(chance.integers(8, 50))
            draw.rectangle((at, line, min(at + width, 330), line + 5), fill=(60, 60, 60))
            at += width + 6
    return picture


def _tiles(chance: np.random.Generator) -> Image.Image:
    picture, draw_colours = Image.new("RGB", _SIZE), (_colour(chance), _colour(chance))
    draw, side = ImageDraw.Draw(picture), int(chance.integers(20, 90))
    for left in range(0, _SIZE[0], side):
        for top in range(0, _SIZE[1], side):
            draw.rectangle((left, top, left + side, top + side), fill=draw_colours[(left // side + top // side) % 2])
    return picture


def _room(chance: np.random.Generator) -> Image.Image:
    """A wall and a floor with boxes for furniture."""
    picture = Image.new("RGB", _SIZE, _colour(chance))
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, int(chance.integers(260, 380)), *_SIZE), fill=_colour(chance))
    for _ in range(int(chance.integers(2, 6))):
        left, top, width, height = (
            int(chance.integers(low, high)) for low, high in ((0, 280), (60, 360), (40, 200), (30, 160))
        )
        draw.rectangle((left, top, left + width, top + height), fill=_colour(chance), outline=(30, 30, 30))
    return picture.filter(ImageFilter.GaussianBlur(float(chance.uniform(0, 2))))
