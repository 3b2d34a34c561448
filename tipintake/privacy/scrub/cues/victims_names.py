"""Words beside a name that is a victim's or a child's."""

from __future__ import annotations

import re

from tipintake.privacy.scrub.cues.words import BEFORE_A_NAME, cue, either

GROWN = r"(?:the |our |la |el )?(?P<grown>victims?|v[ií]ctimas?|muchach[ao]|chic[ao])"
YOUNG = (
    r"(?:the |our |a |la |el |una? )?"
    r"(?P<young>girls?|kids?|child|minor|teen|boy|daughter|ni[nñ][ao]|hij[ao]|menor)"
)
SE_LLAMA = r"(?: que)? se llama"
INVOLVED = r"(?: (?:in question|involved|there))?"
VICTIM_NAME = cue(
    GROWN,
    YOUNG,
    end=INVOLVED
    + either(
        r"(?:'s|’s|s)? (?:real |full )?name(?: is|:)?",
        r" (?:is |was )?(?:named|called)",
        SE_LLAMA,
        r" (?:es|is|de nombre)",
    )
    + BEFORE_A_NAME,
)
# So plain that the next words are the name, whatever else they mean: "se llama Abril Montes".
VICTIM_NAMED = cue(
    GROWN,
    YOUNG,
    end=INVOLVED
    + either(r"(?:'s|’s|s)? (?:real |full )?name(?: is|:)", r" (?:is|was) named", SE_LLAMA)
    + r"\s{1,2}[\"“'‘]?",
)
# "The man who sells the girl is", "the owner of the girls is": somebody else is named.
GIRLS_OTHER = cue(
    r"(?:who|that|que|q) (?!told|says?|said|dijo|dice|knows?|thinks?|sabe)(?:\w{1,12} ){1,3}",
    r"(?<!one )(?<!two )(?<!some )(?<!name )(?<!any )(?<!una )(?<!nombre )(?:of|del?) ",
    r"(?:with|con|over|behind|selling|holding|keeping|running|watching|bringing|driving"
    r"|controlling|picking up) ",
    end=r"(?:a )?$",
)
NAMES_ANOTHER = re.compile(r" (?:(?:is|was|es)(?!\w)|se llama)", re.IGNORECASE)
MERELY_IS = re.compile(r" (?:is|was|es) {1,2}[\"“'‘]?$", re.IGNORECASE)
# "The girl is Mexican", "la muchacha es hondureña", "the girl is pregnant": no name.
NO_NAME_BUT_LIKE_ONE = cue(
    "mexican[oa]?", "american[oa]?", "dominican[oa]?", "puerto rican", "chinese", "japanese",
    "vietnamese", "honduran", "hondure[nñ][oa]", "guatemalan", "guatemaltec[oa]", "salvadoran",
    "salvadore[nñ][oa]", "nicaraguan", "nicarag[uü]ense", "colombian[oa]?", "venezolan[oa]",
    "venezuelan", "chilean", "spanish", "russian", "ukrainian", "european", "filipin[oa]",
    "asian", "indian", "black", "white", "korean", "thai", "haitian", "cuban[oa]?", "latin[oa]",
    "hispan[oa]", "african", "pregnant", "autistic", "missing", "underage", "minor", "deaf",
    "disabled", "undocumented", "homeless", "trafficked", "embarazada", "menor", "desaparecida",
    "perdida", "sorda", "indocumentada",
)  # fmt: skip
VICTIM_BEFORE = cue(
    r"(?:the |our |la )?(?:victim|v[ií]ctima)",
    r"at school (?:s?he|they)(?: is|'?s|’s)?",
    end=BEFORE_A_NAME,
)
VICTIM_AFTER = re.compile(
    r",?\s{1,2}(?:"
    r"(?:is|was|are)(?: not|n['’]?t) (?:allowed|paid|permitted)"
    r"|(?:is|was) never (?:allowed|paid|alone)"
    r"|(?:works?|cleans?|cooks?) (?:\w{1,12} ){0,3}(?:without pay|for free|for nothing|unpaid)"
    r"|trabaja (?:\w{1,12} ){0,3}(?:sin paga|gratis|sin sueldo)"
    r"|(?:is|was|being|está|esta) (?:being )?"
    r"(?:held|kept(?! out)|locked|sold|trafficked|forced|encerrada)"
    r"|(?:is|went|has been|was reported) missing(?! (?:an?|the|his|some|one|two|teeth)(?!\w))"
    r"|needs (?:help|rescu)\w{0,4}"
    r"(?! (?:with|mov|find|sell|driv|hid|runn|recruit|collect|load|post|to (?!get|leave|escape)))"
    r"|necesita ayuda(?! (?:para|con) (?!salir|escapar|irse|huir))"
    r"|desapareci[oó]|est[aá] desaparecid[oa]"
    r"|can(?:['’]?t|not) (?:leave|go home|get out|go out)|no puede (?:salir|irse)"
    r"|(?:was|is|were) crying|cried|ha[sd] (?:\w{2,8} )?bruises"
    r"|llor(?:a|aba|ando)|(?:tiene|ten[ií]a|trae|tra[ií]a) (?:\w{2,8} )?(?:moretones|golpes)"
    r")(?!\w)"
    r"(?! (?:with|con) (?:the|an?|las?|una|unas|los) (?:girl|kid|child|ni[nñ]|muchach|chic))",
    re.IGNORECASE,
)
HARMS = cue(
    "hurts?", "(?:les?|la|lo) peg(?:a|[oó]|aba|an|aron) a",
    r"no (?:la |lo )?dejan? (?:salir|ir) a", "(?:encerr|amarr|golpe)ad[oa]s? a",
    "beats?", "hits?", "sells", "sold", "pimps?", "locks", "locked", "forces", "forced", "rapes?",
    "threatens", "traffick(?:s|ed)?", "(?:is|was) (?:selling|beating|pimping|trafficking)",
    "golpea a", "vende a", "obliga a", "encierra a", "amenaza a",
    end=r"(?: out)?(?: (?:his|her|their|su)(?: own)? (?:girlfriend|wife|daughter|niece|sister"
    r"|esposa|mujer|novia|hija|sobrina|hermana))?"
    + BEFORE_A_NAME,
)  # fmt: skip
# Before and behind the name of whom somebody has locked in or makes work.
HAS = cue(
    "keeps?",
    "kept",
    "holds?",
    r"(?<!police )(?<!cops )(?<!jail )ha(?:s|ve)",
    "makes?",
    "made",
    "tienen? a",
    end=BEFORE_A_NAME,
)
IN_A_CELLAR = re.compile(
    r"\s{1,2}(?:locked|chained|tied|trapped|encerrad[oa]|amarrad[oa]|work|strip|dance|sleep with"
    r"|see (?:men|clients)|in (?:(?:the|an?|his|her|their) )?(?:room|basement|cellar|garage|attic"
    r"|closet|trailer))(?!\w)"
    r"(?! to (?:watch|guard|count|collect)(?!\w)"
    r"| (?:(?:the|as|at) ){0,2}(?:door|desk|phones?|front|bar|ads|security)(?!\w))",
    re.IGNORECASE,
)
# "The girl, Tia, cries"; "la niña Sofi llora", for "the girl Rico sells" is another's name.
APPOSED = cue(
    "(?:the|this|a|little) (?:girl|boy|kid|child|teen|young woman)",
    end=r",\s{1,2}$",
)
CHILD_APPOSED = cue(
    "(?:la|el|esta|este|una) (?:ni[nñ][oa]|muchachita?|chamac[oa]|menor)", end=r",?\s{1,2}$"
)
BETWEEN_COMMAS = re.compile(r"\s{0,2},")
# What a child carries, or a patient: whose name stands on it.
CARRIED = cue(
    r"(?:school|book|diaper) ?bag|back ?pack|lunch ?box"
    r"|(?:school|student) (?:id|i\.d\.|card|badge)|hospital (?:bracelet|wristband)|mochila"
    r"|lonchera|credencial de (?:la )?escuela"
    r"|pulsera (?:del|de) hospital",
    end=r"[^.!?\n]{0,40}? (?:reads?|says?|said|saying|with the name|name(?: on it)? (?:is|was)"
    r"|dice|dec[ií]a|con el nombre(?: de)?)" + BEFORE_A_NAME,
)
# Of the narratives' names behind these seven in eight are a victim's, a child's or of somebody
# close to the writer.
CLOSE_OR_HARMED = cue(
    r"her (?:real |full |first |whole )?name(?: is|'s|’s|:)",
    r"name on (?:it|(?:the|her|his) (?:i\.?d\.?|form|chart|card|bracelet|license|passport))"
    r"[^.!?\n]{0,12} (?:is|was|says?|said|reads?)",
    r"(?:patient|student|resident|guest|child|baby|girl|kid)(?:'s|’s) name(?: on \w+ \w+)?"
    r"(?: is| was|:)",
    r"(?:had|has|listed|registered|booked) her as",
    r"(?:(?:told|asked) (?:me|us) to|she said to) call her",
    r"(?<!madam )(?<!owner )(?<!boss )(?:introduced herself|gave her name) as",
    r"que la llam(?:ara|en)",
    r"me (?:pidi[oó]|dijo) que le dijera",
    r"(?:his|her|their|su|(?-i:[A-Z])\w{1,20}(?:'s|’s)) (?:own |little )?(?:step-?)?"
    r"(?:daughter|baby|kid|child|niece|hija|hijita|hijastra|beb[eé]|sobrina|nieta)",
    r"(?:ella|compa[nñ]era)[^.!?\n]{0,30} se llama",
    r"(?:my|mi) (?:best |old |little |younger |older )?(?:\w{3,12}(?:'s|’s) )?"
    r"(?:friend|co-?worker|roommate|cousin|sister|niece|daughter|classmate|amiga|prima|hermana"
    r"|granddaughter|grand-?niece|goddaughter|step-?daughter|step-?sister|sobrina|hija|nieta"
    r"|ahijada|hijastra|compa[nñ]era)(?:,| is| named| called| se llama)?",
    end=BEFORE_A_NAME,
)
SUSPECT_WOMAN = cue(
    "madam", "owner", "manager", "boss", "landlady", "recruiter", "handler", "supervisor",
    "due[nñ]a", "encargada", "patrona", "jefa", "madrina", "reclutadora",
)  # fmt: skip
_GIRLS = (
    r"(?:(?P<grown>girls|sisters|muchachas|chicas|hermanas)"
    r"|(?P<young>kids|children|teens|teenagers|minors|ni[nñ][ao]s|menores))"
)
# Before and behind a list of names.
GIRLS_ARE = cue(
    _GIRLS,
    end=r"(?:'s|s'|’)?(?: names)?(?:,|:| \(| (?:are|were)(?: called| named)?| son|"
    r"(?: que)? se llaman)\s{0,2}[\"“'‘]?$",
)
ARE_GIRLS = re.compile(
    r",? (?:who )?(?:are|were|son) (?:(?:the|two|both|her|his|their|our|las|los|dos|sus|mis|my) )"
    rf"{{0,2}}(?:other |young |teen |underage ){{0,2}}{_GIRLS}(?![\w'’])",
    re.IGNORECASE,
)
