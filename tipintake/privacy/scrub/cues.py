"""Plain words, in two languages, that say by themselves whose a name, number or place is.

Alternatives stand one a line or a few a line; every quantifier is bounded.
"""

from __future__ import annotations

import re


def either(*alternatives: str) -> str:
    return "(?:" + "|".join(alternatives) + ")"


def cue(*alternatives: str, end: str = r"(?!\w)") -> re.Pattern[str]:
    """Any of the alternatives as whole words."""
    return re.compile(r"(?<!\w)" + either(*alternatives) + end, re.IGNORECASE)


BEFORE_A_NAME = r"\s{1,2}[\"“'‘]?$"

OWN_NAME = cue(
    r"my (?:real |full |own |first )?names? ?(?:is|:|=)",
    r"my names",
    r"mynameis",
    r"(?:yo )?me llamo",
    r"mi nombre(?: completo)? es",
    r"name of reporter:?",
    r"reporter(?:s|'s|’s)? name:?",
    end=r"\s{1,3}",
)
OWN_CONTACT = cue(
    either("call", "text", "txt", "reach", "e-?mail", "contact", "dm", "msg", "message", "ring")
    + " me(?: back)?",
    r"(?:whatsapp|phone|write(?: to)?) me",
    r"ll[aá]m(?:ame|enme|eme|arme)",
    r"m[aá]r(?:came|carme|quenme|queme)",
    r"escr[ií]b(?:ame|anme|eme|irme)",
    r"cont[aá]ct(?:ame|enme|arme)",
    r"localizarme",
    r"my (?:own |personal |work |home |cell ?)?"
    + either("cell", "phone", "numbers?", "num", "no", "e-?mail(?: address)?", "tel", "mobile"),
    r"my whatsapp",
    r"mi (?:n[uú]mero|tel[eé]fono|cel|celular|correo|whatsapp|tel)",
)
OWN_PAGE = cue(
    r"my (?:\w{1,12} ){0,2}"
    + either("page", "profile", "links?", "channel", "instagram", "insta", "ig", "facebook", "fb")
    + r"(?: is|:)?",
    r"my (?:\w{1,12} ){0,2}"
    + either("snapchat", "snap", "tiktok", "telegram", "videos?", "cam(?:era)?", "paypal", "venmo")
    + r"(?: is|:)?",
    r"mi (?:\w{1,12} ){0,2}"
    + either("p[aá]gina", "perfil", "insta", "instagram", "facebook", "video"),
    r"(?:reach|find|contact|message|dm|add|follow|pay) me(?: at| on| here)?",
)
REWARD = re.compile(
    r"[\s,]{1,2}(?:for|as|to get|para|por) (?:(?:the|a|my|la|mi) )?(?:reward|recompensa)", re.I
)
OWN_CAR = cue(
    r"(?:my|our) (?:own )?(?:\w{1,12} ){0,2}"
    + either("car", "truck", "van", "suv", "pickup", "vehicle", "ride", "jeep", "bike", "plates?"),
    r"i(?:'m| am|’m)? (?:drive|driving|drove|park|parked|ride|was driving)",
    r"(?:mi|nuestr[oa]) (?:propi[oa] )?"
    + either("carro", "coche", "auto", "troca", "camioneta", "camion", "moto", "placas?"),
    r"(?:yo )?(?:manejo|conduzco)",
)
THEIR_PLATE = cue(
    r"(?:the|their|his|her|its|with|a) (?:license |licence )?(?:plates?|tags?)"
    r"(?: (?:number|no|is|was|reads?|said|says))*",
    r"(?:la|sus?|con|de) (?:placas?|matr[ií]culas?|tablillas?)(?: (?:es|era|dec[ií]a|dice))*",
)
ROAD_MARK = cue(
    r"(?:mile ?(?:marker|post)?|mm|exit|milla|kil[oó]metro|salida)s? ?\d{1,3}(?:\.\d)?[a-f]?"
)
KIN = either(
    "son", "daughter", "wife", "husband", "sister", "brother", "cousin", "niece", "nephew",
    "mother", "mom", "father", "dad", "girlfriend", "boyfriend", "neighbou?r", "aunt",
)  # fmt: skip
PARIENTE = either(
    "hij[oa]", "herman[oa]", "espos[oa]", "prim[oa]", "vecin[oa]", "sobrin[oa]", "madre",
    "mam[aá]", "padre", "pap[aá]", "t[ií][oa]",
)  # fmt: skip
OWN_KIN = cue(
    r"i(?:'|’)?(?: a)?m (?:the |his |her |their |a )?(?:\w{1,20}(?:'s|’s|s'|s’) )?" + KIN,
    r"soy (?:el|la|su|un|una) " + PARIENTE,
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
HERE = re.compile(r" (?:here|aqu[ií])(?=[,.!]|$)", re.IGNORECASE)
CLOSING = re.compile(
    r"(?<!\w)(?:thanks|thank you|thx|ty|gracias|sincerely|(?:kind |best |warm )?regards"
    r"|respectfully|god bless(?: you)?|bendiciones|xoxo|saludos|atentamente|atte|att"
    r"|yours(?: truly| faithfully| sincerely)?)[.,:!]{0,2}\s{1,2}",
    re.IGNORECASE,
)
ENDS_A_LETTER = re.compile(
    r"[ \t.,!]{0,9}(?:$|\n|[+(]?\d"
    r"|(?<=[\s,.])(?:from|de|of|at|with|en|in|across|apt|room|rn)(?!\w))",
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
THEIR_THING = either(
    "phone",
    "cell",
    "numbers?",
    "line",
    "e-?mail",
    "burner",
    "whatsapp",
    "tel[eé]fono",
    "n[uú]mero",
)
ADS = either(
    "ads?", "posts?", "listings?", "flyers?", "cards?", "signs?", "posters?", "websites?"
)  # fmt: skip
THEIR_CONTACT = cue(
    r"(?:his|their|the (?:ad|seller|pimp|madam|owner|boss|driver|buyer|guy|man|spa|shop)"
    r"(?:'s|’s|s)?)"
    r" (?:(?:other|new|burner|work|business|trap|main|second|current) )?" + THEIR_THING,
    r"sus? (?:n[uú]mero|tel[eé]fono|celular|cel|correo)",
    ADS + " (?:says?|said|reads?|lists?|listed|gives?|gave|shows?|number)",
    ADS
    + r" (?:has|is)(?= (?:(?:a|the|this|his|her|their) )?(?:(?:number|phone)[ :]{1,2})?[(+\d])",
    r"(?:anuncios?|volantes?|letreros?) (?:dice|dec[ií]a|pone|da)",
    r"(?:number|phone|line) (?:on|in|from) (?:the|that|his|their) "
    + either("ads?", "posts?", "listing", "flyer", "card", "sign", "van", "page"),
    r"(?:n[uú]mero|tel[eé]fono|tel|cel) (?:del?|en el|que sale en el|que viene en el) "
    + either("anuncio", "volante", "letrero", "jefe", "patr[oó]n"),
    r"(?:my|her|their|the) (?:pimp|trafficker|madam)(?:'s|’s)?(?: \w{2,15}){0,2}(?= [+(]{0,2}\d)",
    r"listed (?:as|under|at)",
    r"posted (?:with|under)",
    r"anunciad[oa] con",
)
CLOSE = either(
    "sister", "brother", "mom", "mother", "mama", "dad", "father", "aunt", "uncle", "cousin",
    "grandma", "grandmother", "daughter", "son", "friend", "parents?", "family",
)  # fmt: skip
CERCANO = either(
    "hermana", "hermano", "mam[aá]", "madre", "pap[aá]", "padre", "t[ií]a", "t[ií]o", "prim[ao]",
    "abuel[ao]", "hij[ao]", "amig[ao]", "familia",
)  # fmt: skip
KIN_CONTACT = cue(
    rf"(?:her|his|their) {CLOSE}(?:'s|’s|s)? (?:phone |cell |home )?"
    + either("phone", "cell", "numbers?", "line", "e-?mail"),
    rf"(?:n[uú]mero|tel[eé]fono|celular|cel) de su {CERCANO}",
)
# "Su mamá me dio su teléfono", "his cell …, he is my son": not the exploiter's.
OF_KIN_BEFORE = cue(
    rf"(?:mi|my|su|her) (?:{CERCANO}|{CLOSE})(?: (?:me (?:dio|dijo)|gave me))?,?", end=r"\s{1,2}$"
)
OF_KIN_AFTER = re.compile(
    r",?\s{1,2}(?:s?he(?:(?:'|’)?s| is)|hes|shes|es) (?:my|mi|our) (?:\w{1,10} )?"
    rf"(?:{CLOSE}|{CERCANO}|niece|nephew|sobrin[oa]|niet[oa])(?!\w)",
    re.IGNORECASE,
)
# "With plates 8AB C12 you will find me", "… is mine".
CLAIMED = re.compile(
    r",?\s{1,2}(?:you(?: will| can|(?:'|’)?ll)? (?:find|see) (?:me|us)"
    r"|is (?:me|mine|ours|us)(?!\w)"
    r"|belongs to (?:me|us)|(?:that|it)(?:(?:'|’)?s| is) (?:me|mine|my|our|ours)(?!\w)"
    r"|es (?:m[ií]o|m[ií]a|mi|nuestr[oa])(?!\w)|soy yo)",
    re.IGNORECASE,
)
STREET_ADDRESS = (
    r"\d{2,5} (?:[\w.]{1,20} ){1,3}"
    r"(?:st|street|ave|avenue|rd|road|dr|drive|ln|lane|ct|court|pl|place|blvd|way|ter|terrace|cir)"
)
OWN_HOME = cue(
    r"(?:i|we) (?:live|reside|stay) (?:at|on|in)",
    r"(?:my (?:home )?|our )address(?: is|:)",
    r"(?:yo )?(?:vivo|vivimos) en",
    r"mi (?:direcci[oó]n|domicilio) es",
    r"my (?:\w{1,12} ){0,2}(?:window|porch|balcony|deck|stoop|driveway|yard|apartment|house|home)"
    r" (?:at|on|in)",
    r"(?:mi|nuestra) (?:ventana|casa|balc[oó]n|porche|apartamento|departamento) en",
    r"(?:yo )?vivo (?:(?:en )?(?:el edificio |la casa )?(?:de )?)?"
    r"(?:enfrente|al lado|cerca|arriba|abajo)(?:,? en)?",
    r"(?:i|we) live (?:right )?(?:next door|across(?: the street)?|upstairs|downstairs)"
    r"(?:,? (?:at|in))?",
    r"(?<!his )(?<!her )(?<!their )(?<!’s )(?<!'s )(?<!suspect )(?<!the )home address(?: is|:)?",
    r"address of (?:the )?(?:reporter|caller|sender|writer)(?: is|:)?",
    r"i(?:'|’)?(?: a)?m (?:the |a |their |his |her )?neighbou?r at",
    rf"(?:i|we) (?:own|rent|lease)(?= {STREET_ADDRESS})",
    rf"(?:i|we) rent (?:\w{{1,12}} ){{1,5}}(?:at|on)(?= {STREET_ADDRESS})",
    r"(?:our|my) (?:house|home|apartment|place|trailer|farm)(?: is)?(?: at| on|,|:)"
    rf"(?= {STREET_ADDRESS})",
    r"(?:i am|i(?:'|’)?m) (?:an? |the )?(?:[\w-]{1,15} ){0,6}living (?:at|on)"
    rf"(?= {STREET_ADDRESS})",
    rf"where (?:my \w{{2,10}} and )?(?:i|we) live,?(?: at)?(?= {STREET_ADDRESS})",
    rf"from(?= {STREET_ADDRESS}\.?,? (?:i|we) (?:can )?see)",
)
# What a number belongs to that is no house: a room, a truck stop, a camp.
LODGING = frozenset(
    "room rm motel hotel inn suites lodge camp trailer barn farm ranch warehouse spa parlor truck "
    "exit mile super cuarto habitacion trailas traila rancho bodega campo different".split()
)
HOME_IS_OURS = re.compile(
    rf"(?<!\w){STREET_ADDRESS}\.?,? is (?:us|me|ours|mine|(?:my|our) (?:house|home|place)"
    r"|where (?:i|we) (?:live|stay))(?!\w)",
    re.IGNORECASE,
)
# "Neighbor at Oak Terrace Apartments." as a whole sentence that begins or ends a text. A number
# behind it would be a suspect's door: "Neighbor in 4B. Screams every night."
_NEIGHBOR = (
    r"(?i:(?:an? |una? |your |su )?(?:concerned |worried |fellow )?"
    r"(?:neighbou?r|resident|tenant|renter|homeowner|vecin[oa]|inquilin[oa]|residente)"
    r"(?: preocupad[oa])? (?:at|of|on|from|near|de|del|en))"
    r"(?: (?i:the|la|las|los|el|calle)){0,2} [A-ZÁÉÍÓÚÑ][^\W\d_]{1,24}"
    r"(?: (?:[A-ZÁÉÍÓÚÑ][^\W\d_]{0,24}|(?i:of|de|del|la|las|los|apts?|apartments?|street|st"
    r"|ave(?:nue)?|road|rd|court|ct|lane|drive|homes|village))){0,5}\.?"
)
SIGNED_AS_NEIGHBOR = re.compile(
    rf"\A\s{{0,9}}{_NEIGHBOR}(?=\s{{0,2}}(?:[;:\n–—]|(?<=\.)\s|\Z))"
    rf"|(?<=[.!?;\n–—-])\s{{0,3}}{_NEIGHBOR}(?=\s{{0,9}}\Z)"
)
I_AM = either("i am", "i'm", "i’m", "im", "we are", "we're", "we’re", r"me and \w{1,20} are")
PAPERS = either("passports?", "papers", "documents?", "visas?", "green cards?")
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
    "quit(?:[oóa]|an|aron)", "tienen?", "guardan?", "retienen?", "retiene", "rob(?:[oó]|aron)",
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
# "My boss has me at the motel on weekends": so does work.
_NO_EMPLOYER = "".join(
    f"(?<!{who} )" for who in ("boss", "manager", "supervisor", "company", "agency", "job", "work")
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
    rf"{_NO_EMPLOYER}(?:has|got) (?:me|us) (?={WHERE_HELD})",
    either("holds?", "holding", "keeps?", "keeping", "kept", "hid")
    + rf" (?:me|us)(?= {WHERE_HELD})",
    either("locks?", "locked", "locking") + " (?:me|us)(?= (?:in|up|inside|here|down|there))",
    either("ties", "tied", "traps?", "trapped") + " (?:me|us)",
    NOT_LET + r" (?:lets?|allow(?:s|ed)?)(?: to)? (?:me|us)(?= (?:out|leave|go|to leave|to go))",
    either(I_AM, "i was", "we were", "we")
    + r" ?(?:not|never|aren['’]?t|n['’]?t) (?:allowed|permitted)"
    r"(?= (?:out|leave|to leave|to go)\b)",
    f"{TAKES} {OURS}{PAPERS}",
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
)
# A bystander says these too: of work, of noise, of a telephone.
_PERHAPS_HELD = (
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
    r"(?![^.!?\n]{0,50}(?<!\w)(?:debts?|deuda|(?:i|we) pay|(?:is|its|it['’]s) paid|paid off"
    r"|pay (?:him|her|them|it|off|back)|pague(?:mos)?)(?!\w))"
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
    r"\s(?:alone|without (?:him|her|them)|to the (?:police|cops|authorities)"
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
    end=r"(?: (?:(?!(?<!\w)(?:but|pero|(?:and|y) (?:s?he|they|ell[ao]s?|now|ahora))(?!\w))"
    r"[^.!?\n]){0,60})?$",
)  # fmt: skip
# Who got out tells of it as who is held does, and then where they live now.
SURVIVED = cue(
    r"i(?:'|’)?(?: a)?m (?:an? )?(?:survivor|safe now|divorced|free now|out now)",
    r"now i (?:live|stay|rent)(?![^.!?\n]{0,20}(?<!\w)(?:him|her|them|his|their)(?!\w))",
    r"(?:i|we) (?:live|stay|rent) [^.!?\n]{2,40} now(?= ?(?:$|[.,!?;\n]))",
    r"(?:i|we) got out(?= (?:in|of|last|years|when|and)|[,.])",
    r"(?:i|we) (?:escaped|ran away|ran|got away|fled|left him)"
    r"(?![^.!?\n]{0,40}(?:caught|found (?:me|us)|brought|but|back|again))",
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
    r"|social worker|caseworker|gardener|hairdresser|delivery guy)",
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
KEPT_AT = cue(
    r"(?:i|we) sleep",
    I_AM + rf" (?:at|in|on)(?! {STREET_ADDRESS}(?!\w))"
    r"(?! (?:(?:the|my|our|a) )?(?:(?:front )?desk|work|school|class|lobby|register"
    r"|shift|break|office|housekeeping|maintenance|reception|line|bus|parking|lot|\d{1,2}th grade"
    r"|college|high school|church|car|truck|apartment (?:above|below|next|across)"
    r"|(?:room|house|unit) (?:above|below|next|across|beside)))",
    r"(?:estoy|estamos|dormimos|duermo) en(?! (?:(?:el|la|mi|un|una) )?"
    r"(?:turno|trabajo|recepci[oó]n|escuela|caja|oficina|iglesia|carro|parada))",
)
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
    rf"(?:his|the {SUSPECT}(?:'s|’s|s)?) (?:real |full |street )?name(?: is|'s|’s|:)?",
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
    "|pictures?|video)", "called (?:911|the police)", "vio", "vi[oó]", "oy[oó]", "not[oó]",
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
    r"\s{1,2}(?:says?|said|thinks?|saw|sees|heard|hears|told me|noticed|and i|dice|dijo|cree|vio"
    r"|vi[oó]|ve|oy[oó]|piensa|me (?:dijo|cont[oó])|y yo|l[oa]s? (?:vio|vi[oó]|ve))(?!\w)",
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
    r"\s{1,2}(?:"
    r"(?:is|was|are)(?: not|n['’]?t) (?:allowed|paid|permitted)|isnt (?:allowed|paid)"
    r"|(?:is|was) never (?:allowed|paid|alone)"
    r"|(?:works?|cleans?|cooks?) (?:\w{1,12} ){0,3}(?:without pay|for free|for nothing|unpaid)"
    r"|trabaja (?:\w{1,12} ){0,3}(?:sin paga|gratis|sin sueldo)"
    r"|(?:is|was|being|está|esta) (?:being )?(?:held|kept|locked|sold|trafficked|forced|encerrada)"
    r")(?!\w)",
    re.IGNORECASE,
)
HARMS = cue(
    "beats?", "hits?", "sells", "sold", "pimps?", "locks", "locked", "forces", "forced", "rapes?",
    "threatens", "trafficks?", "golpea a", "vende a", "obliga a", "encierra a", "amenaza a",
    end=BEFORE_A_NAME,
)  # fmt: skip
_AGES = (
    r"(?:[1-9]|1[0-7]|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen"
    r"|seventeen|cinco|seis|siete|ocho|nueve|diez|once|doce|trece|catorce|quince|diecis[eé]is"
    r"|diecisiete)(?!\w)"
)
_YEARS = r"[ -]?(?:years?|yrs?)[ -]?old|[ -]?y[/.]?o(?!\w)"
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
    rf"(?:is|s?he(?:'|’)s|turned) (?:only |just |about |like )?{_AGES}(?:{_YEARS})?,? "
    r"(?:and |so )?(?:his|her|their) name(?: is|'s|’s)",
    rf"(?:de|d|tiene|cumpli[oó]) (?:como |unos )?{_AGES}(?: a[nñ]os)?,? (?:y |que |qu?e? )?"
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
    r"(?:ella|compa[nñ]era)[^.!?\n]{0,30} se llama",
    r"(?:my|mi) (?:best |old |little |younger |older )?(?:\w{3,12}(?:'s|’s) )?"
    r"(?:friend|co-?worker|roommate|cousin|sister|niece|daughter|classmate|amiga|prima|hermana"
    r"|sobrina|hija|compa[nñ]era)(?:,| is| named| called| se llama)?",
    end=BEFORE_A_NAME,
)
# "The boy they sell, his name is": the sentence is about the child.
CHILD_SPOKEN_OF = re.compile(
    r"(?:^|[.!?\n]\s{0,2})(?:(?:there(?:(?:'|’)?s| is| was)|hay|theres) )?"
    r"(?:an?|the|one|un|el|la|una|little) (?:little |young )?"
    r"(?:boy|kid|child|ni[nñ][oa]|girl|chamac[oa])(?!\w)"
    r"(?:(?!(?<!\w)(?:he|him|man|guy|by|with|hombre|con)(?!\w))[^.!?\n]){0,25}$",
    re.IGNORECASE,
)
# A titled person beside a captive who does not hold them: a teacher, a caseworker, who helps.
HELPER_BEFORE = cue(
    r"(?:my|mi|the|la|el|our) (?:\w{1,12} )?(?:teacher|counselor|case ?worker|social worker|nurse"
    r"|doctor|pastor|priest|lawyer|attorney|neighbou?r|principal|coach|therapist|maestr[oa]"
    r"|enfermer[oa]|doctor[a]?|vecin[oa]|abogad[oa]|trabajadora social)(?: la| el|,)?",
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
# Behind a name: "he is my son", "in 7th grade", "es mi hermanito", "he is a kid about 12".
CHILD_AFTER_NAME = re.compile(
    r"[.,]?\s{1,2}(?:and |y )?(?:(?:he|she)(?:(?:'|’)?s| is| was)|hes|shes|who is|es|era)"
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
VICTIM_CUE = cue(
    "girls?", "victim", "ni[nñ][ao]s?", "muchach[ao]s?", "chic[ao]s?", "daughter", "hija",
    "sister", "hermana", "kid", "child", "minor", "v[ií]ctima", "one", "una",
)  # fmt: skip
