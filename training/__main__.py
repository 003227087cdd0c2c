"""`python -m training`: train BLIP-2 on a catalogue, from scratch or from a checkpoint."""

import argparse
import logging
import sys
from pathlib import Path
from typing import Any

from env.errors import VitrineError


def parse() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m training", description=__doc__)
    add_folders(parser)
    add_model(parser)
    add_course(parser)
    return parser.parse_args()


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
    parser.add_argument("--validation", type=int, default=2000, metavar="N", help="items held back to measure on")


def add_model(parser: argparse.ArgumentParser) -> None:
    """What is trained, and which of its parts."""
    told = "start from this checkpoint folder or hub id instead of random weights"
    parser.add_argument("--from", dest="start", default="", metavar="CHECKPOINT", help=told)
    parser.add_argument("--freeze-vision", action="store_true", help="train the Q-Former and the heads only")
    told = "from scratch: side of the square input in pixels"
    parser.add_argument("--image-size", type=int, default=112, metavar="N", help=told)
    told = "from scratch: width of both towers, a multiple of 64"
    parser.add_argument("--width", type=int, default=256, metavar="N", help=told)


def add_course(parser: argparse.ArgumentParser) -> None:
    """How long, how fast and by which objectives it learns."""
    add = parser.add_argument
    add("--steps", type=int, metavar="N", help="optimizer steps in all (default: as many as --epochs need)")
    add("--epochs", type=float, default=16, metavar="N")
    add("--batch", type=int, default=256, metavar="N")
    add("--accumulate", type=int, default=1, metavar="N", help="batches per optimizer step")
    add("--learning-rate", type=float, default=6e-4)
    add("--warmup", type=int, default=150, metavar="STEPS")
    add("--kept-patches", type=float, default=0.5, metavar="SHARE", help="share of each picture shown in a step")
    add("--plenty", type=int, default=40, metavar="N", help="kinds with fewer items come up to three times an epoch")
    add("--matching", type=int, default=32, metavar="ROWS", help="rows per batch for image-text matching; 0: none")
    add("--kin", type=float, default=0.375, metavar="SHARE", help="share of a batch that is of one category")
    add("--photos", type=int, default=64, metavar="ROWS", help="rows per batch shown twice, to find a photo's item")
    add("--attributes", type=float, default=0.25, metavar="WEIGHT", help="how much the attribute heads count")
    add("--evaluate-every", type=int, default=300, metavar="STEPS")
    add("--save-every", type=int, default=100, metavar="STEPS")
    add("--patience", type=int, default=8, metavar="ROUNDS", help="stop after so many measurements without gain")
    add("--seed", type=int, default=0)


def main() -> int:
    """Run the command; 0 when the run is complete, 1 with one line on stderr otherwise."""
    arguments = parse()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S")
    from training.start import start

    try:
        start(arguments)
    except VitrineError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("stopped; run the same command again to go on", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
