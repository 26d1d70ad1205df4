"""Settings from the environment: typed, documented, refused in plain words."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from kartoteka.project.env import Environment, SettingError, address, mail, postgres, read, variable
from tools.reference import FOLDER, settings_page

pytestmark = pytest.mark.any_base


def test_the_reference_says_what_the_code_says() -> None:
    page = (FOLDER / "settings.md").read_text("utf-8")
    assert page == settings_page(), "run `make docs`"
    assert [name for name in map(variable, fields(Environment)) if f"`{name}`" not in page] == []


def test_nothing_given_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    given = read({})
    assert given.home.is_absolute()
    assert given.home != Path.cwd()
    assert (given.database_url, given.secure, given.debug, given.threads) == ("", False, False, 4)
    assert given.key_path == given.home / "key"


def test_each_kind_is_read() -> None:
    given = read(
        {
            "KARTOTEKA_HOME": "/srv/k",
            "KARTOTEKA_HOSTS": "a.example, b.example,",
            "KARTOTEKA_SECURE": "yes",
            "KARTOTEKA_THREADS": "8",
            "KARTOTEKA_KEY_FILE": "/run/key",
            "KARTOTEKA_COUNTRY": " PL ",
            "KARTOTEKA_IP_DAYS": "0",
        }
    )
    assert given.ip_days == 0
    assert given.home == Path("/srv/k")
    assert given.hosts == ("a.example", "b.example")
    assert given.secure is True
    assert given.threads == 8
    assert given.key_path == Path("/run/key")
    assert given.country == "PL"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("KARTOTEKA_SECURE", "perhaps"),
        ("KARTOTEKA_THREADS", "four"),
        ("KARTOTEKA_THREADS", "0"),
        ("KARTOTEKA_THREADS", "-1"),
        ("KARTOTEKA_LOG", "loud"),
        ("KARTOTEKA_LISTEN", "8000x"),
        ("KARTOTEKA_LISTEN", "localhost:99999"),
        ("KARTOTEKA_LANGUAGE", "xx"),
        ("KARTOTEKA_TIME_ZONE", "Europe/Atlantis"),
        ("KARTOTEKA_COUNTRY", "Poland"),
        ("KARTOTEKA_CURRENCY", "złoty"),
    ],
)
def test_a_wrong_value_names_its_variable(name: str, value: str) -> None:
    with pytest.raises(SettingError, match=name):
        read({name: value})


def test_secrets_stay_out_of_what_is_printed() -> None:
    given = read(
        {
            "KARTOTEKA_KEY": "ab" * 32,
            "KARTOTEKA_DATABASE_URL": "postgres://u:hush@h/d",
            "KARTOTEKA_MAIL_URL": "smtp://u:hush@h",
        }
    )
    assert "hush" not in repr(given)
    assert "abab" not in repr(given)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (
            "postgres://me:p%40ss@db.example:5433/shop",
            ("shop", "me", "p@ss", "db.example", "5433", {"sslmode": "verify-full", "sslrootcert": "system"}),
        ),
        (
            "postgres://db.example/shop?sslmode=verify-full&sslrootcert=/etc/our.crt",
            ("shop", "", "", "db.example", "", {"sslmode": "verify-full", "sslrootcert": "/etc/our.crt"}),
        ),
        (
            "postgres://127.0.0.2/shop?sslmode=disable",
            ("shop", "", "", "127.0.0.2", "", {"sslmode": "disable"}),
        ),
        ("postgresql://me@/shop?host=/run/pg", ("shop", "me", "", "/run/pg", "", {})),
        ("postgres://localhost/shop", ("shop", "", "", "localhost", "", {})),
    ],
)
def test_a_postgres_url(url: str, expected: tuple[object, ...]) -> None:
    entry = postgres(url)
    assert tuple(entry[name] for name in ("NAME", "USER", "PASSWORD", "HOST", "PORT", "OPTIONS")) == expected


@pytest.mark.parametrize("url", ["mysql://a/b", "postgres://host", "shop.db", "postgres://host:port/shop"])
def test_another_url_is_refused_without_repeating_its_password(url: str) -> None:
    with pytest.raises(SettingError, match="KARTOTEKA_DATABASE_URL must look like"):
        postgres(url)


@pytest.mark.parametrize("mode", ["disable", "allow", "prefer", "require", "verify-ca"])
@pytest.mark.parametrize(
    "where", ["db.example/shop?", "/shop?host=10.0.0.5&", "/shop?host=/run/pg,db.example&"]
)
def test_a_postgres_elsewhere_must_prove_who_it_is(where: str, mode: str) -> None:
    with pytest.raises(SettingError, match="sslmode=verify-full"):
        postgres(f"postgres://{where}sslmode={mode}")


def test_addresses() -> None:
    assert address("127.0.0.1:8000") == ("127.0.0.1", 8000)
    assert address("[::1]:80") == ("::1", 80)
    assert address(":8080") == ("0.0.0.0", 8080)


def test_mail_servers(tmp_path: Path) -> None:
    assert mail("smtp://me:hush@mail.example", tmp_path)["EMAIL_PORT"] == 587
    assert mail("smtp://me:hush@mail.example", tmp_path)["EMAIL_USE_TLS"] is True
    assert mail("smtps://me:hush@mail.example", tmp_path)["EMAIL_USE_SSL"] is True
    assert mail("", tmp_path)["EMAIL_FILE_PATH"] == str(tmp_path / "mail")
    with pytest.raises(SettingError, match="KARTOTEKA_MAIL_URL"):
        mail("pigeon://roof", tmp_path)
