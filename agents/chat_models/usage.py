"""What vendors say an answer used."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens read and written so far, by the vendor's own count; both 0 where it sends none."""

    tokens_in: int = 0
    tokens_out: int = 0

    def plus(self, tokens_in: int, tokens_out: int) -> "Usage":
        """The sum with one more piece of an answer."""
        return Usage(self.tokens_in + tokens_in, self.tokens_out + tokens_out)
