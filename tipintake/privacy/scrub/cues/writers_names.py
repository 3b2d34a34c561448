"""Words beside a name that is the writer's or of somebody close to them."""

from __future__ import annotations

import re

from tipintake.privacy.scrub.cues.words import BEFORE_A_NAME, cue, either

# Behind these only what is a name goes: "they call me" names, "call me" at nine.
KNOWN_AS = cue(
    r"(?:people|everyone|everybody|folks|friends|they|kids) (?:all )?(?:calls?|knows?) me(?: as)?",
    r"(?:i am|i['’]?m) known(?: to \w{2,12})? as",
    r"i go by the name(?: of)?",
    r"you (?:can|may) call me",
    r"(?:me (?:conocen|dicen)|(?:soy|yo,?) conocid[oa]) como",
    r"nos llamamos",
    r"our names are",
    r"somos",
    end=r"\s{1,2}[\"“'‘]?",
)
OWN_NAME = cue(
    r"my (?:real |full |own |first )?names? ?(?:is|:|=)",
    r"my names",
    r"mynameis",
    r"my (?:cb )?handle(?: is|:)",
    r"(?:yo )?me llamo",
    r"mi nombre(?: completo)? es",
    r"name of reporter:?",
    r"reporter(?:s|'s|’s)? name:?",
    end=r"\s{1,3}(?!my name|mi nombre|me llamo)",
)
THIS_IS = re.compile(
    r"(?<!\w)(?:this is|its|it's|it’s|habla|le habla|soy|(?:les? )?(?:escribe|saluda)"
    r"|(?:reported|submitted|sent) by) (?=[\w.]{2,20}(?: [\w.]{2,20})? "
    r"(?:from|with|at|in|calling|again|de|del|otra vez))",
    re.IGNORECASE,
)
# "It's Carlos from the tire shop who brings them": told of, and no greeting.
WHO_DOES_IT = re.compile(
    r"(?: [\w.]{1,20}){2,6} (?:who|that|quien|el que|la que)(?!\w)", re.IGNORECASE
)
# At the head of a line and before a comma, where what follows does not speak of that person.
HEAD_THIS_IS = re.compile(
    r"^(?:(?:hello|hi|hola|buenas?|buenos d[ií]as),? )?"
    r"(?:this is|(?:le |les )?(?:habla|escribe|saluda)|aqu[ií]|(?:reported|submitted|sent) by:?"
    r"|(?:de )?parte de) "
    r"(?=[^\W\d_]{2,20}(?: [^\W\d_]{2,20})?(?:[,.]| reportando| escribiendo)"
    r"(?! ?(?:s?he|they|her|his|who|la|lo|ell[ao]|[eé]l|quien|drives|runs|keeps|sells|owns|works"
    r"|lives|deals|pimps|brings|takes)(?!\w)))",
    re.IGNORECASE | re.MULTILINE,
)
HERE = re.compile(
    r" (?:(?:here|aqu[ií]|speaking)(?=[,.!]|$)"
    r"|(?P<writing>(?:writing|calling) (?:to (?:report|tell|say|let|ask|warn)|about|again|from)"
    r"|reporting|escribiendo|reportando)"
    r"(?!\w))",
    re.IGNORECASE,
)
# Where a form asks for the writer: "Reporting party: Joan Moore", "quien suscribe, Rosa Luna".
FORM_OF_WRITER = cue(
    r"reporting party",
    r"reporter(?= is|:)",
    r"(?:(?<![^\W\d_] )|(?<=tip )|(?<=report ))submitted (?:\w{1,12} )?by",
    "denunciante",
    "reportante",
    r"(?:quien|la que|el que) (?:suscribe|les? (?:suscribe|reporta))",
    end=r"(?: is| es|[:,])?\s{1,2}",
)
# Who may be the writer or another: "caller Joan Moore states", "the witnesses are", "my name"
# on a line of its own.
FORM_OF_SOMEBODY = cue(
    "rp", "caller", "sender", "complainant", "informant", "tipster", "remitente",
    r"(?:quien|la que|el que) (?:(?:les? )?escribe|reporta),?",  # to us, or to the girls
    r"(?:este|el) (?:aviso|reporte) es de|(?:aviso|reporte|denuncia) de parte de|^reporta",
    r"(?:la|el) enfermer[oa]|las quejas (?:son|vienen|llegaron) de",
    r"(?:quien|la que|el que) (?:les? )?(?:manda|env[ií]a|hace) (?:el|la|est[ea]|un) "
    r"(?:aviso|reporte|denuncia|mensaje)",
    r"(?:eye ?)?witness(?:es)?", "testigos?", r"on behalf of", "according to",
    r"complaints? (?:came )?(?:in )?from", "(?:charge|triage|school|er) nurse",
    r"(?:(?:send|mail|make) (?:the |my |a )?(?:check|reward)|make it)(?: out)? to",
    end=r"(?: (?:is|are|was|were|es|son)|:)?\s{1,2}",
)  # fmt: skip
NAME_ON_A_LINE = re.compile(
    r"^[ \t]{0,4}(?:(?:(?:the |full )?name|nombre(?: completo)?)(?: is|(?:'|’)?s|:)?|signed[:,]?"
    r"|from:) {1,2}",
    re.IGNORECASE | re.MULTILINE,
)
# Behind a name: "Joan Moore is the one making this report".
IS_WHO_REPORTS = re.compile(
    r",?\s{1,2}(?:is|was|es|fue) (?:the (?:one|person)|la|el|la persona|quien)"
    r" (?:(?:who|that|que)(?: is| was|['’]s)? )?"
    r"(?:making|behind|made|writing|wrote|sending|sent|filing|filed|did|reporting|hizo|hace|manda|mand[oó])"
    r" (?:this|that|the|a|el|la|est[ea]|un) (?:911 )?"
    r"(?:report|calls?|tip|complaint|message|aviso|reporte|denuncia|llamada|mensaje)(?!\w)",
    re.IGNORECASE,
)
# The head of a part of a form that asks for another: "Suspect", "about him".
FORM_OF_ANOTHER = cue(
    "suspects?", "victims?", "perp", "pimp", "trafficker", "owner", "driver", "h(?:im|is|ers?)",
    "man", "girl", "child", "sospechos[oa]s?", "v[ií]ctimas?", "hombre", "se[nñ]or", "due[nñ][oa]",
    "ni[nñ][oa]", "ad", "anuncio",
)  # fmt: skip
CLOSING = re.compile(
    r"(?<!\w)(?:thanks|thank you(?: for (?:your \w{4,9}|everything|listening|reading))?|thx|ty"
    r"|gracias(?: por (?:su \w{5,8}|todo|leer))?|(?:kind |best |warm )?regards"
    r"|(?:sincerely|respectfully)(?: yours| submitted)?|(?:very )?truly yours"
    r"|god bless(?: you)?|bendiciones|xoxo|saludos|atentamente|atte|att|in christ|en cristo"
    r"|yours(?: truly| faithfully| sincerely| in christ)?"
    r"|(?:^|(?<=[.!?] ))(?:(?:love|best|cheers|warmly|con cari[nñ]o)(?=[,.!:\n])"
    r"|signed|firma(?:do)?"
    r"|(?:(?:this is )?(?:an? |my )?(?:anonymous )?(?:tip|report)|info(?:rmation)?) (?:from|by)"
    r"|(?:(?:este es )?(?:un )?(?:aviso|reporte)|denuncia) (?:an[oó]nimo )?de)"
    r")[.,:!]{0,2}\s{1,2}",
    re.IGNORECASE | re.MULTILINE,
)
# "Aviso de Marta Ruiz: …", and no "Tip from Rico to the girls: …".
TIP_OF = re.compile(
    r"[^\n]{0,24}(?:tip|report|info(?:rmation)?|aviso|reporte|denuncia)", re.IGNORECASE
)
# A letter that is told of may be signed in these ways by another.
MAY_CLOSE_ANOTHERS = re.compile(
    r"(?:love|best|cheers|warmly|con cari|signed|firma)", re.IGNORECASE
)
A_LETTER_TOLD_OF = cue(
    "notes?", "letters?", "cards?", "contracts?", "lease", "receipts?", "texted", "messages?",
    "notas?", "cartas?", "tarjetas?", "contratos?", "recibos?", "mensajes?",
    end=r"(?!\w)[^\n]{0,80}$",
)  # fmt: skip
ENDS_A_LETTER = re.compile(
    r"[ \t.,!]{0,9}(?:$|\n|[+(]?\d"
    r"|(?<=[\s,.])(?:from|de|of|at|with|en|in|across|apt|room|rn|esq|ph\.?d|m\.?d)(?!\w))",
    re.IGNORECASE,
)
SIGN_OFF = re.compile(
    r"(?:^|[\n.!?,;] ?|\s)[-–—~]\s?(?=[^\W\d_]{2,20}(?: [^\W\d_]{1,20}\.?)?"
    r"(?:,? (?:room|rm|apt|unit|cuarto|hab)\.? ?\d{1,4})?[ \t]{0,9}$)",
    re.IGNORECASE | re.MULTILINE,
)
DASHED = re.compile(r"[-–—~*•]\s?[^\W\d_]")
OWN_ROOM_AFTER = re.compile(
    r",? (?:room|rm|apt|unit|cuarto|hab)\.? ?\d{1,4}[ \t]{0,9}(?:\n|$)", re.IGNORECASE
)
CREDENTIAL = re.compile(
    r"^[ \t]{0,9}(?:[-–—]\s?)?(?P<initial>[A-Z]\.\s?)?[A-Z][\w'’]{1,20}(?: [A-Z][\w'’]{1,20})?,? "
    r"(?:RN|LPN|NP|DO|LCSW|MSW|CNA|EMT|(?P<state>MD|PA))\b\.?[ \t]{0,9}$",
    re.MULTILINE,
)
CLOSE_MAN = either(
    "husband", "partner", "brother", "father", "dad", "uncle", "son", "nephew", "cousin", "friend",
    "buddy", "neighbou?r", "co-?worker", "colleague", "roommate", "classmate", "esposo", "marido",
    "hermano", "pap[aá]", "t[ií]o", "hijo", "sobrino", "primo", "cu[nñ]ado", "amigo", "vecino",
    "compa[nñ]ero",
)  # fmt: skip
# "I am a 45 year old man named", "soy una señora que se llama".
_NO_MORE = (
    r"(?!(?:of|who|that|with|saw|know|and|but|to|for|about|near|where|because|is|was|an?|the|y|pero"
    r"|de|que|q|con|una?|el|la|es)\b)"
)
I_AM_NAMED = (
    r"(?:i am|i['’]?m|soy)(?: just| only| also| nom[aá]s)? (?:an?|the|una?|el|la)"
    rf"(?: {_NO_MORE}[\w'’-]{{1,14}}){{1,5}},?"
    r" (?:named|called|by the name of|known as|(?:that |who )?they call|(?:who )?goes by"
    r"|llamad[oa]|(?:que|q) se llama|de nombre|conocid[oa] como|(?:que|q) le dicen)"
)
WRITER_IS_NAMED = cue(I_AM_NAMED, end=r"\s{1,2}[\"“'‘]?")
# "My husband Tom Barker says", "mi esposa Rosa vio".
KIN_NAMED = cue(
    rf"(?:my|our|mi|nuestr[oa]) (?:{CLOSE_MAN}|wife|mom|mother|sister|daughter|girlfriend|aunt"
    r"|grandm\w{1,6}|grandp\w{1,4}|niece|esposa|mam[aá]|hermana|hija|novia|t[ií]a|abuel[oa]"
    r"|sobrina|prima|vecina|amiga|cu[nñ]ada),?",
    r"(?<!his )(?<!her )(?<!their )(?<!su )(?<!el )(?<!la )"
    r"(?:aunt(?:ie|y)?|uncle|grandma|grandpa|t[ií][ao]|abuel(?:it)?[ao])",
    r"(?:^|(?<=[.!?] )|(?<=\n))(?:grand|step)?(?:daughter|son|niece|nephew|sister|brother|wife"
    r"|husband|hubby|niet[ao]|hij[ao]|sobrin[ao]|espos[ao])",
    end=BEFORE_A_NAME,
)
# "The neighbor in 2C, Mrs. Alvarez, also saw": a name of who stands by, where they saw it.
BYSTANDER_NAMED = cue(
    r"(?:the|an?|our|another|one|la|el|un|una|otr[oa]) (?:[\w-]{2,12} ){0,2}?"
    r"(?:neighbou?r|clerk|cashier|co-?worker|colleague|nurse|teacher|custodian|janitor|tenant"
    r"|housekeeper|vecin[oa]|cajer[oa]|compa[nñ]er[oa]|enfermer[oa]|maestr[oa]|inquilin[oa])"
    r"(?:(?: (?:in|at|from|on|of|across|next door|upstairs|downstairs|del?|en)[^,.\n]{1,25})?,)?",
    end=BEFORE_A_NAME,
)
ANOTHERS = cue("his", "her", "their", "su", "el", "la", end=r"\s{1,2}$")
# Of who stands by; what a suspect says is said by name too.
SAW = re.compile(
    r"(?:,?\s\(?(?:[1-9]|1[0-7])\)?)?,?\s{1,2}(?:also |too |tambi[eé]n )?"
    r"(?:saw|seen|heard|noticed|l[oa]s? (?:vi[oó]|oy[oó])|(?:vi[oó]|oy[oó]))(?!\w)",
    re.IGNORECASE,
)
SAYS_OR_SAW = re.compile(
    r"(?:,?\s\(?(?:[1-9]|1[0-7])\)?)?,?\s{1,2}(?:also |too |tambi[eé]n )?"
    r"(?:says?|said|thinks?|saw|seen|sees|heard|hears|told me|noticed|and i|dice|dijo|cree"
    r"|vi[oó]|ve|oy[oó]|piensa|me (?:dijo|cont[oó])|y yo|l[oa]s? (?:vi[oó]|ve))(?!\w)",
    re.IGNORECASE,
)
