"""Pictures printed on the chest of tees and sweatshirts."""

from math import cos, pi, sin

from ingest.demo.canvas import Canvas
from ingest.demo.geometry import ellipse
from ingest.demo.palette import luminance, mix


def _sun(c: str, d: str) -> str:
    rays = "".join(
        f'<path d="M{cos(a) * 66:.0f} {sin(a) * 66:.0f}L{cos(a) * 82:.0f} {sin(a) * 82:.0f}"/>'
        for a in (2 * pi * k / 16 for k in range(16))
    )
    return (
        f'<path d="{ellipse(0, 0, 54)}" fill="{d}"/><g stroke="{c}" stroke-width="6" stroke-linecap="round">{rays}</g>'
        f'<path d="M-60 22q15-12 30 0t30 0t30 0t30 0" fill="none" stroke="{c}" stroke-width="8"/>'
    )


def _mountains(c: str, d: str) -> str:
    return (
        f'<path d="{ellipse(26, -34, 26)}" fill="{d}"/><path d="M-86 52L-32 -36L4 22L34 -16L86 52Z" fill="{c}"/>'
        f'<path d="M-46 -13L-32 -36L-17 -12L-30 -4Z" fill="{d}"/><path d="M-86 66H86" stroke="{c}" stroke-width="6"/>'
    )


def _waves(c: str, d: str) -> str:
    lines = "".join(
        f'<path d="M-84 {y}q21-30 42 0t42 0t42 0t42 0" stroke="{c if y % 2 else d}" stroke-width="11"/>'
        for y in (-45, -16, 13, 42)
    )
    return f'<g fill="none" stroke-linecap="round">{lines}</g>'


def _leaf(c: str, d: str) -> str:
    return (
        f'<path d="M0 -80C58 -44 62 28 0 84C-62 28 -58 -44 0 -80Z" fill="{c}"/>'
        '<path d="M0 -62V108M0 -20L28 -38M0 -20L-28 -38M0 14L34 -8M0 14L-34 -8M0 46L24 28M0 46L-24 28" fill="none" '
        f'stroke="{d}" stroke-width="5"/>'
    )


def _arcs(c: str, d: str) -> str:
    rings = "".join(
        f'<path d="M{-r} 46A{r} {r} 0 0 1 {r} 46" stroke="{col}"/>' for r, col in ((84, c), (62, d), (40, c), (18, d))
    )
    return f'<g fill="none" stroke-width="16">{rings}</g>'


def _cat(c: str, d: str) -> str:
    return (
        f'<path d="M-54 -20L-46 -76L-16 -50Q0 -54 16 -50L46 -76L54 -20Q66 48 0 58Q-66 48 -54 -20Z" fill="{c}"/>'
        f'<path d="{ellipse(-22, -4, 8)}{ellipse(22, -4, 8)}" fill="{d}"/>'
        f'<path d="M-8 16L0 24L8 16M0 24V32M-30 22L-70 16M-30 30L-68 36M30 22L70 16M30 30L68 36" fill="none" '
        f'stroke="{d}" stroke-width="4" stroke-linecap="round"/>'
    )


def _dots(c: str, d: str) -> str:
    return "".join(
        f'<path d="{ellipse(x * 38, y * 38, 13 if (x + y) % 2 else 7)}" fill="{c if (x + y) % 3 else d}"/>'
        for x in (-2, -1, 0, 1, 2)
        for y in (-1, 0, 1)
    )


_MOTIFS = (_sun, _mountains, _waves, _leaf, _arcs, _cat, _dots)


def chest_print(canvas: Canvas, depth: float) -> None:
    """One motif, chosen by the design, in two inks on the chest below a neckline `depth`."""
    drawing = canvas.drawing
    motif = _MOTIFS[int(drawing.number("motif", 0)) % len(_MOTIFS)]
    first = drawing.accent
    if abs(luminance(first) - luminance(drawing.colour)) < 0.2:
        first = "#f4ead6" if luminance(drawing.colour) < 0.55 else "#33405e"
    second = mix(first, "#e0803a" if luminance(drawing.colour) > 0.4 else "#e9b949", 0.75)
    canvas.add(f'<g transform="translate(0 {depth + 118:.0f}) scale(.92)">{motif(first, second)}</g>')
