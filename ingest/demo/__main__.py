"""`python -m ingest.demo`: write the demo shop as files, or a contact sheet of its pictures."""

import argparse
from collections.abc import Iterable
from pathlib import Path

from ingest.demo import DEFAULT_GROUPS, DEFAULT_SEED, DemoItem, demo_rows
from ingest.demo.export import contact_sheet, write
from ingest.demo.picture import DRAWERS


def main() -> None:
    """Read the arguments and do what they ask."""
    parser = argparse.ArgumentParser(prog="python -m ingest.demo", description=__doc__)
    goal = parser.add_mutually_exclusive_group(required=True)
    goal.add_argument("--out", type=Path, help="folder for items.jsonl and images/")
    goal.add_argument("--contact-sheet", type=Path, help="picture file showing one item per group")
    parser.add_argument("--seed", type=int, default=DEFAULT_SEED)
    parser.add_argument("--groups", type=int, default=DEFAULT_GROUPS)
    parser.add_argument("--category", help="only this category on the contact sheet, every item of it")
    parser.add_argument("--card-width", type=int, default=150, help="width of a card on the contact sheet")
    args = parser.parse_args()
    if args.category and args.category not in DRAWERS:
        parser.error(f"no category {args.category!r}; known: {', '.join(DRAWERS)}")
    if args.groups < 1:
        parser.error(f"--groups {args.groups} is too few; ask for 1 or more")
    items = list(demo_rows(args.seed, args.groups))
    try:
        _make(args, items)
    except OSError as error:
        parser.exit(1, f"the demo shop cannot be written: {error}\n")


def _make(args: argparse.Namespace, items: list[DemoItem]) -> None:
    if args.out:
        write(items, args.out)
        print(f"{len(items)} items written to {args.out}")
        return
    shown = [item for item in items if item.category == args.category] if args.category else _firsts(items)
    contact_sheet(shown, args.card_width).save(args.contact_sheet)


def _firsts(items: Iterable[DemoItem]) -> list[DemoItem]:
    """The first item of each group, sorted by category."""
    first = {item.item_group_id: item for item in reversed(list(items))}
    return sorted(first.values(), key=lambda item: (item.category, item.sku))


if __name__ == "__main__":
    main()
