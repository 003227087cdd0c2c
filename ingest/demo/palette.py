"""Colours: the taxonomy's swatches, and how they darken, lighten and sit beside each other."""

from functools import cache
from pathlib import Path
from random import Random

import yaml

TAXONOMY = Path(__file__).resolve().parents[2] / "tools" / "taxonomy.yaml"
WARM_LIGHT = "#fff1d8"
DUSK = "#2a1a2c"


@cache
def swatches() -> dict[str, str]:
    """Colour name to hex, as the taxonomy lists them."""
    colours = yaml.safe_load(TAXONOMY.read_text(encoding="utf-8"))["colours"]
    return {name: str(facts["hex"]) for name, facts in colours.items()}


def rgb(colour: str) -> tuple[int, int, int]:
    """Red, green, blue in 0..255 of "#rrggbb"."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def mix(colour: str, other: str, share: float) -> str:
    """`share` in [0, 1] of `other` in `colour`."""
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in zip(rgb(colour), rgb(other), strict=True))


def darken(colour: str, share: float) -> str:
    """Towards the warm dusk of the scene rather than black, so that shadows keep their colour."""
    return mix(colour, DUSK, share)


def lighten(colour: str, share: float) -> str:
    """Towards the warm light of the scene."""
    return mix(colour, WARM_LIGHT, share)


def luminance(colour: str) -> float:
    """Perceived brightness in [0, 1] (Rec. 601 weights)."""
    r, g, b = rgb(colour)
    return (0.299 * r + 0.587 * g + 0.114 * b) / 255


def ink(colour: str) -> str:
    """The colour of seams and outlines on `colour`: darker, but lighter where the cloth is nearly black."""
    return mix(colour, "#b9aeb4", 0.34) if luminance(colour) < 0.2 else darken(colour, 0.5)


def jittered(colour: str, rng: Random) -> str:
    """The colour as another dye lot would give it: a little darker or lighter, its hue all but the same."""
    shift = rng.randint(-6, 6)
    return "#" + "".join(f"{min(255, max(0, c + shift + rng.randint(-3, 3))):02x}" for c in rgb(colour))


_PARTNERS = {
    "black": ("#efe9dc", "#c9a24a", "#8d9094"), "charcoal": ("#efe9dc", "#e79ab0", "#cf9f2d"),
    "grey": ("#f7f6f2", "#3f4245", "#c22f31"), "white": ("#1f2a4d", "#2f62b0", "#c22f31", "#3c7d4f"),
    "off-white": ("#1f2a4d", "#6b4630", "#b1532c", "#3c7d4f"), "cream": ("#b1532c", "#3c7d4f", "#1f2a4d"),
    "beige": ("#6b4630", "#f7f6f2", "#1f2a4d"), "navy": ("#f7f6f2", "#c22f31", "#9cc3e4", "#cf9f2d"),
    "light blue": ("#f7f6f2", "#1f2a4d", "#2f62b0"), "blue": ("#f7f6f2", "#1f2a4d", "#eccb3f"),
    "red": ("#f7f6f2", "#1f2a4d", "#6f1f33"), "green": ("#f0e4c8", "#1f2a4d", "#cf9f2d"),
    "pink": ("#f7f6f2", "#c22f31", "#6f1f33"), "yellow": ("#f7f6f2", "#1f2a4d", "#b1532c"),
}  # fmt: skip


def partner(name: str, rng: Random) -> str:
    """A second colour that goes with the named one, for stripes, blocks and trims."""
    return rng.choice(_PARTNERS.get(name, ("#f0e4c8", "#f7f6f2", "#1f2a4d")))
