"""One tree of errors: each message says what happened, which value, and what to do."""


class VitrineError(Exception):
    """Anything this software can explain. Edges (pages, `__main__`) catch it once and show its text."""


class SettingsError(VitrineError):
    """A setting is missing, unknown or out of range."""


class DatabaseError(VitrineError):
    """The database cannot be started, reached or migrated."""


class CatalogError(VitrineError):
    """The stored catalogue cannot serve what was asked, e.g. its vectors come from another embedder."""


class EmbedderError(VitrineError):
    """A checkpoint cannot be found, loaded or used."""


class FeedError(VitrineError):
    """A feed cannot be read at all; single bad rows are rejected with a reason instead."""


class PhotoError(VitrineError):
    """A photo cannot be used: its text is fit to be shown to the shopper who sent it."""


class PromptError(VitrineError):
    """A prompt file is malformed, or its variables do not match its template."""


class PromptConflictError(PromptError):
    """Somebody else was quicker: the version is no longer as it was read. Nothing was written."""


class GateClosedError(PromptError):
    """The gate keeps a version from being published; the text says why."""


class ChatModelError(VitrineError):
    """A hosted or local chat model failed.

    `service` names it and `reason` goes on with the sentence, for the one line the page shows; `hint` tells whoever
    runs the shop what to do.
    """

    def __init__(self, service: str, reason: str, hint: str = "") -> None:
        super().__init__(f"{service}: {reason}; {hint}" if hint else f"{service}: {reason}")
        self.service = service
        self.reason = reason


class IntentError(VitrineError):
    """A model's output does not form a valid intent."""


class FilterError(CatalogError):
    """A filter names a facet or a value that the catalogue does not know."""


class ChatGoneError(VitrineError):
    """A chat was deleted, or is not the shopper's who asks for it: the two look alike on purpose."""


class AccessError(VitrineError):
    """Somebody may not do what they asked for."""


class RuleError(VitrineError):
    """A merchandising rule cannot be used, or cannot be changed as asked."""


class DemoError(VitrineError):
    """A demo cannot go on as asked: a guest link's limits are used up, a journey or a recording cannot be played."""


class NothingToPressError(DemoError):
    """What a step of a demo presses is not offered here: the step is skipped, and the demo goes on."""


class ComparisonError(VitrineError):
    """A live comparison cannot be started, changed or read as asked."""


class BenchError(VitrineError):
    """A case of the test set, a run over it or the gate's policy cannot be used."""
