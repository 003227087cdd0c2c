"""How many rows pass: a true count, remembered until the catalogue changes."""

import threading
from dataclasses import replace

import psycopg

from tools import store_sql
from tools.query import Filters
from tools.store_filters import Parameters, filter_parameters

_MOST_REMEMBERED = 4_096


class RowCounts:
    """Counts of one catalogue by filters. Safe to share between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._version = 0
        self._counts: dict[str, int] = {}

    def count(self, connection: psycopg.Connection, filters: Filters) -> int:
        """Number of rows that pass. SKUs not to be shown are taken off a remembered count: they differ by session."""
        parameters = filter_parameters(replace(filters, exclude_skus=()))
        n_rows = self._remembered(connection, parameters)
        if not filters.exclude_skus or not n_rows:
            return n_rows
        taken_off = filter_parameters(replace(filters, exclude_skus=()), filters.exclude_skus)
        return n_rows - _count(connection, taken_off)

    def _remembered(self, connection: psycopg.Connection, parameters: Parameters) -> int:
        row = connection.execute(store_sql.VERSION).fetchone()
        version = int(row[0]) if row else 0
        key = repr(parameters)
        with self._lock:
            if version != self._version or len(self._counts) >= _MOST_REMEMBERED:
                self._version, self._counts = version, {}
            known = self._counts.get(key)
        if known is not None:
            return known
        n_rows = _count(connection, parameters)
        with self._lock:
            if self._version == version:
                self._counts[key] = n_rows
        return n_rows


def _count(connection: psycopg.Connection, parameters: Parameters) -> int:
    row = connection.execute(store_sql.limited(store_sql.COUNT, parameters), parameters).fetchone()
    return int(row[0]) if row else 0
