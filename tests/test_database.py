"""The database: reached, refused, migrated, lost and found again."""

import threading
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from env.database import Database, connect, describe, open_database, prepare
from env.errors import DatabaseError
from env.migrate import MIGRATIONS_DIR, migrate, read_migrations
from env.postgres_server import PostgresServer
from env.settings import Settings


def _open(url: str) -> Database:
    return open_database(Settings(database_url=url))  # type: ignore[arg-type]


@pytest.fixture
def empty_url(postgres_server: PostgresServer) -> Iterator[str]:
    """URL of a database without a single table."""
    with connect(postgres_server.url) as admin:
        admin.execute("CREATE DATABASE empty")
    yield postgres_server.database_url("empty")
    with connect(postgres_server.url) as admin:
        admin.execute("DROP DATABASE empty WITH (FORCE)")


def test_an_opened_database_knows_vectors_and_is_migrated(database: Database) -> None:
    with database.connection() as connection:
        row = connection.execute("SELECT '[1,2]'::vector, '[3,4]'::halfvec").fetchone()
    assert row is not None
    assert [value.to_list() for value in row] == [[1.0, 2.0], [3.0, 4.0]]
    facts = describe(database)
    assert (facts.n_migrations, facts.n_items, facts.embedders) == (len(read_migrations()), 0, {})


def test_a_prepared_statement_is_planned_anew_for_its_own_filters(database: Database) -> None:
    with database.connection() as connection:
        for number in range(20):
            connection.execute("SELECT %s::int", [number])
        plans = connection.execute("SELECT generic_plans, custom_plans > 5 FROM pg_prepared_statements").fetchall()
    assert plans == [(0, True)]


def test_a_pool_recovers_when_the_server_cuts_its_connections(database: Database) -> None:
    with database.connection() as connection:
        pids = connection.execute("SELECT pg_backend_pid()").fetchone()
    with connect(database.url) as admin:
        admin.execute("SELECT pg_terminate_backend(%s, 5000)", pids)
    with database.connection() as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_a_connection_lost_in_the_middle_is_a_database_error(database: Database) -> None:
    def cut_off() -> None:
        with database.connection() as connection:
            connection.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    with pytest.raises(DatabaseError, match="lost the database"):
        cut_off()


def test_a_failed_block_changes_nothing(database: Database) -> None:
    def fail_half_way() -> None:
        with database.connection() as connection:
            connection.execute("DELETE FROM catalog_version")
            connection.execute("SELECT no_such_column")

    with pytest.raises(DatabaseError, match="refused a statement"):
        fail_half_way()
    with database.connection() as connection:
        assert connection.execute("SELECT count(*) FROM catalog_version").fetchone() == (1,)


def test_an_unreachable_host_is_told_without_the_password() -> None:
    with pytest.raises(DatabaseError, match=r"no database answers at '127\.0\.0\.1:1/shop'") as caught:
        _open("postgresql://anna:s3kret@127.0.0.1:1/shop")
    assert "s3kret" not in str(caught.value)


@pytest.mark.parametrize("url", ["anna:s3kret@host/shop", "postgresql://anna:s3k%ret@host/shop", "s3kret"])
def test_a_malformed_url_is_told_without_quoting_it(url: str) -> None:
    with pytest.raises(DatabaseError, match="DATABASE_URL cannot be read") as caught:
        _open(url)
    assert "s3k" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_a_wrong_password_is_told_without_the_password(postgres_server: PostgresServer) -> None:
    rules = postgres_server.home / "data" / "pg_hba.conf"
    rules.write_text("local all guarded scram-sha-256\n" + rules.read_text())
    with connect(postgres_server.url) as admin:
        admin.execute("CREATE ROLE guarded LOGIN PASSWORD 'right'")
        admin.execute("SELECT pg_reload_conf()")
    url = postgres_server.url.replace("vitrine@", "guarded:s3kret@")
    with pytest.raises(DatabaseError, match="it refuses the user or the password; check DATABASE_URL") as caught:
        _open(url)
    assert "s3kret" not in str(caught.value)
    with connect(url.replace("s3kret", "right")) as connection:
        assert connection.execute("SELECT current_user").fetchone() == ("guarded",)


def test_an_unknown_database_is_told(postgres_server: PostgresServer) -> None:
    with pytest.raises(DatabaseError, match="that database or user does not exist there"):
        _open(postgres_server.database_url("nowhere"))


def test_a_server_without_pgvector_is_told_what_to_install(empty_url: str, postgres_server: PostgresServer) -> None:
    folder = postgres_server.home / "bare" / "extension"
    folder.mkdir(parents=True)
    with connect(empty_url) as admin:
        admin.execute(f"ALTER DATABASE empty SET extension_control_path = '{folder.parent}'")
    with pytest.raises(DatabaseError, match="has no pgvector; install it there"):
        _open(empty_url)


def test_too_old_a_pgvector_is_told_with_both_versions(empty_url: str, postgres_server: PostgresServer) -> None:
    folder = postgres_server.home / "old" / "extension"
    folder.mkdir(parents=True)
    (folder / "vector.control").write_text("comment = 'old'\ndefault_version = '0.6.2'\n")
    with connect(empty_url) as admin:
        admin.execute(f"ALTER DATABASE empty SET extension_control_path = '{folder.parent}'")
    with pytest.raises(DatabaseError, match=r"offers pgvector 0\.6\.2; update it to 0\.8 or newer"):
        _open(empty_url)


def test_migrations_run_once_and_in_order(empty_url: str) -> None:
    every = tuple(migration.version for migration in read_migrations())
    assert prepare(empty_url) == every
    assert prepare(empty_url) == ()


def test_several_processes_may_migrate_at_once(empty_url: str) -> None:
    applied: list[tuple[int, ...]] = []
    threads = [threading.Thread(target=lambda: applied.append(prepare(empty_url))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(applied, key=len) == [(), (), (), tuple(migration.version for migration in read_migrations())]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the first migration of a small schema."""
    (tmp_path / "0001_first.sql").write_text("CREATE TABLE first (id int);")
    return tmp_path


def _migrate(url: str, folder: Path) -> tuple[int, ...]:
    with connect(url) as connection:
        return migrate(connection, folder)


def test_a_later_file_is_applied_later(empty_url: str, folder: Path) -> None:
    assert _migrate(empty_url, folder) == (1,)
    (folder / "0002_second.sql").write_text("ALTER TABLE first ADD COLUMN name text; CREATE INDEX ON first (name);")
    assert _migrate(empty_url, folder) == (2,)


def test_a_changed_file_is_refused_but_other_line_ends_are_not(empty_url: str, folder: Path) -> None:
    first = folder / "0001_first.sql"
    first.write_bytes(b"CREATE TABLE first (\n id int);\n")
    _migrate(empty_url, folder)
    first.write_bytes(b"CREATE TABLE first (\r\n id int);\r\n")
    assert _migrate(empty_url, folder) == ()
    first.write_text("CREATE TABLE first (id bigint);")
    with pytest.raises(DatabaseError, match=r"'0001_first\.sql' was changed after it ran"):
        _migrate(empty_url, folder)


def test_a_failing_file_is_undone_as_a_whole(empty_url: str, folder: Path) -> None:
    (folder / "0002_second.sql").write_text("CREATE TABLE second (id int); SELECT 1 / 0;")
    with pytest.raises(DatabaseError, match=r"'0002_second\.sql' failed and was undone: division by zero"):
        _migrate(empty_url, folder)
    with connect(empty_url) as connection:
        assert connection.execute("SELECT to_regclass('first'), to_regclass('second')").fetchone() == ("first", None)
        assert connection.execute("SELECT version FROM schema_migrations").fetchall() == [(1,)]


def test_a_database_newer_than_the_code_is_refused(database_url: str) -> None:
    with connect(database_url) as connection:
        connection.execute("INSERT INTO schema_migrations VALUES (9000, '9000_future.sql', 'x')")
    with pytest.raises(DatabaseError, match=r"at migration '9000_future\.sql', this code knows only"):
        prepare(database_url)


def test_a_hole_in_the_numbers_is_refused(empty_url: str, folder: Path) -> None:
    (folder / "0003_third.sql").write_text("SELECT 1;")
    with pytest.raises(DatabaseError, match=r"'0003_third\.sql' should be named 0002_"):
        _migrate(empty_url, folder)


def test_a_role_that_may_not_create_extensions_is_told(empty_url: str) -> None:
    with connect(empty_url) as admin:
        admin.execute("CREATE ROLE modest LOGIN")
        admin.execute("GRANT ALL ON SCHEMA public TO modest")
    with pytest.raises(DatabaseError, match="an administrator run CREATE EXTENSION vector"):
        prepare(empty_url.replace("vitrine@", "modest@"))
    with connect(empty_url) as admin:
        admin.execute("DROP OWNED BY modest")
        admin.execute("DROP ROLE modest")


def test_shipped_migrations_are_numbered_without_holes() -> None:
    assert [migration.name for migration in read_migrations()] == sorted(
        path.name for path in MIGRATIONS_DIR.glob("*.sql")
    )


def test_the_catalogue_version_grows_with_every_change(small_catalog: Database) -> None:
    def version() -> int:
        with small_catalog.connection() as connection:
            row = connection.execute("SELECT version FROM catalog_version").fetchone()
        assert row is not None
        return int(row[0])

    seen = [version()]
    for change in (
        "UPDATE items SET title = 'New' WHERE sku = 'A-001'",
        "DELETE FROM items WHERE sku = 'A-001'",
        "TRUNCATE items",
    ):
        with small_catalog.connection() as connection:
            connection.execute(change.encode())
        seen.append(version())
    assert seen == sorted(set(seen))


def test_columns_refuse_what_the_house_rules_out(small_catalog: Database) -> None:
    for column, value in (("price_cents", "-1"), ("currency", "'eur'"), ("gender", "'women'"), ("rating", "6")):
        with (
            pytest.raises(DatabaseError, match="violates check constraint") as caught,
            small_catalog.connection() as connection,
        ):
            connection.execute(f"UPDATE items SET {column} = {value} WHERE sku = 'A-001'".encode())
        assert isinstance(caught.value.__cause__, psycopg.errors.CheckViolation)
