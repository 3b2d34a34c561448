"""Words that say how young somebody is."""

from __future__ import annotations

import re

from tipintake.privacy.scrub.cues.words import BEFORE_A_NAME, cue, either

AGES = (
    r"(?:[1-9]|1[0-7]|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen"
    r"|seventeen|cinco|seis|siete|ocho|nueve|diez|once|doce|trece|catorce|quince|diecis[eé]is"
    r"|diecisiete)(?!\w)"
)
YEARS = r"[ -]?(?:years?|yrs?)[ -]?old|[ -]?y[/.]?o(?!\w)"
YOUNG_BEFORE = cue(
    rf"{AGES}(?:{YEARS})"
    r"(?:,? (?:girl|boy|kid|child|student|daughter|son|sister|brother|niece|nephew|cousin|named"
    r"|called)){0,2},?",
    rf"(?:ni[nñ][ao]|menor|chic[ao]|hij[ao]|muchach[ao]|alumn[ao]|estudiante|chamac[ao]|morr[ao]"
    rf"|joven|niet[ao]|sobrin[ao]|prim[ao]|herman(?:it)?[ao]) de {AGES} a[nñ]os"
    r"(?:,| llamad[ao]| que se llama| de nombre)?",
    end=BEFORE_A_NAME,
)
# "He is 17 and his name is", "una morrita d 16 q le dicen": not a suspect's cue.
YOUNG_CALLED = cue(
    rf"(?:is|s?he(?:'|’)s|turned) (?:only |just |about |like )?"
    rf"(?:{AGES}|(?:two|three|four)(?!\w))(?:{YEARS})?,? "
    r"(?:and |so )?(?:his|her|their) name(?: is|'s|’s)",
    rf"(?:de|d|tiene|cumpli[oó]) (?:como |unos )?{AGES}(?: a[nñ]os)?,? (?:y |qu?e? )?"
    r"(?:se llama|le dicen|le llaman)",
    end=BEFORE_A_NAME,
)
# What a number before it counts or measures: no age, whoever is spoken of.
_COUNTED = (
    r"a\.?m|p\.?m|min(?:ute)?s?(?!\w)|mile|hour|hr|day|week|month|feet|foot|ft|inch|block|door|house"
    r"|(?:room|girl|car|truck|step|stop|floor|exit|unit|kid|victim|phone|guy|storie)s(?!\w)|m[ae]n"
    r"|women|people|times|of(?!\w)|percent|dollar|buck|pounds|lbs|other|different"
    r"|hora|d[ií]a|semana|mes|veces|cuadra"
)
NO_AGE = (
    rf"(?!\s?(?:{_COUNTED}|years? (?!old)\w|['’\"%:/$.-]?\d|['’\"%/$])|(?:st|nd|rd|th)(?!\w)"
    r"|\s(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven)(?!\w))"
)
_YEARS_AT = r"(?!\s(?:de \w{2,15}[aei]r|trabaj|vivi|viniendo|ah[ií]|aqu[ií]|all[ií]|allá)\w{0,8})"
# "Tiene 5 muchachas": a Spanish word in -s behind the number is what he has so many of.
_SO_MANY = r"(?:\s[oa]\s\w{1,7})?\s(?!(?:los|las|nos|es|a[nñ]os)\b)[^\W\d_]{2,20}s\b"
_TIENE = (
    rf"\s(?:tiene|cumpli[oó])\s(?:apenas |solo |como )?{AGES}"
    rf"(?:\sa[nñ]os{_YEARS_AT}|(?!\sa[nñ]os\b)(?!{_SO_MANY}){NO_AGE})"
)
# "Troy, 9, 10, 11 every night": one of several numbers.
_ALONE = r"(?=[,.;])(?!\.\d|,\s?\d{1,2}(?!['’\d]))"
YOUNG_AFTER = re.compile(
    either(
        r"[,(]?\s{0,2}(?:who )?(?:s?he(?:'|’)?s|s?he is|is|age|aged|turned)"
        rf"\s(?:only |just |about |like |maybe )?{AGES}{NO_AGE}",
        rf"[,(]?(?: que)?{_TIENE}",
        rf"(?:,\s|\s?\()(?:age |aged |de )?{AGES}(?:\)|{_ALONE}|{YEARS}| a[nñ]os)",
        rf"\s(?:de|con) {AGES} a[nñ]os{_YEARS_AT}",
        r",?\s(?:is |who is |es )?(?:an? |de |en )?(?:[1-9]|1[0-2])(?:st|nd|rd|th)[ -]grad\w{1,5}",
        r",?\s(?:is|who is|es)(?: an?)? (?:minor|menor de edad|menor)(?!\w)",
    ),
    re.IGNORECASE,
)
# And held, for a suspect may say so too: "Anthony, he says he's sixteen".
SAYS_YOUNG = re.compile(
    r",?\s(?:who )?(?:s?he )?(?:says|said|told me|swears?)(?: that)? s?he(?:(?:'|’)?s| is| was)"
    rf"\s(?:only |just |about )?{AGES}{NO_AGE}"
    rf"|,?\s(?:me )?(?:dice|dijo) que{_TIENE}",
    re.IGNORECASE,
)
