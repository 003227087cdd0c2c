"""Catalogue pictures as shoppers would take them at home: cut out of their plain ground, laid on another."""

import math

import torch
from torch import Tensor
from torch.nn import functional

NEAR_GROUND = 0.05  # how far, of 1, a pixel of the ground may be from the colour of the picture's border
SIDE = 64  # at which the ground is found
# A picture whose ground is a smaller or larger share than these is left as it is: it was not told from the item.
LEAST_GROUND, MOST_GROUND = 0.12, 0.93


def at_home(pictures: Tensor, generator: torch.Generator) -> Tensor:
    """Pictures (n, 3, size, size) in [0, 1] with the item smaller, turned, in warm or cold light, on another ground.

    A picture without a plain ground only changes its light. The generator is the processor's.
    """
    n, _, size, _ = pictures.shape
    ground = plain_ground(pictures)
    share = ground.mean(dim=(1, 2, 3))
    is_told = ((share > LEAST_GROUND) & (share < MOST_GROUND)).view(n, 1, 1, 1)
    theta = placing(n, generator).to(pictures.device)
    grid = functional.affine_grid(theta, [n, 3, size, size], align_corners=False)
    laid = functional.grid_sample(pictures, grid, padding_mode="border", align_corners=False)
    # Outside of the picture there is no item: a border of "item" would smear it over the new ground.
    item = functional.grid_sample(1 - ground, grid, padding_mode="zeros", align_corners=False)
    scene = torch.lerp(grounds(n, size, generator).to(pictures.device), laid, item)
    return in_room_light(torch.where(is_told, scene, pictures), generator)


def plain_ground(pictures: Tensor) -> Tensor:
    """How much each pixel is ground, (n, 1, size, size) in [0, 1]: like the border in colour and joined to it.

    Joined: a white shirt on white is not its own ground where an outline closes it off.
    """
    size = pictures.shape[-1]
    small = functional.interpolate(pictures, size=(SIDE, SIDE), mode="area")
    edge = torch.cat([small[:, :, 0], small[:, :, -1], small[:, :, :, 0], small[:, :, :, -1]], dim=2)
    colour = edge.median(dim=2).values.view(len(pictures), 3, 1, 1)
    like = ((small - colour).abs().amax(dim=1, keepdim=True) < NEAR_GROUND).float()
    reached = torch.zeros_like(like)
    reached[:, :, 0], reached[:, :, -1], reached[:, :, :, 0], reached[:, :, :, -1] = 1.0, 1.0, 1.0, 1.0
    reached = reached * like
    for _ in range(SIDE // 2):
        reached = functional.max_pool2d(reached, 5, stride=1, padding=2) * like
    return functional.interpolate(reached, size=(size, size), mode="bilinear", align_corners=False)


def placing(n: int, generator: torch.Generator) -> Tensor:
    """Random similarity transforms (n, 2, 3) for `affine_grid`: at 55 to 105 % of the size, by up to 30 degrees."""
    zoom, turn, right, down = torch.rand(4, n, generator=generator)
    zoom, turn = 1 / (0.55 + 0.5 * zoom), (turn - 0.5) * math.pi / 3
    theta = torch.zeros(n, 2, 3)
    theta[:, 0, 0], theta[:, 0, 1] = zoom * turn.cos(), -zoom * turn.sin()
    theta[:, 1, 0], theta[:, 1, 1] = zoom * turn.sin(), zoom * turn.cos()
    theta[:, 0, 2], theta[:, 1, 2] = (zoom - 1) * (right - 0.5) * 1.2, (zoom - 1) * (down - 0.5) * 1.2
    return theta


def grounds(n: int, size: int, generator: torch.Generator) -> Tensor:
    """Floors, sheets and walls (n, 3, size, size): a muted colour with soft blotches, grain, and sometimes boards."""

    def noise(side: int) -> Tensor:
        coarse = torch.randn(n, 1, side, side, generator=generator)
        return functional.interpolate(coarse, size=(size, size), mode="bicubic", align_corners=False)

    grey, tint, depth, grain, boards, phase = torch.rand(6, n, 1, 1, 1, generator=generator)
    colour = 0.12 + 0.8 * grey + (torch.rand(n, 3, 1, 1, generator=generator) - 0.5) * 0.35 * tint
    scene = colour + 0.14 * depth * noise(3) + 0.06 * depth * noise(9) + 0.08 * grain * noise(size // 2)
    stripes = torch.sin(torch.linspace(0, 40, size).view(1, 1, size, 1) * (0.4 + phase) + 6 * phase + 0.4 * noise(4))
    stripes = torch.where(torch.rand(n, 1, 1, 1, generator=generator) < 0.5, stripes, stripes.transpose(2, 3))
    boarded: Tensor = scene + torch.where(boards < 0.4, 0.1 * stripes, torch.zeros(()))
    return boarded.clamp(0, 1)


def in_room_light(pictures: Tensor, generator: torch.Generator) -> Tensor:
    """The pictures in lamp or daylight: darker or lighter, a little warm or cold, lighter towards one side."""
    n, _, size, _ = pictures.shape
    light, warmth, fall = torch.rand(3, n, 1, 1, 1, generator=generator).to(pictures.device)
    tone = torch.tensor([1.0, 0.0, -1.0], device=pictures.device).view(1, 3, 1, 1) * (warmth - 0.5) * 0.2
    ramp = torch.linspace(-1, 1, size, device=pictures.device).view(1, 1, 1, size) * (fall - 0.5) * 0.4
    lit: Tensor = (pictures * (0.65 + 0.5 * light + tone + ramp)).clamp(0, 1)
    return lit
