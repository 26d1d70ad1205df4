"""Where our public pages are reached from outside."""

from django.conf import settings


def address_of(path: str) -> str:
    """The whole address of one of our public pages, as it is written into a mail."""
    given: str = settings.KARTOTEKA.public_url
    return (given or f"http://{settings.KARTOTEKA.listen}").rstrip("/") + path
