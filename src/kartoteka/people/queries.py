"""Small questions about the base as a whole."""

from .models import Customer


def is_empty() -> bool:
    """Whether the base holds nobody at all."""
    return not Customer.objects.exists()
