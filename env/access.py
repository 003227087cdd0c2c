"""Who somebody is, by the way that ACCESS names: this machine alone, shoppers alone, a login, or a proxy's word."""

import hmac
import ipaddress
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from env.errors import SettingsError
from env.roles import ANYBODY, EVERYTHING, Actor, Role
from env.settings import REPO_DIR, Settings

PROXY_SECRET_HEADER = "X-Vitrine-Proxy"
MIN_SECRET_CHARS = 16


@dataclass(frozen=True, slots=True)
class Told:
    """What a request says about who sends it: its headers, and the claims of a login (empty without one)."""

    headers: Mapping[str, str] = field(default_factory=dict)
    claims: Mapping[str, object] = field(default_factory=dict)


def actor_of(settings: Settings, told: Told) -> Actor:
    """Whoever sends a request; a shopper wherever nothing trustworthy says more."""
    if settings.access == "local":
        host = _header(told, "Host")
        # A page of another site that has its name point here still names itself; who names nothing is no browser.
        return EVERYTHING if not host or is_local_host(host) else ANYBODY
    if settings.access == "login" and told.claims:
        name = str(told.claims.get("email") or told.claims.get("name") or told.claims.get("sub") or "somebody")
        return Actor(name, _roles(settings, _claimed(settings, told.claims)))
    if _is_proxy(settings, told):
        user, groups = user_of(settings, told), _header(told, settings.proxy_groups_header)
        return Actor(user or "somebody", _roles(settings, {user, *_names(groups)}))
    return ANYBODY


def user_of(settings: Settings, told: Told) -> str:
    """The user whom a trusted proxy names; "" where none does."""
    return _header(told, settings.proxy_user_header) if _is_proxy(settings, told) else ""


def check_access(settings: Settings) -> None:
    """Make sure that what the settings open to the network is guarded.

    Raises:
        SettingsError: the page would be open to all with every role, or a guard lacks what it needs.
    """
    if settings.access == "local" and not is_local_host(settings.host):
        raise SettingsError(
            f"HOST={settings.host!r} opens the page to the network, and ACCESS='local' gives every visitor all roles;"
            " set ACCESS=public (shoppers only), login or proxy, or HOST=127.0.0.1; see docs/operations.md"
        )
    if settings.access == "proxy" and len(settings.proxy_secret.get_secret_value()) < MIN_SECRET_CHARS:
        raise SettingsError(
            f"ACCESS='proxy' needs a PROXY_SECRET of {MIN_SECRET_CHARS} characters or more, which the proxy sends as"
            f" {PROXY_SECRET_HEADER}; without it anybody could claim any role"
        )
    if settings.access == "login" and not _has_auth(settings):
        raise SettingsError(
            "ACCESS='login' needs [auth] in .streamlit/secrets.toml (or in a file that STREAMLIT_SECRETS_FILES names);"
            " docs/operations.md shows what goes there"
        )


def _has_auth(settings: Settings) -> bool:
    """Whether one of the files that Streamlit reads its secrets from says how to sign in."""
    own = [Path.home() / ".streamlit" / "secrets.toml", REPO_DIR / ".streamlit" / "secrets.toml"]
    named = [Path(name) for name in _names(settings.streamlit_secrets_files)]
    return any("auth" in _read_toml(path) for path in named or own)


def _read_toml(path: Path) -> Mapping[str, object]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        # Not the error itself: it may quote a secret.
        raise SettingsError(f"secrets file {str(path)!r} cannot be read: {type(error).__name__}; correct it") from None


def is_local_host(host: str) -> bool:
    """Whether a host, with or without a port, is this machine; a foreign name that points here is not."""
    # An IPv6 address has its port behind brackets; without them its colons are its own.
    name = re.sub(r"^(\[.*\]|[^:]*):\d+$", r"\1", host.strip().lower()).strip("[]")
    if name == "localhost":
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def _is_proxy(settings: Settings, told: Told) -> bool:
    secret = settings.proxy_secret.get_secret_value()
    sent = _header(told, PROXY_SECRET_HEADER)
    return (
        settings.access == "proxy"
        and len(secret) >= MIN_SECRET_CHARS
        and hmac.compare_digest(sent.encode(), secret.encode())
    )


def _header(told: Told, name: str) -> str:
    return next((value for key, value in told.headers.items() if key.lower() == name.lower()), "")


def _claimed(settings: Settings, claims: Mapping[str, object]) -> set[str]:
    """The values of the claims that may name a role. An address that nobody has verified names none."""
    found: set[str] = set()
    for name in _names(settings.access_claims):
        value = claims.get(name)
        if name == "email" and claims.get("email_verified") is False:
            continue
        if isinstance(value, str):
            found.add(value)
        elif isinstance(value, Iterable):
            found.update(str(each) for each in value)
    return found


def _roles(settings: Settings, names: set[str]) -> frozenset[Role]:
    listed = {
        Role.MERCHANDISER: settings.merchandisers,
        Role.PRESENTER: settings.presenters,
        Role.ADMIN: settings.admins,
    }
    lowered = {name.lower() for name in names if name}
    given = {role for role, who in listed.items() if lowered & {name.lower() for name in _names(who)}}
    return frozenset({Role.SHOPPER, *given})


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]
