"""How we stand before customers: where our public pages are reached from outside, and what the business is called."""

from django.conf import settings

from .models import PolicyContact


def address_of(path: str) -> str:
    """The whole address of one of our public pages, as it is written into a mail."""
    given: str = settings.KARTOTEKA.public_url
    return (given or f"http://{settings.KARTOTEKA.listen}").rstrip("/") + path


def business_name() -> str:
    """What the business is called, as the privacy policy says who answers for the data; "" until somebody wrote it."""
    return PolicyContact.objects.filter(pk=1).values_list("business", flat=True).first() or ""
