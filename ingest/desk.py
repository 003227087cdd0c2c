"""What the catalogue desk does: take a feed, look at what it would do, apply that, and undo a run."""

from dataclasses import dataclass, replace

from env.errors import FeedError
from env.roles import Action, Actor
from ingest.dry_run import DryRun, dry_run
from ingest.feed import Options
from ingest.jobs import Job, Jobs
from ingest.pipeline import run
from ingest.seen import check_seen
from ingest.undo import undo
from ingest.uploads import Upload, Uploads
from tools.shop import Shop

MAX_SOURCE_CHARS = 200


@dataclass(frozen=True, slots=True)
class Wish:
    """How an upload is to be read: the source it is stored under, its kind where looking did not tell, and whether it
    is the whole of its source, so that what it lacks is removed."""

    source: str
    kind: str = ""
    is_whole: bool = False


class IngestDesk:
    """One for all tabs. Whatever changes the catalogue asks first whether its actor may."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop
        self.uploads = Uploads(shop.settings)
        self.jobs = Jobs()
        self._wishes: dict[str, Wish] = {}

    def receive(self, actor: Actor, name: str, data: bytes) -> Upload:
        """Keep a feed that somebody sent. Raises AccessError, and FeedError as `Uploads.receive` does."""
        actor.require(Action.CHANGE_CATALOG)
        at_work = frozenset(key.rpartition(" ")[2] for key in self.jobs.running())
        return self.uploads.receive(name, data, at_work)

    def look(self, actor: Actor, upload: Upload, wish: Wish) -> Job:
        """Begin a dry run of an upload.

        Raises:
            AccessError: the actor may not change the catalogue.
            FeedError: nothing in it is a feed, or no source is named.
        """
        actor.require(Action.CHANGE_CATALOG)
        source = " ".join(wish.source.split())[:MAX_SOURCE_CHARS]
        if not source:
            raise FeedError("say what source its items are stored under, such as the shop they come from")
        feed = upload.feed(source, wish.kind)
        self._wishes[upload.id] = replace(wish, source=source)
        self.jobs.forget(f"apply {upload.id}")
        return self.jobs.start(
            f"look {upload.id}",
            f"Looking at {upload.name}",
            lambda watcher, stop: dry_run(
                self._shop, feed, Options(is_pruning=wish.is_whole), watcher, stop, upload.seen
            ),
        )

    def looked(self, upload: Upload) -> DryRun | None:
        """What a dry run of an upload found; None before its end."""
        job = self.jobs.get(f"look {upload.id}")
        result = job.result if job else None
        return result if isinstance(result, DryRun) and not result.is_stopped else None

    def wish(self, upload: Upload) -> Wish | None:
        """How the upload was last looked at."""
        return self._wishes.get(upload.id)

    def apply(self, actor: Actor, upload: Upload) -> Job:
        """Begin to apply exactly what the dry run showed; where its rows changed since, nothing is done.

        Raises:
            AccessError: the actor may not change the catalogue.
            FeedError: it was not looked at, or another job is at work on it.
        """
        actor.require(Action.CHANGE_CATALOG)
        wish = self._wishes.get(upload.id)
        if wish is None or self.looked(upload) is None:
            raise FeedError("look at what the feed would do first; then it can be applied")
        options = Options(
            is_pruning=wish.is_whole,
            actor=actor,
            upload=upload.id,
            file_name=upload.name,
            before_writing=lambda loader: check_seen(loader, upload.seen),
        )
        return self._begin(upload, wish, options)

    def go_on(self, actor: Actor, upload: Upload, wish: Wish) -> Job:
        """Begin to finish an upload whose run was stopped or killed: what is stored already is skipped.

        Raises:
            AccessError: the actor may not change the catalogue.
            FeedError: nothing in it is a feed.
        """
        actor.require(Action.CHANGE_CATALOG)
        return self._begin(upload, wish, Options(actor=actor, upload=upload.id, file_name=upload.name))

    def undo(self, actor: Actor, number: int) -> Job:
        """Begin to undo a run. Raises AccessError; what else is wrong is told by the job."""
        actor.require(Action.CHANGE_CATALOG)
        key = f"undo {number}"
        return self.jobs.start(
            key, f"Undoing run {number}", lambda watcher, _: undo(self._shop, number, actor, watcher)
        )

    def _begin(self, upload: Upload, wish: Wish, options: Options) -> Job:
        feed = upload.feed(wish.source, wish.kind)
        return self.jobs.start(
            f"apply {upload.id}",
            f"Applying {upload.name}",
            lambda watcher, stop: run(self._shop, feed, options, watcher, stop),
        )
