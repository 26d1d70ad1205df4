"""What the catalogue tool must see, and must not take for English."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools import words


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("<p>Customers</p>", ["not wrapped: 'Customers'"]),
        ("<p>{% translate 'Customers' %}: {{ count }} &nbsp; 12</p>", []),
        ("{% blocktranslate %}Hello {{ name }}{% endblocktranslate %}", []),
        ('<input placeholder="Find">', ["not wrapped: '\"Find\"'"]),
        ('<input placeholder="{% translate "Find" %}" class="form-control">', []),
        ("{# a note #}<!-- another --><script>let word = 1</script><h1>Kartoteka</h1>", []),
        ("<a title='Back'>«</a>", ["not wrapped: \"'Back'\""]),
    ],
)
def test_english_outside_a_translation_is_named(source: str, found: list[str]) -> None:
    assert words.unwrapped(source) == found


def test_strings_of_code_and_templates_are_collected(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "templates").mkdir()
    (tmp_path / "code.py").write_text(
        "_('Plain'); ngettext('%(n)s row', '%(n)s rows', n); pgettext('month', 'May'); _('')", "utf-8"
    )
    (tmp_path / "templates" / "page.html").write_text(
        """<p>{% translate "It's here" %}</p>{% translate 'May' context 'name' %}
        {% blocktranslate count n=rows|length %}{{ n }} card{% plural %}{{ n }} cards{% endblocktranslate %}
        {% if page.title|default:_("Untitled") %}{% endif %}""",
        "utf-8",
    )
    monkeypatch.setattr(words, "PACKAGE", tmp_path)
    monkeypatch.setattr(words, "LOCALE", tmp_path / "locale")
    found = {(message.id, message.context) for message in words.collected() if message.id}
    assert found == {
        ("Plain", None),
        (("%(n)s row", "%(n)s rows"), None),
        ("May", "month"),
        ("It's here", None),
        ("May", "name"),
        (("%(n)s card", "%(n)s cards"), None),
        ("Untitled", None),
    }
    words.update()
    lines = list(words.problems())
    assert "pl: not translated: 'Plain'" in lines
    assert not [line for line in lines if line.startswith("en:")], "English is what the code says"
    # A translation is kept; one that loses a placeholder is told.
    po = words.po_path("pl")
    text = po.read_text("utf-8")
    text = text.replace('msgid "Plain"\nmsgstr ""', 'msgid "Plain"\nmsgstr "Zwykły"')
    po.write_text(
        text.replace(
            'msgstr[0] ""\nmsgstr[1] ""\nmsgstr[2] ""', 'msgstr[0] "x"\nmsgstr[1] "y"\nmsgstr[2] "z"'
        )
    )
    words.update()
    lines = list(words.problems())
    assert "pl: not translated: 'Plain'" not in lines
    assert any(line.startswith("pl: '%(n)s card'") and "placeholders" in line for line in lines)
