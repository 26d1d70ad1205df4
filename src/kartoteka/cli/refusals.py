"""Which exceptions are refusals to be read by a person, rather than mistakes of ours."""

from django.apps import apps


def refusals() -> tuple[type[Exception], ...]:
    """The exceptions whose message tells the person what was wrong and what to do."""
    from django.core.exceptions import ImproperlyConfigured

    from kartoteka.project.env import SettingError
    from kartoteka.trust.actor import NotAllowed
    from kartoteka.trust.vault import VaultError

    found: tuple[type[Exception], ...] = (ImproperlyConfigured, SettingError, VaultError, NotAllowed, OSError)
    if apps.ready:
        from kartoteka.intake.receiving import CannotImport
        from kartoteka.people.checking import BadValue
        from kartoteka.quality.merging import CannotMerge, CannotSplit

        found += (CannotImport, BadValue, CannotMerge, CannotSplit)
    return found
