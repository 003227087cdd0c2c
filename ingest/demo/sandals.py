"""Ballet flats, sandals and flip flops."""

from ingest.demo.canvas import Canvas
from ingest.demo.geometry import Knot, box, closed, ellipse, flipped, lens, sharp, soft, trail
from ingest.demo.palette import darken, lighten, mix
from ingest.demo.shoes import pair, sole_slab


def flats(canvas: Canvas) -> None:
    """Ballet flats: low, round or pointed toe, bow."""
    pair(canvas, _flat)


def _flat(canvas: Canvas) -> None:
    drawing = canvas.drawing
    point = drawing.number("toe", 0)
    canvas.piece(
        closed(sharp(-130, -62), soft(20, -66), sharp(170, -104), sharp(150, -40), sharp(-90, -30)),
        fill="#d3b491",
        puff=6,
        is_plain=True,
    )
    upper = closed(
        soft(-216 - point, -16), soft(-196 - point, -50), sharp(-128, -76), soft(-84, -48), soft(40, -44),
        soft(120, -62), sharp(174, -108), soft(190, -70), sharp(194, -14), sharp(-200, -8))  # fmt: skip
    canvas.piece(upper)
    rim = trail(Knot(-126, -72), Knot(-82, -45), Knot(40, -41), Knot(120, -58), Knot(172, -103))
    canvas.line(rim, 5, darken(canvas.colour, 0.3), 0.9)
    if drawing.word("cap") == "yes":
        canvas.piece(closed(
            soft(-216 - point, -16), soft(-196 - point, -50), soft(-160, -64), soft(-148, -34), sharp(-158, -8),
            sharp(-200, -8)), fill=drawing.accent, puff=5, is_plain=True)  # fmt: skip
    _strap_or_bow(canvas)
    canvas.piece(
        closed(soft(-222 - point, -12), soft(0, -12), sharp(196, -18), sharp(194, 0), soft(0, -2), soft(-206, 0)),
        fill="#8a5f42",
        puff=3,
        is_plain=True,
    )
    canvas.gleam(lens(-192 - point, -38, -124, -64, 6), 0.5, 4)


def _strap_or_bow(canvas: Canvas) -> None:
    if canvas.drawing.word("strap") == "yes":
        strap = trail(Knot(-10, -40), Knot(34, -112), Knot(80, -50))
        canvas.line(strap, 15, darken(canvas.colour, 0.35), 1)
        canvas.line(strap, 12, canvas.colour, 1)
        canvas.metal(box(44, -104, 14, 17, 3), "#c9a24a")
    else:
        for sign in (1, -1):
            canvas.piece(
                closed(
                    sharp(-126, -72),
                    soft(-126 + sign * 20, -92),
                    soft(-126 + sign * 34, -76),
                    soft(-126 + sign * 20, -60),
                ),
                puff=3,
                is_plain=True,
            )
        canvas.piece(ellipse(-126, -74, 7), puff=2, is_plain=True)


def sandals(canvas: Canvas) -> None:
    """Strapped sandals on a cork, flat or platform sole."""
    pair(canvas, _sandal)


def _sandal(canvas: Canvas) -> None:
    drawing = canvas.drawing
    h = drawing.number("sole", 34)
    tone = {"cork": "#c49a66", "rubber": "#3a3432", "rope": "#d8bd8c"}[drawing.word("sole_tone", "cork")]
    canvas.piece(closed(
        soft(-206, -h - 8), soft(-100, -h - 16), soft(40, -h - 10), sharp(196, -h - 16), sharp(190, -h),
        sharp(-200, -h)), fill="#b98a5c", puff=4, is_plain=True)  # fmt: skip
    bands = [((-190, -h), (-134, -h - 56), (-84, -h)), ((-66, -h), (-8, -h - 80), (54, -h))]
    if drawing.word("kind", "slide") == "cross":
        bands = [((-184, -h), (-72, -h - 88), (-96, -h)), ((-82, -h), (-60, -h - 92), (28, -h))]
    for a, b, c in bands:
        band = [sharp(a[0], a[1] + 4), soft(b[0] - 40, b[1] + 24), soft(b[0] - 8, b[1] + 2), soft(b[0] + 28, b[1] + 5)]
        band += [soft(b[0] + 44, b[1] + 34), sharp(c[0], c[1] + 4)]
        far = [Knot(k.x + 16, k.y - 9 if k.y < -h else k.y, k.is_sharp) for k in band]
        canvas.piece(closed(*far), fill=darken(canvas.colour, 0.42), puff=4, is_plain=True)
        canvas.piece(closed(*band), puff=7)
        canvas.stitch(trail(Knot(a[0] + 9, a[1]), Knot(b[0] - 24, b[1] + 32), Knot(b[0], b[1] + 12)), width=1.3)
        canvas.metal(box(b[0] - 6, b[1] + 26, 22, 26, 4), "#c9a24a")
        canvas.flat(box(b[0], b[1] + 31, 10, 16, 2), darken(canvas.colour, 0.2))
    if drawing.word("back", "yes") == "yes":
        for d in (
            trail(Knot(60, -h), Knot(110, -h - 92), Knot(186, -h - 112)),
            trail(Knot(186, -h - 6), Knot(196, -h - 60), Knot(186, -h - 114)),
        ):
            canvas.line(d, 21, darken(canvas.colour, 0.4), 1)
            canvas.line(d, 18, canvas.colour, 1)
        canvas.metal(box(98, -h - 92, 18, 26, 4), "#c9a24a")
    sole_slab(canvas, tone, h, -214, 204, 6)
    canvas.flat("M-206 -9Q0 -6 204 -9L202 0H-200Z", darken(tone, 0.55), 0.9)
    if drawing.word("sole_tone", "cork") != "rubber":
        for k in range(9):
            canvas.line(f"M{-190 + k * 46} {-h + 8:.0f}l24 {h * 0.3:.0f}", 2, darken(tone, 0.35), 0.5)


def flip_flops(canvas: Canvas) -> None:
    """A pair of flip flops seen from above."""
    drawing = canvas.drawing
    half = [
        soft(-6, -250), soft(62, -232), soft(92, -150), soft(74, -20), soft(66, 110), soft(62, 200), soft(-2, 246),
        soft(-62, 204), soft(-66, 110), soft(-82, -20), soft(-84, -150), soft(-58, -226)]  # fmt: skip
    for sign, x in ((-1, -106), (1, 106)):
        knots = half if sign > 0 else flipped(half)
        with canvas.group(f"translate({x} 408) rotate({sign * 5})"):
            d = closed(*knots)
            canvas.add(f'<path d="{d}" transform="translate(5 9)" fill="{darken(drawing.accent, 0.45)}"/>')
            canvas.piece(d, puff=8)
            inner = closed(*[Knot(k.x * 0.86, k.y * 0.93 + 2) for k in knots])
            canvas.line(inner, 2, opacity=0.4)
            canvas.folds([ellipse(0, 150, 44, 56), ellipse(0, -140, 54, 60)], within=d, opacity=0.14, blur=9)
            toe = (sign * -14, -142)
            for side in (1, -1):
                end = (side * 76, 14)
                strap = trail(Knot(*toe), Knot(side * 44 + toe[0] * 0.4, -98), Knot(*end))
                canvas.line(strap, 23, darken(drawing.accent, 0.5), 1)
                canvas.line(strap, 19, drawing.accent, 1)
                canvas.line(strap, 4, lighten(drawing.accent, 0.5), 0.45)
            canvas.piece(ellipse(*toe, 13), fill=mix(drawing.accent, canvas.ink, 0.15), puff=4, is_plain=True)
