"""A bench over the 48 small items, drawn and embedded for real."""

from typing import cast

from env.database import Database
from env.settings import Settings
from evals.retrieval_gallery import Bench, open_bench
from tests.small_catalog import fill_pictured_catalog
from tests.stocked_shop import bundled_embedder
from tools.catalog import Catalog
from tools.pictures import PictureStore
from tools.shop import LazyEmbedder, Shop


def pictured_bench(settings: Settings, database: Database, n_queries: int) -> Bench:
    """About `n_queries` of a kind over all 48 items."""
    pictures = PictureStore(settings.data_dir / "pictures")
    fill_pictured_catalog(database, pictures, bundled_embedder())
    catalog = Catalog(database, bundled_embedder, settings)
    return open_bench(Shop(settings, database, pictures, catalog, cast(LazyEmbedder, bundled_embedder)), n_queries)
