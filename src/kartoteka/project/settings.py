"""Django's settings, put together from the environment (see env.py for every variable and its meaning)."""

from __future__ import annotations

import os
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from kartoteka.kit.logs import logging_config
from kartoteka.project import env
from kartoteka.trust import vault

KARTOTEKA = env.read(os.environ)
PACKAGE = Path(__file__).resolve().parent.parent
# Where the page that shows the API comes from. Were ninja an app, every command would load it, a fifth of its start.
NINJA = Path(str(find_spec("ninja").origin)).parent  # type: ignore[union-attr]

DEBUG = KARTOTEKA.debug
# The vault is opened when first needed, so that reading the settings makes no files.
SECRET_KEY = SimpleLazyObject(lambda: vault.current().key("django").hex())
# After a rotation of the key, whoever is signed in stays so.
SECRET_KEY_FALLBACKS = vault.FormerKeys("django")
ALLOWED_HOSTS = list(KARTOTEKA.hosts)
ROOT_URLCONF = "kartoteka.project.urls"
WSGI_APPLICATION = "kartoteka.project.wsgi.application"
AUTH_USER_MODEL = "trust.Staff"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "kartoteka.trust",
    "kartoteka.people",
    "kartoteka.consent",
    "kartoteka.activity",
    "kartoteka.agenda",
    "kartoteka.quality",
    "kartoteka.intake",
    "kartoteka.segments",
    "kartoteka.web",
    "kartoteka.api",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "django_htmx",
]

MIDDLEWARE = [
    "kartoteka.web.journal.RequestJournal",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "kartoteka.web.csp.ContentSecurityPolicy",
    "kartoteka.web.access.EvenDoors",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "kartoteka.web.access.OpenedByHand",
    "kartoteka.web.access.KnowActor",
    "kartoteka.web.access.SignInFirst",
    "axes.middleware.AxesMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "web" / "templates", NINJA / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "django.template.context_processors.tz",
            ],
        },
    }
]

# ---- the base
ENCRYPTED_SQLITE: dict[str, Any] = {
    "ENGINE": "kartoteka.kit.sqlcipher",
    "NAME": str(KARTOTEKA.home / "kartoteka.db"),
    "CONN_MAX_AGE": None,  # a connection kept is a page cache kept
    "CONN_HEALTH_CHECKS": True,  # another process may have changed the key since
    "OPTIONS": {
        "key": lambda: [key.hex() for key in vault.current().keys("database")],
        "cache_mb": KARTOTEKA.cache_mb,
    },
}
# What the entry of a PostgreSQL base at some address is, for the move of a base.
POSTGRES = env.postgres
DATABASES = {"default": env.postgres(KARTOTEKA.database_url) if KARTOTEKA.database_url else ENCRYPTED_SQLITE}

# ---- who comes in
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "kartoteka.web.access.ClosedDoor"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION = "none"  # an owner invites by e-mail: the link is the verification
ACCOUNT_PREVENT_ENUMERATION = True
SIGN_IN_STROKE = (
    0.25  # seconds, of which an answer at the sign-in takes a whole number: see web.access.EvenDoors
)
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not KARTOTEKA.secure  # passkeys on http://localhost only
MFA_TOTP_ISSUER = "Kartoteka"
MFA_FORMS = {"add_webauthn": "kartoteka.web.signin_forms.AddPasskey"}
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_ENABLE_ADMIN = False

# ---- walls of the browser
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_NAME = "kartoteka"
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = KARTOTEKA.secure
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in KARTOTEKA.hosts] if KARTOTEKA.secure else []
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
if KARTOTEKA.secure:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^health$"]  # asked by the machine itself, without the server in front
    SECURE_HSTS_SECONDS = 365 * 24 * 3600

# ---- languages and places
LANGUAGE_CODE = KARTOTEKA.language
LANGUAGES = [
    ("en", _("English")),
    ("af", _("Afrikaans")),
    ("fil", _("Filipino")),
    ("ms", _("Malay")),
    ("fi", _("Finnish")),
    ("pl", _("Polish")),
]
LOCALE_PATHS = [PACKAGE / "locale"]
USE_I18N = USE_TZ = True
TIME_ZONE = KARTOTEKA.time_zone
FORMAT_MODULE_PATH = "kartoteka.project.formats"

# ---- files
STATIC_URL = "static/"
STATICFILES_DIRS = [NINJA / "static"]
STATIC_ROOT = PACKAGE / "web" / "collected"  # laid out by `make assets`, names hashed, compressed
MEDIA_ROOT = KARTOTEKA.home / "media"
# The site's events a second time, for the reports; written anew from the base whenever it is not there.
EVENTS_ROOT = KARTOTEKA.home / "events"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_MAX_AGE = 3600
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_TEMP_DIR = MEDIA_ROOT / "open"  # never the machine's own, where others might look
SILENCED_SYSTEM_CHECKS = ["files.E001"]  # that folder is made when the server starts (wsgi.py)
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024  # forms; files are streamed to disk and have their own limit
MAX_UPLOAD_BYTES = KARTOTEKA.max_upload_mb * 1024 * 1024
MAX_PHOTO_BYTES = KARTOTEKA.max_photo_mb * 1024 * 1024

# ---- mail and logs
locals().update(env.mail(KARTOTEKA.mail_url, KARTOTEKA.home))
DEFAULT_FROM_EMAIL = SERVER_EMAIL = KARTOTEKA.mail_from
LOGGING = logging_config(KARTOTEKA.log)
