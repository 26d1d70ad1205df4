"""The small words around a name: titles, suffixes, particles, what ties two people or says that nobody is meant."""

from typing import NamedTuple


class Title(NamedTuple):
    """A title as it is usually written, the sex it tells, and the countries it is bound to (empty: any)."""

    written: str
    sex: str = ""
    only: frozenset[str] = frozenset()


def _bound(only: str, sex: str, words: str) -> dict[str, Title]:
    countries = frozenset(only.split())
    return {_key(word): Title(word, sex, countries) for word in words.split()}


def _key(word: str) -> str:
    plain = str.maketrans("ążśćęłńóźäöéí", "azscelnozaoei")
    return "".join(letter for letter in word.lower().translate(plain) if letter.isalnum())


CHINESE = "MY SG CN TW HK ID"
TITLES: dict[str, Title] = {
    **_bound("", "m", "Mr Mister Sir Lord Herr Herrn Mnr Meneer Herra Hra Ginoong Ginoo Mang Kuya Tuan Tn Encik Datuk Dato Dato' "
             "Dhr Señor Signor Monsieur Mnu Umnumzana Hr Ks Ds Haji Hj Ustaz Pehin Tata Don Father Fr Monsignor Msgr Pastoor Oom Baba Ntate Pana Panem"),
    **_bound("", "f", "Mrs Ms Miss Mz Lady Dame Madam Mdm Frau Fräulein Frl Mev Mevrou Mej Mejuffrou Rouva Rva Neiti Nti Pani Panna "
             "Gng Ginang Bb Binibini Aling Ate Puan Pn Cik Datin Hajah Hjh Ustazah Nkk Nksz Nksk Nkosikazi Nkosazana Mme Mlle Madame "
             "Mademoiselle Señora Señorita Sra Srta Signora Sigra Fru Mevr Mw Tannie Sister Doña Dña Mama Paní"),
    **_bound("", "", "Mx Dr Doctor Prof Professor Profesor Rev Revd Reverend Hon Honorable Cllr Councillor Capt Captain Col Colonel Maj Lt "
             "Sgt Cpl Kapt Kpt Płk Mjr Por Sierż Gen General Adv Advocate Atty Attorney Engr Engineer Arch Ar Past Pastor Ps Pst Bishop Bp "
             "Rabbi Imam Sheikh Mgr Inż Lek Adw Mec Radca Ing Mag Dipl Tohtori Tri Maisteri Maist Dipl-Ing DiplIng DiplKfm DiplKffr DiplBetrw "
             "DiplVolksw DiplPäd DiplPsych DiplInf DiplMath DiplPhys DiplBiol DiplChem DiplSozPäd DiplÖk DrIng Drmed DrPhil DrJur DrRerNat MgrInż "
             "DrInż DrHab ProfDr ProfDrmed Drs Ir Tun Gov Sen Brig Adm Cmdr Supt Insp Const Konst Rektor Dok Dott Dottssa MUDr JUDr PhDr Bc RNDr "
             "MVDr Notariusz Sędzia Prokurator Kmdr St.sierż Ppłk Ppor Asp Podkom Nadkom Dypl Lic Rtd DrMed DrDent"),
    **_bound("", "m", "Ksiądz Brat Ojciec"),
    **_bound("PL", "", "P O S Br Tech St Sp Kard Abp"),
    **_bound("MY SG BN ID", "", "YB YBhg YAB YAM Ts Toh IDr"),
    **_bound("MY SG BN", "m", "En"),
    **_bound("MY", "f", "Ck"),
    **_bound("FR BE CH LU", "m", "M"),
    **_bound("FI", "", "DI FT FM KTM KTT TkT LL OTK VT HTM YTM FL TT DIpl Ylil"),
    **_bound("ZA", "f", "Me"),
    **_bound("PH", "m", "G"),
    **_bound("ES MX AR CO CL PE PT BR IT", "m", "Sr Sig D"),
    **_bound("PH ES", "f", "Sor"),
    "pan": Title("Pan", "m"),
}  # fmt: skip
TITLES["sr"] = Title("Sr", "", frozenset("PH ES MX AR CO CL PE PT BR MY".split()))
TITLES["tansri"] = Title("Tan Sri", "m")
# words that carry a title on, never open one: "dr n. med.", "Tan Sri", "Datuk Seri", "Prof. Dr. h.c.", "Rt Hon"
TITLE_MORE = frozenset(
    "n med hab hum tech rer nat dent vet phil jur oec pol h c hc habil mult pr r seri sri paduka wira setia utama haji hajah hj hjh "
    "inz ing dr prof mgr farm dypl zw nadzw hon madya prawny prawna spec theol sc univ of the mr mrs ms ekon roln nauk med dipl em emer mag "
    "doc lic iur betrw kfm inf".split()
)
TITLE_PAIRS = frozenset(
    {
        ("tan", "sri"),
        ("toh", "puan"),
        ("puan", "sri"),
        ("rt", "hon"),
        ("the", "rev"),
        ("the", "hon"),
        ("r", "pr"),
        ("st", "sierz"),
        ("lic", "iur"),
    }
)
AFTER_NAME = frozenset(
    "dr mgr inz prof lek drhab hab mgrinz drinz".split()
)  # Polish files put these behind, too
SMALL_IN_POLISH = frozenset("dr mgr inz prof lek hab n med hum tech adw ks mec radca prawny not p".split())

SUFFIXES = {
    _key(word): word
    for word in (
        "Jr Sr Jnr Snr Junior Senior II III IV VI VII VIII 2nd 3rd Esq Esquire MD PhD DPhil EdD JD DDS DMD DVM OBE MBE CBE KBE DBE "
        "BA BSc MSc MBA CPA RN FRCS FRCP MRCP QC KC SC JP LLB LLM BEng MEng CEng FCA ACA ACCA CFA LPT RMT MAEd RPh PTRP MPhil BCom BComm "
        "BTech MTech MPA MPH RCrim PEng CISSP FIBMS FCPA CMA PMP RPT RSW RND REB REE MBChB BChD BProc jun sen PJN JMN KMN AMN "
        "DSc DLitt BEd MEd HDip PGCE Bt TD DL VC GC DSO MP MEP FRSA FRIBA RIBA MRICS FRICS CA(SA) PrEng ml mł syn KTM FM DI FT OTM YTM HM VT KTT TkT BAcc"
    ).split()
}
SURE_SUFFIXES = frozenset(
    "jr sr jnr snr junior senior ii iii iv vi vii viii 2nd 3rd esq esquire phd dphil md obe mbe cbe mba msc bsc lpt cpa jun".split()
)

PARTICLES = frozenset(
    "van von der den de dela del delas delos du des di da das do dos della dello degli dei la le las los ter ten te zu zum zur vom 't t "
    "af av und d' l' op aan in 's dal dalla el al ul bint abu ibn mc mac ni nic ua".split()
)
# a particle opens with one of these; the others only go on ("van der", "de la", "von und zu")
OPENERS = frozenset(
    "van von vom de dela del delas delos du des di da das do dos della dello degli dei la le ter ten te zu zum zur af av 't den dal dalla el al ibn ni nic".split()
)
# of these some are given names or surnames as well: never at the start of a name, unless more particles follow
SHY = frozenset("al di den ni nic le la te do el da dos mac mc del dal in".split())
# a word that makes one surname with the next: San Juan, St. John, Janse van Rensburg, Abdul Rahman
BINDERS = frozenset(
    "san santa sta sto santo st saint sainte janse jansen jansz abdul abd abdur abdel fitz bani".split()
)
KEPT_CAPITAL = frozenset(
    "US GB IE CA AU NZ IT BE".split()
)  # Di Caprio, Van Damme, De Niro: there the capital is the name's own
GLUED = {"delacruz": "dela Cruz", "delrosario": "del Rosario", "delosreyes": "delos Reyes", "delossantos": "delos Santos",
         "deleon": "de Leon", "deguzman": "de Guzman", "dejesus": "de Jesus", "delapena": "dela Peña", "delatorre": "dela Torre"}  # fmt: skip

# what stands between a person and the father's name, as written in the standard form, and the sex it tells
PATRONYMS = {
    "bin": ("bin", "m"), "b": ("bin", "m"), "binti": ("binti", "f"), "bt": ("binti", "f"), "bte": ("binte", "f"), "bti": ("binti", "f"),
    "binte": ("binte", "f"), "bnt": ("binti", "f"), "bintu": ("binti", "f"), "bta": ("binti", "f"), "a/l": ("a/l", "m"), "a/p": ("a/p", "f"), "s/o": ("s/o", "m"),
    "d/o": ("d/o", "f"), "al/": ("a/l", "m"), "ap/": ("a/p", "f"), "anak": ("anak", ""), "ak": ("anak", ""), "w/o": ("w/o", "f"), "ibni": ("ibni", "m"),
}  # fmt: skip
SHORT_PATRONYMS = frozenset({"b", "bt", "ak", "bta", "bti"})  # an initial anywhere but in the Malay world

AND = frozenset(
    {
        "&",
        "and",
        "i",
        "und",
        "en",
        "ja",
        "dan",
        "at",
        "et",
        "y",
        "+",
        "oraz",
        "sowie",
        "och",
        "og",
        "kaj",
        "ne",
        "no",
        "e",
        "/",
    }
)
FAMILY_BEFORE = frozenset(
    "fam familie family rodzina perhe pamilya keluarga gesin famille familia famiglia familjen household panstwo pp umndeni".split()
)
FAMILY_AFTER = frozenset("family perhe household familie gesin familj clan pamilya familien".split())
BORN = frozenset("nee née geb geborene born os zd ur z_domu gebore".split())
CARE_OF = (
    "c/o",
    "attn",
    "attention",
    "fao",
    "att",
    "z. hd.",
    "z.hd.",
    "do rąk",
    "dla",
    "t.a.v.",
    "via",
    "u/p",
    "imienia",
    "name:",
    "nazwisko:",
)

NOBODY = frozenset(
    """test testing tester test_test test_user testowy testowa testi testaaja toets na none null nil nan unknown unknow unknwon undefined empty blank
    brak brak_danych nie_podano niepodano nie_dotyczy nd nieznany nieznana nieznane anonim anonimowy klient klient_detaliczny gosc nn x xx xxx xxxx
    customer client guest user anonymous anon noname no_name nobody name firstname_lastname first_name_last_name your_name imie_nazwisko imie_i_nazwisko
    tbc tba tbd to_be_advised not_known not_given not_provided not_available not_applicable no_data unnamed cash cash_sale cash_customer walk_in
    walk_in_customer walkin counter counter_sale do_not_use do_not_call delete deleted duplicate removed dummy sample example demo admin administrator
    asdf asd qwe qwerty asdfgh asdfasdf abc abcd aaa zzz foo bar foobar foo_bar lorem_ipsum ei_ole ei_tiedossa ei_nimea ei_tietoa tuntematon asiakas vieras nimi nimeton
    onbekend kliënt geen geen_naam naamloos kontant unbekannt unbekant keine_angabe ka kunde gast muster niemand kein_name ohne_name name_unbekannt
    wala walang_pangalan pangalan hindi_alam tiada tidak_ada tidak_diketahui pelanggan tetamu tamu tiada_nama nama hakuna private privat prywatny prywatna osoba_prywatna
    akwaziwa ayikho nomuntu kosong sin_nombre desconocido inconnu sconosciuto mr mrs ms pan pani herr frau n_a not_set missing various misc other divers
    same jw same_as_above as_above ditto see_notes see_above jak_wyzej jos_niin asdfg asdasd qwertz qaz wsx zxc zxcvbn hjkl fghj dfgh sdf sdfg xyz
    test_testowy test_test jan_testowy testi_testaaja new_customer nowy_klient uusi_asiakas neuer_kunde retail_customer regular_customer klient_indywidualny
    brak_nazwiska brak_imienia bez_nazwy fake fake_name aaa_bbb abc_def bla blabla bla_bla haha lol no nie ei nein yes tak""".split()
)
