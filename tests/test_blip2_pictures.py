"""How a picture becomes a model's input."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from env.errors import EmbedderError
from tools.blip2_pictures import PictureFormat


def gradient(width: int, height: int) -> Image.Image:
    pixels = np.zeros((height, width, 3), np.uint8)
    pixels[..., 0] = np.linspace(0, 255, width)[None]
    pixels[..., 1] = np.linspace(0, 255, height)[:, None]
    return Image.fromarray(pixels)


def test_pixels_are_those_of_the_librarys_own_processor(tmp_path: Path) -> None:
    from transformers import BlipImageProcessorPil

    form = PictureFormat(size=56)
    form.write(tmp_path)
    images = [gradient(90, 120), gradient(300, 100)]
    expected = BlipImageProcessorPil.from_pretrained(tmp_path)(images, return_tensors="np")["pixel_values"]
    np.testing.assert_allclose(form.pixels(images), expected, atol=1e-5)


def test_a_format_is_read_as_it_was_written(tmp_path: Path) -> None:
    form = PictureFormat(size=112, pad_to_aspect=0.75)
    form.write(tmp_path)
    assert PictureFormat.read(tmp_path / "preprocessor_config.json") == form


def test_a_wide_picture_keeps_its_proportions_inside_a_border_of_its_own_ground() -> None:
    image = Image.new("RGB", (400, 100), (200, 210, 220))
    image.paste((10, 20, 30), (150, 25, 250, 75))
    square = PictureFormat(size=64, pad_to_aspect=0.75).square(image)
    assert tuple(square[0, 0]) == tuple(square[63, 63]) == (200, 210, 220)
    dark = square[:, :, 0] < 100
    # 100 x 50 of a canvas of 400 x 533: a quarter of the width, under a tenth of the height.
    assert dark.any(axis=0).sum() == 16
    assert dark.any(axis=1).sum() == 6


def test_a_picture_of_the_right_shape_is_not_padded() -> None:
    image = gradient(600, 800)
    padded, plain = PictureFormat(size=48, pad_to_aspect=0.75), PictureFormat(size=48)
    np.testing.assert_array_equal(padded.square(image), plain.square(image))


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "L", "1", "I;16", "CMYK"])
def test_every_mode_becomes_rgb(mode: str) -> None:
    assert PictureFormat(size=16).pixels([Image.new(mode, (30, 40))]).shape == (1, 3, 16, 16)


def test_what_is_transparent_becomes_white() -> None:
    image = Image.new("RGBA", (30, 40), (255, 0, 0, 0))
    assert (PictureFormat(size=16).square(image) == 255).all()


@pytest.mark.parametrize(
    "content",
    [
        "not json",
        "{}",
        json.dumps({"size": {"height": 4, "width": 5}, "image_mean": [0, 0, 0], "image_std": [1, 1, 1]}),
    ],
)
def test_a_file_that_cannot_be_used_is_told(tmp_path: Path, content: str) -> None:
    path = tmp_path / "preprocessor_config.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(EmbedderError, match=r"must be the preprocessor_config\.json of a BLIP-2 checkpoint"):
        PictureFormat.read(path)
