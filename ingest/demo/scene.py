"""The shop window: a warm tinted ground, dusk light from the upper left, a soft shadow; and the picture itself.

The crisp layer of a canvas is rendered at full size, its light layer at a quarter; both are put together here.
"""

from functools import cache
from io import BytesIO
from random import Random

from PIL import Image, ImageChops, ImageFilter

from ingest.demo.canvas import Canvas
from ingest.demo.palette import DUSK, WARM_LIGHT, luminance, mix, rgb

WIDTH, HEIGHT = 600, 800
_SIZE = (WIDTH, HEIGHT)
_SMALL = (WIDTH // 4, HEIGHT // 4)
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


def _plain(colour: str, size: tuple[int, int] = _SIZE) -> Image.Image:
    return Image.new("RGB", size, rgb(colour))


@cache
def _falloff() -> Image.Image:
    """L mask: 0 where the lamp stands, upper left, up to 255 in the far corner."""
    radial = Image.radial_gradient("L").resize((1500, 1700), Image.Resampling.BICUBIC)
    return radial.crop((570, 674, 570 + WIDTH, 674 + HEIGHT))


@cache
def _floor(y: int) -> Image.Image:
    """L mask of the floor's shade: strongest where it meets the wall at y."""
    ramp = Image.linear_gradient("L").transpose(Image.Transpose.FLIP_TOP_BOTTOM).resize((WIDTH, HEIGHT - y))
    mask = Image.new("L", _SIZE)
    mask.paste(ramp.point(lambda v: int(10 + v * 0.16)), (0, y))
    return mask.filter(ImageFilter.BoxBlur(9))


def _backdrop(tone: str, floor_y: int | None) -> Image.Image:
    near, far = mix(tone, "#fff4e2", 0.5), mix(tone, "#7a5a52", 0.36)
    wall = Image.composite(_plain(far), _plain(near), _falloff())
    return wall if floor_y is None else Image.composite(_plain(mix(tone, "#4a3034", 0.6)), wall, _floor(floor_y))


def _shadow(alpha: Image.Image) -> Image.Image:
    """L mask of the soft shadow that falls to the lower right."""
    small = alpha.resize(_SMALL, Image.Resampling.BOX)
    close = ImageChops.offset(small.filter(ImageFilter.GaussianBlur(1.6)), 1, 2).point(lambda v: int(v * 0.2))
    wide = ImageChops.offset(small.filter(ImageFilter.GaussianBlur(4.2)), 3, 5).point(lambda v: int(v * 0.34))
    return ImageChops.add(close, wide).resize(_SIZE, Image.Resampling.BICUBIC)


def _rendered(inside: str, width: int) -> Image.Image:
    import resvg_py

    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" viewBox="-300 0 {WIDTH} {HEIGHT}">'
        f"{inside}</svg>"
    )
    png = bytes(resvg_py.svg_to_bytes(svg_string=svg, skip_system_fonts=True, width=width))
    with Image.open(BytesIO(png), formats=["PNG"]) as picture:
        return picture.convert("RGBA")


def _lit(shapes: Image.Image, light: Image.Image) -> Image.Image:
    """The crisp layer with shade where the light layer is below its middle grey and warm light where above."""
    shade = light.point(lambda v: max(0, 128 - v) * 2)
    glow = light.point(lambda v: min(255, max(0, v - 128) * 2))
    dark = Image.composite(_plain(DUSK), shapes.convert("RGB"), shade)
    return Image.composite(_plain(WARM_LIGHT), dark, glow)


def compose(canvas: Canvas, floor_y: int | None) -> Image.Image:
    """The finished picture, 600x800 RGB. With `floor_y` the item stands on a floor there; else it hangs."""
    drawing = canvas.drawing
    shapes = _rendered(canvas.shapes_svg(), WIDTH)
    small = Image.new("RGBA", _SMALL, (128, 128, 128, 255))
    small.alpha_composite(_rendered(canvas.light_svg(), _SMALL[0]))
    light = small.convert("L").resize(_SIZE, Image.Resampling.BICUBIC)
    alpha, item = shapes.getchannel("A"), _lit(shapes, light)
    if drawing.scale != 1.0:
        alpha, item = (_shrunk(layer, drawing.scale) for layer in (alpha, item))
    tone = ground_colour(drawing.colour, drawing.seed)
    scene = Image.composite(_plain(DUSK), _backdrop(tone, floor_y), _shadow(alpha))
    return Image.composite(item, scene, alpha)


def _shrunk(layer: Image.Image, scale: float) -> Image.Image:
    """The layer smaller about its middle, the rest empty."""
    size = (round(WIDTH * scale), round(HEIGHT * scale))
    page = Image.new(layer.mode, _SIZE)
    page.paste(layer.resize(size, Image.Resampling.LANCZOS), ((WIDTH - size[0]) // 2, (HEIGHT - size[1]) // 2))
    return page
