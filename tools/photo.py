"""The one edge through which pictures come in: a shopper's photo and a feed's image bytes."""

import io
import struct

from PIL import Image, ImageOps, UnidentifiedImageError

from env.errors import PhotoError
from env.settings import Settings

# SVG, PSD, EPS and the like are left out: their decoders are large and hardly a photo comes in them.
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF")
MAX_SIDE = 1600
"""Larger photos are reduced to this longest side: no model sees more, and a JPEG decodes faster."""

_TOLD_FORMATS = "JPEG, PNG, WEBP, GIF, BMP or TIFF"


def decode_photo(data: bytes, settings: Settings, max_side: int = MAX_SIDE) -> Image.Image:
    """An upright RGB picture of at most `max_side` pixels a side, without metadata; transparent parts become white.

    Of an animation the first frame counts. Size and format are checked before a pixel is decoded.

    Raises:
        PhotoError: empty, too large, not a picture, of another format, or damaged; fit to be shown to a shopper.
    """
    if not data:
        raise PhotoError("the photo is empty (0 bytes); please send it again")
    if len(data) > settings.max_photo_bytes:
        raise PhotoError(
            f"the photo is {_megabytes(len(data))}, at most {_megabytes(settings.max_photo_bytes)} can be read; "
            "please send a smaller one"
        )
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as opened:
            return _decode(opened, settings.max_photo_pixels, max_side)
    except UnidentifiedImageError as error:
        raise PhotoError(f"that file is not a picture I can read; please send a {_TOLD_FORMATS} file") from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise PhotoError("the photo has far too many pixels; please send a smaller one") from error
    except (OSError, ValueError, SyntaxError, EOFError, struct.error, MemoryError) as error:
        # What Pillow's decoders raise for damaged files, by format.
        raise PhotoError("the photo is damaged or incomplete; please send it again or try another one") from error


def _decode(opened: Image.Image, max_pixels: int, max_side: int) -> Image.Image:
    width, height = opened.size
    if width * height > max_pixels:
        raise PhotoError(
            f"the photo has {width} x {height} pixels, at most {max_pixels / 1e6:.0f} million can be read; "
            "please send a smaller one"
        )
    if min(width, height) < 1:
        raise PhotoError(f"the photo has {width} x {height} pixels; please send another one")
    shrink = min(1.0, max_side / max(width, height))
    opened.draft("RGB", (round(width * shrink), round(height * shrink)))  # JPEG only: decodes at 1/2, 1/4 or 1/8
    upright = to_rgb(ImageOps.exif_transpose(opened))
    upright.thumbnail((max_side, max_side))
    return upright


def to_rgb(picture: Image.Image) -> Image.Image:
    """The picture in RGB on white, in memory of its own and without metadata."""
    if picture.mode.startswith("I") or picture.mode == "F":
        picture = _sixteen_to_eight_bits(picture)
    if picture.has_transparency_data:
        on_white = Image.new("RGBA", picture.size, "white")
        on_white.alpha_composite(picture.convert("RGBA"))
        picture = on_white
    plain = picture.convert("RGB")
    clean = Image.new("RGB", plain.size)
    clean.paste(plain)
    return clean


def _sixteen_to_eight_bits(picture: Image.Image) -> Image.Image:
    """Greys of 16 bits and more, scaled by their own range: a plain convert would clip nearly all to white."""
    low, high = picture.convert("F").getextrema()
    darkest, lightest = (0.0, 65535.0) if 255 < float(high) <= 65535 else (float(low), float(high))  # type: ignore[arg-type]
    scale = 255.0 / (lightest - darkest or 1.0)
    return picture.convert("F").point(lambda value: value * scale - darkest * scale).convert("L")


def _megabytes(n_bytes: int) -> str:
    return f"{n_bytes / 1024 / 1024:.1f} MB"
