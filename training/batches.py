"""The batches of a run: which items, in which words and views. Each follows from its number and the seed alone."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from training.captions import Caption, write_caption
from training.data import balanced_rows
from training.home import at_home
from training.losses import ANY, Batch
from training.pictures import normalise, photograph, vary
from training.plan import Material, Plan
from training.validation import tokenise


class Batches:
    """All batches of a run, by number."""

    def __init__(self, plan: Plan, material: Material, n_patches: int) -> None:
        """`n_patches` is how many the vision tower cuts a picture into."""
        self.plan, self.material, self.n_patches = plan, material, n_patches
        self.columns = {name: at for at, name in enumerate(material.table.values)}
        self.rows = balanced_rows(material.table, len(material.train), plan.plenty)
        self.kinds = material.table.codes[self.rows, self.columns["category"]]

    def draw(self, number: int) -> Batch:
        """The batch of that number: items in an order drawn anew each epoch, captioned and varied at random."""
        plan, material, device = self.plan, self.material, self.plan.place.device
        rows = self.choose(number)
        rng = random.Random(f"{plan.seed} {number}")
        captions = [write_caption(material.train[row].words, material.taxonomy, rng) for row in rows]
        ids, mask = tokenise(material.tokenizer, [one.text for one in captions])
        have = torch.from_numpy(material.table.codes[rows])
        want = wanted(captions, have, self.columns)
        generator = torch.Generator().manual_seed(plan.seed * 1_000_003 + number)
        form = material.picture_format
        squares = material.pictures.batch(rows, device)
        pixels = normalise(vary(self.some_at_home(squares, generator), form.size, generator), form)
        kept = self.choose_patches(len(rows), generator)
        items = torch.from_numpy(rows)
        batch = Batch(pixels, kept, *(one.to(device) for one in (ids, mask, have, want, items)))
        if not plan.n_again:
            return batch
        squares = self.some_at_home(squares[: plan.n_again], generator)
        again = normalise(photograph(vary(squares, form.size, generator), generator), form)
        return replace(batch, again=again, kept_again=self.choose_patches(len(again), generator))

    def some_at_home(self, squares: Tensor, generator: torch.Generator) -> Tensor:
        """The pictures, the planned share of them as taken at home."""
        n_home = round(len(squares) * self.plan.home_share)
        if not n_home:
            return squares
        chosen = torch.randperm(len(squares), generator=generator)[:n_home].to(squares.device)
        return squares.index_copy(0, chosen, at_home(squares[chosen], generator))

    def choose(self, number: int) -> NDArray[np.int64]:
        """The items of a batch: those of one kind first, then the rest."""
        plan = self.plan
        n_kin = round(plan.batch_size * plan.kin_share)
        rows = rows_of(number, self.rows, plan.batch_size - n_kin, plan.seed)
        if not n_kin:
            return rows
        return np.concatenate([kin_of(number, self.rows, self.kinds, n_kin, plan.seed), rows])

    def choose_patches(self, n: int, generator: torch.Generator) -> Tensor | None:
        """For each of n pictures the patches its tower sees in this step, (n, n_kept); None means all of them."""
        n_kept = max(1, round(self.n_patches * self.plan.kept_share))
        if n_kept >= self.n_patches:
            return None
        order = torch.rand(n, self.n_patches, generator=generator).argsort(dim=1)
        return order[:, :n_kept].to(self.plan.place.device)


def rows_of(number: int, rows: NDArray[np.int64], batch_size: int, seed: int) -> NDArray[np.int64]:
    """The rows of a batch: consecutive pieces of one random order per epoch; the remainder of an epoch is dropped."""
    batch_size = min(batch_size, len(rows))
    epoch, at = divmod(number, len(rows) // batch_size)
    order = np.random.default_rng([seed, epoch]).permutation(rows)
    return order[at * batch_size : (at + 1) * batch_size]


def kin_of(number: int, rows: NDArray[np.int64], kinds: NDArray[np.int32], n_kin: int, seed: int) -> NDArray[np.int64]:
    """Rows of one kind, up to `n_kin`; the kind of a row drawn at random, so that frequent kinds come often.

    `kinds` (n_rows,) are the rows' categories.
    """
    rng = np.random.default_rng([seed, number, 1])
    alike = np.unique(rows[kinds == rng.choice(kinds)])
    return rng.permutation(alike)[:n_kin]


def wanted(captions: Sequence[Caption], have: Tensor, columns: Mapping[str, int]) -> Tensor:
    """The facet codes that captions ask for: their own item's where named, ANY elsewhere."""
    want = torch.full_like(have, ANY)
    for row, caption in enumerate(captions):
        for facet in caption.facets:
            want[row, columns[facet]] = have[row, columns[facet]]
    return want
