"""Undo of an ingest: a run of its own, which puts back exactly what stood before."""

from dataclasses import dataclass

from env.errors import CatalogError, VitrineError
from env.roles import Action, Actor
from ingest.progress import Watcher, silent
from ingest.reembed import reembed
from tools.shop import Shop
from tools.store_ingests import IngestRun, RunEnd, RunStart, ingest_run, ingest_runs
from tools.store_load import Loader, open_loader
from tools.store_undo import Undone, why_not_undo

KIND = "undo"
_MOST_LOOKED_AT = 200


@dataclass(frozen=True, slots=True)
class UndoReport:
    """What an undo did, as run `run`; `n_reembedded` items got new vectors as the embedder had changed meanwhile."""

    run: int
    undid: IngestRun
    rows: Undone
    n_reembedded: int

    def line(self) -> str:
        """The report for people."""
        told = (
            (self.rows.n_taken_out, "taken out again"),
            (self.rows.n_put_back, "put back as before"),
            (self.rows.n_brought_back, "brought back"),
        )
        done = ", ".join(f"{n:,} item{'s' if n > 1 else ''} {words}" for n, words in told if n)
        return f"run {self.undid.id} of {self.undid.source} is undone: {done}"


def last_undoable(shop: Shop, source: str) -> IngestRun:
    """The newest run of a source that changed anything and stands.

    Raises:
        CatalogError: there is none, or it cannot be undone.
    """
    runs = ingest_runs(shop.database, source, limit=_MOST_LOOKED_AT)
    standing = [run for run in runs if run.n_touched and run.undone_by is None and run.kind != KIND]
    if not standing:
        raise CatalogError(f"no ingest of {source!r} is left to undo; `python -m ingest runs` lists them all")
    if why_not := why_not_undo(standing[0]):
        raise CatalogError(why_not)
    return standing[0]


def undo(shop: Shop, run: int, actor: Actor, watcher: Watcher = silent) -> UndoReport:
    """Take a run back, all of it or, on any error, nothing.

    Raises:
        AccessError: the actor may not change the catalogue.
        CatalogError: the run cannot be undone, or an ingest of its source is at work.
        DatabaseError: the database went away.
    """
    actor.require(Action.CHANGE_CATALOG)
    undone = ingest_run(shop.database, run)
    if why_not := why_not_undo(undone):
        raise CatalogError(why_not)
    watcher(0, undone.n_touched)
    with open_loader(shop.database, undone.source) as loader:
        start = RunStart(actor.name, undone.source, KIND, undone.file_name, undoes=undone.id)
        number = loader.begin(start)
        try:
            rows = _undo(shop, loader, undone, number)
        except VitrineError as error:
            loader.end(RunEnd("failed", str(error)))
            raise
        n_reembedded = reembed(shop).n_done if rows.n_without_vectors else 0
        loader.end(RunEnd("done", report={"undid": undone.id, "vectors_made_anew": n_reembedded}))
    watcher(undone.n_touched, undone.n_touched)
    return UndoReport(number, undone, rows, n_reembedded)


def _undo(shop: Shop, loader: Loader, undone: IngestRun, number: int) -> Undone:
    rows = loader.undo(undone, number, shop.embedder.fingerprint)
    loader.finish()
    return rows
