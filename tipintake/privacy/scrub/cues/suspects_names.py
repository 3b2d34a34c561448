"""Words beside a name that is a suspect's, and what makes it another's after all."""

from __future__ import annotations

import re

from tipintake.privacy.scrub.cues.ages import AGES, NO_AGE, YEARS
from tipintake.privacy.scrub.cues.words import BEFORE_A_NAME, cue, either
from tipintake.privacy.scrub.cues.writers_names import CLOSE_MAN, I_AM_NAMED

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
    rf"|[.,]? (?:age|aged|edad):? ?{AGES}|[.,(]{{0,2}} ?{AGES}(?:{YEARS})"
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
OF_HIM = re.compile(
    r"(?:his|he|(?:they|everyone|everybody|people) call|se hace|le dicen|lo (?:llaman|conocen))",
    re.IGNORECASE,
)
SUSPECT_OF_CAPTIVE = cue(
    r"my (?:pimp|trafficker|boyfriend|husband|ex|boss|owner|manager)(?: is| named|,)?",
    r"mi (?:patr[oó]n|patrona|padrote|marido|esposo|jefe|jefa|novio)(?: es| se llama|,)?",
    end=BEFORE_A_NAME,
)
# "He sells girls. His name is": the girls are not who is named.
HE_SELLS_THEM = re.compile(
    r"(?<!\w)he (?:sells|pimps|traffics|rents) (?:out )?(?:girls|women|kids)\.\s{1,2}his name is "
    r"\Z",
    re.IGNORECASE,
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
# "Rico Vance, con 9 años de trabajar ahí, lo maneja todo": not "my manager, Linda Park, …".
RUNS_IT_ALL = re.compile(
    r", (?:con|with) [^.!?,\n]{1,40}, (?:lo (?:maneja|controla) todo|runs it all)(?!\w)",
    re.IGNORECASE,
)
IS_CLOSE = re.compile(r"(?<!\w)(?:my|our|mi|nuestr[oa])(?!\w)", re.IGNORECASE)
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
    rf"|(?:s?he(?:(?:'|’)?s| is| was)|tiene|aged?) (?:only |just |solo |apenas )?{AGES})(?!\w)",
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
# "I am 16. Terrell has me at his mom's": from a child it is who holds them.
HAS_A_CHILD_AT = re.compile(
    r"\s{1,2}(?:has|had|got|keeps|kept) me (?:at|in) (?:his|her) (?:mom|mother|mama|grandma|cousin"
    r"|brother|sister|friend|uncle|aunt)['’]?s(?!\w)",
    re.IGNORECASE,
)
A_CHILD_WRITES = cue(
    r"i(?:'|’)?(?: a)?m (?:only |just )?1[0-7](?= ?[.,;!\n]| and| years? old| yo(?!\w))",
)
TITLED = cue("mrs?", "ms", "miss", "mister", "don", "do[nñ]a", "sra?", "se[nñ]ora?", "madam", "dr")
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
        AGES + NO_AGE,
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
