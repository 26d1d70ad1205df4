"""Every setting of an installation: its name, type, default and meaning, in one place.

docs/reference/settings.md is written from this (`make docs`), and a test compares the two.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping
from dataclasses import Field, dataclass, field, fields
from pathlib import Path
from typing import Any, get_type_hints
from urllib.parse import parse_qsl, unquote, urlsplit
from zoneinfo import available_timezones

from kartoteka.kit.addresses import is_this_machine

PREFIX = "KARTOTEKA_"
LANGUAGES = ("en", "af", "fil", "ms", "fi", "pl")


class SettingError(Exception):
    """A value in the environment cannot be used; the message names the variable and what it should be."""


def data_folder() -> Path:
    """Where this platform keeps a user's data: never in the checkout, never in a temporary place."""
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local")) / "Kartoteka"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "Kartoteka"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "kartoteka"


def _means(meaning: str, shown: str = "") -> dict[str, str]:
    """What a person should know of a setting; `shown` tells a default that is worked out."""
    return {"meaning": meaning, "shown": shown}


@dataclass(frozen=True)
class Environment:
    """The settings as read; KARTOTEKA_ and the field's name in capitals is the variable."""

    home: Path = field(
        default=Path(),
        metadata=_means(
            "Folder of the base, its key, photos and files. It is made if it is not there.",
            "the data folder of your account, such as `~/.local/share/kartoteka`",
        ),
    )
    database_url: str = field(
        default="",
        repr=False,
        metadata=_means(
            "A PostgreSQL base: `postgres://user:password@host:5432/name`. On another machine it must speak TLS "
            "with a certificate this system trusts, or `?sslrootcert=FILE` names your own authority's. "
            "Empty: the encrypted SQLite base in KARTOTEKA_HOME."
        ),
    )
    key: str = field(
        default="",
        repr=False,
        metadata=_means(
            "The key itself, 64 hexadecimal digits; wins over the key file. For machines whose secrets "
            "come from elsewhere."
        ),
    )
    key_file: Path | None = field(
        default=None,
        metadata=_means(
            "File of the key. Readable by you only; keep a copy of it apart from the copies of the base.",
            "`key` in KARTOTEKA_HOME",
        ),
    )
    backups: Path | None = field(
        default=None, metadata=_means("Folder for backups.", "`backups` in KARTOTEKA_HOME")
    )
    backups_s3: str = field(
        default="",
        repr=False,
        metadata=_means(
            "An S3-like store for backups, instead of the folder: "
            "`s3://key:secret@host/bucket/folder?region=eu-central-1` (`&tls=0` for a store in the house "
            "without https)."
        ),
    )
    hosts: tuple[str, ...] = field(
        default=("localhost", "127.0.0.1", "[::1]"),
        metadata=_means("Host names the browser may use, with commas between."),
    )
    listen: str = field(default="127.0.0.1:8000", metadata=_means("Address and port of the server."))
    secure: bool = field(
        default=False,
        metadata=_means(
            "Set to 1 when a server in front of Kartoteka speaks https and sets `X-Forwarded-Proto`: cookies "
            "then travel by https only. Needed as soon as others than this machine use it."
        ),
    )
    threads: int = field(default=4, metadata=_means("Requests answered at the same time."))
    cache_mb: int = field(
        default=64, metadata=_means("Page cache of one connection to the SQLite base, in MB.")
    )
    language: str = field(
        default="en", metadata=_means("First language: `en`, `af`, `fi`, `fil`, `ms` or `pl`.")
    )
    time_zone: str = field(
        default="UTC", metadata=_means("Time zone of the business, such as `Europe/Warsaw`.")
    )
    country: str = field(
        default="",
        metadata=_means(
            "Country of the business in two letters, such as `PL`: phones and dates that do not tell "
            "their country are read as of here."
        ),
    )
    currency: str = field(
        default="",
        metadata=_means(
            "Currency of the business in three letters. Without it the base says: that of the first orders that come in, "
            "or what is chosen on the page Rates of exchange.",
            "that of the first orders; `EUR` until then",
        ),
    )
    mail_url: str = field(
        default="",
        repr=False,
        metadata=_means(
            "Mail server: `smtp://user:password@host:587` (STARTTLS) or `smtps://user:password@host:465`. "
            "Empty: mail is written to files in `mail` in KARTOTEKA_HOME."
        ),
    )
    public_url: str = field(
        default="",
        metadata=_means(
            "Where customers reach their pages, such as `https://customers.example.com`: it is written into mail to them.",
            "`http://` and KARTOTEKA_LISTEN",
        ),
    )
    reach_inside: tuple[str, ...] = field(
        default=(),
        metadata=_means(
            "Hosts inside your own network that Kartoteka may ask, such as `192.168.1.20:8080` for a shop in the same "
            "house, with commas between; `http://` is allowed to these. Any other address must be one of the open internet."
        ),
    )
    graph_url: str = field(
        default="https://graph.facebook.com/v26.0",
        metadata=_means("Where Meta is asked for the leads of its ads."),
    )
    stripe_url: str = field(
        default="https://api.stripe.com",
        metadata=_means("Where Stripe is asked for the orders of which no word came."),
    )
    mail_from: str = field(
        default="kartoteka@localhost", metadata=_means("Sender of mail to staff and to customers.")
    )
    max_upload_mb: int = field(
        default=512, metadata=_means("Largest file that can be dropped on the import page, in MB.")
    )
    max_photo_mb: int = field(default=10, metadata=_means("Largest photo, in MB."))
    backup_days: int = field(
        default=7,
        metadata=_means("The self-check speaks up when the last backup is older than this, in days."),
    )
    undone_days: int = field(
        default=30,
        metadata=_means(
            "For how many days the file of an undone import and its refused rows are kept, so that the undoing can be "
            "looked into; then they are removed."
        ),
    )
    city_file: Path | None = field(
        default=None,
        metadata=_means(
            "A database of cities by IP address, in the MaxMind DB format (`.mmdb`), for the visits of your site. None is "
            "shipped and nothing is asked of anybody: without it no city is known.",
            "none",
        ),
    )
    network_file: Path | None = field(
        default=None,
        metadata=_means(
            "A database of networks by IP address, in the same format, where the one of cities does not name them: whose "
            "network a visit came from.",
            "none",
        ),
    )
    ip_days: int = field(
        default=7,
        metadata=_means(
            "For how many days the IP addresses of your site's visitors are kept; `0`: only until their city was looked up."
        ),
    )
    log: str = field(
        default="info", metadata=_means("How much is logged: `debug`, `info`, `warning` or `error`.")
    )
    debug: bool = field(
        default=False,
        metadata=_means("For developers only: pages show the code's state when something fails."),
    )

    @property
    def address(self) -> tuple[str, int]:
        """Host and port to listen at."""
        return address(self.listen)

    @property
    def key_path(self) -> Path:
        return self.key_file or self.home / "key"

    @property
    def backup_folder(self) -> Path:
        return self.backups or self.home / "backups"


# Of the numbers those that may be nothing.
_MAY_BE_NONE = frozenset({"KARTOTEKA_IP_DAYS"})


def variable(entry: Field[Any]) -> str:
    """The environment variable of a setting."""
    return PREFIX + entry.name.upper()


def read(environ: Mapping[str, str]) -> Environment:
    """The settings in `environ`. Raises SettingError for a value that its variable cannot take."""
    kinds = get_type_hints(Environment)
    values: dict[str, Any] = {"home": data_folder()}
    for entry in fields(Environment):
        text = environ.get(variable(entry), "").strip()
        if text:
            values[entry.name] = _value(variable(entry), kinds[entry.name], text)
    result = Environment(**values)
    _check(result)
    return result


def _value(name: str, kind: Any, text: str) -> Any:
    if kind is bool:
        if text.lower() in {"1", "true", "yes", "on"}:
            return True
        if text.lower() in {"0", "false", "no", "off"}:
            return False
        raise SettingError(f"{name} must be 1 or 0, not {text!r}.")
    if kind is int:
        if not text.isdecimal() or not (int(text) or name in _MAY_BE_NONE):
            raise SettingError(f"{name} must be a whole number above zero, not {text!r}.")
        return int(text)
    if kind == tuple[str, ...]:
        return tuple(part.strip() for part in text.split(",") if part.strip())
    if kind is str:
        return text
    return Path(text).expanduser().absolute()


def _check(given: Environment) -> None:
    if given.log.lower() not in {"debug", "info", "warning", "error"}:
        raise SettingError(f"KARTOTEKA_LOG must be debug, info, warning or error, not {given.log!r}.")
    if given.language not in LANGUAGES:
        raise SettingError(
            f"KARTOTEKA_LANGUAGE must be one of {', '.join(LANGUAGES)}, not {given.language!r}."
        )
    if given.time_zone not in available_timezones():
        raise SettingError(f"KARTOTEKA_TIME_ZONE must be a zone like Europe/Warsaw, not {given.time_zone!r}.")
    if not re.fullmatch(r"(https?://[^\s/?#]+(/[^\s?#]*)?)?", given.public_url):
        raise SettingError(
            f"KARTOTEKA_PUBLIC_URL must look like https://customers.example.com, not {given.public_url!r}."
        )
    if not re.fullmatch(r"([A-Z]{2})?", given.country):
        raise SettingError(f"KARTOTEKA_COUNTRY must be two capital letters like PL, not {given.country!r}.")
    if not re.fullmatch(r"([A-Z]{3})?", given.currency):
        raise SettingError(
            f"KARTOTEKA_CURRENCY must be three capital letters like EUR, not {given.currency!r}."
        )
    address(given.listen)


def address(text: str) -> tuple[str, int]:
    """Host and port of `127.0.0.1:8000`, `[::1]:8000` or `:8000` (every address). Raises SettingError."""
    host, _, port = text.rpartition(":")
    if not port.isdecimal() or int(port) > 65535:
        raise SettingError(f"KARTOTEKA_LISTEN must look like 127.0.0.1:8000, not {text!r}.")
    return host.strip("[]") or "0.0.0.0", int(port)  # noqa: S104 - asked for by leaving the host out


def postgres(url: str) -> dict[str, Any]:
    """Django's entry for the PostgreSQL base at `url` (`?host=/folder`: a socket). Raises SettingError.

    On another machine the server must prove by its certificate who it is (`verify-full`), or whoever sits between reads
    all and can be it; without another word its certificate must be of an authority that this system trusts.
    """
    wrong = SettingError("KARTOTEKA_DATABASE_URL must look like postgres://user:password@host:5432/name.")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise wrong from error
    if parts.scheme not in {"postgres", "postgresql"} or not parts.path.strip("/"):
        raise wrong
    options = dict(parse_qsl(parts.query))
    host = options.pop("host", unquote(parts.hostname or ""))
    if not is_this_machine(host):
        if options.setdefault("sslmode", "verify-full") != "verify-full":
            raise SettingError(
                f"The PostgreSQL at {host} is on another machine: KARTOTEKA_DATABASE_URL must say "
                "sslmode=verify-full (and sslrootcert=FILE for a certificate of your own authority)."
            )
        options.setdefault("sslrootcert", "system")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(port or options.pop("port", "")),
        "OPTIONS": options,
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
    }


def mail(url: str, home: Path) -> dict[str, Any]:
    """Django's mail settings for `url`; without one, mail goes to files in `home`. Raises SettingError."""
    if not url:
        return {
            "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "EMAIL_FILE_PATH": str(home / "mail"),
        }
    parts = urlsplit(url)
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        raise SettingError("KARTOTEKA_MAIL_URL must look like smtp://user:password@host:587.")
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or (465 if parts.scheme == "smtps" else 587),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        # A mail server on this very machine usually speaks without TLS.
        "EMAIL_USE_TLS": parts.scheme == "smtp" and parts.hostname not in {"localhost", "127.0.0.1"},
        "EMAIL_TIMEOUT": 20,
    }
