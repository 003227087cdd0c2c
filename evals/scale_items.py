"""Synthetic catalogues of any size: clustered unit vectors and categories of known shares.

A row is its cluster's centre and noise whose variance falls along directions of the cluster's own by a power law, as
the spectra of embeddings do. SPECTRUM is chosen so that neighbourhoods have about 20 dimensions (maximum likelihood
over 20 neighbours; Levina and Bickel, 2004): more than blip2-mini's 6 over product photos, easier to walk.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tools.store_synthetic import EMBEDDER, SyntheticRows

CHUNK_ROWS = 20_000
DIM = 256
N_TOKENS = 8
N_CLUSTERS = 300
SPECTRUM = 1.3
NOISE = 0.6
_TOKEN_NOISE = 0.6
_N_NOISES = 1_000

# Categories by their share of the rows in per mille; each lies within the one before, as a parent admits its
# descendants. They are independent of the vectors: an index walk gets no help.
SHARES = {500: "half of it", 100: "a tenth ..", 10: "hundredth.", 1: "thousandth"}
ADJECTIVES = np.array([b"azure", b"beige", b"black", b"brown", b"coral", b"cream", b"ivory", b"olive"])
NOUNS = np.array([b"boots", b"dress", b"jeans", b"pants", b"scarf", b"shirt", b"skirt", b"socks"])
_BRANDS = np.array([f"Brand {number:02}".encode() for number in range(40)])


@dataclass(frozen=True, slots=True)
class Clusters:
    """What a catalogue is drawn from: `centres` (n, 256), each cluster's share, and its noise's scales (n, 256)."""

    centres: NDArray[np.float32]
    shares: NDArray[np.float64]
    scales: NDArray[np.float32]


def make_clusters(seed: int = 1) -> Clusters:
    """Clusters whose sizes fall like 1 / rank; centres are unit vectors with a common part, as embeddings have."""
    chosen = np.random.default_rng(seed)
    falling = np.arange(1, DIM + 1) ** -SPECTRUM
    scale = np.sqrt(falling / falling.sum()).astype(np.float32)
    scales = np.stack([chosen.permutation(scale) for _ in range(N_CLUSTERS)])
    centres = unit(chosen.standard_normal((N_CLUSTERS, DIM)) * scale + 0.5 * scale)
    sizes = 1 / np.arange(1, N_CLUSTERS + 1)
    return Clusters(centres, sizes / sizes.sum(), (scales * NOISE).astype(np.float32))


def draw(clusters: Clusters, n_rows: int, seed: int) -> NDArray[np.float32]:
    """Unit vectors (n_rows, 256)."""
    chosen = np.random.default_rng(seed)
    cluster = chosen.choice(N_CLUSTERS, n_rows, p=clusters.shares)
    noise = chosen.standard_normal((n_rows, DIM), np.float32) * clusters.scales[cluster]
    return unit(clusters.centres[cluster] + noise)


def unit(vectors: NDArray[np.floating]) -> NDArray[np.float32]:
    """Vectors of length 1, along the last axis."""
    narrow = vectors.astype(np.float32, copy=False)
    scaled: NDArray[np.float32] = narrow / np.sqrt(np.einsum("...d,...d->...", narrow, narrow))[..., None]
    return scaled


@dataclass(frozen=True, slots=True)
class Drawn:
    """Rows from number `first` on: unit vectors (n, 256), and places in per mille (n,), at which filters cut."""

    first: int
    pooled: NDArray[np.float32]
    place: NDArray[np.int64]


def drawn(clusters: Clusters, n_rows: int, seed: int) -> Iterator[Drawn]:
    """A catalogue's vectors, CHUNK_ROWS at a time; the same ones for the same seed."""
    for first in range(0, n_rows, CHUNK_ROWS):
        n_here = min(CHUNK_ROWS, n_rows - first)
        place = np.random.default_rng((seed, first)).integers(0, 1000, n_here)
        yield Drawn(first, draw(clusters, n_here, seed + first), place)


def parts(clusters: Clusters, n_rows: int, seed: int) -> Iterator[SyntheticRows]:
    """A catalogue's rows, CHUNK_ROWS at a time; query-token vectors lie around the pooled one."""
    chosen = np.random.default_rng(seed)
    noises = chosen.standard_normal((_N_NOISES, N_TOKENS, DIM), np.float32) * (_TOKEN_NOISE / np.sqrt(DIM))
    for part in drawn(clusters, n_rows, seed):
        n_here = len(part.pooled)
        yield SyntheticRows(
            texts=_texts(part, chosen),
            paths=_paths(part.place),
            price_cents=chosen.integers(500, 20_000, n_here, np.int32),
            pooled=part.pooled,
            tokens=unit(part.pooled[:, None] + noises[chosen.integers(0, _N_NOISES, n_here)]),
        )


def sku(number: int) -> str:
    """The SKU of a row by its number."""
    return f"S-{number:08}"


def _paths(place: NDArray[np.int64]) -> NDArray[np.bytes_]:
    """Category paths (n, 4) of rows at these places from 0 to 999."""
    inside = place[:, None] < np.array(list(SHARES))  # (n, 4)
    return np.where(inside, np.array(list(SHARES.values()), "S10"), np.array([b"all others"]))


def _texts(part: Drawn, chosen: np.random.Generator) -> dict[str, NDArray[np.bytes_]]:
    """The text columns: one category, so that nearness alone decides; an eighth of the rows share a title's word."""
    n_rows = len(part.pooled)
    number = np.char.zfill(np.arange(part.first, part.first + n_rows).astype("S8"), 8)
    adjective, noun = chosen.choice(ADJECTIVES, n_rows), chosen.choice(NOUNS, n_rows)
    same = {
        "source": b"synthetic", "gender": b"male", "availability": b"in_stock", "currency": b"EUR",
        "embedder": EMBEDDER.encode(), "category": b"Thing",
    }  # fmt: skip
    return {
        "sku": np.char.add(b"S-", number),
        "title": np.char.add(np.char.add(adjective, b" "), np.char.add(np.char.add(noun, b" "), number)),
        "brand": chosen.choice(_BRANDS, n_rows),
        "color": adjective,
        "content_hash": number,
        **{name: np.full(n_rows, value) for name, value in same.items()},
    }
