"""The catalogues of the six languages: src/kartoteka/locale/LANGUAGE/LC_MESSAGES/django.po.

python tools/words.py update     collect every string from code and templates into the catalogues
python tools/words.py compile    make the .mo files that Django reads (where a .po is newer)
python tools/words.py check      name strings that are not translated, not wrapped or not collected
"""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

from kartoteka.project.env import LANGUAGES

PACKAGE = Path(__file__).resolve().parent.parent / "src" / "kartoteka"
LOCALE = PACKAGE / "locale"
KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}


def templates() -> list[Path]:
    return sorted(path for path in PACKAGE.rglob("templates/**/*") if path.suffix in {".html", ".txt"})


def collected() -> Catalog:
    """Every string a person can read, with the files it is in (not the lines: they change all day)."""
    catalog = Catalog()
    for path in sorted(PACKAGE.rglob("*.py")):
        if "migrations" not in path.parts:
            _collect(catalog, path, "python", path.read_bytes())
    for path in templates():
        # Django turns a template into calls of gettext among noise; of babel's readers, the one for
        # JavaScript passes over noise.
        code = templatize(path.read_text("utf-8"), origin=str(path))
        _collect(catalog, path, "javascript", code.encode())
    return catalog


def _collect(catalog: Catalog, path: Path, reader: str, code: bytes) -> None:
    place = path.relative_to(PACKAGE.parent).as_posix()
    found = extract(reader, io.BytesIO(code), KEYWORDS, ["Translators:"], {"encoding": "utf-8"})
    for _line, text, comments, context in found:
        key = text if isinstance(text, str) else tuple(text)
        if key and (not isinstance(key, tuple) or key[0]):
            catalog.add(key, locations=[(place, 0)], auto_comments=comments, context=context)


def po_path(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def load(language: str) -> Catalog:
    path = po_path(language)
    if not path.exists():
        return Catalog(locale=language, project="Kartoteka", charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale=language)


def merged(language: str, template: Catalog) -> Catalog:
    """The language's catalogue with exactly the strings of `template`; known translations are kept."""
    old = load(language)
    new = Catalog(locale=language, project="Kartoteka", charset="utf-8")
    for message in template:
        if not message.id:
            continue
        known = old.get(_first(message), message.context)
        kept = known.string if known and known.id == message.id else ""
        if language == "en" and not _filled(kept):
            kept = message.id  # English is what the code says
        new.add(
            message.id,
            kept or None,
            locations=sorted(set(message.locations)),
            auto_comments=message.auto_comments,
            context=message.context,
        )
    return new


def _first(message: Message) -> str:
    return message.id if isinstance(message.id, str) else str(message.id[0])


def _filled(string: str | tuple[str, ...] | None) -> bool:
    return all(string) if isinstance(string, tuple) else bool(string)


def written(catalog: Catalog) -> bytes:
    """The .po file's bytes: sorted, without dates or line numbers, so that two people's work merges."""
    output = io.BytesIO()
    write_po(output, catalog, width=110, sort_output=True, omit_header=True, include_lineno=False)
    header = (
        'msgid ""\nmsgstr ""\n'
        '"Content-Type: text/plain; charset=utf-8\\n"\n'
        f'"Language: {catalog.locale}\\n"\n'
        f'"Plural-Forms: {catalog.plural_forms}\\n"\n\n'
    )
    return header.encode() + output.getvalue().rstrip(b"\n") + b"\n"


def update() -> int:
    template = collected()
    for language in LANGUAGES:
        catalog = merged(language, template)
        path = po_path(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(written(catalog))
        missing = sum(1 for message in catalog if message.id and not _filled(message.string))
        print(f"{language}: {len(catalog)} strings, {missing} to translate")
    return 0


def compile_all() -> int:
    for language in LANGUAGES:
        path = po_path(language)
        target = path.with_suffix(".mo")
        if not path.exists() or (target.exists() and target.stat().st_mtime >= path.stat().st_mtime):
            continue
        draft = target.with_suffix(".draft")
        with draft.open("wb") as file:
            write_mo(file, load(language))
        draft.replace(target)
    return 0


def problems() -> Iterator[str]:
    """One line per string that a person would meet untranslated, or translated into something broken."""
    template = collected()
    wanted = {(_first(message), message.context) for message in template if message.id}
    for language in LANGUAGES:
        catalog = load(language)
        known = {(_first(message), message.context): message for message in catalog if message.id}
        for text, _context in sorted(wanted - known.keys(), key=str):
            yield f"{language}: not collected: {text!r}; run `make words`"
        for key, message in known.items():
            if key not in wanted:
                yield f"{language}: not used any more: {key[0]!r}; run `make words`"
            elif not _filled(message.string) or message.fuzzy:
                yield f"{language}: not translated: {key[0]!r}"
            else:
                yield from (f"{language}: {key[0]!r}: {said}" for said in broken(message))
    for path in templates():
        if path.suffix == ".html":
            yield from (f"{path.relative_to(PACKAGE)}: {said}" for said in unwrapped(path.read_text("utf-8")))


_PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")


def broken(message: Message) -> Iterator[str]:
    """Placeholders that a translation lost or made up. A plural form may leave its count out ("one card")."""
    plural = isinstance(message.id, tuple)
    asked = set(_PLACEHOLDER.findall(" ".join(message.id) if plural else message.id))
    forms = message.string if isinstance(message.string, tuple) else (message.string,)
    for number, form in enumerate(forms):
        given = set(_PLACEHOLDER.findall(form))
        if given - asked:
            yield f"placeholders that are not there: {', '.join(sorted(given - asked))}"
        if asked - given and number == len(forms) - 1:
            yield f"placeholders left out: {', '.join(sorted(asked - given))}"


# What a person does not read, or reads as it is in every language.
_SILENT = re.compile(
    r"{#.*?#}|{%\s*comment.*?endcomment\s*%}|<!--.*?-->|<(script|style|code|kbd|svg)\b.*?</\1>"
    r"|{%\s*blocktrans(?:late)?\b.*?{%\s*endblocktrans(?:late)?\s*%}|{%\s*verbatim.*?endverbatim\s*%}",
    re.DOTALL,
)
_CALLS = re.compile(r"{%.*?%}|{{.*?}}", re.DOTALL)
_SPOKEN = re.compile(r"""\b(?:title|placeholder|aria-label|alt)=("[^"]*"|'[^']*')""")
_TAG = re.compile(r"<[^>]*>")
_WORD = re.compile(r"[^\W\d_]{2,}")


def unwrapped(source: str) -> list[str]:
    """Words of an HTML template that stand there in English, outside any translation tag."""
    bare = _CALLS.sub(" ", _SILENT.sub(" ", source)).replace("Kartoteka", "")
    texts = [match.group(1) for match in _SPOKEN.finditer(bare)]
    texts += [re.sub(r"&\w+;", " ", text) for text in _TAG.sub("\0", bare).split("\0")]
    return [f"not wrapped: {' '.join(text.split())!r}" for text in texts if _WORD.search(text)]


def check() -> int:
    found = list(problems())
    for line in found[:60]:
        print(line)
    if len(found) > 60:
        print(f"... and {len(found) - 60} more")
    return int(bool(found))


COMMANDS = {"update": update, "compile": compile_all, "check": check}

if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in COMMANDS:
        sys.exit(__doc__)
    sys.exit(COMMANDS[sys.argv[1]]())
