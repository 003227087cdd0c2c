"""The edge where pictures come in: every mode and format becomes upright RGB, everything else a sentence."""

import contextlib
import io

import numpy as np
import pytest
from PIL import Image

from env.errors import PhotoError
from env.settings import Settings
from tools.photo import MAX_SIDE, decode_photo

SETTINGS = Settings()
WHITE, RED = (255, 255, 255), (255, 0, 0)


def _encode(image: Image.Image, kind: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def _corners(width: int, height: int) -> Image.Image:
    """A black picture whose upper left quarter is red."""
    image = Image.new("RGB", (width, height))
    image.paste(RED, (0, 0, width // 2, height // 2))
    return image


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF"])
def test_common_formats_are_read(kind: str) -> None:
    photo = decode_photo(_encode(_corners(64, 48), kind), SETTINGS)
    assert (photo.mode, photo.size) == ("RGB", (64, 48))
    red, green, blue = photo.getpixel((8, 8))  # type: ignore[misc]
    assert red > 240
    assert max(green, blue) < 15


@pytest.mark.parametrize("kind", ["PPM", "TGA", "ICO", "PCX", "EPS", "PDF"])
def test_other_formats_are_refused_by_name_of_those_that_work(kind: str) -> None:
    with pytest.raises(PhotoError, match="please send a JPEG, PNG, WEBP, GIF, BMP or TIFF file"):
        decode_photo(_encode(_corners(64, 48), kind), SETTINGS)


@pytest.mark.parametrize(
    ("image", "kind", "expected"),
    [
        (Image.new("RGBA", (4, 4), (255, 0, 0, 0)), "PNG", WHITE),
        (Image.new("RGBA", (4, 4), (255, 0, 0, 255)), "PNG", RED),
        (Image.new("LA", (4, 4), (0, 0)), "PNG", WHITE),
        (Image.new("L", (4, 4), 128), "PNG", (128, 128, 128)),
        (Image.new("1", (4, 4), 1), "PNG", WHITE),
        (Image.new("CMYK", (4, 4), (0, 255, 255, 0)), "TIFF", RED),
        (Image.new("P", (4, 4), 0), "PNG", (0, 0, 0)),
    ],
)
def test_every_colour_mode_becomes_rgb_on_white(image: Image.Image, kind: str, expected: tuple[int, int, int]) -> None:
    photo = decode_photo(_encode(image, kind), SETTINGS)
    assert photo.mode == "RGB"
    assert photo.getpixel((1, 1)) == expected


def test_transparent_palette_colours_become_white() -> None:
    palette = Image.new("P", (4, 4), 0)
    palette.putpalette([255, 0, 0, 0, 255, 0])
    assert decode_photo(_encode(palette, "PNG", transparency=0), SETTINGS).getpixel((1, 1)) == WHITE
    assert decode_photo(_encode(palette, "GIF", transparency=0), SETTINGS).getpixel((1, 1)) == WHITE


def test_sixteen_bit_greys_keep_their_shades() -> None:
    ramp = Image.fromarray(np.linspace(0, 65_535, 256, dtype=np.uint16).reshape(1, 256).repeat(4, axis=0))
    assert ramp.mode == "I;16"
    reds = np.asarray(decode_photo(_encode(ramp, "PNG"), SETTINGS))[0, :, 0]
    assert (reds[0], reds[-1]) == (0, 255)
    assert abs(int(reds[128]) - 128) <= 1
    assert (np.diff(reds.astype(int)) >= 0).all()


def test_an_animation_is_read_in_its_first_frame() -> None:
    data = _encode(Image.new("RGB", (4, 4), RED), "GIF", save_all=True, append_images=[Image.new("RGB", (4, 4))])
    assert decode_photo(data, SETTINGS).getpixel((0, 0)) == RED


def test_the_camera_s_orientation_is_applied_and_dropped_with_all_other_metadata() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    exif[0x010E] = "taken at home"
    photo = decode_photo(_encode(_corners(64, 48), "JPEG", exif=exif), SETTINGS)
    assert photo.size == (48, 64)
    assert photo.getpixel((40, 8))[0] > 240  # type: ignore[index]
    assert photo.getpixel((8, 8))[0] < 15  # type: ignore[index]
    assert not photo.getexif()
    assert photo.info == {}


def test_large_photos_are_reduced_in_proportion() -> None:
    photo = decode_photo(_encode(_corners(4_000, 3_000), "JPEG"), SETTINGS)
    assert photo.size == (MAX_SIDE, MAX_SIDE * 3 // 4)
    assert decode_photo(_encode(_corners(300, 200), "JPEG"), SETTINGS).size == (300, 200)


def test_one_pixel_is_a_photo_and_a_thin_strip_too() -> None:
    assert decode_photo(_encode(Image.new("RGB", (1, 1)), "PNG"), SETTINGS).size == (1, 1)
    assert decode_photo(_encode(Image.new("RGB", (20_000, 1)), "PNG"), SETTINGS).size == (MAX_SIDE, 1)


def test_too_many_bytes_are_refused_before_they_are_looked_at() -> None:
    with pytest.raises(
        PhotoError, match=r"the photo is 1\.0 MB, at most 0\.5 MB can be read; please send a smaller one"
    ):
        decode_photo(b"x" * 1024 * 1024, Settings(max_photo_bytes=512 * 1024))


def test_too_many_pixels_are_refused_before_they_are_decoded() -> None:
    bomb = _encode(Image.new("1", (8_000, 8_000)), "PNG")
    assert len(bomb) < 20_000
    with pytest.raises(PhotoError, match="8000 x 8000 pixels, at most 40 million can be read"):
        decode_photo(bomb, SETTINGS)
    with pytest.raises(PhotoError, match="far too many pixels"):
        decode_photo(_encode(Image.new("1", (20_000, 20_000)), "PNG"), SETTINGS)


@pytest.mark.parametrize("data", [b"hello", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"\x00" * 100, b"GIF89a"])
def test_what_is_no_picture_is_told(data: bytes) -> None:
    with pytest.raises(PhotoError, match="that file is not a picture I can read"):
        decode_photo(data, SETTINGS)


def test_nothing_is_told() -> None:
    with pytest.raises(PhotoError, match="the photo is empty"):
        decode_photo(b"", SETTINGS)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF"])
def test_a_photo_cut_short_is_told_at_whatever_byte(kind: str) -> None:
    noise = Image.fromarray(np.random.default_rng(0).integers(0, 255, (60, 80, 3), dtype=np.uint8))
    data = _encode(noise, kind)
    for length in range(1, len(data) - len(data) // 10, len(data) // 40):
        with pytest.raises(PhotoError):
            decode_photo(data[:length], SETTINGS)


@pytest.mark.filterwarnings("ignore::UserWarning")  # Pillow says what it skipped in damaged metadata
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF"])
def test_damaged_bytes_give_a_picture_or_a_sentence_and_nothing_else(kind: str) -> None:
    draw = np.random.default_rng(1)
    whole = np.frombuffer(_encode(_corners(60, 40), kind), dtype=np.uint8)
    for _ in range(150):
        damaged = whole.copy()
        places = draw.integers(0, len(damaged), 6)
        damaged[places] = draw.integers(0, 255, 6)
        with contextlib.suppress(PhotoError):
            assert decode_photo(damaged.tobytes(), SETTINGS).mode == "RGB"
