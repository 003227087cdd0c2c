"""Kaggle's styles.csv: unquoted commas, "NA", and what the title tells."""

from pathlib import Path

from ingest.readers.kaggle import KaggleReader
from ingest.row import LocalPicture, RawRow
from tests.feed_files import good, refused

HEADER = "id,gender,masterCategory,subCategory,articleType,baseColour,season,year,usage,productDisplayName"


def write(folder: Path, *rows: str) -> Path:
    (folder / "styles.csv").write_text("\n".join((HEADER, *rows)) + "\n", encoding="utf-8")
    return folder


def only(folder: Path, row: str) -> RawRow:
    (found,) = good(KaggleReader(), write(folder, row))
    return found


def test_a_row_becomes_facets_and_a_picture_beside_the_file(tmp_path: Path) -> None:
    row = only(
        tmp_path,
        "1563,Men,Apparel,Topwear,Tshirts,Navy Blue,Fall,2010,Sports,Peter England Men Striped Cotton Navy T-shirt",
    )
    assert (row.sku, row.categories, row.gender) == ("1563", ("Tshirts", "Topwear", "Apparel"), "Men")
    assert row.product_type == "Apparel > Topwear > Tshirts"
    assert (row.colour, row.season, row.usage) == ("Navy Blue", "Fall", "Sports")
    assert (row.brand, row.pattern, row.material) == ("Peter England", "Striped", "Cotton")
    assert row.picture == LocalPicture(tmp_path, "images/1563.jpg")


def test_unquoted_commas_in_the_name_are_recovered(tmp_path: Path) -> None:
    row = only(tmp_path, "1,Men,Apparel,Topwear,Tshirts,Red,Fall,2011,Casual,Fila Men Red, Black, and White Tee")
    assert row.title == "Fila Men Red, Black, and White Tee"


def test_na_is_a_value_that_means_unknown(tmp_path: Path) -> None:
    row = only(tmp_path, "1,Women,Free Items,Free Gifts,Free Gifts,NA,NA,2011,NA,NA Women Gift")
    assert (row.colour, row.season, row.usage, row.title) == ("", "", "", "NA Women Gift")


def test_kids_are_told_by_the_title_where_the_gender_does_not(tmp_path: Path) -> None:
    row = only(
        tmp_path, "1,Unisex,Footwear,Flip Flops,Flip Flops,Blue,Summer,2012,Casual,Disney Unisex Kids Blue Flops"
    )
    assert (row.age_group, row.brand) == ("kids", "Disney")


def test_a_title_without_a_wearer_tells_no_brand(tmp_path: Path) -> None:
    assert only(tmp_path, "1,Men,Apparel,Topwear,Tshirts,White,Fall,2010,Sports,Reebok T-shirt White Polo").brand == ""


def test_a_row_cut_short_keeps_its_place_for_the_report(tmp_path: Path) -> None:
    rows = good(
        KaggleReader(), write(tmp_path, "1,Men,Apparel", "2,Men,Apparel,Topwear,Tshirts,Red,Fall,2011,Casual,Tee")
    )
    assert [(row.place.number, row.title) for row in rows] == [(2, ""), (3, "Tee")]
    assert refused(KaggleReader(), tmp_path) == []


def test_the_file_itself_may_be_the_source(tmp_path: Path) -> None:
    write(tmp_path, "1,Men,Apparel,Topwear,Tshirts,Red,Fall,2011,Casual,Tee")
    assert KaggleReader().matches(tmp_path)
    assert KaggleReader().matches(tmp_path / "styles.csv")
    assert KaggleReader().n_rows(tmp_path) == 1
