"""Headwear: caps, hats and beanies."""

from math import cos, sin

from ingest.demo.canvas import Canvas
from ingest.demo.geometry import Knot, arch, closed, ellipse, lens, mirrored, sharp, soft, trail
from ingest.demo.palette import darken, lighten, mix


def cap(canvas: Canvas) -> None:
    """Baseball cap, three quarters to the left: panels, button, stitched brim."""
    drawing = canvas.drawing
    accent = drawing.accent if drawing.pattern == "colour-block" or drawing.word("trim") == "contrast" else None
    crown = closed(
        sharp(-128, 470), soft(-132, 380), soft(-84, 292), soft(20, 262), soft(124, 296), soft(172, 380),
        sharp(176, 478), soft(60, 456), soft(-40, 456))  # fmt: skip
    canvas.piece(crown, puff=18)
    front = closed(
        sharp(-128, 470), soft(-132, 380), soft(-84, 292), soft(14, 262), soft(-4, 350), sharp(-2, 456), soft(-60, 458)
    )
    canvas.piece(front, puff=8)
    canvas.line(trail(Knot(14, 262), Knot(90, 330), Knot(112, 460)), 2)
    canvas.stitch(trail(Knot(20, 264), Knot(98, 330), Knot(120, 462)))
    canvas.stitch(trail(Knot(8, 264), Knot(-12, 350), Knot(-10, 454)))
    for x, y in ((-76, 330), (66, 350), (142, 380)):
        canvas.hole(x, y, 5, darken(canvas.colour, 0.35))
    brim = closed(
        sharp(-130, 462), soft(-60, 446), sharp(0, 454), soft(-30, 500), soft(-120, 532), soft(-216, 534),
        soft(-250, 512), soft(-218, 482))  # fmt: skip
    canvas.piece(brim, fill=accent, puff=10, is_plain=accent is not None)
    for k in range(3):
        f = 0.86 - 0.2 * k
        canvas.stitch(
            trail(Knot(-118 - 100 * f, 478 + 30 * f), Knot(-110, 462 + 62 * f), Knot(-20, 458 + 36 * f)), width=1.3
        )
    canvas.piece(ellipse(14, 262, 15, 8), fill=accent, puff=3, is_plain=True)
    if drawing.word("badge", "yes") == "yes":
        tone = lighten(canvas.colour, 0.8) if drawing.accent == canvas.colour else drawing.accent
        canvas.flat(ellipse(-72, 388, 27, 29), tone)
        canvas.line("M-85 401L-72 374L-59 398M-79 391H-64", 5, darken(canvas.colour, 0.2), 1)


def hat(canvas: Canvas) -> None:
    """Fedora, wide sun hat or bucket hat."""
    drawing = canvas.drawing
    kind = drawing.word("kind", "fedora")
    if kind == "bucket":
        _bucket(canvas)
        return
    wide = drawing.number("brim", 232)
    curl = 10 if kind == "sun" else -16
    brim = mirrored(
        soft(0, 452), soft(140, 446), soft(wide, 486 + curl), soft(wide + 6, 500 + curl), soft(150, 536), soft(0, 548)
    )
    canvas.piece(brim, puff=12)
    canvas.folds([ellipse(0, 492, 150, 26)], within=brim, opacity=0.4, blur=9)
    if kind == "sun":
        crown = mirrored(soft(0, 312), soft(72, 324), soft(108, 390), sharp(118, 476), soft(60, 496), soft(0, 500))
    else:
        crown = mirrored(
            soft(0, 318), soft(34, 304), soft(82, 300), soft(104, 340), sharp(120, 474), soft(60, 494), soft(0, 498)
        )
    canvas.piece(crown, puff=16)
    if kind == "fedora":
        canvas.folds(
            [lens(0, 316, 4, 420, 18), lens(-66, 350, -40, 420, 9), lens(66, 350, 42, 420, 9)],
            within=crown,
            opacity=0.36,
        )
    _ribbon(canvas, kind)
    for k in range(3 if drawing.material == "straw" else 1):
        canvas.line(
            arch(soft(0, 540 - k * 14), soft(146, 528 - k * 12), soft(wide - 6 - k * 16, 500 + curl - k * 4)),
            1.8,
            opacity=0.5,
        )


def _ribbon(canvas: Canvas, kind: str) -> None:
    """The band about the crown, with hanging ends or a flat bow."""
    band = canvas.drawing.accent
    ribbon = mirrored(soft(0, 456), soft(60, 450), sharp(113, 430), sharp(119, 474), soft(60, 494), soft(0, 498))
    canvas.piece(ribbon, fill=band, puff=6, is_plain=True)
    if kind == "sun":
        canvas.piece(
            closed(sharp(92, 452), soft(140, 470), sharp(176, 530), sharp(150, 536), soft(122, 500), sharp(90, 478)),
            fill=band,
            puff=4,
            is_plain=True,
        )
    else:
        canvas.piece(
            closed(sharp(70, 446), sharp(104, 436), sharp(110, 478), sharp(76, 490)),
            fill=mix(band, canvas.ink, 0.15),
            puff=4,
            is_plain=True,
        )


def _bucket(canvas: Canvas) -> None:
    brim = mirrored(soft(0, 440), soft(120, 430), soft(196, 500), soft(208, 526), soft(110, 548), soft(0, 556))
    crown = mirrored(soft(0, 296), soft(70, 298), soft(108, 316), soft(122, 400), sharp(132, 462), soft(0, 478))
    canvas.piece(brim, puff=12)
    for k in range(4):
        f = k / 4
        canvas.stitch(arch(soft(0, 496 + 52 * f), soft(100, 490 + 50 * f), soft(158 + 38 * f, 482 + 34 * f)), width=1.3)
    canvas.piece(crown, puff=16)
    canvas.line(arch(soft(0, 330), soft(70, 326), soft(110, 318)), 2)
    for x in (-64, -48):
        canvas.hole(x, 396, 5, darken(canvas.colour, 0.3))


def beanie(canvas: Canvas) -> None:
    """Knitted beanie with turned-up rib, with or without pompom."""
    drawing = canvas.drawing
    accent = drawing.accent if drawing.pattern == "colour-block" or drawing.word("trim") == "contrast" else None
    if drawing.word("pompom", "no") == "yes":
        for k in range(60):
            turn, reach = canvas.rng.uniform(0, 6.3), 44 * canvas.rng.random() ** 0.5
            x, y = reach * cos(turn), 214 + reach * sin(turn)
            tone = mix(accent or canvas.colour, "#fff1d8" if k % 2 else "#2a1a2c", 0.04 + 0.003 * k)
            canvas.flat(ellipse(x, y, canvas.rng.uniform(14, 26)), tone)
    slouch = drawing.number("slouch", 0)
    crown = mirrored(
        soft(0, 246 - slouch), soft(96, 272 - slouch * 0.6), soft(152, 366), soft(160, 470), sharp(158, 500),
        soft(0, 510))  # fmt: skip
    canvas.piece(crown, puff=20)
    for k in range(-6, 7):
        x = k * 25
        canvas.line(
            trail(Knot(x * 0.32, 256 - slouch + abs(k) * 3.2), Knot(x * 0.86, 350), Knot(x, 492)), 2.6, opacity=0.28
        )
    canvas.folds([lens(-120, 330, -60, 470, 10), lens(100, 320, 70, 450, 9)], within=crown)
    cuff = mirrored(
        soft(0, 470), soft(90, 464), sharp(164, 452), soft(168, 510), sharp(160, 560), soft(80, 576), soft(0, 580)
    )
    canvas.piece(cuff, fill=accent, puff=10, is_plain=accent is not None)
    for k in range(-12, 13):
        x = k * 13.2
        drop = 8 * (1 - (k / 12) ** 2)
        canvas.line(f"M{x:.0f} {460 + drop:.0f}L{x * 0.98:.0f} {564 + drop * 1.6:.0f}", 2.6, opacity=0.32)
    if drawing.word("badge", "no") == "yes":
        canvas.piece("M64 500h52v34h-52Z", fill="#a4703f", puff=3, is_plain=True)
        canvas.stitch("M69 505h42v24h-42Z", "#e9cfa4", 1.2)
