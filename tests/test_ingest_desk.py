"""A feed sent, looked at and applied: nothing is written before, and exactly what was shown is written then."""

import io
import json
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from env.errors import AccessError, FeedError
from env.roles import ANYBODY, EVERYTHING
from env.settings import Settings
from ingest.desk import IngestDesk, Wish
from ingest.dry_run import DryRun, dry_run
from ingest.feed import Options, find_feed
from ingest.jobs import Job
from ingest.pipeline import run
from ingest.report import Report
from ingest.uploads import Upload, Uploads
from tests.feed_files import open_test_shop, picture, plain_rows, write_picture, write_plain
from tools.shop import Shop
from tools.store_ingests import ingest_runs


@pytest.fixture
def shop(settings: Settings) -> Iterator[Shop]:
    with open_test_shop(settings) as opened:
        yield opened


def packed(rows: list[dict[str, object]], more: dict[str, bytes] | None = None) -> bytes:
    """A ZIP of items.jsonl with a picture a row."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        lines = [row | {"image": f"images/{row['sku']}.jpg"} for row in rows]
        archive.writestr("shop/items.jsonl", "\n".join(map(json.dumps, lines)))
        for number, row in enumerate(rows):
            archive.writestr(f"shop/images/{row['sku']}.jpg", picture(f"hsl({number * 37 % 360}, 80%, 50%)"))
        for name, data in (more or {}).items():
            archive.writestr(name, data)
    return buffer.getvalue()


def ended(job: Job) -> object:
    job.wait(60)
    assert job.state != "running"
    return job.result


def state(shop: Shop) -> tuple[object, ...]:
    """All that a dry run could write."""
    with shop.database.connection() as connection:
        counts = connection.execute(
            "SELECT (SELECT count(*) FROM items), (SELECT count(*) FROM ingests), (SELECT max(updated_at) FROM items),"
            " (SELECT version FROM catalog_version)"
        ).fetchone()
    return counts, len(list(shop.pictures.folder.rglob("*.jpg")))


def test_a_dry_run_tells_what_would_happen_and_writes_nothing(shop: Shop, tmp_path: Path) -> None:
    rows = plain_rows(6)
    rows[4] |= {"rating": 4.3, "sizes": {"S": 2, "M": None}, "description": "Two\nlines", "sale_price": "15.00"}
    folder = write_plain(tmp_path / "feed", rows)
    run(shop, find_feed(folder, name="test"), Options())
    rows[0]["title"] = "Another title"
    rows[0]["price"] = "25.00"
    write_plain(folder, [*rows[:5], plain_rows(8)[7], {"sku": "X-1", "title": "", "category": "Dress"}])
    write_picture(folder / "images" / "S-001.jpg", "purple")
    (folder / "images" / "S-002.jpg").unlink()
    write_picture(folder / "images" / "S-004.jpg", "teal")
    before = state(shop)
    feed = find_feed(folder, name="test")
    found = dry_run(shop, feed, Options(is_pruning=True))
    assert state(shop) == before
    assert (found.n_read, found.n_new, found.n_changed, found.n_unchanged) == (7, 1, 3, 1)
    assert (found.n_removed, found.n_rejected) == (1, 2)
    assert [line.sku for line in found.new] == ["S-007"]
    assert [line.sku for line in found.removed] == ["S-005"]
    told = {change.sku: [(one.field, one.before, one.after) for one in change.fields] for change in found.changed}
    assert told == {
        "S-000": [
            ("title", "Dress number 0", "Another title"),
            ("price_cents", "€20.00", "€25.00"),
        ],
        "S-001": [("picture", "as stored", "another one")],
        "S-004": [("picture", "as stored", "another one")],
    }
    assert found.n_by_field == {"picture": 2, "title": 1, "price_cents": 1}
    assert {reason: told.n for reason, told in found.rejected.items()} == {"missing_picture": 1, "missing_title": 1}
    report = run(shop, feed, Options(is_pruning=True))
    assert (report.n_new, report.n_changed, report.n_unchanged, report.n_pruned, report.n_rejected) == (1, 3, 1, 1, 2)


def test_what_was_shown_is_applied_and_refused_where_the_catalogue_changed_meanwhile(shop: Shop) -> None:
    desk = IngestDesk(shop)
    upload = desk.receive(EVERYTHING, "Spring feed.zip", packed(plain_rows(3)))
    with pytest.raises(FeedError, match="look at what the feed would do first"):
        desk.apply(EVERYTHING, upload)
    found = ended(desk.look(EVERYTHING, upload, Wish("spring", is_whole=True)))
    assert isinstance(found, DryRun)
    assert (found.kind, found.n_new) == ("plain", 3)
    report = ended(desk.apply(EVERYTHING, desk.uploads.find(upload.id)))
    assert isinstance(report, Report)
    (applied,) = ingest_runs(shop.database)
    assert (applied.file_name, applied.source, applied.upload, applied.n_new) == (
        "Spring feed.zip",
        "spring",
        upload.id,
        3,
    )
    second = desk.receive(EVERYTHING, "second.zip", packed(plain_rows(2)))
    ended(desk.look(EVERYTHING, second, Wish("spring", is_whole=True)))
    with shop.database.connection() as connection:
        connection.execute("UPDATE items SET content_hash = 'other' WHERE sku = 'S-001'")
    refused = desk.apply(EVERYTHING, second)
    ended(refused)
    assert refused.problem == "the catalogue changed since the feed was looked at, in 'S-001'; look again"
    assert len(ingest_runs(shop.database)) == 1
    ended(desk.look(EVERYTHING, second, Wish("spring", is_whole=True)))
    with shop.database.connection() as connection:
        connection.execute("UPDATE items SET sku = 'S-777' WHERE sku = 'S-002'")
    refused = desk.apply(EVERYTHING, second)
    ended(refused)
    assert refused.problem == "items came to this source, or left it, since the feed was looked at; look again"
    undone = desk.undo(EVERYTHING, applied.id)
    ended(undone)
    assert (undone.state, shop.catalog.n_items()) == ("done", 0)


def test_a_stopped_run_can_be_gone_on_with(shop: Shop) -> None:
    desk = IngestDesk(shop)
    upload = desk.receive(EVERYTHING, "feed.zip", packed(plain_rows(3)))
    stop = threading.Event()
    stop.set()
    run(shop, upload.feed("spring"), Options(upload=upload.id), stop=stop)
    (stopped,) = ingest_runs(shop.database)
    assert (stopped.state, stopped.n_new) == ("stopped", 0)
    ended(desk.go_on(EVERYTHING, desk.uploads.find(stopped.upload), Wish(stopped.source)))
    assert ingest_runs(shop.database)[0].n_new == 3


def test_who_may_not_change_the_catalogue_neither_sends_nor_applies(shop: Shop) -> None:
    desk = IngestDesk(shop)
    with pytest.raises(AccessError):
        desk.receive(ANYBODY, "feed.zip", packed(plain_rows(1)))
    upload = desk.receive(EVERYTHING, "feed.zip", packed(plain_rows(1)))
    with pytest.raises(AccessError):
        desk.look(ANYBODY, upload, Wish("x"))
    with pytest.raises(AccessError):
        desk.apply(ANYBODY, upload)
    with pytest.raises(AccessError):
        desk.go_on(ANYBODY, upload, Wish("x"))
    with pytest.raises(AccessError):
        desk.undo(ANYBODY, 1)


@pytest.fixture
def uploads(tmp_path: Path) -> Uploads:
    return Uploads(Settings.model_validate({"data_dir": tmp_path, "max_feed_bytes": 100_000}))


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("feed.csv", b"", "'feed.csv' is empty"),
        ("feed.exe", b"MZ", "'feed.exe' is no feed by its name; send one of csv, tsv"),
        ("feed.csv", b"x" * 100_001, "'feed.csv' has 100,001 bytes, more than 100,000 \\(MAX_FEED_BYTES\\)"),
        ("feed.zip", b"PK\x03\x04 cut", "the archive cannot be unpacked"),
        ("feed.zip", packed([], {"../../evil.txt": b"x"}), "leads out of its folder"),
        ("feed.zip", packed([], {"C:/evil.txt": b"x"}), "leads out of its folder"),
        ("feed.zip", packed([], {"/etc/evil.txt": b"x"}), "leads out of its folder"),
    ],
)
def test_a_file_that_is_no_feed_is_refused_and_leaves_nothing(
    uploads: Uploads, name: str, data: bytes, told: str
) -> None:
    with pytest.raises(FeedError, match=told):
        uploads.receive(name, data)
    assert not list(uploads._folder.glob("*/*"))


def test_an_archive_that_grows_too_much_is_refused_whatever_it_says_of_its_size(uploads: Uploads) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("items.csv", b"0" * 1_100_000)
    with pytest.raises(FeedError, match="unpacks to more than 1,000,000 bytes"):
        uploads.receive("bomb.zip", buffer.getvalue())
    link = io.BytesIO()
    with zipfile.ZipFile(link, "w") as archive:
        info = zipfile.ZipInfo("items.csv")
        info.external_attr = 0o120777 << 16
        archive.writestr(info, "/etc/passwd")
    with pytest.raises(FeedError, match="is a link or a device"):
        uploads.receive("link.zip", link.getvalue())


def test_a_broken_feed_is_told_by_the_name_its_sender_gave_it(uploads: Uploads) -> None:
    upload = uploads.receive("Our <shop>.csv", b"a;b\n1;2\n")
    with pytest.raises(FeedError, match=r"'Our .*csv' is no feed this shop knows. Looked for"):
        upload.feed("x")
    assert isinstance(uploads.find(upload.id), Upload)
    for wrong in ("", "../..", "0" * 24):
        with pytest.raises(FeedError, match="this upload is no longer kept"):
            uploads.find(wrong)


def test_only_the_newest_uploads_are_kept(uploads: Uploads) -> None:
    for number in range(12):
        uploads.receive(f"{number}.csv", b"x")
    assert len(list(uploads._folder.iterdir())) == 10
