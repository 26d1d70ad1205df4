"""What kind of sound a file is, told by its first bytes."""

import re

# What a sound's file begins with: RFC 3533 (Ogg), RFC 3003 and ID3v2 (MP3), RIFF/WAVE, FLAC, EBML (WebM), ISO base media.
_SOUNDS = (
    (re.compile(rb"OggS"), "audio/ogg"),
    (re.compile(rb"ID3|\xff[\xfb\xf3\xf2\xfa]"), "audio/mpeg"),
    (re.compile(rb"RIFF....WAVE", re.DOTALL), "audio/wav"),
    (re.compile(rb"fLaC"), "audio/flac"),
    (re.compile(rb"\x1aE\xdf\xa3"), "audio/webm"),
    (re.compile(rb"....ftyp(M4A|mp4|isom|iso2|M4B|3gp)", re.DOTALL), "audio/mp4"),
    (re.compile(rb"\xff[\xf1\xf9]"), "audio/aac"),
)


def sound_of(content: bytes) -> str:
    """The kind of sound these bytes are by how they begin; "" where they are none."""
    return next((kind for begins, kind in _SOUNDS if begins.match(content)), "")
