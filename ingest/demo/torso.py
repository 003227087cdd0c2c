"""The upper body of garments: trunk, neckline and sleeves, shared by tops, knitwear, dresses and outerwear."""

from dataclasses import dataclass
from math import cos, radians, sin

from ingest.demo.canvas import Canvas
from ingest.demo.geometry import Knot, arch, closed, flipped, lens, mirrored, sharp, soft, trail
from ingest.demo.palette import darken
from ingest.demo.spec import Drawing

NECK_Y = 150.0
ARMPIT_Y = 296.0


@dataclass(frozen=True, slots=True)
class Trunk:
    """Measures of an upper body, in picture units from the middle. `waist` is how far the sides go in."""

    neck: float
    depth: float
    shoulder: float
    chest: float
    waist: float
    hem_y: float
    hem: float
    strap: float = 0.0
    is_vee: bool = False

    @property
    def shoulder_y(self) -> float:
        """Shoulders slope: the wider, the lower their tip."""
        return NECK_Y + (self.shoulder - self.neck) * 0.4


_NECKS = {  # half width, depth of the neckline's middle, is it a v
    "crew": (46.0, 192.0, False), "scoop": (60.0, 232.0, False), "v": (48.0, 250.0, True),
    "boat": (82.0, 178.0, False), "square": (66.0, 222.0, False), "high": (42.0, 160.0, False),
    "collar": (44.0, 172.0, True), "deep-v": (48.0, 330.0, True), "henley": (46.0, 190.0, False),
}  # fmt: skip


def trunk_of(drawing: Drawing, hem_y: float = 610.0, chest: float = 128.0) -> Trunk:
    """The trunk a drawing's shape asks for: neck, width, waist, length and strap."""
    neck, depth, is_vee = _NECKS[drawing.word("neck", "crew")]
    width = drawing.number("width", 1.0)
    strap = drawing.number("strap", 0.0)
    shoulder = neck + strap if strap else 138 * (0.5 + 0.5 * width)
    return Trunk(
        neck=neck,
        depth=depth + drawing.number("depth", 0.0),
        shoulder=shoulder,
        chest=chest * width,
        waist=drawing.number("waist", 8.0),
        hem_y=hem_y + drawing.number("length", 0.0),
        hem=chest * width + drawing.number("flare", 0.0),
        strap=strap,
        is_vee=is_vee,
    )


def neckline(t: Trunk) -> list[Knot]:
    """Right half of the front neckline, from the middle up to the neck point."""
    if t.is_vee:
        return [sharp(0, t.depth), soft(t.neck * 0.66, NECK_Y + (t.depth - NECK_Y) * 0.36), sharp(t.neck, NECK_Y)]
    return [soft(0, t.depth), soft(t.neck * 0.74, NECK_Y + (t.depth - NECK_Y) * 0.66), sharp(t.neck, NECK_Y)]


def side(t: Trunk, to_y: float | None = None) -> list[Knot]:
    """Right side from the shoulder tip past armhole and waist down to the hem (or to `to_y`)."""
    end = t.hem_y if to_y is None else to_y
    armhole = 96 if t.strap else 118
    knots = [
        sharp(t.shoulder, t.shoulder_y),
        soft(min(armhole, t.shoulder - 8) if not t.strap else t.shoulder + 8, 232),
    ]
    knots += [sharp(t.chest - 2, ARMPIT_Y), soft(t.chest - t.waist, (ARMPIT_Y + end) / 2 - 10)]
    return [*knots, sharp(t.hem, end)]


def outline(t: Trunk, hem_drop: float = 8.0) -> str:
    """The trunk's closed outline; its hem hangs `hem_drop` lower in the middle."""
    return mirrored(*neckline(t), *side(t), soft(t.hem * 0.5, t.hem_y + hem_drop * 0.9), soft(0, t.hem_y + hem_drop))


def back(canvas: Canvas, t: Trunk, tone: str | None = None) -> None:
    """The inside of the back seen through the neckline, with its label."""
    inside = tone or darken(canvas.colour, 0.42)
    rise = 10 if t.neck < 70 else 4
    d = mirrored(
        soft(0, NECK_Y + rise), sharp(t.neck + 2, NECK_Y - 2), sharp(t.neck + 6, NECK_Y + 14), soft(0, t.depth + 14)
    )
    canvas.piece(d, fill=inside, puff=5, is_plain=True)
    if t.neck < 62:
        canvas.flat(f"M-13 {NECK_Y + rise + 5:.0f}h26v13h-26Z", "#efe6d6", 0.9)
        canvas.line(f"M-7 {NECK_Y + rise + 11.5:.1f}h14", 1.4, "#8a7768", 0.8)


@dataclass(frozen=True, slots=True)
class Sleeve:
    """Right sleeve: outline knots, the cuff's two ends, and the angle it hangs at (degrees from vertical)."""

    knots: list[Knot]
    cuff: tuple[Knot, Knot]
    angle: float


def sleeve_of(t: Trunk, length: float, cuff: float = 30.0, bulge: float = 0.0) -> Sleeve:
    """A sleeve of `length` from the shoulder; `cuff` is half its end's width, `bulge` widens its middle (puff)."""
    angle = max(9.0, 44.0 - length * 0.092)
    a = radians(angle)
    sx, sy = t.shoulder - 12, t.shoulder_y + 26
    ex, ey = sx + sin(a) * length + 16, sy + cos(a) * length
    px, py = cos(a) * cuff, -sin(a) * cuff
    out, inn = sharp(ex + px, ey + py), sharp(ex - px, ey - py)
    top = Knot(t.shoulder - 8, t.shoulder_y - 3, True)
    arm = 40 - length * 0.012 + bulge
    m1 = (sx + sin(a) * length * 0.30 + cos(a) * arm + 10, sy + cos(a) * length * 0.30 - sin(a) * arm - 6)
    m2 = (
        sx + sin(a) * length * 0.62 + cos(a) * (arm * 0.6 + cuff * 0.42) + 10,
        sy + cos(a) * length * 0.62 - sin(a) * arm,
    )
    i1 = (ex - px + (t.chest - ex + px) * 0.52 - 4 + bulge * 0.3, ey - py + (ARMPIT_Y - ey + py) * 0.52)
    cap = soft(t.shoulder + 10 + bulge * 0.3, t.shoulder_y + 14)
    knots = [
        top, cap, soft(*m1), soft(*m2), out, inn, soft(*i1), sharp(t.chest - 6, ARMPIT_Y - 2),
        soft(t.chest - 34, 240)]  # fmt: skip
    return Sleeve(knots, (out, inn), angle)


def sleeves(canvas: Canvas, s: Sleeve, fill: str | None = None, is_plain: bool = False) -> None:
    """Both sleeves, pattern turned along each arm, with soft folds at elbow and armpit."""
    for sign in (1, -1):
        knots = s.knots if sign > 0 else flipped(s.knots)
        d = closed(*knots)
        canvas.piece(d, fill=fill, angle=-sign * s.angle, is_plain=is_plain)
        ax, ay = sign * abs(s.knots[7].x), s.knots[7].y
        out, inn = s.cuff
        mx, my = (out.x + inn.x) / 2 * sign, (out.y + inn.y) / 2
        creases = [lens(ax, ay, ax + (mx - ax) * 0.5, ay + (my - ay) * 0.36, 9, sign * 4)]
        if my - ay > 120:
            creases += [
                lens(
                    ax + (mx - ax) * 0.34 - sign * 14,
                    ay + (my - ay) * 0.4,
                    ax + (mx - ax) * 0.5 + sign * 26,
                    ay + (my - ay) * 0.3,
                    6,
                ),
                lens(mx - sign * 16, my - 52, mx + sign * 18, my - 66, 6),
            ]
        canvas.folds(creases, within=d, opacity=0.24)


def cuff_line(s: Sleeve, sign: int, inset: float = 0.0) -> str:
    """The line across a sleeve's end, `inset` up the arm."""
    a = radians(s.angle)
    dx, dy = -sin(a) * inset, -cos(a) * inset
    ends = [Knot((k.x + dx) * sign, k.y + dy) for k in s.cuff]
    mid = Knot((ends[0].x + ends[1].x) / 2 + sign * sin(a) * 3, (ends[0].y + ends[1].y) / 2 + 3)
    return trail(ends[0], mid, ends[1])


def body_folds(canvas: Canvas, t: Trunk, d: str) -> None:
    """Creases that run from the armpits and gather above the hem, a little different in every drawing."""
    rng = canvas.rng
    shapes = []
    for sign in (1, -1):
        x = sign * (t.chest - 4)
        shapes.append(
            lens(x, ARMPIT_Y + 4, x - sign * rng.uniform(46, 76), ARMPIT_Y + rng.uniform(46, 90), 9, sign * 6)
        )
        shapes.append(
            lens(x - sign * 4, ARMPIT_Y + 30, x - sign * rng.uniform(20, 34), ARMPIT_Y + rng.uniform(130, 170), 8)
        )
        foot = sign * t.hem * rng.uniform(0.32, 0.66)
        shapes.append(
            lens(foot, t.hem_y + 4, foot + sign * rng.uniform(-14, 22), t.hem_y - rng.uniform(90, 150), 10, sign * 5)
        )
    canvas.folds(shapes, within=d)


def hem_stitch(canvas: Canvas, t: Trunk, drop: float = 8.0, up: float = 14.0) -> None:
    """A row of stitches above the hem."""
    y = t.hem_y - up
    canvas.stitch(arch(soft(0, y + drop), soft(t.hem * 0.5, y + drop * 0.9), soft(t.hem - 2, y)))


def trims(canvas: Canvas) -> str | None:
    """Sleeves and bands of a colour-blocked or ringer design take the accent; others the cloth's own colour."""
    drawing = canvas.drawing
    return drawing.accent if drawing.pattern == "colour-block" or drawing.word("trim") == "contrast" else None
