"""The shop window: a warm tinted ground, dusk light from the upper left, a soft shadow; and the picture itself."""

from io import BytesIO
from random import Random

from PIL import Image

from ingest.demo.canvas import Canvas
from ingest.demo.palette import DUSK, luminance, mix, rgb

WIDTH, HEIGHT = 600, 800
_GROUNDS = ("#e6d6c2", "#e3cfc0", "#dcd3c4", "#d9d2cb", "#e2d2cc", "#d8d3c0", "#e0cdb6")


def ground_colour(colour: str, seed: int) -> str:
    """The backdrop of an item: one of a few warm tints, deeper behind pale things so that white reads."""
    tint = Random(seed).choice(_GROUNDS)
    bright = luminance(colour)
    if bright > 0.78:
        return mix(tint, "#8d7565", 0.42 + 0.5 * (bright - 0.78))
    if sum(abs(a - b) for a, b in zip(rgb(tint), rgb(colour), strict=True)) < 110:
        return mix(tint, "#7d6a60", 0.38)
    return tint


def _backdrop(tone: str) -> str:
    return (
        f'<radialGradient id="glow" cx=".3" cy=".22" r="1.05"><stop offset="0" stop-color="{mix(tone, "#fff4e2", 0.55)}"/>'
        f'<stop offset=".55" stop-color="{tone}"/><stop offset="1" stop-color="{mix(tone, "#7a5a52", 0.34)}"/>'
        "</radialGradient>"
    )


def _shadow() -> str:
    return (
        '<filter id="drop" filterUnits="userSpaceOnUse" x="0" y="0" width="600" height="800" '
        'color-interpolation-filters="sRGB">'
        '<feGaussianBlur in="SourceAlpha" stdDeviation="13"/><feOffset dx="11" dy="17" result="far"/>'
        f'<feFlood flood-color="{DUSK}" flood-opacity=".36"/><feComposite in2="far" operator="in" result="shadow"/>'
        '<feMerge><feMergeNode in="shadow"/><feMergeNode in="SourceGraphic"/></feMerge></filter>'
    )


def compose(canvas: Canvas, floor_y: float | None) -> str:
    """The whole SVG. With `floor_y` the item stands on a floor there; else it hangs before the wall."""
    drawing = canvas.drawing
    tone = ground_colour(drawing.colour, drawing.seed)
    floor = ""
    if floor_y is not None:
        floor = (
            f'<linearGradient id="floor" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="{mix(tone, "#5d4540", 0.3)}" '
            f'stop-opacity=".55"/><stop offset="1" stop-color="{mix(tone, "#fff4e2", 0.3)}" stop-opacity=".25"/></linearGradient>'
            f'<rect y="{floor_y - 40:.0f}" width="600" height="{HEIGHT - floor_y + 40:.0f}" fill="url(#floor)"/>'
        )
    s = drawing.scale
    place = f"translate(300 400) scale({s:.3f}) translate(0 -400)"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}">'
        f"<defs>{_backdrop(tone)}{_shadow()}</defs><rect width=\"600\" height=\"800\" fill=\"url(#glow)\"/>{floor}"
        f'<g filter="url(#drop)"><g transform="{place}">{canvas.svg()}</g></g></svg>'
    )


def render(svg: str) -> Image.Image:
    """The SVG as a 600x800 RGB picture."""
    import resvg_py

    png = bytes(resvg_py.svg_to_bytes(svg_string=svg, skip_system_fonts=True))
    with Image.open(BytesIO(png), formats=["PNG"]) as picture:
        return picture.convert("RGB")
