"""The pictures of a run as one memory-mapped array, and their random variation."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor
from torch.nn import functional

from env.errors import FeedError
from tools.blip2_pictures import PictureFormat
from training.data import Example

log = logging.getLogger(__name__)

# Stored a little larger than the model's input, so that a random crop is no magnification.
MARGIN = 8 / 7


@dataclass(frozen=True, slots=True)
class PictureCache:
    """Pictures of items as uint8 squares (3, side, side), one memory-mapped array per data folder.

    `places` (n_items, 2) names each item's array and row.
    """

    parts: tuple[NDArray[np.uint8], ...]
    places: NDArray[np.int64]

    def squares(self, rows: NDArray[np.int64]) -> NDArray[np.uint8]:
        """The pictures of some items, (n, 3, side, side)."""
        squares = np.empty((len(rows), *self.parts[0].shape[1:]), np.uint8)
        part_of, row_of = self.places[rows].T
        for number, part in enumerate(self.parts):
            squares[part_of == number] = part[row_of[part_of == number]]
        return squares

    def batch(self, rows: NDArray[np.int64], device: str = "cpu") -> Tensor:
        """The pictures of some items on a device, float32 in [0, 1], (n, 3, side, side)."""
        return torch.from_numpy(self.squares(rows)).to(device).float().div_(255.0)

    def only(self, rows: Sequence[int]) -> "PictureCache":
        """The cache of a choice of items, in the order given."""
        return PictureCache(self.parts, self.places[np.asarray(rows, np.int64)])


def open_cache(folder: Path, examples: Sequence[Example], picture_format: PictureFormat) -> PictureCache:
    """The items' pictures, decoded once and kept in `folder` under names that depend on files and format.

    Raises:
        FeedError: a picture is missing or cannot be decoded; the message names it.
    """
    rows_of: dict[Path, list[int]] = {}
    for row, example in enumerate(examples):
        rows_of.setdefault(example.picture.parent, []).append(row)
    places = np.zeros((len(examples), 2), np.int64)
    parts = []
    for number, rows in enumerate(rows_of.values()):
        places[rows, 0], places[rows, 1] = number, np.arange(len(rows))
        parts.append(open_part(folder, [examples[row] for row in rows], picture_format))
    return PictureCache(tuple(parts), places)


def open_part(folder: Path, examples: Sequence[Example], picture_format: PictureFormat) -> NDArray[np.uint8]:
    """The pictures of one data folder."""
    side = round(picture_format.size * MARGIN)
    key = sha256(f"{picture_format.identity()} {side}".encode())
    for example in examples:
        key.update(f"{example.picture.resolve()} {size_of(example.picture)}\n".encode())
    path = folder / f"pictures-{key.hexdigest()[:16]}.npy"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        fill(path, examples, picture_format, side)
    squares: NDArray[np.uint8] = np.load(path, mmap_mode="r")
    return squares


def size_of(picture: Path) -> int:
    """The file's size in bytes."""
    try:
        return picture.stat().st_size
    except OSError as error:
        raise FeedError(f"cannot read the picture {str(picture)!r}: {error.strerror}") from error


def fill(path: Path, examples: Sequence[Example], picture_format: PictureFormat, side: int) -> None:
    """Decode all pictures into `path`; it appears under its name only when complete."""
    partial = path.with_suffix(".partial")
    header = {"descr": "|u1", "fortran_order": False, "shape": (len(examples), 3, side, side)}
    try:
        # Written, not mapped: on a full disk a mapped file ends the process without a word.
        with partial.open("wb") as file:
            np.lib.format.write_array_header_1_0(file, header)
            for row, example in enumerate(examples, start=1):
                file.write(decode(example.picture, picture_format, side).tobytes())
                if row % 5000 == 0:
                    log.info("%d of %d pictures decoded", row, len(examples))
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def decode(picture: Path, picture_format: PictureFormat, side: int) -> NDArray[np.uint8]:
    """A picture file as a square (3, side, side)."""
    try:
        with Image.open(picture) as image:
            return picture_format.square(image, side).transpose(2, 0, 1)
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise FeedError(
            f"cannot decode the picture {str(picture)!r} ({error}); replace it, or take its line out of items.jsonl"
        ) from error


def normalise(pictures: Tensor, picture_format: PictureFormat) -> Tensor:
    """Pictures in [0, 1] as the model's input."""
    mean = torch.tensor(picture_format.mean, device=pictures.device).view(3, 1, 1)
    std = torch.tensor(picture_format.std, device=pictures.device).view(3, 1, 1)
    return (pictures - mean) / std


def vary(pictures: Tensor, size: int, generator: torch.Generator) -> Tensor:
    """Random views (n, 3, size, size): mirrored, cropped, turned a little, in another light; colours are kept.

    Light changes brightness by up to 12 % and contrast by up to 15 %, each colour channel by 3 % at most, since
    the colour is one of the things to be learned. The generator is the processor's, wherever the pictures are: a seed
    means the same views on every device.
    """

    def between(low: float, high: float, *shape: int) -> Tensor:
        drawn = torch.rand(len(pictures), *shape, generator=generator) * (high - low) + low
        return drawn.to(pictures.device)

    zoom, squeeze, turn = between(0.72, 1.04), between(0.93, 1.07), between(-0.1, 0.1)
    mirror = torch.where(between(0, 1) < 0.5, -1.0, 1.0)
    room = (1 - zoom).abs()
    theta = torch.zeros(len(pictures), 2, 3, device=pictures.device)
    theta[:, 0, 0] = zoom * squeeze * turn.cos() * mirror
    theta[:, 0, 1] = -zoom * turn.sin()
    theta[:, 1, 0] = zoom * turn.sin() * mirror
    theta[:, 1, 1] = zoom / squeeze * turn.cos()
    theta[:, 0, 2] = room * between(-1, 1)
    theta[:, 1, 2] = room * between(-1, 1)
    grid = functional.affine_grid(theta, [len(pictures), 3, size, size], align_corners=False)
    views = functional.grid_sample(pictures, grid, padding_mode="border", align_corners=False)
    gain = between(0.88, 1.12, 1, 1, 1) * between(0.97, 1.03, 3, 1, 1)
    contrast = between(0.85, 1.15, 1, 1, 1)
    return ((views - 0.5) * contrast + 0.5).mul_(gain).clamp_(0, 1)


def photograph(pictures: Tensor, generator: torch.Generator) -> Tensor:
    """Pictures (n, 3, size, size) as if photographed again: in quite another light, half of them blurred."""
    n, _, size, _ = pictures.shape
    light, contrast, chance = (torch.rand(n, 1, 1, 1, generator=generator).to(pictures.device) for _ in range(3))
    light, contrast = light * 0.4 + 0.8, contrast * 0.4 + 0.8
    lit = ((pictures * light - 0.5) * contrast + 0.5).clamp(0, 1)
    small = functional.interpolate(lit, size=(size // 2, size // 2), mode="bilinear", antialias=True)
    blurred = functional.interpolate(small, size=(size, size), mode="bilinear")
    return torch.where(chance < 0.5, blurred, lit)


def centre(pictures: Tensor, size: int) -> Tensor:
    """The whole pictures at the model's size, without variation."""
    return functional.interpolate(pictures, size=(size, size), mode="bilinear", antialias=True)


def same_photos(left: PictureCache, right: PictureCache, tolerance: float = 3.0) -> NDArray[np.bool_]:
    """Which items of `left` show a photo that is in `right`, whatever its compression; (n_left,).

    Compared at 16 x 16 pixels; `tolerance` is the root mean square difference in grey levels of 255.
    """
    ours, others = thumbnails(left), thumbnails(right)
    squared = (ours**2).mean(1)[:, None] + (others**2).mean(1)[None] - 2 * ours @ others.T / ours.shape[1]
    found: NDArray[np.bool_] = (squared < tolerance**2).any(axis=1)
    return found


def thumbnails(cache: PictureCache, side: int = 16) -> NDArray[np.float32]:
    """Each picture as a small vector (n, 3 * side * side) of grey levels."""
    rows = np.arange(len(cache.places))
    parts = [
        functional.interpolate(torch.from_numpy(cache.squares(rows[at : at + 1024])).float(), (side, side), mode="area")
        for at in range(0, len(rows), 1024)
    ]
    flat: NDArray[np.float32] = torch.cat(parts).flatten(1).numpy()
    return flat
