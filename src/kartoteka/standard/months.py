"""Words in dates: months, weekdays and the small words around them, in the languages our customers write.

All keys are folded (characters.fold): lower case, no accents.
"""

from functools import lru_cache

from kartoteka.standard.characters import words

# One line a month: whole short forms, then (with *) stems that may carry any ending, as Polish and Finnish inflect.
_MONTHS = (
    "jan ene sty styc tammi januar* janvier jaenner janner gennaio enero* stycz* tammik* tamm jan. gen genn",
    "feb peb lut helm helmi febr februar* febuary februari* pebrero* febrero fevrier febbraio lut* "
    "helmik* feber fev fevr febb",
    "mar maa mrz maerz marz mrt mac mart march maart mars marso marzo marc* marca marcu maalis* maal marz* mrc",
    "apr abr kwi huh april* abril* aprile avril kwie* huhti* avr kwiet*",
    "may maj mai mei maja maju mayo maggio touko* tou mag toukok*",
    "jun hun cze kes june* juni junie juno juin junio giugno hunyo* czerw* kesa giu kesak* czer",
    "jul hul lip hei july* juli julie julai julei julio juillet luglio hulyo* lipiec lipc* heina* lug juil",
    "aug ago sie elo ogo ogos august* augustus agosto* aout sierp* eloku* elok sierpien og ago. ogs",
    "sep set sept wrz syy syys setyembre* septemb* septiembre settembre septembre september* wrze* syysk* sett",
    "oct okt ott paz loka lok oktubre* october* oktob* octubre ottobre octobre pazdz* lokak* pazd",
    "nov nob lis marras marr nobyembre* novemb* noviembre novembre listop* marrask* listopad*",
    "dec dez des dis gru jou joulu disyembre* decemb* dezemb* desemb* disemb* diciembre dicembre grud* jouluk* dic",
)
_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii")

_WEEKDAYS = words("""
monday tuesday wednesday thursday friday saturday sunday mon tue tues wed weds thu thur thurs fri sat sun
maandag dinsdag woensdag donderdag vrydag saterdag sondag ma di wo do vr sa so
lunes martes miyerkules huwebes biyernes sabado linggo lun miy huw biy sab lin
isnin selasa rabu khamis jumaat sabtu ahad isn sel rab kha jum ahd
maanantai maanantaina tiistai tiistaina keskiviikko keskiviikkona torstai torstaina perjantai perjantaina
lauantai lauantaina sunnuntai sunnuntaina ti ke to pe la su
poniedzialek wtorek sroda czwartek piatek sobota niedziela srode sobote niedziele
pon pn wt sr czw cz pt sob sb nd niedz ndz
montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag mo mi fr
""")

# Small words that say nothing of the day itself: "born on the 3rd of", "ur. 3 kwietnia 1985 r.", "ika-3 ng Abril".
_AROUND = words("""
st nd rd th on of the in at born b birth birthday birthdate birthdays bday bd date day year
dob d o s a y t z m is circa ca c about approx abt around roughly yr anno no unknown without month bulan
ur urodzony urodzona urodz urodziny urodzin data urodzenia r rok roku rocznik w dnia dn ok okolo go ego rocz
bez nieznany nieznana
s synt syntynyt syntymapv syntymaaika syntymapaiva syntymavuosi noin n vuonna v pvm p ntena
gebore geb op die van verjaarsdag verjaar verjaardag ste de jaar gebdat geboortedatum
ika ng sa noong ipinanganak petsa kapanganakan kaarawan kaarawang bday taong
hb haribulan pada lahir tarikh thn tahun tkh hari harijadi jadi lahirnya
geboren am dem der den ten ter um jahr jahrgang jg geburtsdatum geburtstag gebdatum
el le du del il
""")


def _table() -> tuple[dict[str, int], list[tuple[str, int]]]:
    whole: dict[str, int] = {}
    stems: list[tuple[str, int]] = []
    for number, line in enumerate(_MONTHS, 1):
        for word in words(line):
            if word.endswith("*"):
                stems.append((word[:-1], number))
            else:
                whole[word.rstrip(".")] = number
    return whole, sorted(stems, key=lambda stem: -len(stem[0]))


_WORDS, _STEMS = _table()
_NOISE = frozenset(_WEEKDAYS) | frozenset(_AROUND)


def is_noise(word: str) -> bool:
    """Whether a folded word in a date may be passed over: a weekday, an ordinal's ending, "born", "r."."""
    return word in _NOISE


def roman(word: str) -> int:
    """The month of a folded Roman number ("iv" is 4), 0 if it is none."""
    return _ROMAN.index(word) + 1 if word in _ROMAN else 0


@lru_cache(maxsize=4096)
def month(word: str) -> int:
    """The month (1 to 12) a folded word names in any of our languages, inflected or misspelt by a letter; else 0."""
    found = _WORDS.get(word, 0)
    if not found and len(word) >= 4:
        found = next((number for stem, number in _STEMS if word.startswith(stem)), 0)
    return found or (_misspelt(word) if len(word) >= 5 else 0)


def _misspelt(word: str) -> int:
    from rapidfuzz.distance import OSA

    near = {
        number
        for names, number in [*_WORDS.items(), *_STEMS]
        if len(names) >= 5 and names[0] == word[0] and OSA.distance(word, names, score_cutoff=1) <= 1
    }
    return near.pop() if len(near) == 1 else 0
