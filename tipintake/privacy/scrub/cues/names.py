"""Whose a name is: the writer's, a victim's or child's, a suspect's."""

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
_AGES = (
    r"(?:[1-9]|1[0-7]|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen"
    r"|seventeen|cinco|seis|siete|ocho|nueve|diez|once|doce|trece|catorce|quince|diecis[eé]is"
    r"|diecisiete)(?!\w)"
)
_YEARS = r"[ -]?(?:years?|yrs?)[ -]?old|[ -]?y[/.]?o(?!\w)"
SUSPECT = either(
    "pimp", "trafficker", "owner", "boss", "driver", "foreman", "recruiter", "handler", "madam",
    "buyer", "seller", "man", "guy", "dude", "contractor", "crew boss", "ringleader", "landlord",
)  # fmt: skip
SOSPECHOSO = either(
    "patr[oó]n", "patrona", "due[nñ][oa]", "jef[ea]", "encargad[oa]", "padrote", "proxeneta",
    "capataz", "tratante", "reclutador", "reclutadora", "chofer", "contratista", "mayordomo",
    "hombre", "tipo",
)  # fmt: skip
SUSPECT_NAME = cue(
    rf"(?:his|the {SUSPECT}(?:'s|’s|s)?) (?:real |full |street )?name(?: is| was|'s|’s|:)?",
    r"(?:introduced himself as|gave his name as)",
    rf"(?:an?|the|this|that|some) {SUSPECT} (?:who(?:m)? )?(?:s?he|they|the (?:girls|women|kids))"
    r" (?:all )?calls?",
    r"the (?:one|man|woman|guy) who (?:collects|runs|sells|controls|is in charge)"
    r"(?: (?:of|it|them|her|the|all|money|place|girls|keys|phones|papers)){0,4}"
    r" (?:is|is called|is named|goes by)",
    r"(?:el|la) que (?:cobra|manda|(?:nos|las?|los?) (?:vende|renta|maneja|cobra|controla))"
    r"(?: (?:a ell[ao]s|todo|el dinero|la renta))? (?:es|se llama)(?: el| la)?",
    rf"(?:^|(?<=[.!?\n] )|(?<=\n)){SUSPECT}:|(?:^|(?<=[.!?\n] )|(?<=\n)){SOSPECHOSO}:",
    rf"(?:the |our )?{SUSPECT}"
    r"(?: (?:holding|keeping|selling|running|who runs?|controlling)"
    r" (?:her|him|them|me|us|the girls|it|this))?"
    r" (?:is|named|called|is named|is called|goes by|known as|they call)",
    r"he (?:is called|goes by|calls himself|is named|is known as|uses the name)",
    r"(?:they|everyone|everybody|people) calls? him",
    r"(?:my|her|their) (?:pimp|trafficker)(?: is| named|,)?",
    r"sold to (?:a man named|a guy named)?",
    r"(?:se hace llamar|le dicen|lo llaman|lo conocen como|conocido como)(?: el| la)?",
    rf"(?:el|la) {SOSPECHOSO}(?: es| se llama|,)?",
    end=BEFORE_A_NAME,
)
CLOSE_MAN = either(
    "husband", "partner", "brother", "father", "dad", "uncle", "son", "nephew", "cousin", "friend",
    "buddy", "neighbou?r", "co-?worker", "colleague", "roommate", "classmate", "esposo", "marido",
    "hermano", "pap[aá]", "t[ií]o", "hijo", "sobrino", "primo", "cu[nñ]ado", "amigo", "vecino",
    "compa[nñ]ero",
)  # fmt: skip
# Before "his name was", "introduced himself as": of whom it is said, and no suspect since.
_PERSON_TOLD_OF = either(
    "boy", "kid", "child", "teen", "teenager", "victim", "survivor", "worker", "co-?worker",
    "employee", "patient", "student", "officer", "deputy", "detective", "cop", "agent", "trooper",
    "sheriff", "pastor", "priest", "teacher", "doctor", "nurse", "neighbou?r", "friend",
    "roommate", "classmate", "case ?worker", "volunteer", "witness", "young man", "nephew",
    "ni[nñ]o", "muchacho", "chico", "joven", "trabajador", "compa[nñ]ero", "paciente", "alumno",
    "oficial", "polic[ií]a", "maestro", "vecino", "amigo", "v[ií]ctima", "testigo", "hijo",
    "(?:my|his|her|their|the) son", r"one of (?:the|his|their) (?:workers|men|boys|guys|kids)",
    r"(?:man|guy) who (?:lives|works|sleeps|is kept|is held)",
    r"\w{3,12} who (?:told|saw|called|helped)",
)  # fmt: skip
NO_SUSPECT_SPOKEN_OF = re.compile(
    rf"(?<!\w){_PERSON_TOLD_OF}(?!\w)(?:(?!(?<!\w)(?:{SUSPECT}|{SOSPECHOSO}|uncle|t[ií]o"
    r"|(?:knows?|rents to|works? for|saw|about|owes|follows) him|lo conoce)(?!\w))"
    r"[^\n]){0,80}$",
    re.IGNORECASE,
)
# "He was crying. He said his name was Luis"; not a woman or the writer: "we are not paid".
SUFFERS = cue(
    "crying", "cried", "begged", "asked (?:me|us) for", r"(?:broken|burned|swollen) \w{2,9}",
    r"bruis\w{2,3}", "burns", "limping", "unpaid", "no pay",
    r"(?:not|never) (?:been )?paid(?! \w)",
    "to the er", "can['’]?t (?:leave|go home)", r"works? (?:1[2-9]|20) hours", "no shoes",
    r"(?:is|was|being|been) (?:beaten|chained|forced|kept|held|locked(?: in| up)?)",
    r"washing dishes|sleeps (?:there|in (?:the|a) (?:\w{2,10} )?"
    r"(?:room|shed|shop|garage|van|basement|kitchen|back))",
    "llora(?:ba|ndo)", "golpead[oa]", "encerrad[oa]", "no le pagan?", "sin (?:paga|sueldo)",
)  # fmt: skip
OTHERS_SUFFER = cue(
    "she", "her", "girls?", "wom[ae]n", "ella", "ni[nñ]as?", "mujer(?:es)?", "muchachas?",
    r"(?:i|we|i['’]m|we['’]re|im)(?: \w{1,8}){0,2} (?:not|never|beaten|unpaid|held|kept|locked"
    r"|crying|cried|forced|can['’]?t|work)",
    r"morr(?:a|ita)s?|chav(?:a|ita)s?|se[nñ]oras?|(?:el|un) (?:[vb]ato|hombre|se[nñ]or|tipo)",
    "(?:me|nos) (?:golpean?|pegan?|pagan?|tienen?)", r"(?:estoy|estamos) \w{4,12}",
)  # fmt: skip
HE_SAID_HIS_NAME = re.compile(
    r"(?:his (?:\w{1,6} )?name|introduced himself|gave his name|he (?:is|goes|calls)"
    r"|(?:they|everyone|everybody|people) calls? him|le dicen|lo (?:llaman|conocen)|se hace)",
    re.IGNORECASE,
)
# Behind such a name: who saw it, helps, suffers it, or has to do with the writer.
_HELPER = (
    r"(?:teacher|coach|crossing guard|pastor|priest|nurse|counselor|case ?worker|social worker"
    r"|enfermer[ao]|maestr[ao]|doctora?|trabajadora? social|consejer[ao])"
)
OF_A_BYSTANDER = re.compile(
    r"(?:[^.!?\n]{0,40}(?<!\w)(?:"
    r"(?:he|she|and|who) (?:saw|heard|cried|did nothing)"
    r"|(?:he|and|who) (?:is|was) (?:scared|afraid|crying)|is (?:scared|afraid) too"
    r"|(?:he|she|and|who) (?:called (?:you|911|the police|me about)"
    r"|asked (?:me|us) for (?:help|water|food)|showed (?:me|us) (?:his|the))"
    r"|told me (?:about|what|everything|so|(?:that )?(?:s?he|they) (?:saw|heard|is|are))"
    r"|(?:he|she) told me(?=[.,;!?\n]|$)"
    r"|(?:is|was|has|had)(?: not|n['’]t) (?:been )?paid|never (?:been |gets? )?paid(?! \w)"
    r"|wanted his|works? with me"
    r"|(?:from|at) (?:our|my) (?:church|school|office|work|job|team|building)"
    r"|no le pagan?|they (?:hit|beat) him|the boss (?:did|has|took|beat|hit)"
    r"|(?:ella|[eé]l|y|que) (?:vio|oy[oó])"
    r"|me (?:dijo|cont[oó]) (?:todo|lo que|que (?:vio|oy[oó]))"
    r"|les? escribe)"
    r"|,?(?: (?:(?:s?he )?is|was|es))? (?:their|her|the|our|my|an?|la|el)"
    rf" (?:\w{{1,10}} )?{_HELPER}"
    r"|, our guard"
    r"|, ?(?:mi|my|su) (?:compa[nñ]er[ao]|hij[ao]|herman[ao]|vecin[ao]|amig[ao]|co-?worker|friend"
    r"|neighbou?r)(?! (?:says?|said|told|thinks?|me dijo|dice|cree))"
    rf"|[.,]? (?:age|aged|edad):? ?{_AGES}|[.,(]{{0,2}} ?{_AGES}(?:{_YEARS})"
    r"|(?:[.,(]| and| y)? (?:(?:he|he is|he['’]s|is|who is|lo|y lo) )?(?:being |tienen )?"
    r"(?:beaten|chained|kept|held|locked|forced|unpaid|not paid|encerrad[oa]|amarrad[oa]"
    r"|golpead[oa])"
    r"(?! (?:an?|the|his|her|him|them|us|me|two|three|\d|girls?|women|kids|doors?)(?!\w))"
    r"|[^\n]{0,12}(?:duerme|le quitaron|lo (?:golpean?|tienen?)|le pegan(?! a))"
    r"|[^.!?\n]{0,25}(?<!\w)"
    r"(?:l[ao] obligan?|(?:la|lo|le) (?:golpean|pegan(?! a))|obligad[oa])"
    r"|, (?:una?|el|la) (?:ni[nñ][oa]|menor|chamac[oa])|,? en la (?:ruta|escuela|cl[ií]nica)"
    r"|,? \d\d,? (?:encerrad|amarrad|golpead)[oa]|, mi (?:caser[oa]|suegr[oa]|mam[aá])"
    r"|, es [^.\n]{0,30}sin paga|[^.\n]{0,12}no shoes)(?!\w)",
    re.IGNORECASE,
)
# "Owner: Joan Moore. I rent them the house": the line is the writer's own. "Driver: …, Metro bus."
OF_WHO_WRITES = re.compile(
    r"[^\n]{0,20}(?<!\w)(?:(?:i|we) (?:own|rent|lease|drive|run|manage|am|had|work|live|clean)"
    r"|i['’]m|\(?me(?=[).,\n]|$)|told me to report|soy|trabajo|manejo|rento|report(?:o|ing)"
    r"|no passport|sin pasaporte"
    r"|(?:metro|school|city|uber|lyft|taxi|the \d{1,3}|route|ruta|cami[oó]n)"
    r"(?: \d{1,3})?(?: bus)?(?=[.,;\n]|$))(?!\w)",
    re.IGNORECASE,
)
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
WRITER_IS_NAMED_HERE = cue(I_AM_NAMED, end=BEFORE_A_NAME)
# "Soy el chofer", "I am the driver they call", "a mí me dicen".
ME_THEY_CALL = cue(
    r"a m[ií]",
    r"(?:i am|i['’]?m|soy|habla|(?:te|les?) (?:escribe|habla)|we are|somos)"
    r"(?: (?:just|only|also|an?|the|un|una))?",
    end=r"\s{1,2}$",
)
# "Soy Yesenia me tienen encerrada": she is not who holds her.
I_AM = cue("soy", "me llamo", "i am", "i['’]?m", "my name(?: is|s)?", end=BEFORE_A_NAME)
# "My neighbor is a guy called", "I work with a man named", "my husband, a good man named".
CLOSE_TO_WRITER = cue(
    r"(?:i|we) (?:work|live) with|(?:trabajo|vivo) con|(?:married|engaged) to|casada con",
    rf"(?:my|mi|our) (?:\w{{1,12}} )?{CLOSE_MAN}(?:,| is| was| es)?",
    end=r"\s{1,2}(?:(?!(?:who|and|saw|knows?|says|said|told|thinks?|heard|que|y|dijo|cont[oó])\b)"
    r"[\w'’-]{1,12} ){0,4}$",
)
# "My son saw it. His name is": of the last man spoken of.
CLOSE_SPOKEN_OF = re.compile(
    rf"(?<!\w)(?:my|mi|our) (?:\w{{1,12}} )?{CLOSE_MAN}(?!\w)"
    rf"(?:(?!(?<!\w)(?:he|him|his|{SUSPECT}|él|lo|otro|uno|{SOSPECHOSO}|se[nñ]or)(?!\w))[^\n]){{0,50}}$",
    re.IGNORECASE,
)
# Who saw it is no suspect.
WITNESSED = cue(
    "saw", "seen", "sees", "heard", "hears", "noticed", "told me", "took (?:a |the )?(?:photos?"
    "|pictures?|video)", "called (?:911|the police)", "vi[oó]", "oy[oó]", "not[oó]",
    "me (?:dijo|cont[oó])", "escuch[oó]",
)  # fmt: skip
# "My husband Tom Barker says", "mi esposa Rosa vio".
KIN_NAMED = cue(
    rf"(?:my|our|mi|nuestr[oa]) (?:{CLOSE_MAN}|wife|mom|mother|sister|daughter|girlfriend|aunt"
    r"|grandm\w{1,6}|grandp\w{1,4}|niece|esposa|mam[aá]|hermana|hija|novia|t[ií]a|abuel[oa]"
    r"|sobrina|prima|vecina|amiga|cu[nñ]ada),?",
    end=BEFORE_A_NAME,
)
SAYS_OR_SAW = re.compile(
    r"\s{1,2}(?:says?|said|thinks?|saw|sees|heard|hears|told me|noticed|and i|dice|dijo|cree"
    r"|vi[oó]|ve|oy[oó]|piensa|me (?:dijo|cont[oó])|y yo|l[oa]s? (?:vi[oó]|ve))(?!\w)",
    re.IGNORECASE,
)
OF_HIM = re.compile(
    r"(?:his|he|(?:they|everyone|everybody|people) call|se hace|le dicen|lo (?:llaman|conocen))",
    re.IGNORECASE,
)
SUSPECT_OF_CAPTIVE = cue(
    r"my (?:pimp|trafficker|boyfriend|husband|ex|boss|owner|manager)(?: is| named|,)?",
    r"mi (?:patr[oó]n|patrona|padrote|marido|esposo|jefe|jefa|novio)(?: es| se llama|,)?",
    end=BEFORE_A_NAME,
)
# What somebody does who holds them, whoever tells it.
DEALS_AFTER_NAME = re.compile(
    r"\s{1,2}"
    + either("sells", "sold", "pimps", "drives", "drove", "rents", "guards", "controls")
    + r" (?:them|(?:the|these|those) (?:girls|women))(?!\w)"
    + r"|\s{1,2}(?:las|los) "
    + either("vende", "vend[ií]a", "renta", "controla", "vigila", "explota")
    + r"(?!\w)",
    re.IGNORECASE,
)
# "My son, Garrett Pohl, 38, is the one doing it": kin or not, that is who is told of. Not who is
# "the one doing the cleaning", "selling them tacos", "behind the counter".
_THEM = (
    r"(?:her|him|them|us|me"
    r"|(?:the|these|those|all the|two|three) (?:girls|women|kids|boys|children))"
)
_IT = r"(?:it|this|that|everything|all (?:of )?(?:it|this|that)|it all)"
_NO_MORE_OF_IT = (
    r"(?=\s{0,2}(?:[.,;:!?)\n]|$)|\s(?:"
    r"(?:to (?:her|him|them|us|me|the|these|my|men)|for (?:money|sex|cash|drugs|free)|and|in|at|on"
    r"|with(?! (?:me|us)(?!\w))|out(?! to the (?:cops|police))|from|every|since|now|y|en|por|con"
    r"|de noche|cada|a (?:los |unos |otros )?(?:hombres|clientes|viejos))(?!\w)))"
)
IS_WHO_DOES_IT = re.compile(
    r"(?:,? ?\(?\d\d\)?)?,?\s{1,2}(?:"
    r"(?:(?:is|was) the (?:one|man|woman|person|guy) (?:(?:who|that)(?:(?:'|’)?s| is| was)? )?"
    + either(
        rf"(?:doing|does|did|behind) {_IT}",
        r"behind (?:the|these) (?:girls?|ads?|ring|operation)",
        rf"(?:sells|selling|sold|pimps|pimping|trafficks|trafficking)(?: out)? {_THEM}",
        rf"(?:runs|running) (?:{_IT}|the (?:girls|women|ring|ads|brothel|operation))",
        rf"(?:holds|holding|keeps|keeping) {_THEM}"
        r" (?:there|here|captive|prisoner|locked(?: up| in)?|against (?:her|his|their) will)",
        rf"(?:makes|making) {_THEM}"
        r" (?:do (?:it|this)|work|dance|strip|have sex|sleep with|see men)",
    )
    + r"|is (?:who|the one) (?:you|the police|the cops) (?:want|(?:are|is) looking for"
    r"|(?:need to|should|have to) (?:arrest|stop|investigate|look at|look into|watch|catch))"
    r"|(?:es|era) (?:el|la|quien|el que|la que) (?:que )?"
    r"(?:lo hace|hace (?:eso|esto|todo esto)|(?:la|las|los) "
    + either("vende", "renta", "obliga", "explota", "encierra", "maneja", "controla")
    + rf")){_NO_MORE_OF_IT})",
    re.IGNORECASE,
)
# Behind it: "… and she told me", "… he makes her", "… she is 13": a witness, or who suffers it.
SUFFERS_OR_SAW = re.compile(
    r"[^\n]{0,60}(?<!\w)(?:s?he|ella|[eé]l) (?:is|es|was) (?:(?:an?|the|la|el|una?) )?v[ií]ctim"
    r"|[^.!?\n]{0,60}(?<!\w)(?:"
    r"(?:s?he|they|and|who|ell[ao]|y) (?:saw|heard|told|called you|vio|oy[oó]"
    r"|me (?:dijo|cont[oó]))"
    r"|(?:s?he|they) (?:makes?|made|forces?|forced|beats?|hits?) (?:her|him)"
    r"|never (?:pays?|paid)|not paid|l[ao] (?:obligan?|golpean?)|no le pagan?|obligad[oa]"
    r"|(?:el|la|los|las) (?:reporte|denuncia|aviso|limpieza|comida|flores|dulces|tamales|chicles)"
    r"|vende (?:tortillas|tamales|dulces|chicles|flores|comida|ropa)"
    rf"|(?:s?he(?:(?:'|’)?s| is| was)|tiene|aged?) (?:only |just |solo |apenas )?{_AGES})(?!\w)",
    re.IGNORECASE,
)
MAY_SUFFER = cue(
    "girl", "boy", "kid", "child", "teen", "minor", "victim", "daughter", "sister", "niece",
    "ni[nñ][ao]", "muchacha", "chica", "menor", "v[ií]ctima", "hija", "hermana", "sobrina",
    end=rf",?{BEFORE_A_NAME}",
)  # fmt: skip
NOBODY_SAYS = re.compile(
    r"(?<!\w)(?:nobody|no one|never|not|\w{2,7}n['’]?t|nadie|no|if|whether|si)"
    r"(?: \w{1,10}){0,3} {1,2}$",
    re.IGNORECASE,
)
# What is told of the writer, or where nobody is taken to be sold.
HELPED = re.compile(
    r"[^.!?\n]{0,40}(?<!\w)(?:school|court|church|clinic|doctor|hospital|shelter|appointments?"
    r"|escuela|iglesia|cl[ií]nica|refugio|corte|m[eé]dico)(?!\w)",
    re.IGNORECASE,
)
# "The victim is 20 and Jenny": she is told of.
ONE_OF_THEM = cue(
    r"(?:the|a|this|that|la|una|esa|esta) (?:victim|girl|woman|kid|teen|child|v[ií]ctima|ni[nñ]a"
    r"|muchacha|chica|mujer)",
    end=r"(?!\w)[^.!?\n]{0,40}$",
)
ENDS_IN_AND = re.compile(r"(?<!\w)(?:and|y) {1,2}$", re.IGNORECASE)
HARM_AFTER_NAME = re.compile(
    r"\s{1,2}"
    + either("has", "keeps", "holds", "makes", "made", "sells", "sold", "locks", "locked", "beats")
    + r" (?:me|us|my|our)(?!\w)"
    + r"|\s{1,2}(?:forces|forced|hits|took|takes|hurts) (?:me|us|my|our)(?!\w)(?! (?:in|out)[,.])"
    + r"|\s{1,2}(?:me|nos) "
    + either("tienen?", "obliga", "vende", "encierra", "quit[oó]", "quita", "golpea", "pega")
    + r"|\s{1,2}(?:me|nos) (?:amenaza|guarda|cobra)",
    re.IGNORECASE,
)
TITLED = cue("mrs?", "ms", "miss", "mister", "don", "do[nñ]a", "sra?", "se[nñ]ora?", "madam", "dr")
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
    r")(?!\w)"
    r"(?! (?:with|con) (?:the|an?|las?|una|unas|los) (?:girl|kid|child|ni[nñ]|muchach|chic))",
    re.IGNORECASE,
)
HARMS = cue(
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
YOUNG_BEFORE = cue(
    rf"{_AGES}(?:{_YEARS})"
    r"(?:,? (?:girl|boy|kid|child|student|daughter|son|sister|brother|niece|nephew|cousin|named"
    r"|called)){0,2},?",
    rf"(?:ni[nñ][ao]|menor|chic[ao]|hij[ao]|muchach[ao]) de {_AGES} a[nñ]os"
    r"(?:,| llamad[ao]| que se llama| de nombre)?",
    end=BEFORE_A_NAME,
)
# "He is 17 and his name is", "una morrita d 16 q le dicen": not a suspect's cue.
YOUNG_CALLED = cue(
    rf"(?:is|s?he(?:'|’)s|turned) (?:only |just |about |like )?"
    rf"(?:{_AGES}|(?:two|three|four)(?!\w))(?:{_YEARS})?,? "
    r"(?:and |so )?(?:his|her|their) name(?: is|'s|’s)",
    rf"(?:de|d|tiene|cumpli[oó]) (?:como |unos )?{_AGES}(?: a[nñ]os)?,? (?:y |qu?e? )?"
    r"(?:se llama|le dicen|le llaman)",
    end=BEFORE_A_NAME,
)
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
    r"|sobrina|hija|compa[nñ]era)(?:,| is| named| called| se llama)?",
    end=BEFORE_A_NAME,
)
# "The boy they sell, his name is": the sentence is about the child.
CHILD_SPOKEN_OF = re.compile(
    r"(?:^|[.!?\n]\s{0,2})(?:(?:there(?:(?:'|’)?s| is| was)|hay) )?"
    r"(?:an?|the|one|un|el|la|una|little) (?:little |young )?"
    r"(?:boy|kid|child|ni[nñ][oa]|girl|chamac[oa])(?!\w)"
    r"(?:(?!(?<!\w)(?:he|him|man|guy|by|with|hombre|con)(?!\w))[^.!?\n]){0,25}$",
    re.IGNORECASE,
)
# A titled person beside a captive who does not hold them: a teacher, a caseworker, who helps.
HELPER_BEFORE = cue(
    r"(?:my|mi|the|la|el|our) (?:\w{1,12} )?(?:teacher|counselor|case ?worker|social worker|nurse"
    r"|pastor|priest|lawyer|attorney|neighbou?r|principal|coach|therapist|maestr[oa]"
    r"|enfermer[oa]|doctora?|vecin[oa]|abogad[oa]|trabajadora social)(?: la| el|,)?",
    end=r"\s{1,2}(?:se[nñ]ora? )?$",
)
HELPS = re.compile(
    r",?\s{1,2}(?:(?:my|mi|the|la|el) (?:teacher|counselor|case ?worker|nurse|doctor|neighbou?r"
    r"|vecin[oa]|maestr[oa])"
    r"|(?:from|at|de|del) (?:(?:my|mi|the|la|el) )?(?:church|school|clinic|hospital|shelter"
    r"|iglesia|escuela|cl[ií]nica)"
    r"|helps?|helped|saw|noticed|believes|me (?:ayuda|ayud[oó]|cree)|knows my|took me (?:in|out)"
    r"|(?:is |are )(?:scared|afraid)|now knows everything|tiene miedo)(?!\w)",
    re.IGNORECASE,
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
# What a number before it counts or measures: no age, whoever is spoken of.
_COUNTED = (
    r"a\.?m|p\.?m|min(?:ute)?s?(?!\w)|mile|hour|hr|day|week|month|feet|foot|ft|inch|block|door|house"
    r"|(?:room|girl|car|truck|step|stop|floor|exit|unit|kid|victim|phone|guy|storie)s(?!\w)|m[ae]n"
    r"|women|people|times|of(?!\w)|percent|dollar|buck|pounds|lbs|other|different"
    r"|hora|d[ií]a|semana|mes|veces|cuadra"
)
_NO_AGE = (
    rf"(?!\s?(?:{_COUNTED}|years? (?!old)\w|['’\"%:/$.-]?\d|['’\"%/$])|(?:st|nd|rd|th)(?!\w)"
    r"|\s(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven)(?!\w))"
)
_YEARS_AT = r"(?!\s(?:de \w{2,15}[aei]r|trabaj|vivi|viniendo|ah[ií]|aqu[ií]|all[ií]|allá)\w{0,8})"
# "Tiene 5 muchachas": a Spanish word in -s behind the number is what he has so many of.
_SO_MANY = r"(?:\s[oa]\s\w{1,7})?\s(?!(?:los|las|nos|es|a[nñ]os)\b)[^\W\d_]{2,20}s\b"
_TIENE = (
    rf"\s(?:tiene|cumpli[oó])\s(?:apenas |solo |como )?{_AGES}"
    rf"(?:\sa[nñ]os{_YEARS_AT}|(?!\sa[nñ]os\b)(?!{_SO_MANY}){_NO_AGE})"
)
# "Troy, 9, 10, 11 every night": one of several numbers.
_ALONE = r"(?=[,.;])(?!\.\d|,\s?\d{1,2}(?!['’\d]))"
YOUNG_AFTER = re.compile(
    either(
        r"[,(]?\s{0,2}(?:who )?(?:s?he(?:'|’)?s|s?he is|is|age|aged|turned)"
        rf"\s(?:only |just |about |like |maybe )?{_AGES}{_NO_AGE}",
        rf"[,(]?(?: que)?{_TIENE}",
        rf"(?:,\s|\s?\()(?:age |aged |de )?{_AGES}(?:\)|{_ALONE}|{_YEARS}| a[nñ]os)",
        rf"\s(?:de|con) {_AGES} a[nñ]os{_YEARS_AT}",
        r",?\s(?:is |who is |es )?(?:an? |de |en )?(?:[1-9]|1[0-2])(?:st|nd|rd|th)[ -]grad\w{1,5}",
        r",?\s(?:is|who is|es)(?: an?)? (?:minor|menor de edad|menor)(?!\w)",
    ),
    re.IGNORECASE,
)
# And held, for a suspect may say so too: "Anthony, he says he's sixteen".
SAYS_YOUNG = re.compile(
    r",?\s(?:who )?(?:s?he )?(?:says|said|told me|swears?)(?: that)? s?he(?:(?:'|’)?s| is| was)"
    rf"\s(?:only |just |about )?{_AGES}{_NO_AGE}"
    rf"|,?\s(?:me )?(?:dice|dijo) que{_TIENE}",
    re.IGNORECASE,
)
# Behind a name: "he is my son", "in 7th grade", "es mi hermanito", "he is a kid about 12".
CHILD_AFTER_NAME = re.compile(
    r"[.,]?\s{1,2}(?:and |y )?(?:(?:he|she)(?:(?:'|’)?s| is| was)|who is|es|era)"
    r"(?: (?:only|just|like|about|apenas))? "
    + either(
        r"(?:my|mi|su|our|nuestro) (?:\w{1,8} )?(?:son|daughter|child|kid|hij[oa]|hermanit[oa]"
        r"|nephew|niece|sobrin[oa]|niet[oa]|little brother|little sister|baby brother)",
        r"(?:an? |the |el |la |una? )?(?:\w{1,8} )?(?:boy|kid|child|minor|ni[nñ][oa]|menor)",
        r"(?:the )?(?:little|baby|kid) (?:brother|sister)",
        r"in (?:the )?(?:[1-9]|1[0-2])(?:st|nd|rd|th)[ -]grade",
        _AGES + _NO_AGE,
    )
    + r"(?!\w)"
    + r"|,?\s{1,2}(?:my|mi) (?:son|daughter|hij[oa]|hermanit[oa]|little brother)(?!\w)",
    re.IGNORECASE,
)
# "His niece Carmen recruits the girls", "su hija Lisa es la madrina": she deals in others.
_WHOM = either(
    "girls?", "women", "kids", "them", "victims?", "workers", "maids", "muchachas?", "ni[nñ]as?",
    "mujer(?:es)?", "chicas?",
)  # fmt: skip
DEALS_IN_OTHERS = re.compile(
    r"\s{1,2}(?:"
    + either(
        r"(?:sells?|recruits?|pimps?(?: out)?|drives|controls|books|threatens|threatened|beats)"
        rf" (?:(?:the|these|those|other|young|more) ){{0,2}}{_WHOM}",
        r"is (?:now )?(?:the|a|his|her|their) (?:madam|pimp|recruiter|manager|boss|owner)",
        r"(?:vende|recluta|golpea|controla|maneja|explota|renta|trae|lleva)(?: a)?"
        rf"(?: (?:las?|unas|otras|m[aá]s|esas))? {_WHOM}",
        r"es la (?:madam|madrina|due[nñ]a|encargada|reclutadora|jefa|patrona)",
    )
    + r")(?!\w)",
    re.IGNORECASE,
)
VICTIM_CUE = cue(
    "girls?", "victim", "ni[nñ][ao]s?", "muchach[ao]s?", "chic[ao]s?", "daughter", "hija",
    "sister", "hermana", "kid", "child", "minor", "v[ií]ctima", "one", "una",
)  # fmt: skip
