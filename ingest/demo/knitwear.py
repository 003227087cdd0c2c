"""Knitwear: sweaters and cardigans with ribs, cables and yokes."""

from ingest.demo.canvas import Canvas
from ingest.demo.geometry import Knot, arch, box, mirrored, sharp, soft, trail
from ingest.demo.palette import darken
from ingest.demo.shirts import patch_pocket
from ingest.demo.tops import neck_band
from ingest.demo.torso import (
    NECK_Y,
    Trunk,
    back,
    body_folds,
    cuff_line,
    neckline,
    outline,
    sleeve_of,
    sleeves,
    trims,
    trunk_of,
)


def _cable(canvas: Canvas, x: float, top: float, bottom: float) -> None:
    """A plait of two strands down the body at x."""
    step, w = 34.0, 9.0
    y = top
    tone = darken(canvas.colour, 0.42)
    canvas.line(f"M{x - w - 8:.0f} {top:.0f}V{bottom:.0f}M{x + w + 8:.0f} {top:.0f}V{bottom:.0f}", 1.6, tone, 0.4)
    while y + step <= bottom:
        for sign in (1, -1):
            d = trail(
                Knot(x - sign * w, y),
                Knot(x - sign * w * 0.7, y + step * 0.25),
                Knot(x + sign * w * 0.7, y + step * 0.75),
                Knot(x + sign * w, y + step),
            )
            canvas.line(d, 6.5, tone, 0.42)
            canvas.line(d, 3.6, canvas.colour, 0.95)
        y += step


def _yoke(canvas: Canvas, t: Trunk, accent: str) -> None:
    """Rows of knitted marks about the neck, as on Nordic sweaters."""
    for k, gap in enumerate((30, 52, 76)):
        w = t.neck + gap
        d = arch(
            soft(0, t.depth + gap),
            soft(w * 0.75, NECK_Y + gap * 1.05),
            soft(min(w, t.shoulder + 10), NECK_Y + gap * 0.42),
        )
        canvas.stitch(d, accent, 9 if k == 1 else 5, "5 7" if k == 1 else "3 5")


def sweater(canvas: Canvas) -> None:
    """Pullover: crew, v, roll or high neck; plain, cabled or with a patterned yoke."""
    drawing = canvas.drawing
    t = trunk_of(drawing, 584)
    accent = trims(canvas)
    s = sleeve_of(t, 374, 29, drawing.number("bulge", 8))
    roll = drawing.word("roll") == "yes"
    is_yoke = drawing.word("knit") == "yoke"
    sleeves(canvas, s, is_plain=is_yoke)
    for sign in (1, -1):
        canvas.rib(cuff_line(s, sign, 4), 34, accent)
    if not roll:
        back(canvas, t)
    d = outline(t)
    canvas.piece(d, is_plain=is_yoke)
    if drawing.word("knit") == "cable":
        for x in (-58, 0, 58):
            _cable(canvas, x, t.depth + 26 + abs(x) * 0.1, t.hem_y - 40)
    body_folds(canvas, t, d)
    if is_yoke:
        _yoke(canvas, t, drawing.accent)
    canvas.rib(arch(soft(0, t.hem_y - 8), soft(t.hem * 0.5, t.hem_y - 9), soft(t.hem - 6, t.hem_y - 16)), 36, accent)
    if roll:
        roll_neck(canvas)
    else:
        neck_band(canvas, t, 17, accent)


def roll_neck(canvas: Canvas) -> None:
    """A turned-down roll neck."""
    d = mirrored(
        soft(0, 104), soft(36, 104), sharp(45, 110), soft(47, 140), sharp(54, 172), soft(30, 186), soft(0, 190)
    )
    canvas.piece(d, puff=8)
    for k in range(-4, 5):
        canvas.line(f"M{k * 9.5:.0f} 108L{k * 11.5:.0f} {185 - abs(k) * 2.4:.0f}", 1.3, opacity=0.35)


def cardigan(canvas: Canvas) -> None:
    """Cardigan: open v with a ribbed button band, patch pockets."""
    drawing = canvas.drawing
    t = trunk_of(drawing, 606)
    accent = trims(canvas)
    s = sleeve_of(t, 374, 30, 6)
    sleeves(canvas, s)
    for sign in (1, -1):
        canvas.rib(cuff_line(s, sign, 4), 34, accent)
    back(canvas, t)
    d = outline(t)
    canvas.piece(d)
    if drawing.word("knit") == "cable":
        for x in (-78, 78):
            _cable(canvas, x, 240, t.hem_y - 40)
    body_folds(canvas, t, d)
    canvas.rib(arch(soft(0, t.hem_y - 6), soft(t.hem * 0.5, t.hem_y - 8), soft(t.hem - 6, t.hem_y - 16)), 34, accent)
    if drawing.word("pocket", "yes") == "yes":
        for sign in (1, -1):
            patch_pocket(canvas, sign * 72, 466, 66, 76)
    _band(canvas, t, int(drawing.number("buttons", 5)), accent)


def _band(canvas: Canvas, t: Trunk, n_buttons: int, accent: str | None) -> None:
    knots = neckline(t)
    canvas.rib(arch(*knots), 18, accent)
    fill = accent or canvas.colour
    canvas.piece(box(-12, t.depth - 8, 24, t.hem_y - t.depth + 14, 2), fill=fill, puff=3, is_plain=True)
    canvas.rib(f"M0 {t.depth:.0f}V{t.hem_y + 4:.0f}", 20, accent)
    gap = (t.hem_y - t.depth - 40) / max(1, n_buttons - 1)
    for k in range(n_buttons):
        canvas.button(0, t.depth + 16 + gap * k, 8, "#8a6438" if canvas.colour < "#7" else None)
