"""What somebody says who is held, what a bystander says too, and what tells them apart."""

from __future__ import annotations

import re

from tipintake.privacy.scrub.cues.homes import STREET_ADDRESS
from tipintake.privacy.scrub.cues.words import cue, either

I_AM = either("i am", "i'm", "i’m", "im", "we are", "we're", "we’re", r"me and \w{1,20} are")
PAPERS = either("passports?", "papers", "documents?", "visas?", "green cards?")
OUR_PAPERS_ARE = rf"(?:my|our) {PAPERS},? (?:it |they )?(?:is|are)"
TAKEN = either("ids?", "phone", "money", "baby", "kids", "children", "shoes", "keys")
PAPELES = either(
    "pasaportes?", "papeles", "documentos", "c[eé]dulas?", "visas?", "identificaci[oó]n(?:es)?"
)
TAKES = either(
    "takes?",
    "took",
    "taken",
    "got",
    "hides?",
    "hid",
    "burn(?:ed|t)",
    "destroyed",
    "has",
    "have",
    "had",
    "keeps?",
    "kept",
    "holds?",
    "stole",
)
QUITA = either(
    "quit(?:[oóa]|an|aron)", "tienen?", "guardan?", "retienen?", "rob(?:[oó]|aron)",
    "escond(?:e|en|i[oó]|ieron)",
)  # fmt: skip
OURS = "(?:away )?(?:my|our|all our|all my|both our) "
SOLD_TO = either(
    r"sleep(?: with)?", "dance", "strip", "pose", "beg", "be with", "sell", "have sex",
    r"(?:see|meet|text) (?:men|guys|clients|customers|johns|strangers)",
)  # fmt: skip
MADE_TO = either(
    "work", "do", "have", "stay", "see", "meet", "go", "stand", "walk", "text", "clean", "pay",
    "call", "take",
)  # fmt: skip
WHERE_HELD = (
    r"(?:(?:at|in|on) (?:an? |the |his |her |their |this |room |apt )?"
    r"(?:\d|room|apt|apartment|house|motel|hotel|trailer|basement|garage|warehouse|barn|shed|attic"
    r"|closet|cellar|farm|(?-i:[A-Z])\w+)|here|inside|there|locked|captive|prisoner|against)"
)
NOT_LET = either(
    "not", "isn['’]?t", "won['’]?t", "doesn['’]?t", "don['’]?t", "never", "cannot", "can['’]?t"
)
SERVE = either(
    "trabajar", "acostar", "dormir", "bailar", "atender", "vender", "prostituir", "estar", "tener",
    "hacer",
)  # fmt: skip
# "Sells me to men", "sells me online", and no "sells me cigarettes".
_GOODS = (
    r"cigarettes?|smokes|weed|pills|drugs|drinks?|beers?|food|candy|tamales?|tortillas?|eggs|fruit"
    r"|groceries|meat|milk|phones?|music|clothes|shoes|tickets?|stuff|things|water|coffee|flowers"
    r"|tires|parts|nothing"
)
_GIVEN = (
    r"the|an?|some|his|her|their|our|this|these|those|that|out of|short"
    r"|(?:one|two|three|four|\d{1,3})(?! (?:times|nights|men|guys|johns|hours|or|to|a)(?!\w))"
    r"|on (?:the (?:idea|apartment|house|job|plan)|an?|it)"
)
SOLD_ON = rf"(?! (?:{_GOODS}|{_GIVEN})(?!\w))"
VENDIDA = (
    r"(?! (?:la|el|los|las|una?|unos|unas|su|sus|dos|tres|cosas|drogas?|comida|cervezas?|tamales?"
    r"|tortillas?|carne|pan|fruta|ropa|huevos|leche|queso|dulces|flores|boletos|verduras?|agua|mota"
    r"|pollo|elotes?|tacos?|cigarros?)(?!\w))"
)
# Only who is held, sold or robbed of papers says these.
_SURELY_HELD = (
    I_AM + " (?:being )?" + either("sold", "locked(?! out)", "trapped", "imprisoned", "captive"),
    I_AM + " (?:being )?" + either("chained", "trafficked"),
    I_AM + f" (?:being )?{either('held', 'kept', 'hidden', 'forced')}"
    r"(?= (?:at|in|here|by|captive|against|inside|prisoner|to (?!listen|watch|hear|move)))",
    r"(?:i|we) (?:was|were) sold to",
    r"(?:my|mi) (?:pimp|trafficker|madam|padrote)",
    r"(?:has|have|got|keeps) (?:me|us) (?:locked|trapped|chained|hidden|tied)",
    either("holds?", "holding", "keeps?", "keeping", "kept", "hid")
    + rf" (?:me|us)(?= {WHERE_HELD})",
    either("locks?", "locked", "locking") + " (?:me|us)(?= (?:in|up|inside|here|down|there))",
    either("ties", "tied", "traps?", "trapped") + " (?:me|us)",
    NOT_LET + r" (?:lets?|allow(?:s|ed)?)(?: to)? (?:me|us)(?= (?:out|leave|go|to leave|to go))",
    either(I_AM, "i was", "we were", "we")
    + r" ?(?:not|never|aren['’]?t|n['’]?t) (?:allowed|permitted)"
    r"(?= (?:out|leave|to leave|to go|(?:alone )?outside)\b)",
    rf"(?:i|we) may not (?:have|hold) (?:my|our) {PAPERS}",
    (
        rf"{OUR_PAPERS_ARE} in (?:his|her|their)"
        r" (?:safe|drawer|desk|room|bedroom|pocket|freezer|possession)"
    ),
    (
        rf"{OUR_PAPERS_ARE} (?:in|with) the"
        r" (?:lady|boss|gentleman|owner|madam)(?:['’]s (?:safe|office|drawer|desk|room|bedroom))?"
        r"(?=\s{0,2}(?:[.,;!?\n]|$)| and(?!\w))"
    ),
    (
        r"(?:drives?|drove|takes?|took|brings?) us (?:out )?to (?:(?:men|johns)"
        r"(?=\s{0,2}(?:[.,;!?\n]|$)| (?:every|each|at night|for (?:sex|money)|in (?:motels|hotels)"
        r"|and (?:takes?|keeps?|collects?|waits))(?!\w)))"
    ),
    f"{TAKES} {OURS}{PAPERS}",
    (
        r"where (?:i|we) (?:all |have to )?sleep,?(?: and)?(?: (?:the|our|my))?"
        r" (?:boss|owner|foreman)"
        rf" {TAKES} (?:(?:our|my|the|all) ){{0,2}}{PAPERS}(?! (?:of|from|to)(?!\w))"
    ),
    (
        r"(?:forces?|forced|forcing) (?:me|us)"
        r"(?! (?:to (?:move|listen|look|leave|close|watch|hear)|out(?:(?=[,.])| of)"
        r"|off (?:the|my)))"
    ),
    r"(?:sells?|sold|selling) (?:me|us)" + SOLD_ON,
    r"(?:pimps?|trafficks?) (?:me|us)",
    (
        r"rents? (?:me|us) (?:out|to)"
        r"(?! (?:his|her|their|the|an?) (?:\w{1,12} ){0,2}(?:unit|garage|apartment|space|shop))"
    ),
    rf"(?:makes?|made|making) (?:me|us)(?: to)? {SOLD_TO}",
    (
        r"(?:he|she|they|who|boyfriend|husband) (?:makes?|made) (?:me|us)(?: to)?"
        r" (?:stay|stand outside|do (?:it|this|that|things))"
    ),
    r"ads? (?:of|with) me",
    r"(?:me|nos) (?:encierran?|encerraron|encerr[oó]|secuestraron|retienen|explotan?)",
    r"(?:me|nos) venden?" + VENDIDA,
    (
        r"(?:me|nos) (?:oblig(?:an?|aron|aban?|[oó])|fuerzan?) a(?: \w{1,5})? "
        rf"{SERVE}(?:me|nos|les?|los?)?"
    ),
    (
        r"(?:me|nos) tienen? (?:en (?:el|la|los|las|una?|su)|aqu[ií]|encerrad|amarrad|secuestrad"
        r"|trabajando|como esclav)\w{0,3}"
    ),
    rf"(?:me|nos) {QUITA} (?:(?:el|la|los|las|mis?) )?{PAPELES}",
    rf"{QUITA} (?:con )?(?:mis?|nuestr[oa]s?) {PAPELES}",
    rf"(?:mis?|nuestr[oa]s?) {PAPELES},? (?:me )?(?:los?|las?) {QUITA}",
    rf"(?:qued(?:[oó]|an?|aron) con|devu[eé]lv\w{{1,6}}) (?:mis?|nuestr[oa]s?) {PAPELES}",
    rf"mis? {PAPELES} est[aá]n? en su",
    r"me hacen? (?:acostar(?:me)?|dormir con|bailar)",
    r"(?:estoy|estamos|sigo|seguimos) "
    + either("atrapad", "encerrad", "secuestrad", "retenid", "amarrad")
    + "[oa]s?",
    r"(?:estoy|estamos) prisioner[oa]s?",
    r"no (?:me|nos) (?:dejan?|permiten?) (?:salir|ir)",
    r"no (?:puedo|podemos) escapar",
    r"un anuncio (?:m[ií]o|de m[ií]|con mis fotos)",
    (
        r"nos llevan? (?:con|a ver a|a) (?:los |unos )?hombres(?=\s{0,2}(?:[.,;!?\n]|$)"
        r"| (?:en la noche|de noche|cada|todas? las?|a moteles|y nos)(?!\w))"
    ),
)
# A bystander says these too: of work, of noise, of a telephone.
_PERHAPS_HELD = (
    rf"{OUR_PAPERS_ARE} (?:in|with) (?:his|her|their)",
    r"(?:drives?|drove|takes?|took|brings?|sends?|sent) us (?:out )?to (?:men|johns|strangers)",
    r"nos (?:llevan?|mandan?) (?:con|a ver a|a) (?:los )?(?:hombres|viejos)",
    I_AM + " (?:being )?" + either("held", "kept", "stuck", "hidden", "forced"),
    r"(?:has|have|got|keeps) (?:me|us) (?:at|in|on|here)",
    either("holds?", "holding", "keeps?", "keeping", "locks?", "locked", "locking", "hid")
    + " (?:me|us)(?! up)",
    "kept (?:me|us) " + either("in", "here", "inside", "locked", "there", "down"),
    either("sells?", "sold", "selling") + r" (?:me|us)(?! (?:the|an?|some|his|her|their)(?!\w))",
    NOT_LET + r" (?:let|allow)(?: to)? (?:leave|out(?! that)|go (?:out|home))",
    rf"(?:sin|con) (?:mis?|nuestr[oa]s?) {PAPELES}",
    r"they lock (?:it|the)",
    either("not", "won['’]?t", "doesn['’]?t", "don['’]?t", "never")
    + r" let (?:me|us) (?:call|sleep|eat|have|see|use|talk)",
    either("i", "we")
    + either(" cannot", " can['’]?t", " can not", " couldn['’]?t", " (?:am|are) not allowed to")
    + " (?:leave|get out|go out|escape|go home|go outside)",
    f"{TAKES} {OURS}{TAKEN}",
    rf"(?:makes?|made|making) (?:me|us)(?: to)? {MADE_TO}",
    r"(?:does|do|did)(?:n['’]?t| not) pay (?:me|us)",
    r"(?:pictures|photos|videos?|posts?) (?:of|with) me",
    r"(?:me|nos) " + either("tienen?", "obligan?", "quit[oóa]", "quitan", "quitaron", "fuerzan?"),
    r"(?:me|nos) " + either("golpean?", "amenazan?", "guardan?"),
    r"nos (?:cobran?|dejan? salir)",
    r"me hacen? (?:trabajar|dormir|salir)",
    r"no (?:me|nos) (?:dejan?|pagan?)",
    r"no (?:puedo|podemos) (?:salir|irme|irnos)",
    r"tienen? (?:mi|nuestros?) celular(?:es)?",
)
CAPTIVE = cue(*_SURELY_HELD, *_PERHAPS_HELD)
SURELY_CAPTIVE = cue(*_SURELY_HELD)
# "I had my phone", "I keep all my kids": nobody took them.
OWN_DEED = re.compile(
    r"(?<!\w)(?:i|we|yo|to|i['’]?(?:ve|d|ll)|we['’]?(?:ve|d|ll))"
    r"(?: (?!he\b|she\b|they\b|who\b)\w{1,10}){0,2} $",
    re.IGNORECASE,
)
POSSESSES = re.compile(r"(?:got|have|had|keep|kept|took|take|hold|holds)(?!\w)", re.IGNORECASE)
# What follows the words of a captive when a bystander says them: "I can't leave my desk".
NOT_HELD = re.compile(
    r"(?: (?:to )?(?:out|leave|go))?"
    r"(?![^.!?\n]{0,50}(?<!\w)(?:debts?|deuda|(?:i|we) (?:still )?owe|debo|debemos|(?:i|we) pay"
    r"|(?:is|its|it['’]s) paid|paid off|pay (?:him|her|them|it|off|back)|pague(?:mos)?)(?!\w))"
    r"\s(?:(?:my|our|the|mi|a mis) (?:kids?|child(?:ren)?|baby|mom|mother|dog|job|desk|post|shift"
    r"|station|counter|register|ni[nñ]os|hijos|trabajo|turno)"
    r"|work|early|until|till|because|before|yet|at night|tonight|today(?! or)|right now|once"
    r"|years ago|back|awake|on hold|number|away from (?:work|home)|town|home because|in (?:mind"
    r"|touch|the (?:loop|dark|know))|posted|updated|company|busy|waiting|nervous|worried"
    r"|at work|in traffic|with me|out of (?:pocket|trouble|it)|card"
    r"|preocupad[oa]s?|informad[oa]s?|nervios[oa]s?|hart[oa]s?|sin avisar"
    r"|de la casa por (?!nada|ning)|for (?:fear|work)"
    r"|en mi (?:turno|trabajo|oficina)|de noche por|temprano|hoy(?! (?:ni|tampoco))|por miedo"
    r"|del trabajo"
    r"|(?:him|her|them|it) alone)\b",
    re.IGNORECASE,
)
# What may follow a captive's words or a bystander's: "won't let me go to the police", "forced me
# to check them in", "I am trapped in a lease".
HELD_OR_NOT = re.compile(
    r"(?: (?:to )?(?:out|leave|go|salir|ir))?"
    r"\s(?:alone(?! outside)|without (?:him|her|them)|to the (?:police|cops|authorities)"
    r"|(?:his|her) (?:room|side)"
    r"|(?:after|past|till|until|before) (?:\d|dark|school|work|midnight|class|i (?:told|finish))"
    r"|of the (?:parking|lot|elevator|portal|account|system)"
    r"|to (?:check|close|report|write|turn (?:down|off|in|over)|park|pull over|stop|file|speak"
    r"|choose|keep (?:quiet|the|our|my)|believe|work (?:nights|late|overtime|weekends))"
    r"|(?:to )?(?:an?|the|my|high) (?:\w{1,15} )?(?:agreement|standards?|contract|oath|schedule)"
    r"|(?:to )?an? (?:\w{1,12} )?(?:company|corporation|investor|chain|developer)"
    r"|[^.!?\n]{0,25}by (?:accident|mistake)"
    r"|into (?:a|the) (?:ditch|lane|median|curb)"
    r"|late|quiet|overtime|awake"
    r"|(?:outside )?(?:during (?:a|an|the|lockdown|drills?) (?!day|night)|after my|at recess"
    r"|of my (?:post|cell)|because of (?:my|the|covid))"
    r"|outside (?:in (?:this|the) (?:heat|cold|storm|smoke|rain)|because|while|without (?:a|my))"
    r"|(?:of )?(?:the|my|our) (?:lease|contract|yard|block|street|driveway|porch)"
    r"|(?:the )?(?:state|county)|to the (?:pool|gym)|in (?:my|this) (?:marriage|job|building)"
    r"|por (?:el |la )?(?:covid|cuarentena|lluvia|nieve|tormenta)|en el trabajo"
    r"|for (?:my|our) (?:case|application|interview|taxes|file)"
    r"|to (?:the|a|an|my|his|our) (?:lawyer|attorney|consulate|embassy|bank|court|dmv|notary)"
    r"|(?:here |there )?(?:late|for (?:an?|one|two|three|\d{1,2}) (?:hours?|min\w{0,5}))"
    r"|(?:at|in|on) (?:the |my )?(?:school|road|job|register|desk|embassy|dmv|consulate|court"
    r"|divorce)"
    r"|(?:inside|at home|here|in here) (?:because|at recess|due)"
    r"|in (?:an? |the )?(?:lease|contract|meeting|elevator|walk-in|cooler|freezer|stairwell)"
    r"|in (?:my|our) (?:car|truck)|in the car|in as an?|from (?:his|her|their) (?:friends?|list)"
    r"|(?:when|while) i check|tagged|and my (?:dog|cat|kids?|team)"
    r"|up (?:on the phone|with (?:work|paperwork)|in (?:court|meetings?|traffic))"
    r"|a (?:la )?(?:polic[ií]a|escuela|verl[oa]s?)|al (?:ba[nñ]o|patio|recreo)|despu[eé]s de"
    r"|hasta las|de noche"
    r"|(?:en )?(?:la )?(?:lista|n[oó]mina|recepci[oó]n|escuela|caja|turno|junta)"
    r"|(?:el )?reporte|(?:el )?(?:celular|tel[eé]fono) apagado|horas extras?)\b",
    re.IGNORECASE,
)
# What holds, forces or keeps papers without holding anybody: "my knee keeps me at home".
NO_CAPTOR = cue(
    r"(?:this|it)(?= $)", "conscience", "faith", "knee", "back", "leg", "health", "illness", "job",
    "(?<!at )work",
    "noise", "smell", "rain", "snow", "storm", "weather", "virus", "dog", "dogs", "cat",
    "wheelchair", "my wife", "consulate", "embassy",
    "dmv", "court", "judge", "lawyer", "attorney", "bank", "hoa", "realtor", "insurance",
    "hospital",
    "conciencia", "rodilla", "salud", "lluvia", "ruido", "consulado", "embajada", "abogad[oa]",
    "juzgado", "corte", "banco", "mi esposa",
    "(?:probation|parole) officer", "doctor", "nursing home", "school", "my kids", "mis hijos",
    "escuela", "dhs", "uscis", "hr", "immigration", "university", "migraci[oó]n",
    end=r"(?: (?!(?:he|she|they|who|and|y|que|me|my|mi|our|the|la|el|his|her|but|so)\b)"
    r"\w{1,12}){0,2} $",
)  # fmt: skip
# "The girl said he took my passport", with no marks of quotation.
SOMEBODY_SAID = cue(
    either(
        "girls?", "woman", "lady", "boy", "kid", "child", "patient", "student", "guest", "worker",
        "nanny", "maid", "victim", "note", "letter", "muchach[ao]", "ni[nñ][ao]", "chic[ao]",
        "mujer", "alumn[oa]", "paciente", "nota",
    )
    + r"(?: (?!and\b|y\b|i\b)\w{1,12}){0,4}"
    + r" (?:said|says?|told (?:me|us|her|him)|wrote|whispered"
    r"|(?:me |nos )?(?:dijo|dice|cont[oó]))",
    # Of herself, where it is another who does it: "she said he locked me in".
    r"she (?:said|says|told (?:me|us)|wrote|whispered):?(?= (?:that )?(?:he|they) )",
    r"ella (?:me |nos )?(?:dijo|dice|cont[oó]):?(?= (?:que )?(?:[eé]l|ellos) )",
    end=r"(?: (?:(?!(?<!\w)(?:but|pero|(?:and|y) (?:s?he|they|ell[ao]s?|now|ahora))(?!\w))"
    r"[^.!?\n]){0,60})?$",
)  # fmt: skip
# Who got out tells of it as who is held does, and then where they live now.
SURVIVED = cue(
    r"i(?:'|’)?(?: a)?m (?:an? )?(?:survivor|safe now|divorced|free now|out now)",
    r"i(?:'|’)?(?: a)?m (?:an? )?(?:peer )?(?:case ?worker|advocate|counselor|mentor|mom) now",
    r"(?:my|mi) (?:\w{1,8} )?(?:pimp|trafficker|madam|padrote)"
    r" (?:is|was|got|went|est[aá]|fue|qued[oó]) (?:now |back |ya )?"
    r"(?:(?:in|to) (?:jail|prison)|arrested|convicted|sentenced|dead|locked up|pres[oa]"
    r"|en la c[aá]rcel|detenid[oa]|arrestad[oa]|muert[oa])",
    r"(?:until|till|then) the (?:police|cops|fbi) (?:came(?! by)|raided|(?:got|found) (?:me|us))",
    r"cuando era (?:una? )?(?:ni[nñ][ao]|chic[ao]|menor)[^.!?\n]{0,20} (?:me )?vend\w{2,4}",
    r"me vend\w{2,4} cuando era|when i was \d{1,2},? (?:he|she|they) (?:sold|made|forced)",
    r"sold (?:me|to (?:an? |the )?\w{1,12}) (?:back )?in (?:19|20)\d\d",
    r"ya estoy (?:bien|libre|fuera)|ya no me (?:venden?|pega|controla)",
    r"now i (?:live|stay|rent)(?![^.!?\n]{0,20}(?<!\w)(?:him|her|them|his|their)(?!\w))",
    r"(?:i|we) (?:live|stay|rent) [^.!?\n]{2,40} now(?= ?(?:$|[.,!?;\n]))",
    r"(?:i|we) got out(?= (?:in|of|last|years|when|and)|[,.])",
    r"(?:i|we) (?:escaped|ran away|ran|got away|fled|left him)"
    r"(?![^.!?\n]{0,40}(?:caught|found (?:me|us)|brought|but|back|again))",
    r"as a survivor|fui (?:una )?v[ií]ctima|i was (?:once )?(?:an?|his|their) victim",
    r"used to (?:lock|sell|hold|keep|make|pimp|force|traffic|be my)\w{0,5}|pimp used to be",
    r"safe ?house|(?:sold|forced|made|kept|held)(?: me)? when i was",
    r"my ex(?:[- ]\w{2,10})? (?:took|sold|kept|locked|made|forced|held)",
    r"me escap[eé]|logr[eé] (?:salir|escapar)|ya (?:me )?sal[ií]|soy (?:una? )?sobreviviente"
    r"|estoy a salvo|ahora (?:vivo|trabajo|rento)(?! (?:con|para) (?:[eé]l|ella|ellos))",
)
OF_PAPERS = cue(PAPERS, PAPELES)
# Who works like this is seldom held.
PUBLIC_JOB = cue(
    r"i(?:'|’)?(?: a|)m (?:an? |the |her |his |their |only )?(?:\w{1,12} ){0,2}"
    r"(?:nurse|teacher|counselor|mail ?man|carrier|guard|manager|pastor|volunteer|therapist"
    r"|(?:lyft|uber|taxi|bus|delivery) (?:driver|guy)|clerk|receptionist|student|principal|coach"
    r"|social worker|caseworker|gardener|hairdresser)",
    r"i was (?:the|an?) (?:\w{1,12} ){0,2}(?:nurse|teacher|clerk|guard|manager|cashier)",
    r"i teach",
    r"soy (?:la |el |una? |su )?(?:maestr[oa]|enfermer[oa]|guardia|gerente|cajer[oa]|recepcionista"
    r"|alumn[oa]|estudiante|consejer[oa]|voluntari[oa]|trabajador[a]? social)",
    r"i(?:'|’)?(?: a)?m in (?:the )?\d{1,2}th grade",
)
# A child writes, or somebody whom another makes, sells or touches: what they say of home is
# the scene as likely as themselves.
MAY_BE_HARMED = cue(
    r"i(?:'|’)?(?: a)?m (?:only |just )?(?:[5-9]|1[0-7])"
    r"(?! ?(?:weeks|months|miles|minutes|min|years? (?:in|on|here|at)|st|th))",
    r"(?:tengo|solo tengo) (?:[5-9]|1[0-7]) (?:a[nñ]os)?",
    r"(?:makes?|made|making|forces?|forced|sells?|sold|selling|pimps?|touch(?:es|ed)?|hits?|beats?)"
    r" (?:me|us|my (?:little |baby |younger )?(?:sister|brother|sisters|brothers|kids|mom))",
    r"(?:pays?|paid|paying) (?:him|her|them|my \w{1,12}) (?:to|for)|pay to be with",
    r"i have no (?:papers|money of my own|passport)",
    r"(?:i|we) owe (?:him|her|them|money|the (?:boss|smuggler|coyote|owner)|\$?\d{1,6})",
    r"says? (?:i|we) (?:still )?owe|my debt|pay (?:off )?(?:my|our|the) debt",
    r"debo (?:dinero|mucho|\$?\d{1,6}|al?(?= ))|mi deuda|la deuda",
    r"help (?:me|us)(?! (?:understand|decide|report|with|find))|(?:save|rescue) (?:me|us)",
    r"(?:get|come get|take|come for) (?:me|us) (?:out|away|from here)|come (?:and )?get (?:me|us)",
    r"(?:ay[uú]d(?:ame|enme|enos|anos)|s[aá]que(?:n)?(?:me|nos))",
    r"me va a matar|(?:will|gonna) kill me",
    r"(?:i am|i['’]?m|im) being watched|not free to (?:go|leave)|ill be deported|be deported if i",
    r"(?:me|nos) (?:rentan?|ofrecen?|prestan?)",
    r"(?:pays?|paid|money|charges?|cobra) (?:for|por) (?:me|us)",
    r"(?:men|guys|johns|hombres) (?:come|vienen) to (?:my|our)|men in my room",
    r"brings? (?:men|guys|people|strangers) to (?:me|us|my|our)",
    r"(?:takes?|drives?|brings?) (?:me|us) to (?:men|guys|motels|hotels|clients|his friends)",
    r"(?:me|nos) lleva(?:n)? (?:con|a) (?:hombres|moteles|clientes|otros)",
    r"(?:if|when) i (?:don['’]?t|do not) (?:make|bring|earn)|(?:hurt|kill) my family",
    r"no (?:me|nos) dejan? (?:salir|ir)",
    r"(?:won['’]?t|don['’]?t|doesn['’]?t) let (?:me|us) (?:leave|out|go)",
    r"(?:docks?|charges?) us|cobra todo|we all work for|work (?:1[2-9]|20) hours",
    r"please come(?= (?:get|help|now|he|she|they|fast|quick|before|while))",
    r"(?:me|nos) (?:toca|vende|obliga|pega|golpea)n?",
)
DWELLING = cue(
    r"(?:i|we) (?:sleep|live|stay|work)",
    I_AM + " (?:at|in|on)",
    r"(?:estoy|estamos) en",
    r"dormimos|duermo|vivo|vivimos",
)
# Where who is held is: with words that a bystander says too it is a captive's sentence.
_HERE_NOW = (
    I_AM + rf" (?:at|in|on)(?! {STREET_ADDRESS}(?!\w))"
    r"(?! (?:(?:the|my|our|a) )?(?:(?:front )?desk|work|school|class|lobby|register"
    r"|shift|break|office|housekeeping|maintenance|reception|line|bus|parking|lot|\d{1,2}th grade"
    r"|college|high school|church|car|truck|apartment (?:above|below|next|across)"
    r"|(?:room|house|unit) (?:above|below|next|across|beside)))"
)
_NOT_AT_WORK = (
    r"(?! (?:(?:el|la|mi|un|una) )?"
    r"(?:turno|trabajo|recepci[oó]n|escuela|caja|oficina|iglesia|carro|parada))"
)
NOW = cue(
    I_AM, r"(?:has|have|keeps|got) (?:me|us)", r"(?:estoy|estamos|sigo|seguimos)",
    r"(?:i|we) (?:can|can['’]t|cant|cannot)", NOT_LET + " (?:let|allow)",
    r"no (?:(?:me|nos) dejan?|puedo|podemos)", "(?:me|nos) tienen?",
)  # fmt: skip
# What may be over, as far as its words go, or be an office's: "me vendían", "has my documents".
OVER_OR_MUNDANE = cue(
    r"(?:has|have|keeps?|holds?) (?:all )?(?:my|our) (?:papers|documents?|visas?|green cards?)",
    r"(?:tienen?|guardan?) (?:mis?|nuestr[oa]s?) (?:papeles|documentos|visas?)",
    "took", "taken", "sold", "held", "kept", "made", "forced", "hid", "stole", "drove", "brought",
    "sent", "tied", "trapped", "was", "were", "had", "got", "destroyed", "burn(?:ed|t)", "locked",
    "allowed", r"\w{2,12}(?:[oó]|aron|ieron|aba|aban|[ií]an?)", "pimp", "trafficker", "madam",
    "padrote",
)  # fmt: skip
HERE_NOW = cue(_HERE_NOW, rf"(?:estoy|estamos) en{_NOT_AT_WORK}")
KEPT_AT = cue(r"(?:i|we) sleep", _HERE_NOW, rf"(?:estoy|estamos|dormimos|duermo) en{_NOT_AT_WORK}")
