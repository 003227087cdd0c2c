"""Tailored outerwear: blazers and coats."""

from ingest.demo.canvas import Canvas
from ingest.demo.geometry import Knot, box, closed, flipped, lens, mirrored, sharp, soft, trail
from ingest.demo.palette import darken, mix
from ingest.demo.shirts import patch_pocket
from ingest.demo.tops import hood, hood_front
from ingest.demo.torso import NECK_Y, Trunk, body_folds, cuff_line, outline, sleeve_of, sleeves, trunk_of


def flap_pocket(canvas: Canvas, x: float, y: float, width: float = 74, slant: float = 0) -> None:
    sign = 1 if x > 0 else -1
    a, b = x - width / 2, x + width / 2
    ya, yb = (y, y + slant) if sign > 0 else (y + slant, y)
    canvas.piece(
        closed(sharp(a, ya), sharp(b, yb), sharp(b - 2, yb + 26), soft(x, (ya + yb) / 2 + 29), sharp(a + 2, ya + 26)),
        puff=3,
    )


def _lapels(canvas: Canvas, depth: float, width: float, notch: float = 210.0) -> None:
    """Notched lapels rolled back from the break at `depth`, and the collar above them."""
    lapel = [
        sharp(0, depth + 4), soft(26, depth - 60), sharp(46, 178), sharp(62, notch - 12),
        sharp(46 + width, notch - 8), soft(42 + width * 0.7, depth - 70)]  # fmt: skip
    neck = [
        sharp(28, 214), soft(42, 170), sharp(38, NECK_Y - 20), soft(62, NECK_Y - 2),
        sharp(58 + width * 0.5, notch - 26), sharp(62, notch - 4), soft(50, notch)]  # fmt: skip
    for knots, angle in ((lapel, 14), (flipped(lapel), -14), (neck, 30), (flipped(neck), -30)):
        canvas.piece(closed(*knots), angle=angle, puff=6)
    canvas.piece(mirrored(
        soft(0, NECK_Y - 18), soft(30, NECK_Y - 20), sharp(40, NECK_Y - 18), soft(34, NECK_Y + 8),
        soft(0, NECK_Y + 18)), fill=darken(canvas.colour, 0.35), puff=4, is_plain=True)  # fmt: skip


def lining(canvas: Canvas, depth: float) -> None:
    """Lining and the dark between the fronts, above the break."""
    tone = mix(canvas.drawing.accent, darken(canvas.colour, 0.55), 0.72)
    canvas.piece(
        mirrored(soft(0, NECK_Y - 14), sharp(52, NECK_Y), soft(40, depth - 60), soft(0, depth + 8)),
        fill=tone,
        puff=8,
        is_plain=True,
    )
    canvas.flat(f"M-14 {NECK_Y + 8:.0f}h28v14h-28Z", "#efe6d6", 0.85)


def blazer(canvas: Canvas) -> None:
    """Tailored jacket: lapels, one to three buttons or double-breasted, welt and flap pockets, cut-away fronts."""
    drawing = canvas.drawing
    t = trunk_of(drawing, 618)
    depth = drawing.number("break_y", 390)
    s = sleeve_of(t, 402, 30)
    sleeves(canvas, s)
    for sign in (1, -1):
        for k in range(3):
            inn = s.cuff[1]
            canvas.button(sign * (inn.x + 8 - k * 2.5), inn.y - 14 - k * 13, 4)
    double = drawing.word("fronts") == "double"
    half = [sharp(0, depth), sharp(44, 170), sharp(52, NECK_Y), sharp(t.shoulder, t.shoulder_y), soft(120, 232),
            sharp(t.chest - 2, 296), soft(t.chest - t.waist - 4, 430), soft(t.hem, t.hem_y - 30),
            sharp(t.hem - 1, t.hem_y)]  # fmt: skip
    cutaway = [soft(60, t.hem_y + 10), soft(22, t.hem_y - 14), soft(0, depth + 120)]
    under = [sharp(0, t.hem_y + 8), sharp(-52, t.hem_y + 8), sharp(-52, depth + 6)] if double else cutaway
    over = [sharp(0, t.hem_y + 8), sharp(-56, t.hem_y + 8), sharp(-56, depth)] if double else cutaway
    lining(canvas, depth)
    for knots in (flipped([*half, *under]), [*half, *over]):
        d = closed(*knots)
        canvas.piece(d)
        body_folds(canvas, t, d)
    for sign in (1, -1):
        canvas.line(trail(Knot(sign * 72, 300), Knot(sign * 66, 420), Knot(sign * 68, 480)), 1.6, opacity=0.5)
        flap_pocket(canvas, sign * 76, 488)
    canvas.piece(closed(sharp(44, 306), sharp(98, 298), sharp(99, 314), sharp(45, 322)), puff=2)
    if drawing.word("square") == "yes":
        canvas.flat("M54 305l12 -16 10 12 12 -12 4 12 -38 6Z", drawing.accent)
    _lapels(canvas, depth, drawing.number("lapel", 42))
    if double:
        for y in (depth + 20, depth + 92):
            for x in (-34, 34):
                canvas.button(x, y, 8)
    else:
        for k in range(int(drawing.number("buttons", 2))):
            canvas.button(1, depth + 14 + 62 * k, 8)


def coat(canvas: Canvas) -> None:
    """Long coats: overcoat, trench with belt and storm flap, duffle-like hood, parka."""
    drawing = canvas.drawing
    with canvas.group("translate(0 -50)"):
        t = trunk_of(drawing, drawing.number("hem_y", 740), 130)
        depth = drawing.number("break_y", 330)
        kind = drawing.word("kind", "overcoat")
        if kind == "parka":
            hood(canvas)
        s = sleeve_of(t, 412, 34)
        sleeves(canvas, s)
        for sign in (1, -1):
            canvas.line(cuff_line(s, sign, 44), 2)
            if kind == "trench":
                canvas.line(cuff_line(s, sign, 56), 9, darken(canvas.colour, 0.22), 1)
        lining(canvas, depth)
        d = outline(t, 8) if kind == "parka" else mirrored(
            sharp(0, depth), sharp(50, NECK_Y), sharp(t.shoulder, t.shoulder_y), soft(122, 232),
            sharp(t.chest - 2, 296), soft(t.chest - t.waist, 440), sharp(t.hem, t.hem_y),
            soft(t.hem * 0.5, t.hem_y + 8), soft(0, t.hem_y + 9))  # fmt: skip
        canvas.piece(d)
        body_folds(canvas, t, d)
        canvas.folds([lens(sign * 60, 470, sign * 84, t.hem_y, 14) for sign in (1, -1)], within=d)
        edge = 46.0 if drawing.word("fronts", "double") == "double" else 14.0
        canvas.line(f"M{-edge} {depth + 10:.0f}V{t.hem_y + 8:.0f}", 2.2)
        for sign in (1, -1):
            if kind == "parka":
                patch_pocket(canvas, sign * 74, 520, 82, 96)
                flap_pocket(canvas, sign * 74, 512, 88)
            else:
                canvas.piece(
                    closed(sharp(sign * 62, 500), sharp(sign * 78, 496), sharp(sign * 98, 574), sharp(sign * 82, 580)),
                    puff=3,
                )
        if kind == "parka":
            canvas.zipper(f"M0 {t.depth + 10:.0f}V{t.hem_y + 6:.0f}")
            hood_front(canvas, t)
        else:
            _coat_front(canvas, t, depth, kind)


def _coat_front(canvas: Canvas, t: Trunk, depth: float, kind: str) -> None:
    double = canvas.drawing.word("fronts", "double") == "double"
    _lapels(canvas, depth, canvas.drawing.number("lapel", 50))
    columns = (-30, 30) if double else (0,)
    for k in range(3 if double else 4):
        for x in columns:
            canvas.button(x, depth + 26 + k * (84 if double else 78), 9.5)
    if kind == "trench":
        for sign in (1, -1):
            canvas.piece(
                closed(sharp(sign * 52, 176), sharp(sign * 118, 190), sharp(sign * 112, 204), sharp(sign * 50, 190)),
                puff=3,
            )
            canvas.button(sign * 62, 186, 5)
        w = t.chest - t.waist + 4
        canvas.piece(mirrored(soft(0, 448), sharp(w, 442), sharp(w, 470), soft(0, 478)), puff=4, is_plain=True)
        canvas.piece(
            closed(sharp(20, 462), soft(34, 520), sharp(30, 590), sharp(52, 586), soft(52, 520), sharp(36, 462)),
            puff=4,
            is_plain=True,
        )
        canvas.metal(box(-4, 440, 36, 44, 5), "#8a6438")
        canvas.piece(box(3, 448, 22, 28, 2), puff=2, is_plain=True)
