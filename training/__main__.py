"""`python -m training`: train BLIP-2 on a catalogue, from scratch or from a checkpoint."""

import argparse
import logging
import sys
from pathlib import Path

from env.errors import VitrineError


def parse() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m training", description=__doc__)
    add = parser.add_argument
    add(
        "--data",
        type=Path,
        action="append",
        required=True,
        metavar="DIR",
        help="folder with items.jsonl and images/; repeatable",
    )
    add(
        "--without",
        type=Path,
        action="append",
        default=[],
        metavar="DIR",
        help="never train on what this folder holds: same SKU, title or photo",
    )
    add(
        "--out",
        type=Path,
        required=True,
        metavar="DIR",
        help="where the run leaves its state, log and best checkpoint; continued if it exists",
    )
    add(
        "--from",
        dest="start",
        default="",
        metavar="CHECKPOINT",
        help="start from this checkpoint folder or hub id instead of random weights",
    )
    add("--cache", type=Path, metavar="DIR", help="where decoded pictures are kept (default: OUT/cache)")
    add("--steps", type=int, metavar="N", help="optimizer steps in all (default: as many as --epochs need)")
    add("--epochs", type=float, default=16, metavar="N")
    add("--batch", type=int, default=256, metavar="N")
    add("--accumulate", type=int, default=1, metavar="N", help="batches per optimizer step")
    add("--learning-rate", type=float, default=6e-4)
    add("--warmup", type=int, default=150, metavar="STEPS")
    add(
        "--kept-patches",
        type=float,
        default=0.5,
        metavar="SHARE",
        help="share of each picture shown in a step; 1 shows all",
    )
    add("--plenty", type=int, default=40, metavar="N", help="kinds with fewer items come up to three times an epoch")
    add(
        "--matching",
        type=int,
        default=32,
        metavar="ROWS",
        help="rows per batch for image-text matching; 0 leaves it out",
    )
    add("--attributes", type=float, default=0.25, metavar="WEIGHT", help="how much the attribute heads count")
    add("--validation", type=int, default=2000, metavar="N", help="items held back to measure on")
    add("--evaluate-every", type=int, default=300, metavar="STEPS")
    add("--save-every", type=int, default=100, metavar="STEPS")
    add("--patience", type=int, default=8, metavar="ROUNDS", help="stop after so many measurements without gain")
    add("--freeze-vision", action="store_true", help="train the Q-Former and the heads only")
    add("--image-size", type=int, default=112, help="from scratch: side of the square input in pixels")
    add("--width", type=int, default=256, metavar="N", help="from scratch: width of both towers, a multiple of 64")
    add("--seed", type=int, default=0)
    return parser.parse_args()


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
