"""The drawing sheet: pieces of cloth with pattern, weave and soft light; seams, stitches, ribs, folds, buttons."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from random import Random

from ingest.demo.geometry import ellipse
from ingest.demo.palette import DUSK, darken, ink, lighten, luminance, mix
from ingest.demo.patterns import pattern_tile, texture_tile
from ingest.demo.spec import Drawing

EVEN = "#808080"
SHINY = ("leather", "faux leather", "silk", "metal", "acetate", "rubber", "nylon", "down")


def _puff_filter(name: str, blur: float, dark: float, light: float) -> str:
    """An inner shadow from the lower right and an inner glow from the upper left: cloth with body."""
    off = blur * 0.8
    return (
        f'<filter id="{name}" x="-5%" y="-5%" width="110%" height="110%" color-interpolation-filters="sRGB">'
        f'<feFlood flood-color="#000" flood-opacity="{dark:.2f}"/>'
        '<feComposite in2="SourceAlpha" operator="out"/>'
        f'<feGaussianBlur stdDeviation="{blur}"/><feOffset dx="{-off:.1f}" dy="{-off * 0.8:.1f}"/>'
        '<feComposite in2="SourceAlpha" operator="in" result="shade"/>'
        f'<feFlood flood-color="#fff" flood-opacity="{light:.2f}"/>'
        '<feComposite in2="SourceAlpha" operator="out"/>'
        f'<feGaussianBlur stdDeviation="{blur * 0.8:.1f}"/><feOffset dx="{off * 0.9:.1f}" dy="{off:.1f}"/>'
        '<feComposite in2="SourceAlpha" operator="in" result="glow"/>'
        '<feMerge><feMergeNode in="SourceGraphic"/><feMergeNode in="shade"/><feMergeNode in="glow"/></feMerge></filter>'
    )


class Canvas:
    """Collects the SVG of one item in two layers: crisp shapes, and the light that falls on them.

    The light layer is grey: `EVEN` leaves a shape as it is, darker puts it in shade, lighter in the light. It holds
    all that is blurred, so that it can be rendered small and fast. Later calls lie above earlier ones.
    """

    def __init__(self, drawing: Drawing) -> None:
        self.drawing = drawing
        self.colour = drawing.colour
        self.ink = ink(drawing.colour)
        self.rng = Random(drawing.seed)
        self._shapes: list[str] = []
        self._light: list[str] = []
        self._defs: dict[str, str] = {}
        self._light_defs: dict[str, str] = {}

    def shapes_svg(self) -> str:
        """The crisp layer drawn so far."""
        return f"<defs>{''.join(self._defs.values())}</defs>{''.join(self._shapes)}"

    def light_svg(self) -> str:
        """The light layer drawn so far."""
        return f"<defs>{''.join(self._light_defs.values())}</defs>{''.join(self._light)}"

    def add(self, svg: str) -> None:
        """Lay raw SVG on top; it takes the light of what lies below."""
        self._shapes.append(svg)

    def define(self, name: str, svg: str) -> None:
        """Keep a gradient or clip path that raw SVG refers to by `name`."""
        self._defs[name] = svg

    @contextmanager
    def group(self, transform: str) -> Iterator[None]:
        """Draw what follows under an SVG transform."""
        for layer in (self._shapes, self._light):
            layer.append(f'<g transform="{transform}">')
        yield
        for layer in (self._shapes, self._light):
            layer.append("</g>")

    def _puff(self, blur: float, fill: str) -> str:
        bright = luminance(fill)
        shine = 0.16 if self.drawing.material in SHINY else 0.0
        dark, light = 0.5 - 0.12 * bright, 0.2 + shine + 0.14 * bright
        name = f"puff{blur:g}-{dark * 100:.0f}-{light * 100:.0f}"
        self._light_defs[name] = _puff_filter(name, blur, dark, light)
        return name

    def _overlay(self, kind: str, fill: str, angle: float) -> str:
        turn = 0.0 if kind == "tex" or abs(angle) < 4 else angle
        name = f"{kind}{turn:.0f}{fill[1:]}".replace("-", "m")
        if name not in self._defs:
            drawing = self.drawing
            if kind == "pat":
                made = pattern_tile(self._pattern_kind(), (fill, drawing.accent), drawing.seed, name, turn)
            else:
                made = texture_tile(drawing.material, fill, name)
            self._defs[name] = made
        return name if self._defs[name] else ""

    def _pattern_kind(self) -> str:
        runs_down = self.drawing.pattern == "striped" and self.drawing.word("stripes") == "down"
        return "pinstriped" if runs_down else self.drawing.pattern

    def piece(
        self, d: str, fill: str | None = None, angle: float = 0.0, puff: float = 14, is_plain: bool = False
    ) -> None:
        """A piece of the item's cloth: its pattern runs at `angle`, its edges are rounded by `puff`.

        A plain piece carries no pattern; with a fill of its own it carries no weave either.
        """
        colour = fill or self.colour
        self.add(f'<path d="{d}" fill="{colour}"/>')
        if not is_plain and (name := self._overlay("pat", colour, angle)):
            self.add(f'<path d="{d}" fill="url(#{name})"/>')
        if fill is None and (name := self._overlay("tex", colour, angle)):
            self.add(f'<path d="{d}" fill="url(#{name})"/>')
        self.add(f'<path d="{d}" fill="none" stroke="{ink(colour)}" stroke-width="1.8" stroke-linejoin="round"/>')
        self._light.append(f'<path d="{d}" fill="{EVEN}" filter="url(#{self._puff(puff, colour)})"/>')

    def flat(self, d: str, fill: str, opacity: float = 1.0) -> None:
        """A flat shape without light of its own."""
        self.add(f'<path d="{d}" fill="{fill}" fill-opacity="{opacity:.2f}"/>')
        if opacity > 0.85:
            self._light.append(f'<path d="{d}" fill="{EVEN}"/>')

    def line(self, d: str, width: float = 1.8, colour: str | None = None, opacity: float = 0.75) -> None:
        """A seam or a drawn line."""
        self.add(
            f'<path d="{d}" fill="none" stroke="{colour or self.ink}" stroke-width="{width:.1f}" '
            f'stroke-opacity="{opacity:.2f}" stroke-linecap="round" stroke-linejoin="round"/>'
        )
        if width > 5 and opacity > 0.85:
            self._light.append(f'<path d="{d}" fill="none" stroke="{EVEN}" stroke-width="{width:.1f}"/>')

    def stitch(self, d: str, colour: str | None = None, width: float = 1.6, dash: str = "6 4") -> None:
        """A row of stitches; with a dash of its own also marks in knitwear and the links of a chain."""
        tone = colour or (mix(self.colour, "#d59a52", 0.7) if self.drawing.material == "denim" else self.ink)
        self.add(
            f'<path d="{d}" fill="none" stroke="{tone}" stroke-width="{width:.1f}" stroke-dasharray="{dash}" '
            f'stroke-opacity="{0.7 if width < 3 else 1}" stroke-linecap="{"round" if width < 3 else "butt"}"/>'
        )

    def rib(self, d: str, width: float = 14, fill: str | None = None) -> None:
        """A ribbed band along a line: collars, cuffs and hems of knitwear and jersey."""
        tone = fill or mix(self.colour, self.ink, 0.12)
        line = ink(tone)
        self.add(
            f'<path d="{d}" fill="none" stroke="{line}" stroke-width="{width + 3:.1f}" stroke-opacity=".75"/>'
            f'<path d="{d}" fill="none" stroke="{tone}" stroke-width="{width:.1f}"/>'
            f'<path d="{d}" fill="none" stroke="{line}" stroke-width="{width:.1f}" stroke-dasharray="1.6 4.4" '
            'stroke-opacity=".34"/>'
        )

    def folds(self, shapes: Iterable[str], within: str = "", opacity: float = 0.2, blur: float = 4) -> None:
        """Soft creases in the cloth, kept inside the outline `within`; on black cloth they catch the light."""
        clip = ""
        if within:
            key = f"clip{len(self._light_defs)}"
            self._light_defs[key] = f'<clipPath id="{key}"><path d="{within}"/></clipPath>'
            clip = f' clip-path="url(#{key})"'
        tone, opacity = ("#fff", opacity * 0.45) if luminance(self.colour) < 0.14 else ("#000", opacity)
        inside = "".join(f'<path d="{d}"/>' for d in shapes)
        self._light.append(
            f'<g{clip} fill="{tone}" opacity="{opacity:.2f}"><g filter="url(#{self._blur(blur)})">{inside}</g></g>'
        )

    def _blur(self, deviation: float) -> str:
        name = f"blur{deviation:g}"
        self._light_defs[name] = (
            f'<filter id="{name}" x="-20%" y="-20%" width="140%" height="140%">'
            f'<feGaussianBlur stdDeviation="{deviation}"/></filter>'
        )
        return name

    def gleam(self, d: str, opacity: float = 0.35, blur: float = 5) -> None:
        """A soft highlight."""
        self._light.append(
            f'<path d="{d}" fill="#fff" fill-opacity="{opacity:.2f}" filter="url(#{self._blur(blur)})"/>'
        )

    def button(self, x: float, y: float, r: float = 6.5, fill: str | None = None) -> None:
        """A button with its shadow, rim and two holes."""
        tone = fill or (lighten(self.colour, 0.55) if luminance(self.colour) < 0.5 else darken(self.colour, 0.28))
        self.add(
            f'<circle cx="{x + 1:.1f}" cy="{y + 2:.1f}" r="{r:.1f}" fill="{DUSK}" fill-opacity=".35"/>'
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{r:.1f}" fill="{tone}" stroke="{darken(tone, 0.5)}"/>'
            f'<circle cx="{x - 1.7:.1f}" cy="{y:.1f}" r="1.1" fill="{darken(tone, 0.7)}"/>'
            f'<circle cx="{x + 1.7:.1f}" cy="{y:.1f}" r="1.1" fill="{darken(tone, 0.7)}"/>'
        )

    def metal(self, d: str, tone: str = "#c9a24a", width: float = 0) -> None:
        """Hardware in brass or steel: filled, or a wire of `width` along the line."""
        light, dark = lighten(tone, 0.6), darken(tone, 0.45)
        if width:
            self.line(d, width + 2, dark, 1)
            self.line(d, width, tone, 1)
            self.line(d, width * 0.35, light, 0.8)
            return
        name = f"metal{tone[1:]}"
        self._defs[name] = (
            f'<linearGradient id="{name}" x1="0" y1="0" x2="1" y2="1"><stop offset="0" stop-color="{light}"/>'
            f'<stop offset=".45" stop-color="{tone}"/><stop offset="1" stop-color="{dark}"/></linearGradient>'
        )
        self.add(f'<path d="{d}" fill="url(#{name})" stroke="{dark}" stroke-width="1.2"/>')
        self._light.append(f'<path d="{d}" fill="{EVEN}"/>')

    def zipper(self, d: str, tone: str = "#c3c7cb", width: float = 7) -> None:
        """A zip along a line: tape and teeth."""
        self.line(d, width + 4, darken(self.colour, 0.55), 0.9)
        self.add(f'<path d="{d}" fill="none" stroke="{tone}" stroke-width="{width:.1f}" stroke-dasharray="2.4 2.4"/>')

    def hole(self, x: float, y: float, r: float = 4.5, tone: str = "#c9a24a") -> None:
        """A metal eyelet."""
        self.add(f'<path d="{ellipse(x, y, r)}" fill="{darken(self.colour, 0.8)}" stroke="{tone}" stroke-width="2.2"/>')
