"""What is said to a chat model: turns made of texts and pictures."""

import base64
import io
from dataclasses import dataclass
from typing import Literal

from PIL import Image

# The size of a card: enough to see a seam, small enough to send eight of them.
PICTURE_SIZE_PX = (384, 512)
JPEG_QUALITY = 80

Part = str | Image.Image


@dataclass(frozen=True, slots=True)
class ChatMessage:
    """One turn. `parts` are texts and RGB pictures in reading order; a system turn has texts only."""

    role: Literal["system", "user"]
    parts: tuple[Part, ...]


def at_card_size(picture: Image.Image) -> Image.Image:
    """An RGB copy that fits into PICTURE_SIZE_PX, never enlarged; nothing of the file's metadata goes along."""
    small = picture.convert("RGB")
    small.thumbnail(PICTURE_SIZE_PX)
    small.info.clear()
    return small


def jpeg_base64(picture: Image.Image) -> str:
    """The picture at card size as a JPEG in base64, as the vendors' protocols take it."""
    data = io.BytesIO()
    at_card_size(picture).save(data, "JPEG", quality=JPEG_QUALITY)
    return base64.b64encode(data.getvalue()).decode("ascii")
