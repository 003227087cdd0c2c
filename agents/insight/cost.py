"""What tokens cost, by a table of prices that whoever runs the shop keeps."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from env.errors import SettingsError

PRICES = Path(__file__).with_name("prices.yaml")


class _Price(BaseModel):
    model_config = ConfigDict(extra="forbid")
    in_per_million: float = Field(ge=0)
    out_per_million: float = Field(ge=0)


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")
    currency: str
    models: Mapping[str, _Price]


@dataclass(frozen=True, slots=True)
class Prices:
    """Prices of tokens by model, in `currency`."""

    currency: str
    models: Mapping[str, tuple[float, float]]

    def cost(self, backend: str, n_in: int, n_out: int) -> float | None:
        """What so many tokens cost with a backend; None where its price is not listed."""
        for name, (per_in, per_out) in self.models.items():
            if name in backend:
                return (n_in * per_in + n_out * per_out) / 1_000_000
        return None


@cache
def load_prices(path: Path = PRICES) -> Prices:
    """The price table.

    Raises:
        SettingsError: the file cannot be read as one.
    """
    try:
        found = _File.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (OSError, yaml.YAMLError, ValidationError) as error:
        raise SettingsError(f"cannot read the price table {str(path)!r}: {error}; correct it") from error
    models = {name: (price.in_per_million, price.out_per_million) for name, price in found.models.items()}
    return Prices(found.currency, models)
