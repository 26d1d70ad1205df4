"""The ways by which contact details leave this house, each by name: a new one fails until it stands behind the gate."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.any_base

SOURCE = Path(__file__).resolve().parents[2] / "src" / "kartoteka"

# Who may send mail to customers: only what answers something they did, or what has passed the gate.
SENDS = {
    "consent/mailing.py": "the link with which a customer confirms a choice",
    "trust/invitations.py": "the sign-in link of somebody who works here",
    "trust/alarm_mail.py": "alarms to the owners, without a customer in them",
    "agenda/reminding.py": "reminders to whoever works here, of their own tasks",
    "segments/worth/sending.py": "figures to whoever works here, as they may see them when it is sent",
}
# What speaks to other machines, or hands out contact details by the file.
SENDING = ("django.core.mail", "smtplib", "email.mime", "httpx", "requests", "urllib.request", "http.client", "aiohttp",
           "socket", "ftplib", "telnetlib", "kartoteka.kit.outgoing.fetch")  # fmt: skip
SPEAKS = {
    "consent/mailing.py": "mail to customers",
    "trust/invitations.py": "mail to staff",
    "trust/alarm_mail.py": "mail to owners",
    "agenda/reminding.py": "mail to staff",
    "segments/worth/sending.py": "mail to staff",
    "cli/serve.py": "looks whether a port is free",
    "kit/outgoing.py": "the one client that asks other machines",
    "intake/shops/doing.py": "asks Meta for a lead by its number",
    "intake/shops/missed.py": "asks a shop for its own orders by a moment",
}
# Where contact details leave as a whole, and why no gate stands there. A list to be sent to is never made here.
LEAVES = {
    "people/identities.py": "the export of identities: keys and names, needs the right to export and is audited",
    "people/asdata.py": "a customer's own card for a program with the right to see it; views are audited",
    "intake/refused.py": "the refused rows of a file, back to whoever brought it",
    "trust/backups.py": "sealed copies",
    "web/partners.py": "hashes of those who passed the gate for that partner; each time is written down",
    "segments/audiences.py": "hashed lists for ad platforms: asked for as an export is, written through the gate",
}
# Exports are asked for here and nowhere else; whose file goes to a partner passes the gate when it is asked for and again
# when it is written.
ASKS_FOR_EXPORT = {"web/exports.py", "consent/exchanging.py"}


def modules() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(SOURCE.rglob("*.py")):
        if "migrations" not in path.parts:
            yield path.relative_to(SOURCE).as_posix(), ast.parse(path.read_text("utf-8"))


def imported(tree: ast.Module) -> set[str]:
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {each.name for each in node.names}
        elif isinstance(node, ast.ImportFrom):
            # A module of ours may be called as one of those is: dots tell it apart.
            module = "." * node.level + (node.module or "")
            found |= {module, *(f"{module}.{each.name}" for each in node.names)}
    return found


def names(tree: ast.Module) -> set[str]:
    ids = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    return ids | {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}


def test_nobody_speaks_to_the_outside_but_who_is_named() -> None:
    speaking = {
        name
        for name, tree in modules()
        if any(each == one or each.startswith(f"{one}.") for each in imported(tree) for one in SENDING)
    }
    assert speaking == set(SPEAKS), "a new way out of the house: have it pass consent.gate, then name it here"


def test_mail_is_sent_from_one_module() -> None:
    words = {
        "EmailMessage",
        "EmailMultiAlternatives",
        "send_mail",
        "send_mass_mail",
        "get_connection",
        "mail_admins",
    }
    assert {name for name, tree in modules() if names(tree) & words} == set(SENDS)
    users = {name for name, tree in modules() if "mailing" in " ".join(imported(tree)) and name not in SENDS}
    # The link to a customer's own page and the letter about their request answer rights they have by law: no purpose is
    # asked for.
    free = {"consent/asking.py", "consent/links.py", "consent/letters.py"}
    assert users == free, "whoever sends by it must ask the gate first"


def test_a_list_that_a_floor_above_writes_has_passed_the_gate() -> None:
    writing = {name for name, tree in modules() if "write_by" in names(tree)} - {
        "people/exporting/writing.py"
    }
    assert writing == {"segments/apps.py"}, "a new kind of list: have it pass consent.gate, then name it here"
    gate = dict(modules())["segments/audiences.py"]
    assert "kartoteka.consent.passing.may_all" in imported(gate)


def test_what_leaves_by_the_file_is_known() -> None:
    for name in LEAVES:
        assert (SOURCE / name).is_file(), name
    # Files and streams that a browser is handed, and the command's export.
    handing = {
        name for name, tree in modules() if names(tree) & {"FileResponse", "StreamingHttpResponse"}
    } - {"web/card_photo.py"}
    assert handing <= {"web/imports.py", "api/imports.py"}, (
        "a new download: say here what it holds and who may have it"
    )


def test_what_goes_to_a_partner_passes_the_gate() -> None:
    asking = {name for name, tree in modules() if names(tree) & {"ask_for_export"}}
    assert asking - {"people/exporting/asking.py"} == ASKS_FOR_EXPORT, "a new export: say who may be in it"
    tree = next(tree for name, tree in modules() if name == "consent/exchanging.py")
    verbs = {each.name: names(each) for each in ast.walk(tree) if isinstance(each, ast.FunctionDef)}  # type: ignore[arg-type]
    assert verbs["agreed_to"] >= {"allowed", "point_to_use"}, "the file is read through the gate"
    assert "may_all" in verbs["hashes_for_partner"], "so are the hashes that are handed out"
    assert "FURTHER" in verbs["ask_for_list"], "no file to a partner but the narrowed one"
    # Whoever makes hashes of contact points is known.
    hashing = {name for name, tree in modules() if names(tree) & {"hash_of"}}
    assert hashing == {"consent/exchanging.py"}
