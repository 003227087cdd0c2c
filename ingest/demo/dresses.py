"""Dresses and jumpsuits: a trunk down to the waist, and a skirt or legs below."""

from ingest.demo.canvas import Canvas
from ingest.demo.geometry import Knot, arch, box, closed, flipped, lens, mirrored, sharp, soft, trail
from ingest.demo.palette import darken, mix
from ingest.demo.shirts import collar, cuff_band
from ingest.demo.torso import ARMPIT_Y, NECK_Y, Trunk, back, cuff_line, neckline, sleeve_of, sleeves, trunk_of


def _upper(t: Trunk, waist: float, waist_y: float) -> list[Knot]:
    """Right half from the neckline's middle round to the waist."""
    armhole = soft(t.shoulder + 6, 232) if t.strap else soft(min(112, t.shoulder - 8), 232)
    return [*neckline(t), sharp(t.shoulder, t.shoulder_y), armhole, sharp(t.chest - 2, ARMPIT_Y), soft(waist, waist_y)]


def dress(canvas: Canvas) -> None:
    """A dress: bodice with any neckline and sleeve; sheath, A-line, wrap, shirt or tiered skirt."""
    drawing = canvas.drawing
    with canvas.group("translate(0 -46)"):
        t = trunk_of(drawing, chest=116)
        waist, waist_y = drawing.number("waist_width", 92), drawing.number("waist_y", 420)
        hem, hem_y = drawing.number("hem", 190), drawing.number("hem_y", 690)
        length = drawing.number("sleeve", 0)
        if length > 0:
            s = sleeve_of(t, length, drawing.number("cuff", 34), drawing.number("bulge", 0))
            sleeves(canvas, s)
            for sign in (1, -1):
                canvas.stitch(cuff_line(s, sign, 10))
                if length > 300:
                    cuff_band(canvas, s.cuff, sign, 20)
        back(canvas, t)
        d = mirrored(*_upper(t, waist, waist_y),
                     soft(waist + (hem - waist) * 0.42 + 8, waist_y + (hem_y - waist_y) * 0.38),
                     sharp(hem, hem_y), soft(hem * 0.55, hem_y + 16), soft(0, hem_y + 20))  # fmt: skip
        canvas.piece(d)
        _drape(canvas, t, d, (waist, waist_y, hem, hem_y))
        _front(canvas, t, (waist, waist_y, hem, hem_y), d)
        canvas.stitch(arch(soft(0, hem_y + 7), soft(hem * 0.55, hem_y + 4), soft(hem - 4, hem_y - 11)))


def _drape(canvas: Canvas, t: Trunk, d: str, m: tuple[float, float, float, float]) -> None:
    """Folds fanning from the waist down, and darts above it."""
    waist, waist_y, hem, hem_y = m
    rng = canvas.rng
    shapes = [
        lens(waist * f * 0.9, waist_y + 6, hem * f * rng.uniform(0.92, 1.04), hem_y + 14, 12, f * 9)
        for f in (-0.78, -0.44, -0.1, 0.28, 0.62)
    ]
    shapes += [lens(sign * t.chest * 0.52, ARMPIT_Y + 36, sign * waist * 0.5, waist_y - 6, 6) for sign in (1, -1)]
    shapes += [lens(sign * (t.chest - 3), ARMPIT_Y + 4, sign * 52, ARMPIT_Y + 44, 7, sign * 5) for sign in (1, -1)]
    canvas.folds(shapes, within=d, opacity=0.27)


def _front(canvas: Canvas, t: Trunk, m: tuple[float, float, float, float], d: str) -> None:
    """What makes the kind of dress: wrap edge, button front, tiers, waist seam, belt."""
    waist, waist_y, hem, hem_y = m
    kind = canvas.drawing.word("kind", "a-line")
    trim = mix(canvas.colour, canvas.ink, 0.25)
    if kind == "shirt":
        canvas.piece(box(-13, t.depth + 2, 26, hem_y - t.depth + 16, 2), puff=3)
        for k in range(9):
            canvas.button(0, t.depth + 18 + k * (hem_y - t.depth - 20) / 8.6, 6)
    if kind == "wrap":
        canvas.line(trail(Knot(-t.neck, NECK_Y), Knot(-10, 300), Knot(waist * 0.8, waist_y)), 2.4)
        canvas.line(trail(Knot(waist * 0.7, waist_y + 6), Knot(60, waist_y + 120), Knot(28, hem_y + 16)), 2.4)
    if kind == "tiered":
        for f in (0.36, 0.7):
            y, w = waist_y + (hem_y - waist_y) * f, waist + (hem - waist) * (f + 0.06)
            canvas.line(arch(soft(0, y + 14), soft(w * 0.6, y + 11), soft(w - 3, y)), 2)
            canvas.folds(
                [lens(w * k / 6, y + 12, w * k / 6 * 1.06, y + 52, 6) for k in range(-6, 7)],
                within=d,
                opacity=0.3,
                blur=3,
            )
    if canvas.drawing.word("neck", "crew") != "collar":
        canvas.line(arch(*neckline(t)), 5, trim, 1)
    else:
        collar(canvas, 42, 52)
    _waist(canvas, waist, waist_y, kind)


def _waist(canvas: Canvas, waist: float, y: float, kind: str) -> None:
    if kind in ("wrap", "shirt") or canvas.drawing.word("belt") == "yes":
        tone = darken(canvas.colour, 0.25) if kind != "belted" else "#6b4630"
        canvas.piece(
            mirrored(soft(0, y - 8), sharp(waist + 2, y - 12), sharp(waist + 2, y + 10), soft(0, y + 15)),
            fill=tone,
            puff=4,
            is_plain=True,
        )
        x = waist * 0.72 if kind == "wrap" else 12
        for dx, dy in ((10, 120), (30, 98)):
            canvas.piece(closed(
                sharp(x - 5, y), soft(x + dx - 8, y + dy * 0.5), sharp(x + dx - 9, y + dy),
                sharp(x + dx + 8, y + dy - 4), soft(x + dx + 3, y + dy * 0.5), sharp(x + 7, y)), fill=tone, puff=4,
                is_plain=True)  # fmt: skip
        canvas.piece(box(x - 10, y - 12, 20, 26, 8), fill=tone, puff=4, is_plain=True)
    elif kind != "sheath":
        canvas.line(arch(soft(0, y + 5), soft(waist + 1, y)), 2.2)


def jumpsuit(canvas: Canvas) -> None:
    """A jumpsuit: bodice, belt and trouser legs; dungarees with bib and straps."""
    drawing = canvas.drawing
    with canvas.group("translate(0 22) scale(.94) translate(0 -56)"):
        t = trunk_of(drawing, chest=112)
        waist, waist_y, crotch_y = 90.0, 400.0, 540.0
        _trouser_legs(canvas, waist, waist_y, crotch_y)
        length = drawing.number("sleeve", 0)
        if length > 0:
            s = sleeve_of(t, length, drawing.number("cuff", 40))
            sleeves(canvas, s)
        back(canvas, t)
        d = mirrored(*_upper(t, waist, waist_y), soft(0, waist_y + 8))
        canvas.piece(d)
        canvas.folds([lens(sign * t.chest * 0.5, ARMPIT_Y + 20, sign * 44, waist_y, 8) for sign in (1, -1)], within=d)
        if drawing.word("neck", "v") == "collar":
            canvas.piece(box(-12, t.depth, 24, crotch_y - t.depth - 60, 2), puff=3)
            for k in range(6):
                canvas.button(0, t.depth + 20 + k * 44)
            collar(canvas, 42, 52)
        else:
            canvas.line(arch(*neckline(t)), 5, mix(canvas.colour, canvas.ink, 0.25), 1)
        for sign in (1, -1):
            canvas.line(f"M{sign * 66} {waist_y + 16}L{sign * 110} {waist_y + 84}", 2.2)
        _waist(canvas, waist, waist_y, "wrap" if drawing.word("belt", "yes") == "yes" else "a-line")


def _trouser_legs(canvas: Canvas, waist: float, waist_y: float, crotch_y: float) -> None:
    hem_y, hem = canvas.drawing.number("hem_y", 800), canvas.drawing.number("hem", 50)
    spread = hem + 26
    leg = [sharp(-2, waist_y), sharp(waist, waist_y), soft(114, 478), soft(116, crotch_y),
           sharp(spread + hem, hem_y), soft(spread, hem_y + 4), sharp(spread - hem, hem_y),
           soft(14, crotch_y + 60), sharp(-2, crotch_y)]  # fmt: skip
    for sign in (-1, 1):
        shape = leg if sign > 0 else flipped(leg)
        d = closed(*shape)
        canvas.piece(d, angle=-sign * 2)
        canvas.folds(
            [
                lens(sign * 8, crotch_y, sign * 76, crotch_y - 34, 8),
                lens(sign * 50, crotch_y + 40, sign * spread, hem_y - 30, 12),
                lens(sign * 30, waist_y + 8, sign * 40, waist_y + 90, 7),
            ],
            within=d,
            opacity=0.26,
        )
