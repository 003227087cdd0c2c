"""`python -m evals`: measure the whole."""

import argparse
import sys
from importlib import import_module

from env.errors import VitrineError

# Each is a module of this room with `add_arguments(parser)` and `run(arguments)`.
COMMANDS = {
    "contact_sheet": "draw what searches show, to be looked at",
    "conversation": "play journeys of several turns, offline and behind protocols, and judge every turn",
    "full_size": "embed with a checkpoint of the full size, beside the article's way: time, memory, precision",
    "hostile": "answer with a model that obeys every injected instruction, and count what reaches the shopper",
    "insight": "count a long made-up log of turns, and time every figure",
    "intent": "read labelled messages and compare the intents",
    "latency": "time searches by their kind, beside the method that Vitrine started from",
    "replies": "check honest replies, and count the true sentences that are lost",
    "outfits": "complete looks, and count what cannot be worn together",
    "results": "write docs/results.md from kept runs, or run everything first",
    "retrieval": "find items by words, by a photo, by both, and within hard limits",
    "seeing": "tell attributes from pictures, by the bundled statements: how often, and how often rightly",
    "scale": "load synthetic catalogues of growing size and search them",
}


def parse() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m evals", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for name, told in COMMANDS.items():
        import_module(f"evals.{name}").add_arguments(commands.add_parser(name, help=told, description=told))
    return parser.parse_args()


def main() -> int:
    """Run the command; 0 when done, 1 with one line on stderr otherwise."""
    arguments = parse()
    try:
        import_module(f"evals.{arguments.command}").run(arguments)
    except VitrineError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
