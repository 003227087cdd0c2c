"""How a picture becomes a model's input: one definition for training, ingest and queries."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from env.errors import EmbedderError

FILE_NAME = "preprocessor_config.json"
CLIP_MEAN = (0.48145466, 0.4578275, 0.40821073)
CLIP_STD = (0.26862954, 0.26130258, 0.27577711)
# The sides of a picture are told from its border: this many rows and columns of it are averaged.
BORDER_PX = 2


@dataclass(frozen=True, slots=True)
class PictureFormat:
    """What a checkpoint wants to see: squares of `size` pixels, as its preprocessor_config.json says.

    A picture is first padded with its border's colour to `pad_to_aspect` (width / height; None leaves it as it
    is), then squeezed into the square: catalogue photos share one aspect, so no pixel is spent on margins.
    """

    size: int
    mean: tuple[float, float, float] = CLIP_MEAN
    std: tuple[float, float, float] = CLIP_STD
    resample: int = Image.Resampling.BICUBIC
    pad_to_aspect: float | None = None

    def square(self, image: Image.Image, size: int | None = None) -> NDArray[np.uint8]:
        """The picture as RGB square (size, size, 3); transparent parts become white. `size` overrides the format's."""
        side = size or self.size
        rgb = on_white(image)
        if self.pad_to_aspect is not None:
            rgb = pad(rgb, self.pad_to_aspect)
        return np.asarray(rgb.resize((side, side), Image.Resampling(self.resample)))

    def pixels(self, images: Sequence[Image.Image]) -> NDArray[np.float32]:
        """The model's input (n, 3, size, size), normalised; n may be 0."""
        squares = [self.square(image) for image in images]
        stacked = np.stack(squares) if squares else np.zeros((0, self.size, self.size, 3), np.uint8)
        mean, std = np.array(self.mean, np.float32), np.array(self.std, np.float32)
        scaled = (stacked.astype(np.float32) / np.float32(255) - mean) / std
        return np.ascontiguousarray(scaled.transpose(0, 3, 1, 2))

    def write(self, folder: Path) -> None:
        """Write preprocessor_config.json in the words of transformers' BlipImageProcessor."""
        values = {
            "image_processor_type": "BlipImageProcessor",
            "do_resize": True,
            "size": {"height": self.size, "width": self.size},
            "resample": int(self.resample),
            "do_rescale": True,
            "rescale_factor": 1 / 255,
            "do_normalize": True,
            "image_mean": list(self.mean),
            "image_std": list(self.std),
            "do_convert_rgb": True,
            "pad_to_aspect": self.pad_to_aspect,
        }
        (folder / FILE_NAME).write_text(json.dumps(values, indent=2) + "\n", encoding="utf-8")

    @classmethod
    def read(cls, path: Path) -> "PictureFormat":
        """Read a preprocessor_config.json.

        Raises:
            EmbedderError: the file is no JSON, lacks a value, or asks for pictures that are not square.
        """
        try:
            values = json.loads(path.read_text(encoding="utf-8"))
            height, width = values["size"]["height"], values["size"]["width"]
            if height != width:
                raise ValueError(f"size {width}x{height} is not square")
            aspect = values.get("pad_to_aspect")
            return cls(
                size=int(height),
                mean=triple(values["image_mean"]),
                std=triple(values["image_std"]),
                resample=int(values.get("resample", Image.Resampling.BICUBIC)),
                pad_to_aspect=None if aspect is None else float(aspect),
            )
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise EmbedderError(
                f"cannot use {str(path)!r}: {error!r}; it must be the preprocessor_config.json of a BLIP-2 checkpoint"
            ) from error

    def identity(self) -> str:
        """One line that differs whenever two formats show a model different pixels."""
        return json.dumps(asdict(self), sort_keys=True)


def triple(values: Sequence[float]) -> tuple[float, float, float]:
    """Three channel values."""
    red, green, blue = (float(value) for value in values)
    return red, green, blue


def on_white(image: Image.Image) -> Image.Image:
    """The picture in RGB, transparency laid over white."""
    if image.mode == "RGB":
        return image
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        rgba = image.convert("RGBA")
        white = Image.new("RGBA", rgba.size, (255, 255, 255, 255))
        return Image.alpha_composite(white, rgba).convert("RGB")
    return image.convert("RGB")


def pad(image: Image.Image, aspect: float) -> Image.Image:
    """The picture centred on a canvas of width / height = `aspect`, filled with the mean colour of its border."""
    width, height = image.size
    full_width, full_height = max(width, round(height * aspect)), max(height, round(width / aspect))
    if full_width - width < width * 0.02 and full_height - height < height * 0.02:
        return image
    canvas = Image.new("RGB", (full_width, full_height), border_colour(image))
    canvas.paste(image, ((full_width - width) // 2, (full_height - height) // 2))
    return canvas


def border_colour(image: Image.Image) -> tuple[int, int, int]:
    """The mean colour of the outermost pixels."""
    pixels = np.asarray(image)
    edges = (pixels[:BORDER_PX], pixels[-BORDER_PX:], pixels[:, :BORDER_PX], pixels[:, -BORDER_PX:])
    red, green, blue = np.concatenate([edge.reshape(-1, 3) for edge in edges]).mean(axis=0).round().astype(int)
    return int(red), int(green), int(blue)
