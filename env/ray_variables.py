"""What Ray reads from the environment when it is imported: it stays on this machine and reports nothing."""

import os
import secrets


def keep_ray_private() -> None:
    """Set Ray's variables, before its first import; those that are set already stay, e.g. a cluster's token."""
    for name, value in {
        "RAY_USAGE_STATS_ENABLED": "0",
        "RAY_BACKEND_LOG_LEVEL": "fatal",
        # Whoever reaches Ray's ports can run code: they are on loopback, and want a token that this run makes up.
        "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0",
        "RAY_AUTH_MODE": "token",
        "RAY_AUTH_TOKEN": secrets.token_hex(32),
    }.items():
        os.environ.setdefault(name, value)
