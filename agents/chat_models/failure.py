"""What went wrong with a vendor, in words: every client library has error classes of its own."""

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass

from env.errors import ChatModelError

logger = logging.getLogger(__name__)

# Error classes by name, so that no vendor's library is imported to recognise another vendor's failure.
_BROKEN_OFF = {"RemoteProtocolError", "ReadError", "WriteError", "ChunkedEncodingError"}
_TIMEOUTS = {"TimeoutError", "TimeoutException", "Timeout", "APITimeoutError", "DeadlineExceeded"}
_NO_CREDENTIALS = {"DefaultCredentialsError", "RefreshError"}
_UNREACHED = {"ConnectError", "ConnectionError", "APIConnectionError", "ModelConnectionError"}
# llama.cpp says this with a 500, which would otherwise pass for trouble of its own.
_NO_EYES = re.compile(r"image\b.{0,40}\bnot support|not support.{0,40}\bimage|not a multimodal", re.IGNORECASE)
_UNREADABLE = {"JSONDecodeError", "UnknownApiResponseError", "ParseError", "ValidationError", "UnicodeDecodeError"}


@dataclass(frozen=True, slots=True)
class Vendor:
    """Who is asked: the name shoppers read, and the settings to look at when it refuses."""

    backend: str
    service: str
    model: str
    model_setting: str
    key_setting: str
    url_setting: str


@dataclass(frozen=True, slots=True)
class Failure:
    """What happened, as the end of the sentence "<service> ...", what to do, and whether asking again may help."""

    reason: str
    hint: str = ""
    is_passing: bool = False
    is_bad_request: bool = False


def failure_of(error: Exception, vendor: Vendor, timeout_s: float) -> Failure:
    """Put a vendor's error into words. Nothing of its own text is taken over: vendors repeat keys in it."""
    status = _status(error)
    if status is not None and any(_NO_EYES.search(str(link)) for link in _chain(error)):
        return Failure(f"takes no pictures ({status})", is_bad_request=True)
    if status is not None:
        return _refusal(status, vendor)
    links = [{cls.__name__ for cls in type(link).__mro__} for link in _chain(error)]
    # A cut answer hides behind a connection error: only the innermost cause says so.
    if any(names & _BROKEN_OFF for names in links):
        return Failure("broke off its answer", is_passing=True)
    for names in links:
        if known := _known(names, vendor, timeout_s):
            return known
    return Failure(f"failed with {type(error).__name__}")


def _known(names: set[str], vendor: Vendor, timeout_s: float) -> Failure | None:
    """What one error class means. Order matters: OpenAI's timeout is also a connection error."""
    if names & _TIMEOUTS:
        return Failure(f"did not answer in {timeout_s:g} s")
    if names & _NO_CREDENTIALS:
        return Failure("was given no valid credentials", f"check {vendor.key_setting}")
    if names & _UNREACHED:
        return Failure("could not be reached", f"check the network and {vendor.url_setting}", is_passing=True)
    if "ContentFilterFinishReasonError" in names:
        return Failure("withheld its answer (content_filter)")
    if "LengthFinishReasonError" in names:
        return Failure("ran out of tokens in the middle of its answer")
    if names & _UNREADABLE or "ValueError" in names:
        return Failure("sent an answer that cannot be read")
    return None


def to_error(error: Exception, vendor: Vendor, timeout_s: float) -> ChatModelError:
    """The one error a turn has to know; the log gets the class of the vendor's error and, again, none of its text."""
    failure = failure_of(error, vendor, timeout_s)
    told = ChatModelError(vendor.service, failure.reason, failure.hint)
    logger.warning("chat model failed: %s (%s)", told, type(error).__name__)
    return told


def _refusal(status: int, vendor: Vendor) -> Failure:
    if status in (401, 403):
        return Failure(f"refused the credentials ({status})", f"check {vendor.key_setting}")
    if status == 404:
        return Failure(f"does not know the model {vendor.model!r} (404)", f"check {vendor.model_setting}")
    if status == 429:
        return Failure("has no capacity for us right now (429)", is_passing=True)
    if status >= 500:
        return Failure(f"failed on its side ({status})", is_passing=True)
    return Failure(f"refused the question ({status})", is_bad_request=True)


def _status(error: Exception) -> int | None:
    """The HTTP status anywhere in the chain of causes."""
    for link in _chain(error):
        for name in ("status_code", "code"):
            value = getattr(link, name, None)
            if isinstance(value, int) and 400 <= value < 600:
                return int(value)
    return None


def _chain(error: BaseException) -> Iterator[BaseException]:
    link: BaseException | None = error
    while link is not None:
        yield link
        link = link.__cause__ or link.__context__
