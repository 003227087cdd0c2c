"""The catalogue's own words as the text side of a search knows them."""

import threading

import psycopg

from tools import store_rank_sql, store_sql
from tools.store_filters import Parameters
from tools.store_words import Lexeme, corrected, read_sentence, text_parameters


class Lexicon:
    """Words in their stems, with frequencies. Safe to share between threads.

    The frequencies are those of the last finished ingest; without any, every word is taken as it is.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._version = 0
        self._frequencies: dict[str, int] = {}

    def parameters(self, connection: psycopg.Connection, text: str, is_alone: bool) -> Parameters:
        """The parameters of the text side for a shopper's sentence; an unknown word gives way to what it is a typo of.

        `is_alone` has every row that says any word take part, not only those that say a rare one.
        """
        sentence = read_sentence(text)
        found: list[Lexeme] = []
        if sentence.plain:
            rows = connection.execute(store_rank_sql.LEXEMES, {"text": sentence.plain})
            found = [Lexeme(word, n_holding) for word, n_holding in rows]
        if any(lexeme.n_items == 0 for lexeme in found):
            found = self._known(connection, found)
        return text_parameters(sentence, found, is_alone)

    def _known(self, connection: psycopg.Connection, found: list[Lexeme]) -> list[Lexeme]:
        frequencies = self._all(connection)
        if not frequencies:
            return found
        guessed = (lexeme if lexeme.n_items else corrected(lexeme.text, frequencies) for lexeme in found)
        return list(dict.fromkeys(lexeme for lexeme in guessed if lexeme is not None))

    def _all(self, connection: psycopg.Connection) -> dict[str, int]:
        row = connection.execute(store_sql.VERSION).fetchone()
        version = int(row[0]) if row else 0
        with self._lock:
            if version == self._version:
                return self._frequencies
        frequencies = {word: int(n_items) for word, n_items in connection.execute(store_rank_sql.ALL_LEXEMES)}
        with self._lock:
            self._version, self._frequencies = version, frequencies
        return frequencies
