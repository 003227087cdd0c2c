"""Bottoms: trousers, jeans, track pants, shorts, capris, leggings and skirts."""

from ingest.demo.canvas import Canvas
from ingest.demo.geometry import Knot, arch, box, closed, flipped, lens, mirrored, sharp, soft, trail
from ingest.demo.palette import darken, lighten, luminance, mix

WAIST_Y = 118.0


def _leg(waist: float, hip: float, hem: float, hem_y: float, crotch_y: float, spread: float) -> list[Knot]:
    """Right leg's outline: `hem` is half the leg's width at its end, `spread` the leg's middle there."""
    knee = crotch_y + (hem_y - crotch_y) * 0.45
    out_x = spread + hem
    knots = [sharp(-2, WAIST_Y + 20), sharp(waist + 1, WAIST_Y + 20), soft(hip, WAIST_Y + 120), soft(hip + 1, crotch_y)]
    if hem_y - crotch_y > 160:
        knots.append(soft((hip + out_x) / 2 + 3 - max(0.0, hem - 62) * 0.35, knee + 30))
    knots += [sharp(out_x, hem_y - 2), soft(spread, hem_y + 3), sharp(spread - hem, hem_y)]
    if hem_y - crotch_y > 160:
        inner = (spread - hem) * 0.62
        knots.append(soft(max(8, inner + max(0.0, hem - 62) * 0.3), knee + 20))
    return [*knots, soft(5, crotch_y + 24), sharp(-2, crotch_y)]


def _waistband(canvas: Canvas, waist: float, height: float = 26.0, loops: bool = True) -> None:
    d = mirrored(
        soft(0, WAIST_Y + 5),
        sharp(waist, WAIST_Y),
        sharp(waist + 2, WAIST_Y + height - 3),
        soft(0, WAIST_Y + height + 4),
    )
    inner = mirrored(soft(0, WAIST_Y - 4), sharp(waist - 1, WAIST_Y), soft(0, WAIST_Y + 8))
    canvas.piece(inner, fill=darken(canvas.colour, 0.45), puff=3, is_plain=True)
    canvas.piece(d, puff=4)
    if loops:
        for x in (-waist * 0.72, -waist * 0.32, waist * 0.32, waist * 0.72):
            canvas.piece(box(x - 5, WAIST_Y - 1, 10, height + 8, 2), puff=2, is_plain=True)
    canvas.button(0, WAIST_Y + height / 2 + 4, 7)


def _elastic(canvas: Canvas, waist: float, has_cord: bool = True) -> None:
    canvas.rib(arch(soft(0, WAIST_Y + 18), soft(waist * 0.6, WAIST_Y + 17), soft(waist, WAIST_Y + 12)), 32)
    if has_cord:
        tone = lighten(canvas.colour, 0.7)
        canvas.line(f"M-8 {WAIST_Y + 22}Q-22 {WAIST_Y + 70} -16 {WAIST_Y + 104}", 4.5, tone, 1)
        canvas.line(f"M8 {WAIST_Y + 22}Q16 {WAIST_Y + 66} 20 {WAIST_Y + 92}", 4.5, tone, 1)


def _fly(canvas: Canvas, crotch_y: float) -> None:
    canvas.line(f"M0 {WAIST_Y + 28}V{crotch_y}", 2)
    d = f"M24 {WAIST_Y + 28}V{crotch_y - 70:.0f}Q22 {crotch_y - 34:.0f} 2 {crotch_y - 26:.0f}"
    canvas.stitch(d)


def _slant_pockets(canvas: Canvas, waist: float, hip: float, is_round: bool) -> None:
    for sign in (1, -1):
        if is_round:
            d = trail(
                Knot(sign * waist * 0.5, WAIST_Y + 28),
                Knot(sign * waist * 0.62, WAIST_Y + 62),
                Knot(sign * (hip - 6), WAIST_Y + 78),
            )
        else:
            d = f"M{sign * waist * 0.66:.0f} {WAIST_Y + 28}L{sign * (hip - 3):.0f} {WAIST_Y + 104}"
        canvas.line(d, 2.2)
        canvas.stitch(
            d
            if not is_round
            else trail(
                Knot(sign * waist * 0.46, WAIST_Y + 28),
                Knot(sign * waist * 0.58, WAIST_Y + 67),
                Knot(sign * (hip - 5), WAIST_Y + 85),
            )
        )


def _legs(canvas: Canvas, knots: list[Knot], crotch_y: float, hem_y: float) -> None:
    for sign in (-1, 1):
        shape = knots if sign > 0 else flipped(knots)
        d = closed(*shape)
        canvas.piece(d, angle=-sign * 2)
        creases = [
            lens(sign * 8, crotch_y + 4, sign * 60, crotch_y + 44, 8),
            lens(sign * 4, crotch_y - 14, sign * 84, crotch_y - 34, 8),
        ]
        if hem_y - crotch_y > 160:
            knee = crotch_y + (hem_y - crotch_y) * 0.5
            creases += [
                lens(sign * 36, knee, sign * 92, knee - 20, 8),
                lens(sign * 102, knee + 24, sign * 52, knee + 12, 7),
            ]
            creases += [
                lens(sign * 50, hem_y - 22, sign * 104, hem_y - 38, 7),
                lens(sign * 66, crotch_y + 60, sign * 72, hem_y - 90, 12),
            ]
        canvas.folds(creases, within=d, opacity=0.24)


def trousers(canvas: Canvas) -> None:
    """Trousers of any leg and length; chinos, pleated, wide, cropped, cargo, jeans."""
    drawing = canvas.drawing
    waist, hip = drawing.number("waist", 88), drawing.number("hip", 108)
    crotch_y, hem_y = WAIST_Y + drawing.number("rise", 212), drawing.number("hem_y", 704)
    hem, spread = drawing.number("hem", 44), drawing.number("spread", 62)
    _legs(canvas, _leg(waist, hip, hem, hem_y, crotch_y, spread), crotch_y, hem_y)
    is_jeans = drawing.material == "denim"
    _fly(canvas, crotch_y)
    _slant_pockets(canvas, waist, hip, is_jeans)
    _waistband(canvas, waist)
    for sign in (1, -1):
        hem_line = trail(
            Knot(sign * (spread - hem), hem_y - 12),
            Knot(sign * spread, hem_y - 9),
            Knot(sign * (spread + hem), hem_y - 14),
        )
        canvas.stitch(hem_line)
        if drawing.word("crease") == "yes":
            canvas.line(f"M{sign * 58} {WAIST_Y + 70}L{sign * spread:.0f} {hem_y - 4:.0f}", 1.8, opacity=0.5)
            canvas.line(f"M{sign * 44} {WAIST_Y + 30}L{sign * 48} {WAIST_Y + 84}", 1.8, opacity=0.5)
        if drawing.word("cargo") == "yes":
            _cargo(canvas, sign * (spread + hem * 0.42 + 8), crotch_y + 96)
        if drawing.word("turnup") == "yes":
            _turn_up(canvas, sign, spread, hem, hem_y)
    if is_jeans:
        _denim_details(canvas, hip, crotch_y, hem_y, spread, hem)


def _cargo(canvas: Canvas, x: float, y: float) -> None:
    canvas.piece(box(x - 30, y, 60, 72, 5), puff=4)
    canvas.piece(box(x - 32, y - 4, 64, 24, 4), puff=3)
    canvas.button(x, y + 11, 5)


def _turn_up(canvas: Canvas, sign: int, spread: float, hem: float, hem_y: float) -> None:
    a, b = sign * (spread - hem - 2), sign * (spread + hem + 2)
    d = closed(
        sharp(a, hem_y - 26), sharp(b, hem_y - 28), sharp(b, hem_y), soft(sign * spread, hem_y + 5), sharp(a, hem_y + 2)
    )
    canvas.piece(d, fill=lighten(canvas.colour, 0.35), puff=4, is_plain=True)


def _denim_details(canvas: Canvas, hip: float, crotch_y: float, hem_y: float, spread: float, hem: float) -> None:
    """Whiskers, faded thighs, side-seam topstitching and rivets."""
    for sign in (1, -1):
        fade = lens(sign * 62, crotch_y - 50, sign * (spread - 2), hem_y - 70, 30)
        canvas.gleam(fade, 0.16 if luminance(canvas.colour) > 0.2 else 0.05, 9)
        canvas.stitch(
            trail(
                Knot(sign * (hip - 6), WAIST_Y + 110),
                Knot(sign * (hip - 4), crotch_y),
                Knot(sign * (spread + hem - 6), hem_y - 16),
            )
        )
        canvas.hole(sign * (hip - 12), WAIST_Y + 72, 3, "#b87f4a")


def track_pants(canvas: Canvas) -> None:
    """Joggers: elastic waist with cord, ribbed ankles or straight, side stripe."""
    drawing = canvas.drawing
    hem_y, crotch_y = drawing.number("hem_y", 676), WAIST_Y + 216
    hem, spread = drawing.number("hem", 34), 66.0
    _legs(canvas, _leg(94, 116, hem, hem_y, crotch_y, spread), crotch_y, hem_y)
    canvas.line(f"M0 {WAIST_Y + 30}V{crotch_y}", 1.6, opacity=0.5)
    for sign in (1, -1):
        canvas.line(f"M{sign * 70} {WAIST_Y + 34}L{sign * 110} {WAIST_Y + 110}", 2.4)
        if drawing.word("stripe") == "yes":
            line = trail(
                Knot(sign * 96, WAIST_Y + 34),
                Knot(sign * 106, WAIST_Y + 120),
                Knot(sign * 106, crotch_y),
                Knot(sign * (spread + hem - 9), hem_y - 4),
            )
            canvas.line(line, 9, drawing.accent, 0.95)
        if drawing.word("cuff", "rib") == "rib":
            canvas.rib(trail(Knot(sign * (spread - hem), hem_y + 6), Knot(sign * (spread + hem), hem_y + 4)), 30)
    _elastic(canvas, 95)


def shorts(canvas: Canvas) -> None:
    """Shorts: tailored, denim or with elastic waist."""
    drawing = canvas.drawing
    crotch_y = WAIST_Y + 205
    hem_y = crotch_y + drawing.number("inseam", 130)
    hem = drawing.number("hem", 66)
    waist, hip, spread = 92.0, 116.0, hem + 5
    with canvas.group(f"translate(0 {160 - drawing.number('inseam', 130) * 0.5:.0f})"):
        _legs(canvas, _leg(waist, hip, hem, hem_y, crotch_y, spread), crotch_y, hem_y)
        if drawing.word("waistband") == "elastic":
            canvas.line(f"M0 {WAIST_Y + 30}V{crotch_y}", 1.6, opacity=0.5)
            for sign in (1, -1):
                canvas.line(f"M{sign * 66} {WAIST_Y + 34}L{sign * 112} {WAIST_Y + 106}", 2.2)
            _elastic(canvas, waist + 2)
        else:
            _fly(canvas, crotch_y)
            _slant_pockets(canvas, waist, hip, drawing.material == "denim")
            _waistband(canvas, waist)
        for sign in (1, -1):
            canvas.stitch(
                trail(
                    Knot(sign * (spread - hem), hem_y - 12),
                    Knot(sign * spread, hem_y - 9),
                    Knot(sign * (spread + hem), hem_y - 14),
                )
            )
            if drawing.word("turnup") == "yes":
                _turn_up(canvas, sign, spread, hem, hem_y)


def leggings(canvas: Canvas) -> None:
    """Leggings: close to the leg, high smooth waistband."""
    drawing = canvas.drawing
    hem_y, crotch_y = drawing.number("hem_y", 706), WAIST_Y + 196
    knots = [
        sharp(-1, WAIST_Y + 10), sharp(76, WAIST_Y + 8), soft(96, WAIST_Y + 126), soft(98, crotch_y + 6),
        soft(80, 470), soft(78, 560), sharp(68, hem_y), soft(50, hem_y + 4), sharp(32, hem_y), soft(22, 570),
        soft(24, 470), soft(4, crotch_y + 26), sharp(-1, crotch_y),
    ]  # fmt: skip
    _legs(canvas, knots, crotch_y, hem_y)
    canvas.line(f"M0 {WAIST_Y + 40}V{crotch_y}", 1.6, opacity=0.5)
    panel = [
        sharp(60, WAIST_Y + 44), soft(92, crotch_y), soft(76, 480), sharp(60, hem_y - 4), sharp(68, hem_y - 2),
        soft(80, 480), soft(98, crotch_y), sharp(84, WAIST_Y + 44)]  # fmt: skip
    if drawing.word("panel") == "yes":
        for shape in (panel, flipped(panel)):
            canvas.piece(closed(*shape), fill=drawing.accent, puff=4, is_plain=True)
    band = mirrored(soft(0, WAIST_Y + 4), sharp(76, WAIST_Y), sharp(85, WAIST_Y + 46), soft(0, WAIST_Y + 54))
    canvas.piece(band, puff=6)
    for sign in (1, -1):
        canvas.stitch(f"M{sign * 33} {hem_y - 10:.0f}H{sign * 67}")


def skirt(canvas: Canvas) -> None:
    """Skirts: A-line, pencil, pleated, tiered; mini to maxi."""
    drawing = canvas.drawing
    waist, hem = drawing.number("waist", 82), drawing.number("hem", 170)
    top, hem_y = 150.0, drawing.number("hem_y", 560)
    shift = (800 - top - hem_y) / 2 - 10
    with canvas.group(f"translate(0 {shift:.0f})"):
        hip = waist + (hem - waist) * 0.3 + 12
        d = mirrored(
            soft(0, top + 8), sharp(waist, top), soft(hip, top + 110), sharp(hem, hem_y),
            soft(hem * 0.55, hem_y + 16), soft(0, hem_y + 20),
        )  # fmt: skip
        canvas.piece(d)
        kind = drawing.word("kind", "a-line")
        if kind == "pleated":
            _pleats(canvas, waist, hem, top, hem_y, d)
        elif kind == "tiered":
            _tiers(canvas, hip, hem, top, hem_y, d)
        else:
            shapes = [
                lens(x * waist / hem, top + 30, x, hem_y + 12, 11, x * 0.05)
                for x in (-hem * 0.7, -hem * 0.3, hem * 0.16, hem * 0.58)
            ]
            canvas.folds(shapes if kind == "a-line" else shapes[1:3], within=d, opacity=0.28)
        if kind == "button":
            canvas.line(f"M-13 {top + 20}V{hem_y + 16}M13 {top + 20}V{hem_y + 16}", 1.8)
            for k in range(7):
                canvas.button(0, top + 46 + k * (hem_y - top - 60) / 6.6)
        if kind == "pencil":
            canvas.line(f"M0 {hem_y - 70}V{hem_y + 18}M-40 {top + 26}L-34 {top + 96}M40 {top + 26}L34 {top + 96}", 2)
        canvas.stitch(arch(soft(0, hem_y + 6), soft(hem * 0.55, hem_y + 3), soft(hem - 5, hem_y - 12)))
        band = mirrored(soft(0, top - 14), sharp(waist - 2, top - 20), sharp(waist + 1, top + 8), soft(0, top + 16))
        canvas.piece(band, fill=mix(canvas.colour, canvas.ink, 0.1), puff=4, is_plain=True)


def _pleats(canvas: Canvas, waist: float, hem: float, top: float, hem_y: float, d: str) -> None:
    n = 9
    shapes = []
    for k in range(-n + 1, n):
        x0, x1 = waist * k / n, hem * k / n
        drop = 20 - 18 * (k / n) ** 2
        canvas.line(f"M{x0:.0f} {top + 8}Q{x0 * 1.25:.0f} {top + 130} {x1:.0f} {hem_y + drop:.0f}", 1.5, opacity=0.5)
        shapes.append(f"M{x0:.0f} {top}L{x1:.0f} {hem_y + 20}h{hem / n * 0.55:.0f}L{x0 + 3:.0f} {top}Z")
    canvas.folds(shapes, within=d, opacity=0.26, blur=2.5)


def _tiers(canvas: Canvas, hip: float, hem: float, top: float, hem_y: float, d: str) -> None:
    for f in (0.34, 0.66):
        y, w = top + (hem_y - top) * f, hip + (hem - hip) * f - 4
        canvas.line(arch(soft(0, y + 14), soft(w * 0.6, y + 11), soft(w, y)), 2)
        canvas.folds(
            [lens(w * k / 5, y + 12, w * k / 5 * 1.08, y + 66, 6) for k in range(-5, 6)], within=d, opacity=0.3, blur=3
        )
