"""Calibration: from statements and labelled pictures to how an attribute is read, and from which confidence on."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tools.embedder import Embedder
from tools.seeing import Attribute, Reading

PRECISION = 0.85
"""What of the answers given is to be right, over pictures never seen."""
# Asked for where thresholds are chosen: pictures the checkpoint was trained on look surer than new ones.
_PRECISION_FITTED = 0.9
_LEAST_ANSWERS = 15
_LEAST_SHARE = 0.1
_FOLDS = 5
_STEPS = 300
_RATE = 0.1
# How much a value's vector counts at first, and how hard it holds on to its statements.
_SCALE = 20.0
_HOLD = 0.3
_GRID = np.arange(0.4, 0.99, 0.01)


def statement_vectors(attribute: Attribute, values: Sequence[str], embedder: Embedder) -> NDArray[np.float32]:
    """The mean vector of each value's statements, (dim, n_values), of unit length."""
    columns = []
    for value in values:
        texts = [text.format(kind="top") for text in attribute.values[value].statements]
        mean = embedder.embed_query_text(texts).mean(axis=0)
        columns.append(mean / np.linalg.norm(mean))
    return np.stack(columns, axis=1)


def fitted(
    vectors: NDArray[np.float32], labels: NDArray[np.int64], statements: NDArray[np.float32]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Weights (dim, n_values) and offsets (n_values,) of a softmax over the values.

    Each value starts at its statements' vector and moves as the labelled pictures ask, held back by the square of
    its way (CLIP-Adapter's residual, Gao et al., 2021, made linear). Full-batch Adam; the same for the same input.
    """
    start = _SCALE * statements
    weights, offsets = start.copy(), np.zeros(statements.shape[1], np.float32)
    wanted = np.eye(statements.shape[1], dtype=np.float32)[labels]
    first, second = np.zeros((len(weights) + 1, len(offsets))), np.zeros((len(weights) + 1, len(offsets)))
    for step in range(1, _STEPS + 1):
        shares = Reading((), weights, offsets, {}).probabilities(vectors)
        miss = (shares - wanted) / len(labels)
        slope = np.vstack([vectors.T @ miss + _HOLD * (weights - start) / len(labels), miss.sum(axis=0)])
        first, second = 0.9 * first + 0.1 * slope, 0.99 * second + 0.01 * slope**2
        move = _RATE * (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.99**step)) + 1e-8)
        weights, offsets = (weights - move[:-1]).astype(np.float32), (offsets - move[-1]).astype(np.float32)
    return weights, offsets


def cross_fitted(
    vectors: NDArray[np.float32], labels: NDArray[np.int64], statements: NDArray[np.float32]
) -> NDArray[np.float32]:
    """The confidence in each value, (n, n_values), by weights fitted without the fold a picture is in."""
    shares = np.zeros((len(labels), statements.shape[1]), np.float32)
    folds = np.arange(len(labels)) % _FOLDS
    for fold in range(_FOLDS):
        weights, offsets = fitted(vectors[folds != fold], labels[folds != fold], statements)
        shares[folds == fold] = Reading((), weights, offsets, {}).probabilities(vectors[folds == fold])
    return shares


def threshold(shares: NDArray[np.float32], labels: NDArray[np.int64]) -> float | None:
    """The lowest confidence from which on enough of the answers are right; None where no confidence does it."""
    sure, right = shares.max(axis=1), shares.argmax(axis=1) == labels
    for least in _GRID:
        answered = sure >= least
        if answered.sum() < max(_LEAST_ANSWERS, _LEAST_SHARE * len(labels)):
            return None
        if right[answered].mean() >= _PRECISION_FITTED:
            return round(float(least), 2)
    return None
