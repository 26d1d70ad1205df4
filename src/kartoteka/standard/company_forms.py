"""Legal forms of companies: every spelling met in files, by the letters and digits alone, and the customary written form."""

from typing import NamedTuple


class Form(NamedTuple):
    """A legal form: as it is customarily written, the countries it belongs to, whether its letters alone prove it.

    shy: so short that it may be a word or initials; believed with its points, its capitals, or in its country.
    """

    written: str
    countries: frozenset[str]
    shy: bool = False


# written | other spellings, letters only, one word each | countries | shy
_TABLE = """
Sp. z o.o. | spolkazoo spzoooo spzo spzoz spoo spolkazograniczonaodpowiedzialnoscia spzograniczonaodpowiedzialnoscia spolkazogrodp spzogrodp spolzoo spzooo zoo szoo spzo0 | PL
Sp. z o.o. Sp. k. | spzoospolkakomandytowa spolkazoospk spolkazograniczonaodpowiedzialnosciaspolkakomandytowa spolkazoospolkakomandytowa spzoospkomandytowa spzoosk | PL
Sp. z o.o. S.K.A. | spzoospolkakomandytowoakcyjna | PL
Sp. z o.o. Sp. j. | spzoospolkajawna | PL
S.A. | spolkaakcyjna sociedadanonima | PL ES MX AR CO CL PE RO
SA | societeanonyme | FR BE CH LU
P.S.A. | prostaspolkaakcyjna | PL
s.c. | spolkacywilna spcywilna | PL | shy
Sp. j. | spolkajawna spjawna sj | PL | shy
Sp. k. | spolkakomandytowa spkomandytowa spkom sk | PL | shy
Sp. p. | spolkapartnerska sppartnerska | PL | shy
S.K.A. | spolkakomandytowoakcyjna | PL | shy
Oy | osakeyhtio | FI
Oyj | julkinenosakeyhtio | FI
Oy Ab | oyab aboy | FI
Ab | aktiebolag | FI SE
Abp | | FI
Oyj Abp | | FI
Ky | kommandiittiyhtio | FI
Kb | kommanditbolag | FI SE | shy
Ay | avoinyhtio | FI | shy
Tmi | toiminimi | FI
ry | rekisteroityyhdistys | FI
rf | registreradforening | FI | shy
sr | | FI | shy
osk | osuuskunta | FI
Pty Ltd | ptylimited proprietarylimited proprietaryltd propltd ptyltdsa ptyltdrsa pyltd ptltd ptyld ptyltda | ZA AU
Edms Bpk | eiendomsbeperk edmsbeperk eiendomsbpk | ZA
CC | closecorporation | ZA | shy
BK | beslotekorporasie | ZA | shy
Bpk | beperk | ZA
NPC | nonprofitcompany npcompany | ZA
NPO | | ZA
SOC Ltd | soclimited | ZA
RF Pty Ltd | ptyltdrf | ZA
Inc. | incorporated incorp | PH US ZA CA
Corp. | corporation | PH US CA
OPC | onepersoncorporation | PH
Co. | | PH US | shy
Co., Ltd. | colimited companylimited companyltd ltdco | TH CN JP KR TW VN HK
Co., Inc. | companyinc | PH US
Sdn Bhd | sendirianberhad sdnberhad sendirianbhd snbhd sdbhd sdnbdh sdnbhdm sdhbhd | MY BN
Bhd | berhad | MY
PLT | perkongsianliabilititerhad | MY
Ltd | limited ltdco limitedcompany lmtd lted ltdd | GB IE ZA HK NZ IN NG KE
PLC | publiclimitedcompany | GB IE
LLP | limitedliabilitypartnership | GB US IN SG
LP | limitedpartnership | GB US | shy
CIC | communityinterestcompany | GB
CIO | charitableincorporatedorganisation | GB | shy
Cyf | cyfyngedig | GB
DAC | designatedactivitycompany | IE | shy
CLG | companylimitedbyguarantee | IE
Teo | teoranta | IE
GmbH | gesellschaftmitbeschrankterhaftung gmbhl gesmbh gesellschaftmbh | DE AT CH
gGmbH | gemeinnutzigegmbh | DE
mbH | | DE
GmbH & Co. KG | gmbhcokg gmbhundcokg gmbhucokg gmbhcokommanditgesellschaft gmbhcompkg gmbhkg gmbhundcompagniekg | DE AT
GmbH & Co. KGaA | gmbhcokgaa | DE
GmbH & Co. OHG | gmbhcoohg gmbhundcoohg | DE
AG & Co. KG | agcokg agundcokg | DE
AG & Co. KGaA | agcokgaa | DE
SE & Co. KGaA | secokgaa | DE
SE & Co. KG | secokg | DE
UG & Co. KG | ughaftungsbeschranktcokg ugcokg | DE
AG | aktiengesellschaft | DE AT CH
KGaA | kommanditgesellschaftaufaktien | DE
UG (haftungsbeschränkt) | ug ughb unternehmergesellschafthaftungsbeschrankt unternehmergesellschaft | DE
KG | kommanditgesellschaft | DE AT
OHG | offenehandelsgesellschaft | DE
OG | offenegesellschaft | AT | shy
GbR | gesellschaftburgerlichenrechts gbrmbh | DE
e.K. | ekfm ekfr eingetragenerkaufmann eingetragenekauffrau eingetragenekaufmann | DE | shy
e.U. | | AT | shy
e.V. | eingetragenerverein | DE | shy
eG | eingetragenegenossenschaft | DE | shy
PartG | partnerschaftsgesellschaft | DE
PartG mbB | partgmbb partnerschaftmbb partmbb | DE
SE | societaseuropaea | DE PL FI FR | shy
LLC | limitedliabilitycompany | US
PLLC | | US
PC | professionalcorporation | US CA | shy
SARL | societearesponsabilitelimitee | FR LU
Sàrl | | CH
SAS | societeparactionssimplifiee | FR
SASU | | FR
EURL | | FR
SNC | | FR | shy
SCI | | FR | shy
B.V. | bv beslotenvennootschap | NL BE
N.V. | nv naamlozevennootschap | NL BE
VOF | vennootschaponderfirma | NL | shy
BVBA | | BE
SPRL | | BE
SRL | | BE RO
S.L. | sociedadlimitada | ES | shy
S.L.U. | | ES
S.A. de C.V. | sadecv | MX
S. de R.L. de C.V. | sderldecv | MX
S.A.S. | | CO IT
S.r.l. | | IT
S.p.A. | spa | IT | shy
S.n.c. | | IT | shy
S.a.s. | | IT | shy
AB | aktiebolaget | SE
HB | handelsbolag | SE | shy
AS | aksjeselskap | NO EE | shy
ASA | | NO | shy
A/S | aktieselskab | DK | shy
ApS | anpartsselskab | DK
I/S | interessentskab | DK | shy
s.r.o. | spolsro spolecnostsrucenimomezenym | CZ SK
a.s. | akciovaspolecnost | CZ SK | shy
Kft. | korlatoltfelelossegutarsasag | HU
Zrt. | | HU
Nyrt. | | HU
Bt. | | HU | shy
OÜ | osauhing | EE | shy
SIA | | LV | shy
UAB | | LT
MB | | LT | shy
d.o.o. | | SI HR RS BA
EOOD | | BG
OOD | | BG | shy
Lda. | limitada | PT
Ltda. | | BR CL CO
Pvt Ltd | privatelimited privateltd pvtlimited pltd | IN PK
Pte Ltd | ptelimited privatelimitedsg | SG
PT | | ID | shy
CV | | ID | shy
Tbk | | ID
K.K. | kabushikikaisha | JP | shy
A.Ş. | anonimsirketi | TR | shy
Ltd. Şti. | limitedsirketi | TR
A.E. | | GR | shy
E.P.E. | | GR
ООО | | RU
АО | | RU
ПАО | | RU
ЗАО | | RU
ОАО | | RU
ИП | | RU
ТОВ | | UA
"""

# before the name. The Polish ones are no legal forms in law, but stand where one stands: "PPHU Kowalski"
FRONT = {
    "oy": "Oy", "ab": "Ab", "ky": "Ky", "tmi": "Tmi", "toiminimi": "Tmi", "asoy": "As Oy", "asuntooy": "As Oy", "asuntoosakeyhtio": "As Oy",
    "koy": "KOy", "kiinteistooy": "KOy", "ay": "Ay", "pt": "PT", "cv": "CV", "ооо": "ООО", "ао": "АО", "пао": "ПАО", "зао": "ЗАО", "оао": "ОАО",
    "ип": "ИП", "тов": "ТОВ", "uab": "UAB", "sia": "SIA", "ou": "OÜ", "spolkazoo": "Sp. z o.o.", "spzoo": "Sp. z o.o.",
}  # fmt: skip
FRONT_COUNTRIES = {
    "PT": "ID",
    "CV": "ID",
    "UAB": "LT",
    "SIA": "LV",
    "OÜ": "EE",
    "Ky": "FI",
    "Ay": "FI",
    "Ab": "FI SE",
}
DESIGNATIONS = frozenset(
    "pphu phu fhu fphu ppuh puh pthu zphu zpuh zuh fuh fhup phup ppu ppo ptu pup pph ppt".split()
)
SHORT_DESIGNATIONS = frozenset(
    "ph fh fu pu pw zu pp".split()
)  # only with their points, or where Poland is meant


def letters_only(text: str) -> str:
    """The key of a form: "Sp. z o.o." gives "spzoo"."""
    plain = text.casefold().translate(str.maketrans("ąćęłńóśźżäöüàéş", "acelnoszzaouaes"))
    return "".join(letter for letter in plain if letter.isalnum())


def _forms() -> dict[str, tuple[Form, ...]]:
    found: dict[str, tuple[Form, ...]] = {}
    for line in _TABLE.strip().splitlines():
        written, others, countries, *shy = (cell.strip() for cell in line.split("|"))
        form = Form(written, frozenset(countries.split()), bool(shy))
        for key in {letters_only(written), *others.split()}:
            found[key] = (*found.get(key, ()), form)
    return found


FORMS = _forms()
# words that end or make up a form: a cheap look before the thorough one
HINTS = frozenset({"zoo", "oo", "o", "spzoo"} | {key for key in FORMS if len(key) <= 5}) | frozenset(
    "limited ltd incorporated corporation berhad bhd sendirian company partnership beperk bpk spolka akcyjna cywilna jawna komandytowa"
    " odpowiedzialnoscia aktiengesellschaft haftungsbeschrankt osakeyhtio aktiebolag sti".split()
)
# what stands behind a form and is no part of the company's name
AFTER_FORM = frozenset(
    "poland polska finland suomi southafrica suidafrika za rsa sa philippines phils pilipinas malaysia m uk gb unitedkingdom england germany deutschland"
    " usa us wlikwidacji wupadlosci inliquidation il iabw iabwicklung konkurssissa selvitystilassa woddziale wrestrukturyzacji worganizacji ingr igr inadministration".split()
)
