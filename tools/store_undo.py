"""Taking a run back: what it added goes, what it changed or removed stands as it stood before."""

from dataclasses import dataclass

import psycopg

from env.errors import CatalogError
from tools.store_copies import COPIED
from tools.store_ingests import IngestRun, count_rows

_NAMED = 5
_RESTORED = [column.strip() for column in COPIED.split(",")]
# Vectors of another embedder are never put beside those at work: such a row waits for new ones.
_OF_EMBEDDER = ("embedding", "token_embeddings", "embedder")


def _value(column: str) -> str:
    if column in _OF_EMBEDDER:
        return f"CASE WHEN copied.embedder = %(embedder)s THEN copied.{column} END"
    return f"copied.{column}"


# What the run left behind for each item it touched: there (and last written by that run), or not there. A run that was
# itself an undo left rows as an earlier run had left them: the copies of the run it undid tell which.
_TOUCHED = """
    CREATE TEMPORARY TABLE touched ON COMMIT DROP AS
    SELECT copied.sku, copied.what,
        CASE WHEN %(undid)s::bigint IS NULL THEN %(run)s::bigint ELSE undone.last_ingest END AS left_by
    FROM item_copies AS copied
    LEFT JOIN item_copies AS undone ON undone.ingest_id = %(undid)s::bigint AND undone.sku = copied.sku
    WHERE copied.ingest_id = %(run)s
    UNION ALL
    SELECT sku, 'new', %(run)s::bigint FROM items
    WHERE %(undid)s::bigint IS NULL AND last_ingest = %(run)s
        AND NOT EXISTS (SELECT FROM item_copies WHERE ingest_id = %(run)s AND item_copies.sku = items.sku)
"""
_LOCK_ROWS = (
    "SELECT count(*) FROM (SELECT FROM items JOIN touched USING (sku) ORDER BY sku FOR UPDATE OF items) AS held"
)
# Touched again since: what should be there is gone or of another run, or what should be gone is there.
_CONFLICTS = """
    SELECT touched.sku, items.last_ingest FROM touched LEFT JOIN items USING (sku)
    WHERE CASE WHEN touched.what = 'removed' THEN items.sku IS NOT NULL
        ELSE items.sku IS NULL OR items.last_ingest IS DISTINCT FROM touched.left_by END
    ORDER BY touched.sku
"""
_N_NEW = "SELECT count(*) FROM touched WHERE what = 'new'"

_KEEP = f"""
    INSERT INTO item_copies (ingest_id, what, {COPIED})
    SELECT %(undo)s, CASE WHEN touched.what = 'new' THEN 'removed' ELSE 'changed' END, {COPIED}
    FROM items JOIN touched USING (sku)
"""
_MARK_BACK = """
    INSERT INTO item_copies (ingest_id, what, sku) SELECT %(undo)s, 'new', sku FROM touched WHERE what = 'removed'
"""
_TAKE_OUT = "DELETE FROM items USING touched WHERE items.sku = touched.sku AND touched.what = 'new'"
_PUT_BACK_CHANGED = f"""
    UPDATE items SET {", ".join(f"{column} = {_value(column)}" for column in _RESTORED if column != "sku")}
    FROM item_copies AS copied JOIN touched USING (sku)
    WHERE copied.ingest_id = %(run)s AND items.sku = copied.sku AND touched.what = 'changed'
"""
_PUT_BACK_REMOVED = f"""
    INSERT INTO items ({COPIED})
    SELECT {", ".join(_value(column) for column in _RESTORED)}
    FROM item_copies AS copied JOIN touched USING (sku)
    WHERE copied.ingest_id = %(run)s AND touched.what = 'removed' ORDER BY sku
"""
_WITHOUT_VECTORS = """
    SELECT count(*) FROM items JOIN touched USING (sku) JOIN item_copies AS copied USING (sku)
    WHERE copied.ingest_id = %(run)s AND copied.embedder <> %(embedder)s
"""
_TO_FOLD = "INSERT INTO unfolded SELECT sku FROM touched ON CONFLICT DO NOTHING"
_MARK_UNDONE = "UPDATE ingests SET undone_by = %(undo)s WHERE id = %(run)s"
_STANDS_AGAIN = "UPDATE ingests SET undone_by = NULL WHERE id = %(undid)s"
_FRESH = "SELECT undone_by, is_kept, n_new FROM ingests WHERE id = %(run)s FOR UPDATE"


@dataclass(frozen=True, slots=True)
class Undone:
    """What an undo did, by items: taken out again, put back to how they were, and brought back.

    `n_without_vectors` of those back had vectors of another embedder and wait for new ones.
    """

    n_taken_out: int
    n_put_back: int
    n_brought_back: int
    n_without_vectors: int


def why_not_undo(run: IngestRun) -> str:
    """Why a run cannot be undone, as far as the run itself tells; "" where nothing of it is against that."""
    if run.state == "running":
        return f"run {run.id} is at work; wait for its end, or stop it"
    if run.undone_by is not None:
        return f"run {run.id} was undone by run {run.undone_by} already"
    if not run.n_touched:
        return f"run {run.id} changed nothing, so there is nothing to undo"
    if not run.is_kept:
        return f"the rows before run {run.id} are no longer kept; ingest the feed of that time again"
    return ""


def undo_rows(connection: psycopg.Connection, run: IngestRun, undo: int, embedder: str) -> Undone:
    """Take back what `run` did, as run `undo`; all of it or nothing. The caller holds the lock of the source.

    Raises:
        CatalogError: a later run touched one of the items, or the copies are gone.
    """
    told = {"run": run.id, "undid": run.undoes, "undo": undo, "embedder": embedder}
    with connection.transaction():
        fresh = connection.execute(_FRESH, told).fetchone()
        if fresh is None or fresh[0] is not None or not fresh[1]:
            raise CatalogError(f"run {run.id} cannot be undone any more; look at the list of runs again")
        connection.execute(_TOUCHED, told)
        connection.execute(_LOCK_ROWS)
        _check(connection, run, fresh[2])
        connection.execute(_KEEP, told)
        connection.execute(_MARK_BACK, told)
        n_taken_out = connection.execute(_TAKE_OUT, told).rowcount
        n_put_back = connection.execute(_PUT_BACK_CHANGED, told).rowcount
        n_brought_back = connection.execute(_PUT_BACK_REMOVED, told).rowcount
        connection.execute(_TO_FOLD)
        (n_without_vectors,) = connection.execute(_WITHOUT_VECTORS, told).fetchone() or (0,)
        connection.execute(_MARK_UNDONE, told)
        if run.undoes is not None:
            connection.execute(_STANDS_AGAIN, told)
        count_rows(connection, undo, new=n_brought_back, changed=n_put_back, removed=n_taken_out)
    return Undone(n_taken_out, n_put_back, n_brought_back, n_without_vectors)


def _check(connection: psycopg.Connection, run: IngestRun, n_new: int) -> None:
    conflicts = connection.execute(_CONFLICTS).fetchall()
    if conflicts:
        named = ", ".join(repr(sku) for sku, _ in conflicts[:_NAMED])
        more = f" and {len(conflicts) - _NAMED:,} more" if len(conflicts) > _NAMED else ""
        runs = sorted({by for _, by in conflicts if by is not None})
        later = f" (run {', '.join(map(str, runs[:_NAMED]))})" if runs else ""
        raise CatalogError(f"a later run{later} touched {named}{more}; undo that one before run {run.id}")
    row = connection.execute(_N_NEW).fetchone()
    n_left = row[0] if row else 0
    if n_left != n_new:
        raise CatalogError(
            f"a later run touched {n_new - n_left:,} of the {n_new:,} items that run {run.id} added;"
            f" undo that one before run {run.id}"
        )
