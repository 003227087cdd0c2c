"""Colours in OKLCH, a space in which equal steps look about equal (Ottosson, A perceptual color space, 2020)."""

import math
from dataclasses import dataclass

_TO_CONES = (
    (0.4122214708, 0.5363325363, 0.0514459929),
    (0.2119034982, 0.6806995451, 0.1073969566),
    (0.0883024619, 0.2817188376, 0.6299787005),
)
_TO_LAB = (
    (0.2104542553, 0.7936177850, -0.0040720468),
    (1.9779984951, -2.4285922050, 0.4505937099),
    (0.0259040371, 0.7827717662, -0.8086757660),
)


@dataclass(frozen=True, slots=True)
class Oklch:
    """`lightness` in [0, 1], `chroma` from 0 (grey) to about 0.32, `hue_degrees` in [0, 360)."""

    lightness: float
    chroma: float
    hue_degrees: float


def oklch(hex_colour: str) -> Oklch:
    """The colour of "#rrggbb", read as sRGB.

    Raises:
        ValueError: the text is no such colour.
    """
    if len(hex_colour) != 7 or hex_colour[0] != "#":
        raise ValueError(f"{hex_colour!r} is not a colour; write it like '#2f62b0'")
    light = [_linear(int(hex_colour[at : at + 2], 16) / 255) for at in (1, 3, 5)]
    cones = [math.cbrt(_dot(row, light)) for row in _TO_CONES]
    lightness, green_red, blue_yellow = (_dot(row, cones) for row in _TO_LAB)
    hue_degrees = math.degrees(math.atan2(blue_yellow, green_red)) % 360
    return Oklch(lightness, math.hypot(green_red, blue_yellow), hue_degrees)


def hue_distance(first: Oklch, second: Oklch) -> float:
    """Degrees between two hues, the short way round: 0 to 180."""
    apart = abs(first.hue_degrees - second.hue_degrees) % 360
    return min(apart, 360 - apart)


def _linear(value: float) -> float:
    """An sRGB channel in [0, 1] as light (IEC 61966-2-1)."""
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


def _dot(row: tuple[float, float, float], values: list[float]) -> float:
    return sum(weight * value for weight, value in zip(row, values, strict=True))
