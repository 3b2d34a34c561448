"""A wrong setting stops the start with its name and a sentence."""

from pathlib import Path

import pytest

from config import env


def test_a_wrong_choice_names_the_variable_and_the_choices(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TIPINTAKE_ROLE", "everything")
    with pytest.raises(env.SettingError, match="TIPINTAKE_ROLE='everything'.*public, desk"):
        env.choice("TIPINTAKE_ROLE", "manage", ("public", "desk"))


@pytest.mark.parametrize("value", ["eighty", "-1", "0", "70000", "8.0", "٨٠"])
def test_a_port_is_a_whole_number_in_range(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("PUBLIC_PORT", value)
    with pytest.raises(env.SettingError, match="PUBLIC_PORT.*from 1 to 65535"):
        env.number("PUBLIC_PORT", 8700, least=1, most=65535)


def test_a_flag_is_one_or_zero(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIPINTAKE_HTTPS", "perhaps")
    with pytest.raises(env.SettingError, match="use 1 or 0"):
        env.flag("TIPINTAKE_HTTPS", default=False)


def test_a_folder_that_is_a_file_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "state").write_text("")
    monkeypatch.setenv("TIPINTAKE_HOME", str(tmp_path / "state"))
    with pytest.raises(env.SettingError, match="name a folder"):
        env.folder("TIPINTAKE_HOME", tmp_path)


def test_a_wrong_database_address_never_shows_its_password(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DATABASE_URL", "mysql://someone:open-sesame@host/tips")
    with pytest.raises(env.SettingError) as refused:
        env.database("DATABASE_URL", tmp_path)
    assert "postgresql://" in str(refused.value)
    assert "open-sesame" not in str(refused.value)


def test_a_socket_folder_can_be_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://tips@:5433/tips?host=/run/Pg")
    assert env.database("DATABASE_URL", tmp_path)["HOST"] == "/run/Pg"
