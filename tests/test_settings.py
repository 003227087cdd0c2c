"""Settings: where they come from, what is refused, and that each one is documented."""

import re
from pathlib import Path

import pytest

from env.errors import SettingsError
from env.settings import REPO_DIR, Settings, load_settings, secret_values


def _documented() -> dict[str, str]:
    rows = re.findall(r"^\| `([A-Z_]+)` \| (.+?) \|", (REPO_DIR / "docs" / "settings.md").read_text(), re.MULTILINE)
    return dict(rows)


def test_every_setting_is_documented_and_nothing_else() -> None:
    assert list(_documented()) == [name.upper() for name in Settings.model_fields]


def test_documented_defaults_are_the_real_ones() -> None:
    documented = _documented()
    for name, field in Settings.model_fields.items():
        default = field.default
        told = {"DATABASE_URL": "empty", "DATA_DIR": "`var` in this folder"}.get(name.upper())
        shown = "empty" if str(default) == "" else f"`{default}`"
        assert documented[name.upper()] == (told or shown)


def test_the_examples_name_only_real_settings_and_no_password() -> None:
    for path in sorted((REPO_DIR / "env").glob("*.env.example")):
        lines = [line for line in path.read_text().splitlines() if line and not line.startswith("#")]
        values = dict(line.split("=", 1) for line in lines)
        if path.name.startswith(("connection", "llm")):
            assert {name.lower() for name in values} <= set(Settings.model_fields)
        secrets = [
            value for name, value in values.items() if re.search("PASSWORD|KEY|TOKEN|URL$", name) and "://" not in value
        ]
        assert not any(secrets), path


def test_the_environment_wins_over_a_file_and_an_empty_value_counts_as_absent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "connection.env"
    file.write_text("PORT=9000\nLOCALE=de\nCURRENCY=\n")
    monkeypatch.setitem(Settings.model_config, "env_file", (file,))
    monkeypatch.setenv("PORT", "9001")
    monkeypatch.setenv("LOCALE", "")
    settings = load_settings()
    assert (settings.port, settings.locale, settings.currency) == (9001, "de", "EUR")


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("PORT", "hello", "setting PORT='hello': input should be a valid integer"),
        ("PORT", "70000", "setting PORT='70000': input should be less than or equal to 65535"),
        ("CLASSIFIER", "gpt", "setting CLASSIFIER='gpt': input should be 'offline', 'gemini'"),
        ("CURRENCY", "euro", "setting CURRENCY='euro': "),
    ],
)
def test_a_value_that_cannot_be_used_is_told_by_name(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, message: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match=re.escape(message)):
        load_settings()


def test_secrets_do_not_show_in_the_settings_own_text() -> None:
    settings = Settings(database_url="postgresql://a:s3kret@h/d", openai_api_key="sk-hidden")  # type: ignore[arg-type]
    assert "s3kret" not in repr(settings)
    assert "sk-hidden" not in repr(settings)
    assert secret_values(settings) == ("postgresql://a:s3kret@h/d", "sk-hidden")
