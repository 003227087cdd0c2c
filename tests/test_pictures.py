"""Item pictures: named by content, kept once, whole or absent."""

import hashlib
import io
import threading
from pathlib import Path

import pytest
from PIL import Image

from env.errors import CatalogError
from tools.pictures import MAX_SIDE, PictureStore


@pytest.fixture
def pictures(tmp_path: Path) -> PictureStore:
    return PictureStore(tmp_path / "pictures")


def _files(pictures: PictureStore) -> list[Path]:
    return [path for path in pictures.folder.rglob("*") if path.is_file()]


def test_a_picture_is_named_by_the_hash_of_its_bytes(pictures: PictureStore) -> None:
    buffer = io.BytesIO()
    Image.new("RGB", (30, 40), "navy").save(buffer, "JPEG")
    digest = hashlib.sha256(buffer.getvalue()).hexdigest()
    name = pictures.put(buffer.getvalue())
    assert name == f"{digest[:2]}/{digest}.jpg"
    assert pictures.path(name).read_bytes() == buffer.getvalue()
    assert pictures.path(name).is_absolute()


def test_the_same_picture_twice_is_one_file(pictures: PictureStore) -> None:
    first = pictures.put_image(Image.new("RGB", (30, 40), "navy"))
    assert pictures.put_image(Image.new("RGB", (30, 40), "navy")) == first
    assert pictures.put_image(Image.new("RGB", (30, 40), "black")) != first
    assert len(_files(pictures)) == 2


def test_many_writers_at_once_leave_one_whole_file(pictures: PictureStore) -> None:
    image = Image.effect_noise((600, 800), 80)
    threads = [threading.Thread(target=pictures.put_image, args=(image,)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (path,) = _files(pictures)
    assert pictures.open(f"{path.parent.name}/{path.name}").size == (600, 800)


def test_a_picture_is_stored_upright_in_rgb_and_not_too_large(pictures: PictureStore) -> None:
    image = Image.new("RGBA", (3_000, 1_500), (255, 0, 0, 0))
    image.getexif()[0x0112] = 6
    stored = pictures.open(pictures.put_image(image))
    assert (stored.mode, stored.size) == ("RGB", (MAX_SIDE // 2, MAX_SIDE))
    assert stored.getpixel((100, 100)) == (255, 255, 255)


def test_storing_leaves_the_caller_s_picture_alone(pictures: PictureStore) -> None:
    image = Image.new("RGB", (3_000, 1_500))
    pictures.put_image(image)
    assert image.size == (3_000, 1_500)


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "ab/short.jpg", "", "AB/" + "A" * 64 + ".jpg"])
def test_only_names_of_the_store_become_paths(pictures: PictureStore, name: str) -> None:
    with pytest.raises(CatalogError, match="is not the name of a stored picture"):
        pictures.path(name)


def test_a_missing_or_damaged_picture_is_told(pictures: PictureStore) -> None:
    name = pictures.put_image(Image.new("RGB", (30, 40)))
    pictures.path(name).write_bytes(b"damaged")
    with pytest.raises(CatalogError, match="is missing or damaged"):
        pictures.open(name)
    pictures.path(name).unlink()
    with pytest.raises(CatalogError, match="is missing or damaged"):
        pictures.open(name)
