"""Who may do what: roles, and how a request, a login or a proxy tells who somebody is."""

from pathlib import Path

import pytest

from env.access import PROXY_SECRET_HEADER, Told, actor_of, check_access, is_local_host, user_of
from env.errors import AccessError, SettingsError
from env.roles import ANYBODY, EVERYTHING, MAY, Action, Actor, Role
from env.settings import Settings

SECRET = "a-secret-of-this-proxy"


def settings(**values: object) -> Settings:
    return Settings.model_validate(
        {"merchandisers": "Buying, mia@shop.example", "admins": "root@shop.example", **values}
    )


def proxied(**headers: str) -> Told:
    return Told({PROXY_SECRET_HEADER: SECRET, **{name.replace("_", "-"): value for name, value in headers.items()}})


def test_the_table_of_roles_is_as_the_manual_tells_it() -> None:
    assert MAY[Role.SHOPPER] == frozenset()
    assert MAY[Role.PRESENTER] == {Action.PRESENT}
    assert MAY[Role.MERCHANDISER] == set(Action) - {Action.PRESENT, Action.SET_RETENTION}
    assert MAY[Role.ADMIN] == set(Action)


def test_roles_add_up() -> None:
    both = Actor("mia", frozenset({Role.SHOPPER, Role.PRESENTER}))
    assert both.may(Action.PRESENT)
    assert not both.may(Action.EDIT_RULES)


def test_a_refusal_says_what_was_refused_to_whom_and_who_may() -> None:
    with pytest.raises(AccessError) as refused:
        Actor("mia", frozenset({Role.SHOPPER})).require(Action.PUBLISH_PROMPTS)
    assert str(refused.value) == "this needs leave to publish prompts: 'mia' is shopper, and admin, merchandiser may"


@pytest.mark.parametrize(
    ("host", "is_local"),
    [
        ("127.0.0.1:8501", True), ("localhost", True), ("LOCALHOST:80", True), ("[::1]:8501", True),
        ("::1", True), ("127.8.8.8", True),
        ("shop.example", False), ("192.168.1.4:8501", False), ("localhost.evil.example", False), ("0.0.0.0", False),
        ("127.0.0.1.evil.example", False),
    ],
)  # fmt: skip
def test_a_host_is_this_machine_only_by_its_own_name(host: str, is_local: bool) -> None:
    assert is_local_host(host) is is_local


def test_with_nothing_configured_this_machine_may_do_all_and_a_name_that_points_here_nothing() -> None:
    assert actor_of(settings(), Told({"Host": "127.0.0.1:8501"})) == EVERYTHING
    assert actor_of(settings(), Told({"host": "rebound.example:8501"})) == ANYBODY


def test_with_nothing_configured_the_page_is_not_opened_to_the_network() -> None:
    check_access(settings(host="::1"))
    with pytest.raises(SettingsError, match=r"HOST='0\.0\.0\.0' opens the page to the network.*ACCESS=public"):
        check_access(settings(host="0.0.0.0"))
    check_access(settings(host="0.0.0.0", access="public"))


def test_a_public_shop_knows_shoppers_only_whatever_a_request_claims() -> None:
    shouting = Told({"Host": "localhost", "X-Forwarded-User": "root@shop.example"}, {"email": "root@shop.example"})
    assert actor_of(settings(access="public"), shouting) == ANYBODY


def test_a_proxy_is_believed_only_with_its_secret() -> None:
    behind = settings(access="proxy", proxy_secret=SECRET)
    told = proxied(X_Forwarded_User="root@shop.example")
    assert actor_of(behind, told) == Actor("root@shop.example", frozenset({Role.SHOPPER, Role.ADMIN}))
    assert user_of(behind, told) == "root@shop.example"
    for forged in (Told({"X-Forwarded-User": "root@shop.example"}), Told({**told.headers, PROXY_SECRET_HEADER: "no"})):
        assert actor_of(behind, forged) == ANYBODY
        assert user_of(behind, forged) == ""


def test_a_proxys_groups_name_roles_in_any_case() -> None:
    behind = settings(access="proxy", proxy_secret=SECRET, presenters="stage")
    told = proxied(x_forwarded_user="mia", x_forwarded_groups="staff, BUYING,stage")
    assert actor_of(behind, told).roles == {Role.SHOPPER, Role.MERCHANDISER, Role.PRESENTER}


@pytest.mark.parametrize("secret", ["", "short"])
def test_a_proxy_without_a_good_secret_is_refused_at_the_start_and_never_believed(secret: str) -> None:
    behind = settings(access="proxy", proxy_secret=secret)
    with pytest.raises(SettingsError, match="needs a PROXY_SECRET of 16 characters or more"):
        check_access(behind)
    assert actor_of(behind, Told({PROXY_SECRET_HEADER: secret, "X-Forwarded-User": "root@shop.example"})) == ANYBODY


@pytest.mark.parametrize(
    ("claims", "roles"),
    [
        ({"email": "MIA@shop.example"}, {Role.SHOPPER, Role.MERCHANDISER}),
        ({"email": "mia@shop.example", "email_verified": False}, {Role.SHOPPER}),
        ({"email": "x@y.example", "groups": ["buying", "else"]}, {Role.SHOPPER, Role.MERCHANDISER}),
        ({"email": "x@y.example", "roles": "Buying"}, {Role.SHOPPER, Role.MERCHANDISER}),
        ({"email": "x@y.example", "nickname": "Buying"}, {Role.SHOPPER}),
        ({"sub": "1", "groups": None}, {Role.SHOPPER}),
    ],
)
def test_a_login_has_the_roles_its_claims_name(claims: dict[str, object], roles: set[Role]) -> None:
    assert actor_of(settings(access="login"), Told(claims=claims)).roles == roles


def test_who_is_not_signed_in_is_a_shopper() -> None:
    assert actor_of(settings(access="login"), Told({"Host": "localhost"})) == ANYBODY


def test_a_login_that_is_not_set_up_is_told_at_the_start(tmp_path: Path) -> None:
    secrets = tmp_path / "secrets.toml"
    secrets.write_text("[other]\nkey = 1\n")
    named = settings(access="login", streamlit_secrets_files=str(secrets))
    with pytest.raises(SettingsError, match=r"ACCESS='login' needs \[auth\]"):
        check_access(named)
    secrets.write_text('[auth]\ncookie_secret = "x"\n')
    check_access(named)
    secrets.write_text('[auth\nclient_secret = "hush"\n')
    with pytest.raises(SettingsError, match="cannot be read: TOMLDecodeError") as told:
        check_access(named)
    assert "hush" not in str(told.value)
