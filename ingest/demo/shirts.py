"""Shirts: woven shirts, blouses and polos, with their collars, plackets, cuffs and pockets."""

from ingest.demo.canvas import Canvas
from ingest.demo.geometry import Knot, arch, box, closed, flipped, lens, mirrored, sharp, soft, trail
from ingest.demo.palette import darken, mix
from ingest.demo.torso import (
    NECK_Y,
    Trunk,
    back,
    body_folds,
    cuff_line,
    hem_stitch,
    neckline,
    outline,
    sleeve_of,
    sleeves,
    trims,
    trunk_of,
)


def patch_pocket(canvas: Canvas, x: float, y: float, width: float, height: float) -> None:
    """A sewn-on pocket, pointed below, its middle at x."""
    w = width / 2
    knots = (
        sharp(x - w, y),
        sharp(x + w, y),
        sharp(x + w, y + height * 0.8),
        soft(x, y + height),
        sharp(x - w, y + height * 0.8),
    )
    canvas.piece(closed(*knots), puff=3)
    canvas.stitch(f"M{x - w + 3:.0f} {y + 9:.0f}H{x + w - 3:.0f}")


def placket(canvas: Canvas, top: float, bottom: float, n_buttons: int, width: float = 26.0) -> None:
    """A button band in the middle front."""
    canvas.piece(box(-width / 2, top, width, bottom - top, 2), puff=3)
    gap = (bottom - top - 26) / max(1, n_buttons - 1)
    for k in range(n_buttons):
        canvas.button(0, top + 15 + k * gap)


def collar(canvas: Canvas, spread: float = 46.0, drop: float = 62.0, fill: str | None = None) -> None:
    """A shirt collar: stand behind, two pointed leaves in front."""
    tone = fill or canvas.colour
    canvas.piece(
        mirrored(soft(0, NECK_Y - 26), soft(34, NECK_Y - 22), sharp(47, NECK_Y - 2), soft(0, NECK_Y + 22)),
        fill=darken(tone, 0.3), puff=5, is_plain=True,
    )  # fmt: skip
    leaf = [
        sharp(0, 180), soft(26, 160), soft(42, 134), sharp(37, NECK_Y - 25), soft(54, NECK_Y - 10),
        sharp(66, NECK_Y + 12), sharp(spread, NECK_Y + drop),
    ]  # fmt: skip
    for knots, angle in ((leaf, 35), (flipped(leaf), -35)):
        canvas.piece(closed(*knots), fill=fill, angle=angle, puff=6)
    inner = [Knot(spread - 2, NECK_Y + drop - 9), Knot(7, 182)]
    edge = [Knot(60, NECK_Y + 14), Knot(spread - 2, NECK_Y + drop - 9)]
    for knots in (inner, flipped(inner), edge, flipped(edge)):
        canvas.stitch(trail(*knots), width=1.2)


def shirt(canvas: Canvas) -> None:
    """Woven shirt: collar (or camp collar), button band, cuffs, curved hem, chest pocket."""
    drawing = canvas.drawing
    t = trunk_of(drawing, 622)
    length = drawing.number("sleeve", 392)
    s = sleeve_of(t, length, drawing.number("cuff", 26 if length > 300 else 46))
    sleeves(canvas, s)
    if length > 300:
        for sign in (1, -1):
            cuff_band(canvas, s.cuff, sign)
    else:
        for sign in (1, -1):
            canvas.line(cuff_line(s, sign, 18), 1.6)
    tail = t.hem_y - 34
    knots = (*neckline(t), sharp(t.shoulder, t.shoulder_y), soft(118, 232), sharp(t.chest - 2, 296),
             soft(t.chest - t.waist, 430), soft(t.hem, tail - 8), soft(t.hem - 26, tail + 8),
             soft(t.hem * 0.45, t.hem_y + 8), soft(0, t.hem_y + 12))  # fmt: skip
    d = mirrored(*knots)
    back(canvas, t)
    canvas.piece(d)
    body_folds(canvas, t, d)
    yoke(canvas, t)
    placket(canvas, t.depth + 4, t.hem_y + 9, n_buttons=7)
    if drawing.word("pocket", "yes") == "yes":
        patch_pocket(canvas, 66, 282, 60, 68)
    collar(canvas, drawing.number("spread", 46), drawing.number("collar", 62))


def cuff_band(canvas: Canvas, ends: tuple[Knot, Knot], sign: int, height: float = 36.0) -> None:
    """A buttoned cuff at a long sleeve's end."""
    out, inn = ends
    knots = [
        Knot(out.x + 2, out.y, True),
        Knot(out.x + 4, out.y + height, True),
        Knot(inn.x + 3, inn.y + height, True),
        Knot(inn.x - 2, inn.y, True),
    ]
    knots = knots if sign > 0 else flipped(knots)
    canvas.piece(closed(*knots), puff=4)
    canvas.button(sign * (inn.x + 14), inn.y + height / 2 + 1, 4.5)


def yoke(canvas: Canvas, t: Trunk) -> None:
    """Shoulder seams a finger's breadth forward."""
    for sign in (1, -1):
        canvas.line(
            f"M{sign * (t.neck + 12)} {NECK_Y + 32}L{sign * (t.shoulder - 4)} {t.shoulder_y + 22:.0f}", 1.4, opacity=0.5
        )


def blouse(canvas: Canvas) -> None:
    """Flowing blouse: full sleeves gathered at the cuff, a tie or ruffle at the neck."""
    drawing = canvas.drawing
    t = trunk_of(drawing, 590)
    s = sleeve_of(t, drawing.number("sleeve", 370), drawing.number("cuff", 28), drawing.number("bulge", 18))
    sleeves(canvas, s)
    for sign in (1, -1):
        cuff_band(canvas, s.cuff, sign, 22)
    back(canvas, t)
    d = outline(t, 10)
    canvas.piece(d)
    body_folds(canvas, t, d)
    gathers = [
        lens(sign * (14 + 22 * k), t.depth + 26 - 6 * k, sign * (16 + 30 * k), t.depth + 130, 5)
        for k in range(3)
        for sign in (1, -1)
    ]
    canvas.folds(gathers, within=d, opacity=0.22, blur=3)
    placket(canvas, t.depth + 6, t.hem_y + 6, 6, width=18)
    hem_stitch(canvas, t, 10)
    canvas.line(arch(*neckline(t)), 7, mix(canvas.colour, canvas.ink, 0.2), 1)
    if drawing.word("tie", "no") == "yes":
        bow(canvas, t.depth + 4)
    else:
        collar(canvas, 40, 44)


def bow(canvas: Canvas, y: float) -> None:
    """A soft pussy bow: two tails, two loops, a knot."""
    tails = [sharp(-4, y), soft(16, y + 70), sharp(22, y + 168), sharp(56, y + 158), soft(40, y + 70), sharp(8, y)]
    loop = [sharp(0, y), soft(34, y - 26), soft(76, y - 12), soft(72, y + 24), soft(34, y + 22)]
    for knots in (tails, flipped(tails), loop, flipped(loop)):
        canvas.piece(closed(*knots), puff=6)
    canvas.piece(box(-12, y - 15, 24, 30, 9), puff=4)


def polo(canvas: Canvas) -> None:
    """Pique polo: knitted collar and cuffs, short placket."""
    drawing = canvas.drawing
    t = trunk_of(drawing, 606)
    s = sleeve_of(t, drawing.number("sleeve", 126), 42)
    accent = trims(canvas)
    sleeves(canvas, s)
    for sign in (1, -1):
        canvas.rib(cuff_line(s, sign, 7), 13, accent)
    back(canvas, t)
    d = outline(t)
    canvas.piece(d)
    body_folds(canvas, t, d)
    placket(canvas, t.depth, t.depth + drawing.number("placket", 104), int(drawing.number("buttons", 3)), 24)
    hem_stitch(canvas, t)
    collar(canvas, 42, 54, accent)
