"""`python -m training`: train BLIP-2 on a catalogue, from scratch or from a checkpoint."""

import logging
import sys

from env.errors import VitrineError
from training.arguments import build_parser


def main() -> int:
    """Run the command; 0 when the run is complete, 1 with one line on stderr otherwise."""
    arguments = build_parser().parse_args()
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
