"""A bench over the 48 small items, drawn and embedded for real."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import cast

from env.database import Database
from env.settings import Settings
from evals.retrieval_gallery import Bench, open_bench
from tests.small_catalog import fill_pictured_catalog
from tests.stocked_shop import bundled_embedder
from tools.catalog import Catalog
from tools.pictures import PictureStore
from tools.shop import LazyEmbedder, Shop


@contextmanager
def pictured_bench(
    new_database: Callable[[], AbstractContextManager[str]], data_dir: Path, n_queries: int
) -> Iterator[Bench]:
    """About `n_queries` of a kind over all 48 items, in a database of their own."""
    with new_database() as url, Database(url) as database:
        settings = Settings(data_dir=data_dir, database_url=url)  # type: ignore[arg-type]
        pictures = PictureStore(data_dir / "pictures")
        fill_pictured_catalog(database, pictures, bundled_embedder())
        catalog = Catalog(database, bundled_embedder, settings)
        shop = Shop(settings, database, pictures, catalog, cast(LazyEmbedder, bundled_embedder))
        yield open_bench(shop, n_queries)
