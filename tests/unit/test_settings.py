"""The settings: read once, checked, and never a default that would be unsafe."""

import re
import threading
from pathlib import Path

import pytest

import carnet.settings
from carnet.cli import checks
from carnet.settings import BadSetting, Settings, read_settings
from directory.regions import Regions, known


def settings(home: Path, **environment: str) -> Settings:
    return read_settings({"CARNET_HOME": str(home), **environment})


def test_with_nothing_set_everything_is_embedded_and_nobody_can_sign_in(tmp_path: Path) -> None:
    made = settings(tmp_path)
    assert made.sqlite_path == tmp_path / "carnet.db"
    assert made.embedded_path == tmp_path / "index"
    assert made.journal == tmp_path / "journal"
    assert (made.jwt_key, made.jwks_url, made.dev_sign_in, made.limits) == (None, None, False, True)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CARNET_DATABASE_URL", "sqlite://"),
        ("CARNET_DATABASE_URL", "mysql://a/b"),
        ("CARNET_DATABASE_URL", "nonsense"),
        ("CARNET_DATABASE_URL", "sqlite:///:memory:"),
        ("CARNET_DATABASE_URL", "sqlite+aiosqlite:///carnet.db"),
        ("CARNET_DATABASE_URL", "postgresql+psycopg://a:notaport/b"),
        ("CARNET_DATABASE_URL", "postgresql+asyncpg://a/b"),
        ("CARNET_DATABASE_URL", "postgresql+psycpg://a/b"),
        ("CARNET_SEARCH_URL", "embedded:"),
        ("CARNET_SEARCH_URL", "/srv/index"),
        ("CARNET_SEARCH_URL", "http://search:99999"),
        ("CARNET_SEARCH_URL", "http://"),
        ("CARNET_SEARCH_URL", "https://admin:pw@:9200"),
        ("CARNET_REDIS_URL", "localhost:6379"),
        ("CARNET_JWKS_URL", "file:///etc/passwd"),
        ("CARNET_LIMITS", "of"),
        ("CARNET_LIMIT_LOOKUPS", "many"),
        ("CARNET_LIMIT_LOOKUPS", "0/minute"),
        ("CARNET_QUOTA_SAVED_DAY", "0"),
        ("CARNET_QUOTA_FIRM_DAY", "500 a day"),
        ("CARNET_DEV_SIGN_IN", "1"),
        ("CARNET_REGIONS", "ca,zz"),
        ("CARNET_REGIONS", "ca=maybe"),
        ("CARNET_REGIONS", "*"),
    ],
)
def test_a_value_that_cannot_be_meant_is_refused_by_the_name_of_its_setting(
    tmp_path: Path, name: str, value: str
) -> None:
    with pytest.raises(BadSetting, match=name):
        settings(tmp_path, **{name: value})


@pytest.mark.parametrize("missing", ["CARNET_JOURNAL", "CARNET_SECRET"])
def test_with_postgresql_what_would_be_kept_beside_the_file_must_be_said(tmp_path: Path, missing: str) -> None:
    said = {"CARNET_JOURNAL": str(tmp_path), "CARNET_SECRET": "s" * 32}
    del said[missing]
    with pytest.raises(BadSetting, match=missing):
        settings(tmp_path, CARNET_DATABASE_URL="postgresql+psycopg://a/b", **said)


def test_a_list_of_secrets_with_none_in_it_is_no_secret(tmp_path: Path) -> None:
    said = {"CARNET_DATABASE_URL": "postgresql+psycopg://a/b", "CARNET_JOURNAL": str(tmp_path)}
    with pytest.raises(BadSetting, match="CARNET_SECRET"):
        settings(tmp_path, **said, CARNET_SECRET=" , ")


@pytest.mark.parametrize("url", ["postgresql://a/b", "postgresql+psycopg://a/b"])
def test_postgresql_may_be_named_with_its_driver_and_without(tmp_path: Path, url: str) -> None:
    assert settings(tmp_path, CARNET_DATABASE_URL=url, CARNET_JOURNAL="j", CARNET_SECRET="s" * 32).database_url == url


def test_no_secret_is_shown_when_settings_are_printed(tmp_path: Path) -> None:
    said = repr(
        settings(tmp_path, CARNET_JWT_KEY="the key", CARNET_SECRET="the secret", CARNET_REDIS_URL="redis://:pw@x")
    )
    assert not any(secret in said for secret in ("the key", "the secret", "pw"))


def test_a_secret_is_made_once_for_all_processes_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    start = threading.Barrier(8)
    found: list[tuple[str, ...]] = []

    def ask() -> None:
        start.wait()
        found.append(settings(tmp_path).token_secrets())

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len(set(found)) == 1
    assert len(found[0][0]) >= 32
    (file,) = tmp_path.glob("*secret*")
    assert file.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("content", ["", " \n", "short"])
def test_a_secret_file_without_a_secret_is_refused(tmp_path: Path, content: str) -> None:
    settings(tmp_path).secret_file.write_text(content)
    with pytest.raises(BadSetting, match="secret"):
        settings(tmp_path).token_secrets()


def test_several_secrets_rotate(tmp_path: Path) -> None:
    assert settings(tmp_path, CARNET_SECRET=" new , old,").token_secrets() == ("new", "old")


def test_every_region_of_the_world_is_known_and_no_other() -> None:
    assert {"ca", "us", "gb", "fr", "xk", "aq"} <= known()
    assert not known() & {"uk", "eu", "un", "zz", "xa", "CA"}
    assert len(known()) == 250


def test_the_regions_setting_says_which_are_served_and_which_are_hidden_by_default() -> None:
    regions = Regions.parse(" CA, us=on ,de=off")
    assert [regions.serves(region) for region in ("ca", "us", "de", "fr")] == [True, True, True, False]
    assert [regions.visible_by_default(region) for region in ("ca", "us", "de")] == [True, True, False]
    assert Regions.parse("").serves("fr")


def test_every_setting_is_known_to_doctor_and_stands_in_the_manual() -> None:
    read = re.findall(r'"(CARNET_[A-Z_]+)"', Path(carnet.settings.__file__).read_text("utf-8"))
    manual = (Path(__file__).parents[2] / "docs/operations.md").read_text("utf-8")
    rows = [line.split("|")[1] for line in manual.splitlines() if line.startswith("| `CARNET_")]
    listed = set(re.findall(r"`(CARNET_[A-Z_]+)`", " ".join(rows)))
    assert set(read) <= checks._KNOWN == listed
