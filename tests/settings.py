"""The settings tests run with: the real ones over a throwaway home, quick where safety is not the point.

KARTOTEKA_TEST_DATABASE=postgres runs the same suite on PostgreSQL, in a cluster started for it.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from contextlib import ExitStack

from tools.postgres import cluster

HOME = tempfile.mkdtemp(prefix="kartoteka-tests-")
atexit.register(shutil.rmtree, HOME, ignore_errors=True)
for name in [name for name in os.environ if name.startswith("KARTOTEKA_") and "_TEST_" not in name]:
    del os.environ[name]  # a developer's own base must never be reached from a test
os.environ["KARTOTEKA_HOME"] = HOME
os.environ["KARTOTEKA_CURRENCY"] = (
    "EUR"  # a test whose first order is in another does not change what the next counts in
)
if os.environ.get("KARTOTEKA_TEST_DATABASE") == "postgres":
    if "KARTOTEKA_TEST_POSTGRES_URL" not in os.environ:  # else its xdist controller, or a developer, has one
        running = ExitStack()
        os.environ["KARTOTEKA_TEST_POSTGRES_URL"] = running.enter_context(cluster())
        atexit.register(running.close)
    os.environ["KARTOTEKA_DATABASE_URL"] = os.environ["KARTOTEKA_TEST_POSTGRES_URL"]

from kartoteka.project.settings import *  # noqa: E402, F403
from kartoteka.project.settings import DATABASES, STORAGES  # noqa: E402

if DATABASES["default"]["ENGINE"] == "kartoteka.kit.sqlcipher":
    # A file, not memory: threads, a server and other processes share it as they do in the shop.
    DATABASES["default"]["TEST"] = {"NAME": f"{HOME}/test.db"}
    DATABASES["default"]["OPTIONS"]["synchronous"] = "OFF"

STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
SIGN_IN_STROKE = 0  # measured where it is what is tested
STATIC_ROOT = f"{HOME}/static"
os.makedirs(STATIC_ROOT)

FILE_UPLOAD_TEMP_DIR = None
