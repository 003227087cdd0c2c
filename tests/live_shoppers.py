"""Shoppers who have been through a live comparison, as rows: sessions with a turn, a side, and what they did."""

import random
from dataclasses import dataclass, replace

from psycopg.types.json import Jsonb

from agents.live.versions import Versions
from agents.prompt import Prompt, load_prompt
from env.database import Database

TRIED = "2.1"


def tried(name: str = "assistant") -> Prompt:
    """A version of a prompt that says a little more than the shipped one."""
    shipped = load_prompt(name)
    template = {piece: f"{text}\nBe brief." for piece, text in shipped.template.items()}
    return replace(shipped, version=TRIED, template=template)


def two_versions() -> Versions:
    """The shipped version of each prompt, in force, and one that is ready beside it."""
    return Versions(
        in_force=lambda name: load_prompt(name).version,
        ready=lambda name: (TRIED, load_prompt(name).version),
        prompt=lambda name, version: tried(name) if version == TRIED else load_prompt(name),
    )


@dataclass(frozen=True, slots=True)
class Crowd:
    """Sessions of one side: how many, in which share something goes into the bag, and a model fails."""

    n: int
    cart: float
    failed: float = 0.0


_SESSION = """
    INSERT INTO sessions (id, state, created_at) VALUES (%(id)s, '{}', now() - make_interval(mins => %(minutes)s))
"""
_TURN = """
    INSERT INTO turns (session_id, number, message, has_photo, record, created_at)
    VALUES (%(id)s, 1, 'shoes', false, %(record)s, now() - make_interval(mins => %(minutes)s))
"""
_SIDE = """
    INSERT INTO live_sessions (comparison_id, session_id, arm, share_b, assigned_at)
    VALUES (%(comparison)s, %(id)s, %(arm)s, %(share)s, now() - make_interval(mins => %(minutes)s))
"""
_CART = """
    INSERT INTO outcomes (session_id, number, sku, kind, created_at)
    VALUES (%(id)s, 1, 'sku', 'cart', now() - make_interval(mins => %(minutes)s - 5))
"""


def come(database: Database, comparison_id: int, a: Crowd, b: Crowd, share_b: float = 0.5) -> None:
    """Let two crowds have been there, one session a minute, the last an hour ago; the shares are met exactly."""
    people = [("A", n, a) for n in range(a.n)] + [("B", n, b) for n in range(b.n)]
    random.Random(1).shuffle(people)
    rows = [
        {
            "id": f"shopper {comparison_id} {arm} {n}",
            "minutes": 60 + len(people) - place,
            "comparison": comparison_id,
            "arm": arm,
            "share": share_b,
            "record": Jsonb(
                {
                    "failures": ["it failed"] if _is_in(n, crowd.failed) else [],
                    "timings_ms": {"total": 100.0 if arm == "A" else 200.0},
                }
            ),
            "has_cart": _is_in(n, crowd.cart),
        }
        for place, (arm, n, crowd) in enumerate(people)
    ]
    with database.connection() as connection, connection.cursor() as cursor:
        for statement in (_SESSION, _TURN, _SIDE):
            cursor.executemany(statement, rows)
        cursor.executemany(_CART, [row for row in rows if row["has_cart"]])


def _is_in(n: int, share: float) -> bool:
    """Whether the n-th of a crowd belongs to a share of it that is spread evenly."""
    return int((n + 1) * share + 1e-9) > int(n * share + 1e-9)
