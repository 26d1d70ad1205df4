"""Registers of people who want no advertising, as data: who keeps them, by which ways they hold, how old a file may be.

- GB: calls for marketing to a number in the Telephone Preference Service, or of a company in the corporate one, are
  unlawful unless it agreed to that caller (PECR 2003, reg. 21 and 26; the register is to be asked 28 days before the
  call at most: reg. 21(3)).
- PL: the Lista Robinsona of the Polskie Stowarzyszenie Marketingu SMB, kept by the trade itself; a month is our caution.
- FI: the puhelinkielto and the postimyyntikielto are kept by the trade itself; a month is our caution.
- ZA: Consumer Protection Act 68 of 2008, s. 11(3) and regulation 4: who registered a pre-emptive block is not to be
  reached; a month is our caution.
Whoever has another one adds it as their own.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from .models import Channel


@dataclass(frozen=True)
class Preset:
    """A register that many need. days: for how long a file of it holds."""

    key: str
    name: str
    country: str
    channels: frozenset[Channel]
    days: int


_CALLS = frozenset({Channel.PHONE})
_ALL = frozenset({Channel.PHONE, Channel.SMS, Channel.EMAIL, Channel.POST})

PRESETS: Mapping[str, Preset] = {
    each.key: each
    for each in (
        Preset("tps", "Telephone Preference Service (TPS)", "GB", _CALLS, 28),
        Preset("ctps", "Corporate Telephone Preference Service (CTPS)", "GB", _CALLS, 28),
        Preset("robinson-pl", "Lista Robinsona", "PL", _ALL, 30),
        Preset("puhelinkielto", "Puhelinkielto (Suomen kieltopalvelu)", "FI", _CALLS, 30),
        Preset("dmasa", "DMASA National Opt-Out Database", "ZA", _ALL - {Channel.POST}, 30),
    )
}
