"""A small drawn shop to train on, and short runs over it."""

import json
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from PIL import Image, ImageDraw

from tools.blip2_pictures import PictureFormat
from training.arguments import build_parser
from training.loop import Run
from training.start import start

COLOURS = {"red": (200, 40, 40), "blue": (40, 60, 200), "green": (40, 160, 60), "black": (20, 20, 20)}
CATEGORIES = ("T-shirt", "Dress", "Belt")
FORM = PictureFormat(size=28, pad_to_aspect=0.75)
# What every run of these tests shares: a small model and few, short steps.
SMALL = (
    "--image-size", "32", "--width", "64", "--batch", "8", "--matching", "4", "--photos", "4", "--warmup", "2",
    "--validation", "4", "--device", "cpu", "--precision", "bf16",
)  # fmt: skip


def write_shop(folder: Path, n: int = 24, first: int = 0, fixed: Mapping[str, str] = MappingProxyType({})) -> Path:
    """A folder of drawn items, each in a colour and shape of its own kind; `fixed` fields are the same for all."""
    (folder / "images").mkdir(parents=True)
    lines = []
    for at in range(first, first + n):
        colour, category = list(COLOURS)[at % 4], CATEGORIES[at % 3]
        image = Image.new("RGB", (60, 80), (250, 250, 250))
        box = ((10, 10, 50, 70), (20, 5, 40, 75), (5, 35, 55, 45))[at % 3]
        ImageDraw.Draw(image).rectangle((*box[:3], box[3] - at % 7), fill=COLOURS[colour])
        image.save(folder / "images" / f"{at}.png")
        row = {"sku": f"s{at}", "title": f"{colour} {category} no {at}", "category": category, "colour": colour}
        row |= {"gender": "female" if at % 2 else "male", "age_group": "adult", "image": f"images/{at}.png"}
        lines.append(json.dumps({**row, **fixed}))
    (folder / "items.jsonl").write_text("".join(line + "\n" for line in lines), encoding="utf-8")
    return folder


def arguments(shop: Path, out: Path, *more: str) -> list[str]:
    """The command line of a short run."""
    return ["--data", str(shop), "--out", str(out), *SMALL, *more]


def train(shop: Path, out: Path, *more: str) -> Run:
    """A short run in this process."""
    return start(build_parser().parse_args(arguments(shop, out, *more)))


def log_of(out: Path) -> list[dict[str, float]]:
    """The lines of a run's log."""
    return [json.loads(line) for line in (out / "log.jsonl").read_text(encoding="utf-8").splitlines()]
