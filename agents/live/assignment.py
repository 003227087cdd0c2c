"""Which side of a live comparison a session falls on."""

import hashlib

from tools.store_live import Arm

_BITS = 64


def arm_of(comparison_id: int, session_id: str, share_b: float) -> Arm:
    """The side of a session: B for `share_b` of all, the same whenever it is asked with the same share.

    Sides in different comparisons are independent of each other. A change of the share would move sessions, so the
    side of the first turn is kept (`LiveStore.assign`) and asked for first.
    """
    digest = hashlib.blake2b(f"{comparison_id}\n{session_id}".encode(), digest_size=_BITS // 8).digest()
    return "B" if int.from_bytes(digest) < share_b * 2**_BITS else "A"
