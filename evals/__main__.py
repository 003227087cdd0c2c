"""`python -m evals`: measure the whole."""

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path

from env.errors import VitrineError
from env.settings import load_settings
from evals.intent import add_intent_arguments, intent


def parse() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m evals", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    attributes = commands.add_parser(
        "attributes", help="find pictures by article type, colour and gender, and by title"
    )
    attributes.add_argument("folders", type=Path, nargs="+", metavar="DIR", help="folder with items.jsonl and images/")
    attributes.add_argument(
        "--embedder", metavar="E", help="checkpoint folder or hub id (default: the EMBEDDER setting)"
    )
    attributes.add_argument("--json", action="store_true", help="one JSON object instead of a table")
    add_intent_arguments(commands.add_parser("intent", help="read labelled messages and compare the intents"))
    return parser.parse_args()


def attributes(arguments: argparse.Namespace) -> None:
    """Measure and print what `evals/attributes.py` measures."""
    from evals.attributes import measure_attributes
    from tools.embedder import load_embedder

    settings = load_settings()
    if arguments.embedder:
        settings = settings.model_copy(update={"embedder": arguments.embedder})
    report = measure_attributes(arguments.folders, load_embedder(settings))
    if arguments.json:
        print(json.dumps(asdict(report)))
        return
    print(f"{report.n_items} items, {report.n_attribute_queries} attribute queries, {report.n_titles} titles")
    print(f"{'':8} {'counted':9} {'type':>6} {'colour':>6} {'gender':>6} {'all':>6}   P@10   title R@10")
    for row in report.rows:
        figures = " ".join(f"{value:6.3f}" for value in (row.category, row.colour, row.gender, row.all))
        print(f"{row.ranking:8} {row.counted:9} {figures} {row.title_recall_at_10:19.3f}")


COMMANDS = {"attributes": attributes, "intent": intent}


def main() -> int:
    """Run the command; 0 when done, 1 with one line on stderr otherwise."""
    arguments = parse()
    try:
        COMMANDS[arguments.command](arguments)
    except VitrineError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
