"""What tokens cost: a table as data, shipped and the team's own."""

from collections.abc import Mapping
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from env.errors import BenchError

SHIPPED_PRICES = Path(__file__).with_name("prices.yaml")
PRICES_NAME = "prices.yaml"
_MILLION = 1_000_000


class Price(BaseModel):
    """US dollars for a million tokens read and written."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    tokens_in: float = Field(alias="in", ge=0)
    tokens_out: float = Field(alias="out", ge=0)


_TABLE = TypeAdapter(dict[str, Price])


def load_prices(folder: Path | None = None) -> Mapping[str, Price]:
    """The shipped prices, and over them those of `prices.yaml` in this folder.

    Raises:
        BenchError: a table cannot be read.
    """
    table: dict[str, Price] = {}
    for path in (SHIPPED_PRICES, folder / PRICES_NAME if folder else None):
        if path is not None and path.is_file():
            table |= _read(path)
    return table


def cost_of(prices: Mapping[str, Price], model: str, tokens_in: int, tokens_out: int) -> float | None:
    """What so many tokens cost with a model by its recorded version; None where no line of the table fits it."""
    fitting = [name for name in prices if model.startswith(name)]
    if not fitting:
        return None
    price = prices[max(fitting, key=len)]
    return (tokens_in * price.tokens_in + tokens_out * price.tokens_out) / _MILLION


def _read(path: Path) -> dict[str, Price]:
    try:
        return _TABLE.validate_python(yaml.safe_load(path.read_text(encoding="utf-8")) or {})
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise BenchError(f"the price table {str(path)!r} cannot be read: {error}") from error
    except ValidationError as error:
        where = ".".join(str(step) for step in error.errors()[0]["loc"])
        raise BenchError(f"the price table {str(path)!r}: {where}: {error.errors()[0]['msg'].lower()}") from error
