"""The command line of `python -m training`, and the settings that a run is continued by."""

import argparse
import json
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from env.errors import VitrineError
from training.data import Example

ABOUT = "Train BLIP-2 on a catalogue, from scratch or from a checkpoint."
NOTE = "run.json"  # of a run's folder: its settings
# A run may be continued with other values of these; any other change would make it another run.
FREE_ARGUMENTS = ("cache", "steps", "epochs", "patience", "out", "device")


def build_parser() -> argparse.ArgumentParser:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m training", description=ABOUT)
    add_folders(parser)
    add_model(parser)
    add_course(parser)
    add_objectives(parser)
    return parser


def add_folders(parser: argparse.ArgumentParser) -> None:
    """What is learned from, and where the run lives."""
    folders: dict[str, Any] = {"type": Path, "action": "append", "metavar": "DIR"}
    told = "never train on what this folder holds: same SKU, title or photo; repeatable"
    parser.add_argument("--data", required=True, help="folder with items.jsonl and images/; repeatable", **folders)
    parser.add_argument("--without", default=[], help=told, **folders)
    told = "where the run leaves its state, log and best checkpoint; continued if it exists"
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help=told)
    told = "where decoded pictures are kept (default: OUT/cache)"
    parser.add_argument("--cache", type=Path, metavar="DIR", help=told)
    parser.add_argument("--validation", type=whole, default=2000, metavar="N", help="items held back to measure on")


def add_model(parser: argparse.ArgumentParser) -> None:
    """What is trained, which of its parts, and where."""
    told = "start from this checkpoint folder or hub id instead of random weights"
    parser.add_argument("--from", dest="start", default="", metavar="CHECKPOINT", help=told)
    parser.add_argument("--freeze-vision", action="store_true", help="train the Q-Former and its heads only")
    told = "from scratch: side of the square input in pixels"
    parser.add_argument("--image-size", type=positive, default=112, metavar="N", help=told)
    told = "from scratch: width of both towers, a multiple of 64"
    parser.add_argument("--width", type=positive, default=256, metavar="N", help=told)
    parser.add_argument("--device", choices=("auto", "cpu", "cuda", "mps"), default="auto")
    told = "of matrix products; auto: bf16 where the device multiplies it natively"
    parser.add_argument("--precision", choices=("auto", "bf16", "fp32"), default="auto", help=told)


def add_course(parser: argparse.ArgumentParser) -> None:
    """How long and how fast it learns."""
    add = parser.add_argument
    add("--steps", type=positive, metavar="N", help="optimizer steps in all (default: as many as --epochs need)")
    add("--epochs", type=float, default=16, metavar="N")
    add("--batch", type=positive, default=256, metavar="N")
    add("--accumulate", type=positive, default=1, metavar="N", help="batches per optimizer step")
    add("--learning-rate", type=float, default=6e-4)
    add("--warmup", type=whole, default=150, metavar="STEPS")
    add("--kept-patches", type=share, default=0.5, metavar="SHARE", help="share of each picture shown in a step")
    add("--plenty", type=whole, default=40, metavar="N", help="kinds with fewer items come up to three times an epoch")
    add("--evaluate-every", type=positive, default=300, metavar="STEPS")
    add("--save-every", type=positive, default=100, metavar="STEPS")
    told = "stop after so many measurements in a row without gain"
    add("--patience", type=positive, default=8, metavar="ROUNDS", help=told)
    add("--seed", type=whole, default=0)


def add_objectives(parser: argparse.ArgumentParser) -> None:
    """What it learns beside the contrast of pictures and texts."""
    add = parser.add_argument
    add("--matching", type=whole, default=32, metavar="ROWS", help="rows per batch for image-text matching; 0: none")
    told = "share of each contrastive target that goes to items of the same category, the same colour first"
    add("--like", type=share, default=0.4, metavar="SHARE", help=told)
    add("--kin", type=share, default=0.375, metavar="SHARE", help="share of a batch that is of one category")
    add("--photos", type=whole, default=64, metavar="ROWS", help="rows per batch shown twice, to find a photo's item")
    add("--home", type=share, default=0.25, metavar="SHARE", help="share of pictures shown as if taken at home")
    add("--attributes", type=float, default=0.25, metavar="WEIGHT", help="how much the attribute heads count")
    add("--generation", type=whole, default=0, metavar="ROWS", help="rows per batch whose caption is written; 0: none")


def whole(text: str) -> int:
    """A whole number from 0."""
    number = int(text)
    if number < 0:
        raise argparse.ArgumentTypeError(f"{text!r} is below 0")
    return number


def positive(text: str) -> int:
    """A whole number from 1."""
    number = whole(text)
    if number == 0:
        raise argparse.ArgumentTypeError(f"{text!r} is not 1 or more")
    return number


def share(text: str) -> float:
    """A number from 0 to 1."""
    number = float(text)
    if not 0 <= number <= 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a share from 0 to 1")
    return number


def check_settings(arguments: argparse.Namespace, train: Sequence[Example]) -> None:
    """Note the settings of a new run in run.json; refuse to continue one that was begun with others.

    A setting that the note does not have was not there when the run began: it had the value that is now the default.

    Raises:
        VitrineError: the run in `arguments.out` was begun with other settings.
    """
    settings: Mapping[str, Any] = {
        **{name: str(value) for name, value in vars(arguments).items() if name not in FREE_ARGUMENTS},
        "n_items": len(train),
        "items": sha256("\n".join(one.sku for one in train).encode()).hexdigest()[:16],
    }
    path = arguments.out / NOTE
    if path.exists() and (arguments.out / "state.safetensors").exists():
        parser = build_parser()
        begun = {name: str(parser.get_default(name)) for name in settings}
        begun |= json.loads(path.read_text(encoding="utf-8"))
        changed = sorted(name for name in settings if settings[name] != begun[name])
        if changed:
            raise VitrineError(
                f"{str(arguments.out)!r} holds a run with another {changed[0]} ({begun[changed[0]]!r}, now "
                f"{settings[changed[0]]!r}); continue it with its own settings or give another --out"
            )
    path.write_text(json.dumps(settings, indent=2) + "\n", encoding="utf-8")
