"""The door for a WSGI server."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kartoteka.project.settings")
application = get_wsgi_application()

from kartoteka.trust.keeping import make_room  # noqa: E402 (needs Django set up)

make_room()
