"""Forms of the sign-in library in our words."""

from __future__ import annotations

from typing import Any

from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django.utils.translation import gettext_lazy as _


class AddPasskey(AddWebAuthnForm):
    """Adds a key that lets in by itself, unless the person unticks it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("What you call this device")
        passwordless = self.fields["passwordless"]
        passwordless.initial = True
        passwordless.label = _("It lets me in by itself")
        passwordless.help_text = _(
            "Untick it for a key that is only asked for after the code from your e-mail."
        )
