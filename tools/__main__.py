"""`python -m tools search`: retrieval alone, from the command line."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from env.errors import FilterError, PhotoError, VitrineError
from env.logs import configure_logging
from env.settings import load_settings
from tools.blip2_files import locate
from tools.filter_words import parse_filters
from tools.item_json import hit_json
from tools.money import format_price
from tools.photo import decode_photo
from tools.query import PHOTO_WEIGHT, Found, Query
from tools.rules_command import rules_app
from tools.shop import Shop, open_shop

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, help="The shop without a conversation.")
app.add_typer(rules_app, name="rules")


@app.callback()
def _only_named_commands() -> None:
    """Keeps `search` a word to be written, as more commands may come."""


@app.command()
def search(
    text: Annotated[str, typer.Argument(help="What to look for; may be empty with --image.")] = "",
    image: Annotated[Path | None, typer.Option(help="A picture to look for.")] = None,
    top_k: Annotated[int, typer.Option(min=1, max=200, help="Number of hits, one per group of variants.")] = 8,
    filter_: Annotated[
        list[str] | None,
        typer.Option("--filter", help="NAME=VALUE or NAME!=VALUE, e.g. gender=women, price_max=30, in_stock=true."),
    ] = None,
    photo_weight: Annotated[
        float, typer.Option(min=0, max=1, help="From the words (0) to the picture (1).")
    ] = PHOTO_WEIGHT,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")] = False,
) -> None:
    """Find items by words, a picture, or both."""
    settings = load_settings()
    configure_logging(settings)
    with open_shop(settings) as shop:
        filters = parse_filters(filter_ or [], shop.catalog.vocabulary(), settings.currency)
        photo = decode_photo(_read(image), settings) if image else None
        query = Query(text=text, photo=photo, filters=filters, top_k=top_k, photo_weight=photo_weight)
        found = shop.catalog.search(query)
        if as_json:
            items = [hit_json(hit, shop.pictures) for hit in found.hits]
            typer.echo(json.dumps({"n_matching": found.n_matching, "items": items}, ensure_ascii=False))
        else:
            _draw(found, shop)


@app.command()
def checkpoint(
    name: Annotated[str, typer.Argument(help="A checkpoint's folder or its id on the Hugging Face hub.")],
    folder: Annotated[Path, typer.Argument(help="A new folder; set EMBEDDER to it afterwards.")],
) -> None:
    """Save a BLIP-2 checkpoint in bf16: half the size, quicker to start, the same vectors to three digits."""
    from tools.blip2_convert import save_bf16

    save_bf16(locate(name), folder)
    typer.echo(f"written to {folder}")


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise PhotoError(f"cannot read the picture {str(path)!r}: {error.strerror}; name a readable file") from error


def _draw(found: Found, shop: Shop) -> None:
    table = Table("", "SKU", "Title", "Price", "Score", "Why", box=None, header_style="bold", padding=(0, 2, 0, 0))
    for place, hit in enumerate(found.hits, start=1):
        cents, currency = hit.item.pays_cents, hit.item.currency
        price = "" if cents is None else format_price(cents, currency, shop.settings.locale)
        title = escape(hit.item.title)
        table.add_row(str(place), escape(hit.item.sku), title, price, f"{hit.score:.3f}", escape(hit.why))
    console = Console()
    console.print(table)
    console.print(f"{len(found.hits)} shown, {found.n_matching} items pass the filters")


def main() -> None:
    """Run the command; anything that can be explained is one line on stderr."""
    try:
        app()
    except VitrineError as error:
        typer.echo(f"vitrine: {error}", err=True)
        sys.exit(2 if isinstance(error, FilterError) else 1)


if __name__ == "__main__":
    main()
