"""Google Merchant feeds: tab-separated, RSS and Atom, well-formed and not."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from env.errors import FeedError
from ingest.readers.merchant import MerchantReader
from ingest.row import Note, RawRow, RemotePicture
from tests.feed_files import good, noted, refused

RSS = """<?xml version="1.0"?>
<rss version="2.0" xmlns:g="http://base.google.com/ns/1.0"><channel><title>Shop</title>
{entries}</channel></rss>"""


def entry(number: int, inside: str = "") -> str:
    return (
        f"<item><g:id>{number}</g:id><title>Tee {number}</title><g:image_link>https://x.example/{number}.jpg"
        f"</g:image_link>{inside}</item>\n"
    )


def write(folder: Path, *entries: str, form: str = RSS) -> Path:
    path = folder / "feed.xml"
    path.write_text(form.format(entries="".join(entries)), encoding="utf-8")
    return path


def only(folder: Path, inside: str) -> RawRow:
    (row,) = good(MerchantReader(), write(folder, entry(1, inside)))
    return row


def test_tab_separated_text_with_either_spelling_of_columns(tmp_path: Path) -> None:
    path = tmp_path / "feed.txt"
    path.write_text(
        "id\ttitle\timage link\tprice\tsale price\tavailability\tgoogle product category\tcolor\tsize\n"
        '7\tTee 5" wide\thttps://x.example/7.jpg\t25.00 USD\t20.00 USD\tout of stock\tApparel > Shirts\tRed/Blue\tM\n'
    )
    (row,) = good(MerchantReader(), path)
    assert (row.sku, row.title, row.price, row.sale_price) == ("7", 'Tee 5" wide', "25.00 USD", "20.00 USD")
    assert (row.colour, row.sizes, row.categories) == ("Red", {"M": "0"}, ("Shirts", "Apparel"))
    assert row.picture == RemotePicture("https://x.example/7.jpg")
    assert MerchantReader().matches(path)


def test_rss_with_the_g_namespace(tmp_path: Path) -> None:
    row = only(
        tmp_path,
        "<description><![CDATA[<p>Soft & warm</p>]]></description><g:title>Better title</g:title>"
        "<g:product_type>Women &gt; Dresses &gt; Maxi Dresses</g:product_type><g:price>15.00 EUR</g:price>"
        "<g:item_group_id>G1</g:item_group_id><g:gender>female</g:gender>"
        "<g:shipping><g:price>4 EUR</g:price></g:shipping>",
    )
    assert (row.title, row.description, row.price) == ("Better title", "<p>Soft & warm</p>", "15.00 EUR")
    assert (row.categories, row.item_group_id) == (("Maxi Dresses", "Dresses", "Women"), "G1")
    assert str(row.place) == "line 3 (entry 1)"


def test_atom(tmp_path: Path) -> None:
    atom = """<feed xmlns="http://www.w3.org/2005/Atom" xmlns:g="http://base.google.com/ns/1.0">{entries}</feed>"""
    one = (
        '<entry><g:id>A</g:id><title>Hat</title><link href="https://x.example/hat"/>'
        "<g:image_link>https://x.example/a.jpg</g:image_link></entry>"
    )
    path = write(tmp_path, one, form=atom)
    assert MerchantReader().matches(path)
    (row,) = good(MerchantReader(), path)
    assert (row.sku, row.title, row.link) == ("A", "Hat", "https://x.example/hat")


def test_what_feeds_get_wrong_most_is_mended_and_told(tmp_path: Path) -> None:
    path = write(tmp_path, entry(1), entry(2, "<g:brand>Birch & Co&nbsp;Ltd</g:brand>"), entry(3))
    rows = good(MerchantReader(), path)
    assert [row.sku for row in rows] == ["1", "2", "3"]
    assert rows[1].brand.replace("&nbsp;", " ").split() == ["Birch", "Co", "Ltd"]
    assert {reason for _, reason in noted(MerchantReader(), path)} == {"xml"}


def test_an_entry_that_is_not_closed_is_refused_and_its_neighbours_arrive(tmp_path: Path) -> None:
    path = write(tmp_path, entry(1), entry(2, "<g:brand>x").replace("</item>", ""), entry(3), entry(4))
    assert {row.sku for row in good(MerchantReader(), path)} == {"1", "3", "4"}
    assert [reason for _, reason in refused(MerchantReader(), path)] == ["broken_xml"]


def until_early_end(path: Path) -> list[str]:
    """SKUs and reasons of refusal, up to the error that tells of the early end."""
    told: list[str] = []
    rows = (row for row in MerchantReader().rows(path) if not isinstance(row, Note))
    with pytest.raises(FeedError, match="ends early: "):
        told.extend(row.sku if isinstance(row, RawRow) else row.reason for row in rows)
    return told


def test_an_entry_cut_by_the_files_end_is_refused_and_the_end_told(tmp_path: Path) -> None:
    path = write(tmp_path, entry(1), entry(2, "<g:price>1299"))
    path.write_text(path.read_text().split("</item>\n</channel>")[0])
    assert until_early_end(path) == ["1", "broken_xml"]


def test_a_file_cut_between_entries_keeps_them_all_and_tells(tmp_path: Path) -> None:
    path = write(tmp_path, entry(1), entry(2))
    path.write_text(path.read_text().split("</channel>")[0])
    assert until_early_end(path) == ["1", "2"]


def test_entities_reach_nothing_outside_the_file(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("the secret")
    path = write(tmp_path, entry(1, "<g:brand>a&x;b</g:brand>"))
    dtd = f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY x SYSTEM "{secret.as_uri()}">]>'
    path.write_text(path.read_text().replace('<?xml version="1.0"?>', dtd))
    (row,) = good(MerchantReader(), path)
    assert row.brand == "a&x;b"


def test_entities_that_grow_without_end_stop_the_feed(tmp_path: Path) -> None:
    path = write(tmp_path, entry(1), entry(2, "<description>&l9;</description>"), entry(3))
    grown = "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(9))
    dtd = f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY l0 "lol">{grown}]>'
    path.write_text(path.read_text().replace('<?xml version="1.0"?>', dtd))
    assert until_early_end(path)[:1] == ["1"]


def test_entries_are_read_one_by_one(tmp_path: Path) -> None:
    path = write(tmp_path, *(entry(n, f"<description>{'x' * 200}</description>") for n in range(3_000)))
    rows = MerchantReader().rows(path)
    first = next(rows)
    with path.open("r+b") as file:  # what is not read yet becomes unreadable
        file.truncate(path.stat().st_size // 2)
    with pytest.raises(FeedError, match="ends early"):
        list(rows)
    assert isinstance(first, RawRow)


@pytest.mark.parametrize(("start", "end", "sale_price"), [(-2, -1, ""), (-1, 1, "10 EUR"), (1, 2, "")])
def test_a_sale_holds_in_its_period_only(tmp_path: Path, start: int, end: int, sale_price: str) -> None:
    now = datetime.now(UTC)
    period = f"{now + timedelta(days=start):%Y-%m-%dT%H:%M%z}/{now + timedelta(days=end):%Y-%m-%dT%H:%M%z}"
    inside = f"<g:sale_price>10 EUR</g:sale_price><g:sale_price_effective_date>{period}</g:sale_price_effective_date>"
    assert only(tmp_path, inside).sale_price == sale_price


def test_a_web_page_is_no_feed(tmp_path: Path) -> None:
    page = tmp_path / "page.xml"
    page.write_text("<!doctype html><html><body>Not found</body></html>")
    assert not MerchantReader().matches(page)


def test_what_is_not_xml_at_all_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "feed.xml"
    path.write_bytes(b"<\x00\x01\x02")
    with pytest.raises(FeedError, match="ends early"):
        list(MerchantReader().rows(path))
