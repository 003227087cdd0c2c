"""What a picture shows: candidate statements of an attribute held against the picture's vector, calibrated."""

import base64
import json
import logging
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

import numpy as np
import yaml
from numpy.typing import NDArray

from env.errors import CatalogError

logger = logging.getLogger(__name__)

ATTRIBUTES_FILE = Path(__file__).with_name("seeing.yaml")
CALIBRATION_FILE = Path(__file__).with_name("seeing_calibration.json")
Source = Literal["item", "photo"]
"""Whose picture: a catalogue's, or one that a shopper took."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One value of an attribute: statements to hold against a picture, and words of a row that say it already.

    `rows` are the values of the row's field that a picture which shows this one does not contradict.
    """

    statements: tuple[str, ...]
    told: re.Pattern[str] | None = None
    rows: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Attribute:
    """Something that can be asked of a picture. `kinds` are the categories it can be asked of, () for all.

    `finds_mistakes`: where a row and its picture surely differ in it, the row is often enough wrong to be looked at.
    """

    name: str
    asked: re.Pattern[str]
    facet: str
    kinds: tuple[str, ...]
    values: Mapping[str, Candidate]
    finds_mistakes: bool = False

    def fits(self, category_path: Sequence[str]) -> bool:
        """Whether it can be asked of an item of this category; of one whose category is unknown it can."""
        return not self.kinds or not category_path or bool(set(self.kinds) & set(category_path))


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """How one attribute is read from pooled vectors of one embedder.

    The score of value i is `vector @ weights[:, i] + offsets[i]`, weights (dim, n_values); the softmax over values is
    the confidence. `thresholds` say from which confidence on an answer is given; None: never.
    """

    values: tuple[str, ...]
    weights: NDArray[np.float32]
    offsets: NDArray[np.float32]
    thresholds: Mapping[str, float | None]

    def probabilities(self, vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        """The confidence in each value, (n, n_values), rows adding up to 1."""
        scores = vectors @ self.weights + self.offsets
        powers = np.exp(scores - scores.max(axis=1, keepdims=True))
        shares: NDArray[np.float32] = powers / powers.sum(axis=1, keepdims=True)
        return shares


@dataclass(frozen=True, slots=True)
class Seen:
    """What a picture shows of an attribute, and how sure that is, in [0, 1]."""

    attribute: str
    value: str
    confidence: float

    @property
    def percent(self) -> int:
        """The confidence in words of people, rounded down: nothing that is not certain is told as 100 %."""
        return int(100 * self.confidence)


class Eyes:
    """Reads attributes from the vectors of the embedder that the calibration was made for; from no others."""

    def __init__(self, readings: Mapping[str, Reading]) -> None:
        self._readings = readings

    @property
    def is_calibrated(self) -> bool:
        """Whether anything at all can be told from vectors of the embedder at work."""
        return bool(self._readings)

    def look(self, vector: NDArray[np.float32], attribute: str, source: Source) -> Seen | None:
        """What a picture's pooled vector (dim,) shows of an attribute; None where that cannot be told surely enough."""
        seen = self.glance(vector, attribute)
        threshold = self._readings[attribute].thresholds.get(source) if seen else None
        return seen if seen is not None and threshold is not None and seen.confidence >= threshold else None

    def glance(self, vector: NDArray[np.float32], attribute: str) -> Seen | None:
        """The likeliest value however unsure; None where the attribute was never calibrated."""
        reading = self._readings.get(attribute)
        if reading is None:
            return None
        shares = reading.probabilities(vector[None, :])[0]
        best = int(shares.argmax())
        return Seen(attribute, reading.values[best], float(shares[best]))

    def share(self, vector: NDArray[np.float32], attribute: str, value: str) -> float:
        """The confidence in one value, 0.0 where it cannot be read."""
        reading = self._readings.get(attribute)
        if reading is None or value not in reading.values:
            return 0.0
        return float(reading.probabilities(vector[None, :])[0][reading.values.index(value)])


@cache
def load_attributes() -> Mapping[str, Attribute]:
    """The attributes that can be asked of a picture, by name."""
    data = yaml.safe_load(ATTRIBUTES_FILE.read_text(encoding="utf-8"))
    return {name: _attribute(name, entry) for name, entry in data["attributes"].items()}


def _attribute(name: str, entry: Mapping[str, Any]) -> Attribute:
    values = {
        value: Candidate(
            tuple(of["statements"]),
            re.compile(of["told"], re.IGNORECASE) if "told" in of else None,
            (value, *of.get("rows", ())),
        )
        for value, of in entry["values"].items()
    }
    return Attribute(
        name,
        re.compile(entry["asked"], re.IGNORECASE),
        entry.get("facet", ""),
        tuple(entry["kinds"]),
        values,
        entry.get("finds_mistakes", False),
    )


@cache
def open_eyes(fingerprint: str) -> Eyes:
    """Eyes for the vectors of the embedder with this fingerprint; those of an uncalibrated one see nothing.

    Raises:
        CatalogError: the calibration file is damaged.
    """
    try:
        data = json.loads(CALIBRATION_FILE.read_text(encoding="utf-8"))
        if data["embedder"] != fingerprint:
            logger.warning("pictures are not read: calibrated=%s at_work=%s", data["embedder"], fingerprint)
            return Eyes({})
        return Eyes({name: _reading(entry) for name, entry in data["attributes"].items()})
    except (OSError, ValueError, KeyError) as error:
        raise CatalogError(
            f"{str(CALIBRATION_FILE)!r} cannot be read ({error!r}); run `python -m evals seeing --calibrate`"
        ) from error


def write_readings(fingerprint: str, readings: Mapping[str, Reading], path: Path = CALIBRATION_FILE) -> None:
    """Write the calibration of an embedder in place of the one there was."""
    entries = {
        name: {
            "values": list(reading.values),
            "thresholds": dict(reading.thresholds),
            "offsets": [round(float(offset), 4) for offset in reading.offsets],
            "weights": base64.b64encode(reading.weights.astype("<f2").tobytes()).decode("ascii"),
        }
        for name, reading in readings.items()
    }
    text = json.dumps({"embedder": fingerprint, "attributes": entries}, indent=1)
    path.write_text(text + "\n", encoding="utf-8")
    open_eyes.cache_clear()


def _reading(entry: Mapping[str, Any]) -> Reading:
    values = tuple(entry["values"])
    weights = np.frombuffer(base64.b64decode(entry["weights"]), "<f2").reshape(-1, len(values))
    return Reading(values, weights.astype(np.float32), np.array(entry["offsets"], np.float32), entry["thresholds"])
