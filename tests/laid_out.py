"""Drawn demo items as photos, alone or several on one ground."""

import numpy as np
from PIL import Image

from ingest.demo import demo_rows, draw

TEE, JACKET, SHOES = (
    "Corin cotton polo shirt in black",
    "Black colour-block nylon rain jacket Sable",
    "Mira leather brogues in burgundy",
)
_NEAR_GROUND = 60


def picture(title: str) -> Image.Image:
    """The demo item of this title, drawn, 300 x 400."""
    item = next(item for item in demo_rows(42, 400) if item.title == title)
    return draw(item).convert("RGB").resize((300, 400))


def laid_out() -> Image.Image:
    """A polo shirt and shoes side by side on a white ground."""
    ground = Image.new("RGB", (700, 440), "white")
    ground.paste(_cut_out(picture(TEE)), (20, 20))
    ground.paste(_cut_out(picture(SHOES)), (380, 20))
    return ground


def _cut_out(of: Image.Image) -> Image.Image:
    pixels = np.asarray(of).astype(int)
    is_ground = np.abs(pixels - pixels[3, 3]).sum(axis=2) < _NEAR_GROUND
    return Image.fromarray(np.where(is_ground[:, :, None], 255, pixels).astype(np.uint8))
