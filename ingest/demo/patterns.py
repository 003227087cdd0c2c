"""Patterns and textures as SVG <pattern> tiles: transparent where the cloth shows through."""

from collections.abc import Callable
from math import cos, pi, sin
from random import Random

from ingest.demo.palette import darken, ink, lighten, luminance, mix


def tile(name: str, size: tuple[float, float], inside: str, angle: float = 0.0) -> str:
    """An SVG pattern of one tile (width, height in picture units), turned by `angle` degrees."""
    return (
        f'<pattern id="{name}" patternUnits="userSpaceOnUse" width="{size[0]:.1f}" height="{size[1]:.1f}" '
        f'patternTransform="rotate({angle:.1f})">{inside}</pattern>'
    )


def _striped(base: str, accent: str, rng: Random) -> tuple[tuple[float, float], str]:
    pitch = rng.choice((18.0, 26.0, 34.0, 46.0))
    width = pitch * rng.choice((0.22, 0.36, 0.48))
    second = f'<rect y="{pitch * 0.78:.1f}" width="40" height="{pitch * 0.07:.1f}" fill="{accent}" opacity=".8"/>'
    extra = second if width < pitch * 0.3 else ""
    return (40, pitch), f'<rect width="40" height="{width:.1f}" fill="{accent}"/>{extra}'


def _pinstriped(base: str, accent: str, rng: Random) -> tuple[tuple[float, float], str]:
    """Stripes that run down, as on suits and shirts: hairlines or narrow bands."""
    pitch = rng.choice((12.0, 18.0, 24.0))
    width = 2.0 if rng.random() < 0.5 else pitch * 0.4
    return (pitch, 40), f'<rect width="{width:.1f}" height="40" fill="{accent}" opacity=".85"/>'


def _checked(base: str, accent: str, rng: Random) -> tuple[tuple[float, float], str]:
    pitch = rng.choice((30.0, 44.0, 58.0, 74.0))
    band = pitch * rng.choice((0.34, 0.45, 0.5))
    tone = accent if rng.random() < 0.6 else darken(base, 0.45)
    hair = lighten(base, 0.6) if luminance(base) < 0.6 else darken(base, 0.4)
    inside = (
        f'<rect width="{pitch}" height="{band:.1f}" fill="{tone}" opacity=".42"/>'
        f'<rect width="{band:.1f}" height="{pitch}" fill="{tone}" opacity=".42"/>'
        f'<path d="M0 {(pitch + band) / 2:.1f}H{pitch}M{(pitch + band) / 2:.1f} 0V{pitch}" stroke="{hair}" '
        'stroke-width="1.6" opacity=".55"/>'
    )
    return (pitch, pitch), inside


def _dotted(base: str, accent: str, rng: Random) -> tuple[tuple[float, float], str]:
    pitch = rng.choice((22.0, 30.0, 42.0))
    r = pitch * rng.choice((0.15, 0.2, 0.26))
    q = pitch / 2
    spots = "".join(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{r:.1f}"/>' for x, y in ((q / 2, q / 2), (q * 1.5, q * 1.5)))
    return (pitch, pitch), f'<g fill="{accent}">{spots}</g>'


def _flower(x: float, y: float, r: float, petals: int, turn: float, colour: str) -> str:
    """One flower: round petals about a heart."""
    parts = []
    for k in range(petals):
        a = turn + 2 * pi * k / petals
        parts.append(
            f'<ellipse cx="{r * 0.62:.1f}" cy="0" rx="{r * 0.46:.1f}" ry="{r * 0.34:.1f}" '
            f'transform="translate({x:.1f} {y:.1f}) rotate({a * 180 / pi:.0f})" fill="{colour}"/>'
        )
    parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{r * 0.24:.1f}" fill="{mix(colour, "#e9b949", 0.75)}"/>')
    return "".join(parts)


def _sprig(x: float, y: float, r: float, turn: float, colour: str) -> str:
    """A stem with two leaves, from a flower's middle outwards."""
    dx, dy = cos(turn) * r, sin(turn) * r
    leaf = (
        f'<ellipse cx="{x + dx:.1f}" cy="{y + dy:.1f}" rx="{r * 0.42:.1f}" ry="{r * 0.16:.1f}" '
        f'transform="rotate({turn * 180 / pi + 24:.0f} {x + dx:.1f} {y + dy:.1f})" fill="{colour}"/>'
    )
    return f'<path d="M{x:.1f} {y:.1f}L{x + dx:.1f} {y + dy:.1f}" stroke="{colour}" stroke-width="1.4"/>{leaf}'


def _floral(base: str, accent: str, rng: Random) -> tuple[tuple[float, float], str]:
    size = rng.choice((74.0, 92.0, 116.0))
    petal = accent if abs(luminance(accent) - luminance(base)) > 0.2 else lighten(base, 0.7)
    other = mix(petal, rng.choice(("#e79ab0", "#e5792b", "#eccb3f", "#c22f31", "#b9a5d6")), 0.55)
    green = mix("#5d7a4a", base, 0.25) if luminance(base) > 0.35 else "#8fa878"
    inside = []
    for k, (fx, fy) in enumerate(((0.25, 0.27), (0.74, 0.72), (0.76, 0.22), (0.24, 0.76))):
        r = size * (0.17 if k < 2 else 0.1) * rng.uniform(0.9, 1.1)
        turn = rng.uniform(0, 2 * pi)
        x, y = fx * size, fy * size
        inside.append(_sprig(x, y, r * 1.25, turn, green) + _sprig(x, y, r * 1.25, turn + 2.4, green))
        inside.append(_flower(x, y, r, 5, turn, petal if k % 2 == 0 else other))
    return (size, size), "".join(inside)


def _colour_block(base: str, accent: str, rng: Random) -> tuple[tuple[float, float], str]:
    third = mix(base, accent, 0.5)
    top, band = rng.uniform(410, 480), rng.uniform(30, 60)
    return (1400, 800), (
        f'<rect x="0" y="{top:.0f}" width="1400" height="800" fill="{accent}"/>'
        f'<rect x="0" y="{top:.0f}" width="1400" height="{band:.0f}" fill="{third}"/>'
    )


def _printed(base: str, accent: str, rng: Random) -> tuple[tuple[float, float], str]:
    size = rng.choice((84.0, 104.0))
    second = mix(accent, rng.choice(("#e5792b", "#3db6b8", "#eccb3f", "#c02a75")), 0.6)
    s = size / 100
    kinds = (
        f'<path d="M10 30Q26 6 44 26T84 22" stroke="{accent}" stroke-width="7"/>'
        f'<path d="M60 70Q74 48 92 66" stroke="{second}" stroke-width="7"/>'
        f'<circle cx="28" cy="72" r="11" fill="{second}"/><path d="M20 92l16-6" stroke="{accent}" stroke-width="5"/>',
        f'<path d="M22 10C44 26 44 52 22 70C4 50 4 28 22 10Z" fill="{accent}"/>'
        f'<path d="M22 12V82" stroke="{base}" stroke-width="2.4"/>'
        f'<path d="M72 44C92 56 92 80 72 96C54 78 54 58 72 44Z" fill="{second}"/>'
        f'<path d="M72 46V100" stroke="{base}" stroke-width="2.4"/>',
        f'<path d="M24 8L42 40H6Z" fill="{accent}"/><circle cx="72" cy="26" r="15" fill="{second}"/>'
        f'<path d="M58 78h30M73 63v30" stroke="{accent}" stroke-width="8"/>'
        f'<path d="M8 70q10-14 18 0t18 0" stroke="{second}" stroke-width="6"/>',
    )
    inside = f'<g transform="scale({s:.2f})" fill="none" stroke-linecap="round">{rng.choice(kinds)}</g>'
    return (size, size), inside


_PATTERNS: dict[str, Callable[[str, str, Random], tuple[tuple[float, float], str]]] = {
    "striped": _striped, "pinstriped": _pinstriped, "checked": _checked, "dotted": _dotted, "floral": _floral,
    "colour-block": _colour_block, "printed": _printed,
}  # fmt: skip


def pattern_tile(kind: str, colours: tuple[str, str], seed: int, name: str, angle: float) -> str:
    """The SVG pattern of a kind over (base, accent); "" for solid. Equal seeds give equal tiles at any angle.

    Kinds are the taxonomy's patterns, and "pinstriped" for stripes that run down.
    """
    if kind not in _PATTERNS:
        return ""
    size, inside = _PATTERNS[kind](*colours, Random(seed))
    if kind == "colour-block":
        return (
            f'<pattern id="{name}" patternUnits="userSpaceOnUse" x="-700" y="0" width="1400" height="800">'
            f"{inside}</pattern>"
        )
    return tile(name, size, inside, angle)


def texture_tile(material: str, base: str, name: str) -> str:
    """The weave of a material as a faint SVG pattern; "" where the cloth is smooth."""
    line = ink(base)
    light = lighten(base, 0.5)
    weaves = {
        "denim": ((5, 5), f'<path d="M-1 6L6 -1" stroke="{light}" stroke-width="1.1" opacity=".30"/>'),
        "linen": ((7, 6), f'<path d="M0 1H7M2 0V6" stroke="{line}" stroke-width=".7" opacity=".11"/>'),
        "canvas": ((5, 5), f'<path d="M0 1H5M1 0V5" stroke="{line}" stroke-width=".8" opacity=".13"/>'),
        "wool": ((9, 8), f'<path d="M0 2l4.5 4L9 2" fill="none" stroke="{line}" stroke-width="1.1" opacity=".15"/>'),
        "cashmere": ((8, 7), f'<path d="M0 2l4 3L8 2" fill="none" stroke="{line}" stroke-width=".8" opacity=".15"/>'),
        "mesh": ((7, 7), f'<circle cx="2" cy="2" r="1.2" fill="{line}" opacity=".3"/>'
                         f'<circle cx="5.5" cy="5.5" r="1.2" fill="{line}" opacity=".3"/>'),
        "straw": ((14, 9), f'<path d="M0 2Q3.500 7 7 2T14 2" fill="none" stroke="{line}" stroke-width="1.5" '
                           'opacity=".32"/>'),
        "suede": ((6, 6), f'<circle cx="2" cy="3" r=".9" fill="{line}" opacity=".16"/>'),
        "fleece": ((8, 8), f'<circle cx="3" cy="3" r="1.7" fill="{light}" opacity=".2"/>'),
    }  # fmt: skip
    return tile(name, *weaves[material]) if material in weaves else ""
