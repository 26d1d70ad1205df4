"""What rules can speak of in quality: whether somebody may be two."""

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from kartoteka.kit.trait_kinds import YesNo
from kartoteka.kit.traits import Type, register

from .models import Doubt


def register_all() -> None:
    """Make the traits of quality known."""
    register(
        YesNo(
            "double",
            _("May be a double"),
            Type.YESNO,
            _("What we know and how well"),
            holds=lambda _at: _doubted(),
        )
    )


def _doubted() -> Q:
    one = Doubt.objects.filter(one=OuterRef("pk"))
    return Q(Exists(one)) | Q(Exists(Doubt.objects.filter(other=OuterRef("pk"))))
