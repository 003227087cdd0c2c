"""Logs: one line an event on stderr, set up by the mains and by nobody else."""

import logging
import re

from env.settings import Settings, secret_values

_FORMAT = "%(asctime)s %(levelname)s %(name)s %(message)s"
_URL_PASSWORD = re.compile(r"(?<=://)([^\s:/@]+):[^\s@/]+@")


class _HideSecrets(logging.Formatter):
    """Writes *** for every secret of the settings and for passwords in URLs, in messages and in traces."""

    def __init__(self, secrets: tuple[str, ...]) -> None:
        super().__init__(_FORMAT)
        self._secrets = secrets

    def format(self, record: logging.LogRecord) -> str:
        """The line, without secrets."""
        line = super().format(record)
        for secret in self._secrets:
            line = line.replace(secret, "***")
        return _URL_PASSWORD.sub(r"\1:***@", line)


def configure_logging(settings: Settings) -> None:
    """Send logs of LOG_LEVEL and above to stderr; other people's libraries speak from WARNING on."""
    handler = logging.StreamHandler()
    handler.setFormatter(_HideSecrets(secret_values(settings)))
    logging.basicConfig(
        level=max(logging.WARNING, logging.getLevelName(settings.log_level)), handlers=[handler], force=True
    )
    for room in ("env", "tools", "agents", "ingest", "training", "evals", "app_pages"):
        logging.getLogger(room).setLevel(settings.log_level)
