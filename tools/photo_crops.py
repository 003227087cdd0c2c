"""Several garments in one photo: where they are, so that a shopper can pick one."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tools.embedder import Embedder
from tools.seeing import Eyes

MOST_CROPS = 4
_GRID = 64
# How far a pixel is from the ground's colour to be foreground, of 441 (the diagonal of RGB).
_DISTANCE = 45.0
# A ground whose border varies more than this is no plain one.
_PLAIN = 40.0
_LEAST_AREA = 0.03
_PAD = 0.04
# How sure the kind of a crop has to be; where kinds are all alike the ground alone tells pieces apart.
_SURE = 0.5
_SURE_SPLIT = 0.8

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True, eq=False)
class Crop:
    """One garment of a photo: what kind it looks like (a value of the attribute kind), and its part of the photo."""

    kind: str
    picture: Image.Image


@dataclass(frozen=True, slots=True)
class _Piece:
    box: Box
    kind: str
    confidence: float


def garments(photo: Image.Image, embedder: Embedder, eyes: Eyes) -> tuple[Crop, ...]:
    """The garments of a photo that shows several, left to right and top to bottom; () where it shows one or none."""
    boxes = pieces_on_plain_ground(photo)
    if len(boxes) >= 2:
        pieces = _read(photo, boxes, embedder, eyes, _SURE)
    else:
        whole = boxes[0] if boxes else (0.0, 0.0, 1.0, 1.0)
        pieces = _read(photo, _halves(whole), embedder, eyes, _SURE_SPLIT)
        if len({piece.kind for piece in pieces}) < 2:
            return ()
    if len(pieces) < 2:
        return ()
    best = sorted(pieces, key=lambda piece: -piece.confidence)[:MOST_CROPS]
    in_order = sorted(best, key=lambda piece: (round(piece.box[1] * 3), piece.box[0]))
    return tuple(Crop(piece.kind, cut(photo, piece.box)) for piece in in_order)


def pieces_on_plain_ground(photo: Image.Image) -> list[Box]:
    """Boxes (left, top, right, bottom, as shares of the sides) of what stands apart on a plain ground, largest first.

    Empty where the ground is not plain.
    """
    pixels = np.asarray(photo.convert("RGB").resize((_GRID, _GRID), Image.Resampling.BOX), np.float32)
    border = np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]])
    ground = np.median(border, axis=0)
    if float(np.percentile(np.linalg.norm(border - ground, axis=1), 80)) > _PLAIN:
        return []
    mask = np.linalg.norm(pixels - ground, axis=2) > _DISTANCE
    areas = sorted(_areas(mask), key=len, reverse=True)
    return [_box(area) for area in areas if len(area) >= _LEAST_AREA * mask.size]


def cut(photo: Image.Image, box: Box) -> Image.Image:
    """A part of a photo."""
    width, height = photo.size
    left, top, right, bottom = box
    return photo.crop(
        (int(left * width), int(top * height), max(1, round(right * width)), max(1, round(bottom * height)))
    )


def _areas(mask: NDArray[np.bool_]) -> list[list[tuple[int, int]]]:
    """The connected areas of a mask, each as its places; corners count as touching."""
    left = {(int(row), int(column)) for row, column in np.argwhere(mask)}
    areas = []
    while left:
        todo, area = [left.pop()], []
        while todo:
            row, column = todo.pop()
            area.append((row, column))
            near = [(row + down, column + right) for down in (-1, 0, 1) for right in (-1, 0, 1)]
            found = [place for place in near if place in left]
            left.difference_update(found)
            todo += found
        areas.append(area)
    return areas


def _box(area: Sequence[tuple[int, int]]) -> Box:
    rows, columns = [row for row, _ in area], [column for _, column in area]
    return (
        max(0.0, min(columns) / _GRID - _PAD),
        max(0.0, min(rows) / _GRID - _PAD),
        min(1.0, (max(columns) + 1) / _GRID + _PAD),
        min(1.0, (max(rows) + 1) / _GRID + _PAD),
    )


def _halves(whole: Box) -> list[Box]:
    """The upper and the lower part, where an outfit is worn or laid out from head to foot."""
    left, top, right, bottom = whole
    height = bottom - top
    return [(left, top, right, top + 0.52 * height), (left, top + 0.48 * height, right, bottom)]


def _read(photo: Image.Image, boxes: Sequence[Box], embedder: Embedder, eyes: Eyes, sure: float) -> list[_Piece]:
    """What each box shows, where that is a garment and sure enough."""
    vectors = embedder.embed_images([cut(photo, box) for box in boxes]).pooled
    seen = [(box, eyes.glance(vector, "kind")) for box, vector in zip(boxes, vectors, strict=True)]
    return [
        _Piece(box, one.value, one.confidence)
        for box, one in seen
        if one is not None and one.value != "nothing" and one.confidence >= sure
    ]
