"""Pictures in folders named after their category."""

from pathlib import Path

from ingest.readers.folder import FolderReader
from ingest.row import LocalPicture
from tests.feed_files import good, write_picture


def test_each_picture_is_an_item_of_its_folders_category(tmp_path: Path) -> None:
    for name in ("summer_dress/red_linen-dress.jpg", "summer_dress/0042.PNG", "belt/a.webp", "belt/notes.txt"):
        write_picture(tmp_path / "images" / name)
    rows = good(FolderReader(), tmp_path)
    assert [(row.sku, row.title, row.categories) for row in rows] == [
        ("belt/a", "belt", ("belt",)),
        ("summer_dress/0042", "summer dress", ("summer dress",)),
        ("summer_dress/red_linen-dress", "Red linen dress", ("summer dress",)),
    ]
    assert rows[0].picture == LocalPicture(tmp_path / "images", "belt/a.webp")
    assert FolderReader().n_rows(tmp_path) == 3


def test_the_folder_of_categories_may_be_named_itself(tmp_path: Path) -> None:
    write_picture(tmp_path / "dress" / "1.jpg")
    assert [row.sku for row in good(FolderReader(), tmp_path)] == ["dress/1"]
    assert FolderReader().matches(tmp_path)


def test_a_folder_without_pictures_in_folders_is_not_one(tmp_path: Path) -> None:
    write_picture(tmp_path / "loose.jpg")
    (tmp_path / "empty").mkdir()
    assert not FolderReader().matches(tmp_path)
