"""How each people names its men, women, wives, children and sons named after their fathers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random

from kartoteka.intake.sample.pools import names_of

PATRONYMIC = {"ms": {"m": "bin", "f": "binti"}, "ta": {"m": "a/l", "f": "a/p"}}
"""Peoples whose second name is the father's, and the word before it."""


@dataclass(frozen=True, slots=True)
class Name:
    """A person's name in parts. `family` holds its particle; `western` stands beside a Chinese one."""

    people: str
    sex: str
    given: str
    family: str
    middle: str = ""
    suffix: str = ""
    western: str = ""
    former: str = ""

    @property
    def text(self) -> str:
        """The name as its owner writes it, in the order of the people."""
        if self.people == "zh":
            parts = [self.western, self.family, self.given]
        else:
            parts = [self.given, self.middle, self.family, self.suffix]
        return " ".join(part for part in parts if part)

    @property
    def particle(self) -> str:
        """The small words the family name starts with: van der, dela, bin, a/p."""
        words = self.family.split()
        small = []
        for word in words[:-1]:
            if not word[0].islower():
                break
            small.append(word)
        return " ".join(small)


def given_name(people: str, sex: str, rng: Random) -> str:
    """A first name as the people gives it, with its second part where that is the custom."""
    names = names_of(people)
    pool = names.male if sex == "m" else names.female
    first = pool.draw(rng)
    if people == "zh":
        second = pool.draw(rng)
        return f"{first} {second}" if first != second else f"{first} Li"
    if people == "ms" and rng.random() < 0.55:
        lead = names.extra["male first" if sex == "m" else "female first"].draw(rng)
        return f"{lead} {first}" if lead not in first else first
    if people in ("fi", "pl", "en", "af") and rng.random() < 0.02:
        other = pool.draw(rng)
        return f"{first}-{other}" if other != first else first
    return first


def _middle(people: str, sex: str, given: str, rng: Random) -> str:
    """A second given name; in the Philippines the mother's family name, which nearly everybody has."""
    names = names_of(people)
    if people == "fil":
        return names.family.draw(rng) if rng.random() < 0.7 else ""
    if people in PATRONYMIC or people == "zh" or rng.random() > 0.22:
        return ""
    other = (names.male if sex == "m" else names.female).draw(rng)
    return other if other not in given else ""


def for_sex(family: str, people: str, sex: str) -> str:
    """A Polish family name in the woman's form (Kowalski, Kowalska); any other as it is."""
    if people == "pl" and sex == "f" and family.endswith(("ski", "cki", "dzki", "ny")):
        return family[:-1] + "a"
    return family


def _father(people: str, sex: str, father: str) -> str:
    return f"{PATRONYMIC[people][sex]} {father}"


def fresh(people: str, sex: str, rng: Random) -> Name:
    """A person who is related to nobody yet."""
    given = given_name(people, sex, rng)
    if people in PATRONYMIC:
        return Name(people, sex, given, _father(people, sex, given_name(people, "m", rng)))
    family = for_sex(names_of(people).family.draw(rng), people, sex)
    western = ""
    if people == "zh" and rng.random() < 0.35:
        western = names_of("zh").extra["english male" if sex == "m" else "english female"].draw(rng)
    return Name(people, sex, given, family, middle=_middle(people, sex, given, rng), western=western)


def wife_of(husband: Name, rng: Random) -> Name:
    """The wife: she takes his family name, joins it to hers, or keeps her own, as her people does."""
    own = fresh(husband.people, "f", rng)
    people = husband.people
    if people in PATRONYMIC or people == "zh":
        return own
    shared = for_sex(husband.family, people, "f")
    if people == "fil":
        return replace(own, middle=own.family, family=shared, former=own.family)
    chance = rng.random()
    if chance < 0.12 and " " not in own.family + shared:
        return replace(own, family=f"{own.family}-{shared}", former=own.family)
    if chance < 0.25:
        return own
    return replace(own, family=shared, former=own.family)


def child_of(father: Name, sex: str, rng: Random, *, mother: Name | None = None) -> Name:
    """A son or a daughter with the father's family name, or his given name where that is the custom."""
    people = father.people
    child = fresh(people, sex, rng)
    if people in PATRONYMIC:
        return replace(child, family=_father(people, sex, father.given))
    if people == "fil" and mother is not None:
        child = replace(child, middle=mother.former or mother.family)
    return replace(child, family=for_sex(father.family, people, sex))


def son_of_same_name(father: Name, rng: Random) -> tuple[Name, Name]:
    """Father and son of one name, told apart by Sr and Jr if at all.

    Where names are patronymics, or Chinese, that does not happen: then the son is just a son.
    """
    people = father.people
    if people in PATRONYMIC or people == "zh":
        return father, child_of(father, "m", rng)
    if people == "fil" or rng.random() < 0.4:
        dot = "." if people in ("fil", "en") else ""
        return replace(father, suffix=f"Sr{dot}" if rng.random() < 0.5 else ""), replace(
            father, suffix=f"Jr{dot}"
        )
    return father, replace(father, middle="")


def twin_of(name: Name, rng: Random) -> Name:
    """A twin: the same family, another given name, not seldom one that starts alike."""
    sex = name.sex if rng.random() < 0.7 else ("f" if name.sex == "m" else "m")
    given = name.given
    for _ in range(6):
        given = given_name(name.people, sex, rng)
        if given != name.given and (given[0] == name.given[0] or rng.random() < 0.4):
            break
    if given == name.given:
        given = f"{given} Li" if name.people == "zh" else f"{given}-{given_name(name.people, sex, rng)}"
    family = name.family
    if name.people in PATRONYMIC:
        family = _father(name.people, sex, name.family.split(" ", 1)[1])
    elif sex != name.sex and name.people == "pl":
        family = for_sex(family, "pl", "f") if sex == "f" else _masculine(family)
    middle = name.middle if name.people == "fil" else ""
    return replace(name, sex=sex, given=given, middle=middle, family=family, western="")


def _masculine(family: str) -> str:
    if family.endswith(("ska", "cka")):
        return family[:-1] + "i"
    return family[:-1] + "y" if family.endswith("na") else family


def short_form(name: Name, rng: Random) -> str:
    """What friends call the person (Kasia for Katarzyna), or empty."""
    forms = names_of(name.people).short.get(name.given)
    if forms is None:
        forms = names_of(name.people).short.get(name.given.rsplit(" ", maxsplit=1)[-1])
    if forms:
        return forms[int(rng.random() * len(forms))]
    return name.western
