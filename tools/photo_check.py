"""What speaks against a shopper's photo before it is searched with: too small, too dark, blurred."""

from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Flaw = Literal["tiny", "dark", "blurred"]

# Below this longest side the picture is smaller than what the model looks at, and half of it is made up.
_TINY_PX = 80
# The brightest tenth of a photo taken with enough light is brighter than this, of 255.
_DARK = 70.0
# What is left of the sharpest edges when the photo is blurred once more; docs/experiments.md tells how it was chosen.
_BLURRED = 0.7
_SIDE_PX = 384
_EDGES_SHARE = 0.01
_LEAST_EDGE = 1.5


def flaws_of(photo: Image.Image) -> tuple[Flaw, ...]:
    """The flaws of an RGB photo, worst first; a tiny or a dark one is not called blurred as well."""
    if max(photo.size) < _TINY_PX:
        return ("tiny",)
    grey = _grey(photo)
    if float(np.percentile(grey, 90)) < _DARK:
        return ("dark",)
    return ("blurred",) if blur(grey) > _BLURRED else ()


def _grey(photo: Image.Image) -> NDArray[np.float32]:
    small = photo.convert("L")
    small.thumbnail((_SIDE_PX, _SIDE_PX), Image.Resampling.BILINEAR)
    return np.asarray(small, np.float32)


def blur(grey: NDArray[np.float32]) -> float:
    """How blurred a grey picture (height, width) is, from 0 (sharp) to 1; 0.0 where it has no edges at all.

    The steps at its strongest edges, as a share of them that a second blur leaves standing: a sharp edge loses most
    of its step, a soft one hardly any (after Crete et al., The blur effect, 2007, on edges alone).
    """
    shares = []
    for picture in (grey, grey.T):
        steps = np.abs(np.diff(picture, axis=1))
        again = np.abs(np.diff(_blurred(picture), axis=1))
        n_edges = max(1, int(steps.size * _EDGES_SHARE))
        at = np.argpartition(steps.ravel(), -n_edges)[-n_edges:]
        strong = steps.ravel()[at]
        if strong.mean() >= _LEAST_EDGE:
            shares.append(float(again.ravel()[at].sum() / strong.sum()))
    return min(shares) if shares else 0.0


def _blurred(picture: NDArray[np.float32], n: int = 5) -> NDArray[np.float32]:
    """The mean of n pixels in a row, (height, width)."""
    padded = np.pad(picture, ((0, 0), (n // 2, n // 2)), mode="edge")
    sums = np.cumsum(np.pad(padded, ((0, 0), (1, 0))), axis=1)
    mean: NDArray[np.float32] = ((sums[:, n:] - sums[:, :-n]) / n).astype(np.float32)
    return mean
