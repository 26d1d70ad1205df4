"""Photos of customers: checked, drawn anew by us, kept sealed. What was sent is never kept nor given out."""

import io
import warnings
from contextlib import suppress
from functools import partial
from typing import BinaryIO

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from kartoteka.trust import keeping
from kartoteka.trust.actor import Actor, Right
from kartoteka.trust.audit import note
from kartoteka.trust.personal_keys import KeyGone, Subject

from .checking import BadValue
from .editing import own_identity
from .followers import PHOTOS
from .models import Customer, Photo
from .view import must_reach

SIDE = 512  # pixels: as large as a card ever shows it
_MOST_PIXELS = 60_000_000
_FORMATS = ("JPEG", "PNG", "WEBP", "GIF")


def add_photo(*, customer: Customer, stream: BinaryIO, by: Actor) -> Photo:
    """Keep a photo of the customer: square, 512 pixels, JPEG, without what the camera wrote into it.

    Raises BadValue for what is no picture, too large, or of a kind we do not read.
    """
    by.must(Right.CHANGE)
    must_reach(by, customer)
    drawn = _drawn(stream.read(settings.MAX_PHOTO_BYTES + 1))
    with transaction.atomic():
        identity = own_identity(customer)
        whose = Subject("identity", str(identity.pk))
        name, _size, _digest = keeping.keep(drawn, drawer=PHOTOS, subject=whose)
        photo = Photo.objects.create(identity=identity, name=name, made_at=timezone.now(), made_by=by.name)
        Customer.objects.filter(pk=customer.pk).update(photo=name)
        note(by=by, action="added photo", matter="customer", key=customer.pk)
    return photo


def _drawn(data: bytes) -> io.BytesIO:
    if len(data) > settings.MAX_PHOTO_BYTES:
        most = settings.MAX_PHOTO_BYTES // (1024 * 1024)
        raise BadValue(
            "photo", _("This picture is larger than %(most)s MB. Choose a smaller one.") % {"most": most}
        )
    wrong = BadValue("photo", _("This is no picture we can read. Choose a JPEG, PNG, WebP or GIF."))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=_FORMATS) as picture:
                if picture.width * picture.height > _MOST_PIXELS:
                    raise wrong
                upright = ImageOps.exif_transpose(picture).convert("RGB")
    except (UnidentifiedImageError, Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise wrong from error
    except (OSError, ValueError, SyntaxError) as error:
        raise wrong from error
    square = ImageOps.fit(upright, (SIDE, SIDE))
    out = io.BytesIO()
    # Only the pixels are taken over: no place, no camera, nothing hidden behind the picture.
    clean = Image.new("RGB", square.size)
    clean.paste(square)
    clean.save(out, "JPEG", quality=85, optimize=True)
    out.seek(0)
    return out


def photo_of(*, customer: Customer, actor: Actor) -> bytes | None:
    """The newest photo of a customer as JPEG, or None where there is none."""
    actor.must_open_cards()
    must_reach(actor, customer)
    photo = Photo.objects.filter(identity__customer=customer).order_by("-made_at", "-pk").first()
    if photo is None:
        return None
    out = io.BytesIO()
    with suppress(KeyGone):
        keeping.take_out(photo.name, out, drawer=PHOTOS)
    return out.getvalue() or None


def remove_photos(*, customer: Customer, by: Actor) -> None:
    """Take all photos of a customer away."""
    by.must(Right.CHANGE)
    must_reach(by, customer)
    with transaction.atomic():
        photos = list(Photo.objects.filter(identity__customer=customer))
        Photo.objects.filter(pk__in=[each.pk for each in photos]).delete()
        Customer.objects.filter(pk=customer.pk).update(photo="")
        note(by=by, action="removed photo", matter="customer", key=customer.pk)
        for each in photos:
            transaction.on_commit(partial(keeping.throw_away, each.name, drawer=PHOTOS))
