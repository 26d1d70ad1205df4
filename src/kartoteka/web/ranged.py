"""A part of a file, as players of sound ask for it: without it nobody can jump to a minute, and some play nothing at all.

One range of bytes (RFC 9110, section 14): from-to, from-, or -last. Several at once, other units and what cannot be read
are answered with the whole, as the RFC allows.
"""

from __future__ import annotations

import re

from django.http import HttpRequest, HttpResponse

_ASKED = re.compile(r"bytes\s*=\s*(\d{0,15})\s*-\s*(\d{0,15})\s*", re.I | re.A)


def in_parts(request: HttpRequest, content: bytes, *, content_type: str) -> HttpResponse:
    """The content, or the part of it that was asked for: 200, 206, or 416 where it has no such part."""
    size = len(content)
    part = _part(request.headers.get("Range", ""), size)
    if part is None:
        answer = HttpResponse(content, content_type=content_type)
    elif not part:
        answer = HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    else:
        answer = HttpResponse(content[part.start : part.stop], status=206, content_type=content_type)
        answer.headers["Content-Range"] = f"bytes {part.start}-{part.stop - 1}/{size}"
    answer.headers["Accept-Ranges"] = "bytes"
    return answer


def _part(asked: str, size: int) -> range | None:
    """Which bytes are asked for, an empty range where there are none such; None where it is the whole."""
    found = _ASKED.fullmatch(asked.strip())
    if found is None or not (found[1] or found[2]):
        return None
    if not found[1]:
        return range(max(0, size - int(found[2])), size)
    first, last = int(found[1]), int(found[2]) if found[2] else size - 1
    if found[2] and last < first:
        return None
    return range(first, min(last + 1, size))
