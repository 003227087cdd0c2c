"""Shopify's product export, both generations of its header."""

from pathlib import Path

import pytest

from ingest.readers.shopify import ShopifyReader
from ingest.row import RemotePicture
from tests.feed_files import good, refused, write_csv

OLD = (
    "Handle", "Title", "Body (HTML)", "Vendor", "Type", "Published", "Option1 Name", "Option1 Value", "Option2 Name",
    "Option2 Value", "Variant SKU", "Variant Inventory Qty", "Variant Inventory Policy", "Variant Price",
    "Variant Compare At Price", "Image Src", "Variant Image", "Status",
)  # fmt: skip
NEW = (
    "URL handle", "Title", "Description", "Vendor", "Type", "Published on online store", "Option1 name",
    "Option1 value", "Option2 name", "Option2 value", "SKU", "Inventory quantity",
    "Continue selling when out of stock", "Price", "Compare-at price", "Product image URL", "Variant image URL",
    "Status",
)  # fmt: skip
TEE = (
    ("tee", "Linen tee", "<p>Soft</p>", "Cove", "T-Shirts", "TRUE", "Color", "Red", "Size", "S", "t1", "3", "deny",
     "20.00", "25.00", "https://x.example/1.jpg", "", "active"),
    ("tee", "", "", "", "", "", "", "Red", "", "M", "t2", "0", "deny", "20.00", "25.00", "https://x.example/2.jpg", "",
     ""),
    ("tee", "", "", "", "", "", "", "Blue", "", "S", "t3", "-2", "deny", "20.00", "", "",
     "https://x.example/b.jpg", ""),
    ("tee", "", "", "", "", "", "", "", "", "", "", "", "", "", "",
     "https://x.example/3.jpg", "", ""),
)  # fmt: skip


@pytest.mark.parametrize("header", [OLD, NEW])
def test_variants_of_one_size_run_become_one_item_in_the_products_group(
    tmp_path: Path, header: tuple[str, ...]
) -> None:
    path = write_csv(tmp_path / "products.csv", header, TEE)
    assert ShopifyReader().matches(path)
    red, blue = good(ShopifyReader(), path)
    assert (red.sku, red.item_group_id, red.colour, red.sizes) == ("tee:red", "tee", "Red", {"S": "3", "M": "0"})
    assert (red.price, red.sale_price, red.availability) == ("25.00", "20.00", "in_stock")
    assert (blue.sku, blue.price, blue.sale_price, blue.availability) == ("tee:blue", "20.00", "", "out_of_stock")
    assert (blue.title, blue.brand, blue.description) == ("Linen tee", "Cove", "<p>Soft</p>")
    assert red.picture == RemotePicture("https://x.example/1.jpg")
    assert blue.picture == RemotePicture("https://x.example/b.jpg")
    assert (red.place.number, blue.place.number) == (2, 4)


def row(**told: str) -> tuple[str, ...]:
    names = {"handle": "Handle", "title": "Title", "price": "Variant Price", "size": "Option1 Value"}
    values = {names.get(name, name): value for name, value in told.items()}
    return tuple(values.get(column, "") for column in OLD)


def test_a_product_without_options_is_one_item_named_by_its_handle(tmp_path: Path) -> None:
    told = {"Option1 Name": "Title"}
    path = write_csv(
        tmp_path / "a.csv", OLD, [row(handle="cap", title="Cap", price="9.5", size="Default Title", **told)]
    )
    (item,) = good(ShopifyReader(), path)
    assert (item.sku, item.sizes, item.price) == ("cap", {}, "9.5")


def test_sizes_at_prices_of_their_own_are_items_of_their_own(tmp_path: Path) -> None:
    rows = [
        row(handle="tee", title="Tee", price="20", size="S", **{"Option1 Name": "Size"}),
        row(handle="tee", price="20", size="M"),
        row(handle="tee", price="24", size="XXL"),
    ]
    items = good(ShopifyReader(), write_csv(tmp_path / "a.csv", OLD, rows))
    assert [(item.sku, item.price, list(item.sizes)) for item in items] == [
        ("tee", "20", ["S", "M"]),
        ("tee:XXL", "24", ["XXL"]),
    ]


def test_drafts_archived_and_hidden_products_are_refused_with_a_reason(tmp_path: Path) -> None:
    rows = [
        row(handle="a", title="A", price="1", Status="draft"),
        row(handle="b", title="B", price="1", Published="FALSE"),
        row(handle="c", title="C", price="1", Status="active", Published="TRUE"),
        row(title="no handle", price="1"),
    ]
    path = write_csv(tmp_path / "a.csv", OLD, rows)
    assert [item.sku for item in good(ShopifyReader(), path)] == ["c"]
    assert sorted(refused(ShopifyReader(), path)) == [(2, "not_published"), (3, "not_published"), (5, "missing_sku")]


def test_untracked_stock_is_unknown(tmp_path: Path) -> None:
    rows = [row(handle="tee", title="Tee", price="20", size="S", **{"Option1 Name": "Size"})]
    (item,) = good(ShopifyReader(), write_csv(tmp_path / "a.csv", OLD, rows))
    assert (item.sizes, item.availability) == ({"S": ""}, "")
