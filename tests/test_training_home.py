"""Catalogue pictures as taken at home: the item stays, the ground goes."""

import torch

from training.home import at_home, plain_ground


def on_white(n: int = 4, size: int = 128) -> torch.Tensor:
    """Red squares on white, with a white hole in each."""
    pictures = torch.ones(n, 3, size, size)
    pictures[:, 1:, 32:96, 32:96] = 0.0
    pictures[:, :, 56:72, 56:72] = 1.0
    return pictures


def test_the_ground_is_what_is_like_the_border_and_joined_to_it() -> None:
    ground = plain_ground(on_white())
    assert float(ground[:, :, :24].min()) > 0.99
    assert float(ground[:, :, 40:50, 40:50].max()) < 0.01
    assert float(ground[:, :, 60:68, 60:68].max()) < 0.01  # the hole is the item's


def test_the_item_stays_and_the_ground_is_another() -> None:
    scenes = at_home(on_white(16), torch.Generator().manual_seed(1))
    red = (scenes[:, 0] - scenes[:, 1:].amax(dim=1)) > 0.3
    assert bool((red.float().mean(dim=(1, 2)) > 0.02).all())
    corners = scenes[:, :, :6, :6].mean(dim=(2, 3))
    assert float(corners.std(dim=0).max()) > 0.05
    assert float(scenes.min()) >= 0
    assert float(scenes.max()) <= 1


def test_the_same_seed_gives_the_same_scenes_and_no_ground_leaves_the_shapes() -> None:
    first, second = (at_home(on_white(), torch.Generator().manual_seed(7)) for _ in range(2))
    assert torch.equal(first, second)
    noise = torch.rand(2, 3, 128, 128, generator=torch.Generator().manual_seed(3))
    seen = at_home(noise, torch.Generator().manual_seed(7))
    likeness = torch.corrcoef(torch.stack([noise.flatten(), seen.flatten()]))[0, 1]
    assert float(likeness) > 0.8
