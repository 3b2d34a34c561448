"""Whose a telephone, page, car or plate is."""

from __future__ import annotations

import re

from tipintake.privacy.scrub.cues.words import cue, either

# Of the writer only where they ask: "he hit me up on 314-…" is of who did.
SAID_IN_ADS = (
    r"(?:(?:(?<![^\W\d_] )|(?<=please )|(?<=pls )|(?<=and )|(?<=just )|(?<=so )|(?<=or )"
    r"|(?<=can )|(?<=help, ))hit me up"
    r"|(?<!\bhe )(?<!\bshe )(?<!\bwho )(?<!\bthat )hmu)"
)
IS_SAID_IN_ADS = re.compile(r"(?:hit me up|hmu)", re.IGNORECASE)
OWN_CONTACT = cue(
    either("call", "text", "txt", "reach", "e-?mail", "contact", "dm", "msg", "message", "ring")
    + " me(?: back)?",
    r"(?:whatsapp|phone|write(?: to)?) me",
    SAID_IN_ADS,
    r"ll[aá]m(?:ame|enme|eme|arme)",
    r"m[aá]r(?:came|carme|quenme|queme)",
    r"escr[ií]b(?:ame|anme|eme|irme)",
    r"cont[aá]ct(?:ame|enme|arme)",
    r"localizarme",
    r"my (?:own |personal |work |home |cell ?)?"
    + either("cell", "phone", "numbers?", "num", "no", "e-?mail(?: address)?", "tel", "mobile"),
    r"my whatsapp",
    r"i (?:called|call|texted|text|messaged|wrote) (?:\w{1,12} ){1,3}from(?: my(?: \w{1,8}){1,2})?"
    r"(?= [+(]?\d)",
    r"(?:le|les|lo) (?:marqu[eé]|llam[eé]|escrib[ií]|habl[eé]) (?:de|desde)(?: mi \w{2,10}| el)?"
    r"(?= [+(]?\d)",
    r"mi (?:n[uú]mero|tel[eé]fono|cel|celular|correo|whatsapp|tel)",
)
# Held, with a number or address right behind: an ad asks so too.
ASKS_FOR_WORD = re.compile(
    r"(?<![^\W_] )(?<!\w)(?:h[aá]blenme|para m[aá]s info(?:rmaci[oó]n)?|reach out|contact|contacto"
    r"|e-?mail|write to)(?: to| at| al?)?:?\s{1,2}(?=[+(\d]|[\w.+-]{1,40}@)",
    re.IGNORECASE,
)
# "I called the girl from 314-…": from where, or which girl.
FROM_WHERE_OR_WHOSE = re.compile(r" (?:the|an?|that|this|some) \w{1,12} from$", re.IGNORECASE)
OWN_PAGE = cue(
    r"my (?:\w{1,12} ){0,2}"
    + either("page", "profile", "links?", "channel", "instagram", "insta", "ig", "facebook", "fb")
    + r"(?: is|:)?",
    r"my (?:\w{1,12} ){0,2}"
    + either("snapchat", "snap", "tiktok", "telegram", "videos?", "cam(?:era)?", "paypal", "venmo")
    + r"(?: is|:)?",
    r"mi (?:\w{1,12} ){0,2}"
    + either("p[aá]gina", "perfil", "insta", "instagram", "facebook", "video"),
    rf"(?:(?:reach|find|contact|message|dm|add|follow|pay) me|{SAID_IN_ADS})(?: at| on| here)?",
)
REWARD = re.compile(
    r"[\s,]{1,2}(?:for|as|to get|para|por) (?:(?:the|a|my|la|mi) )?(?:reward|recompensa)"
    r"|[\s,]{1,2}(?:for|if (?:you|u) (?:need|want)|para|si quieren)"
    r" (?:(?:the|my|more|el|m[aá]s) )?"
    r"(?:videos?|proof|screenshots?|details|pruebas?|detalles)(?!\w)"
    r"(?! (?:of|and|de|y) )",  # "for videos of girls": hers who is sold
    re.IGNORECASE,
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
# "His name is Terrence Malloy, plate AB1 C2D."
PLATE_BESIDE = cue(r"(?:license )?(?:plates?|tags?)|placas?")
SOMEBODY_NAMED = re.compile(
    r"(?:(?:his|her) (?:\w{1,8} )?name(?:['’]?s| is)?|se llama) [^,.;!?\n]{2,40}[,.;] {1,2}$",
    re.IGNORECASE,
)
# "The same gray van is behind the motel, plate AB1 C2D": a car that is told of, and its plate.
CAR_TOLD_OF = re.compile(
    r"(?<!\w)(?:the|that|this|an?|another|one|el|la|una?|es[ae]|otr[ao]) "
    r"(?P<same>(?:same|misma|mismo) )?(?P<how>(?:[\w-]{2,12} ){0,3}?)"
    r"(?P<car>van|minivan|car|truck|suv|pickup|sedan|suburban|tahoe|escalade|econoline|camioneta"
    r"|carro|coche|auto|troca|cami[oó]n)(?!\w)"
    r"(?P<between>[^.;!?\n]{0,50}?)"
    r"(?<!\w)(?:license |licence )?(?:plates?|tags?|placas?|matr[ií]culas?)"
    r"(?: (?:number|no|is|was|reads?|es|era|:))*:? {1,2}",
    re.IGNORECASE,
)
# What makes the car the writer's or a bystander's, in the words before it.
NOT_TOLD_OF = re.compile(
    r"(?<!\w)(?:my|our|mine|mi|nuestr[oa]|tengo|soy|somos|manejo|vengo|ven[ií]a|(?:i|we) (?:have"
    r"|had|own|drive|drove|was in|were in|came|rode|parked|got)|work for|neighbou?r\w{0,2}"
    r"|co-?worker|friend|clerk|nurse|teacher|vecin[oa]|amig[oa]|compa[nñ]er[oa]|ignore|not|wasn['’]?t"
    r"|text me|from|desde|in|en|with|con)(?!\w)[^.;!?\n]{0,30}$",
    re.IGNORECASE,
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
    r"(?:my|her|their|the) (?:pimp|trafficker|madam)(?:'s|’s)?"
    r"(?: (?!from\b)\w{2,15}){0,2}(?= [+(]{0,2}\d)",
    r"(?:his|theirs) (?:is|:)(?= [+(]{0,2}\d)",
    r"(?<!soy )(?<!somos )(?<!es )(?<!era )(?:el|la) (?:de la|del) "
    r"(?:padrote|proxeneta|tratante|anuncio|p[aá]gina|madrota)"
    r"(?: es|:)?(?= [+(]{0,2}\d)",
    r"the (?:ad|listing|flyer):(?= [+(]{0,2}\d)",
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
    rf"(?:her|his|their) {CLOSE} (?:\w{{2,15}} ){{0,2}}(?:can be reached at|is at)",
    rf"su {CERCANO} (?:\w{{2,15}} ){{0,2}}est[aá] (?:en el|al)",
)
# "Marta saw it too, her number is": of who can tell of it, and not "Marta saw his number".
WITNESS_CONTACT = re.compile(
    r"(?<!\w)(?=[schknvop])"  # first, for it rules out most places
    r"(?<!\bhe )(?<!\bthey )(?<!\bwho )(?<!\bi )(?<!\bwe )"
    r"(?<!pimp )(?<!trafficker )(?<!madam )(?<!padrote )"
    r"(?:saw|heard|noticed|can (?:also )?confirm|knows? more|vi[oó]|oy[oó]|not[oó]"
    r"|puede confirmar|sabe m[aá]s)(?!\w)(?! (?:his|her|their|su) )"
    r"(?! (?:on|in|at|en) (?:\w{1,12} ){1,4}(?:his|her|their|su) )"
    r"(?:(?!(?<!\w)(?:called|texted|dialed|llam[oó]|marc[oó]"
    r"|s?he|h[ei][rm]|his|them|they|who|pimp|trafficker|owner|boss|driver|m[ae]n|guy"
    r"|dude|madam|landlord|[eé]l|ell[ao]s?|que|hombres?|tipo|se[nñ]or|due[nñ][oa]|patr[oó]n|chofer)"
    r"(?!\w))[^.!?\n]){0,40}?"
    r"(?<!\w)(?:his|her|their|su) (?:phone|cell|number|tel[eé]fono|n[uú]mero|cel|celular)(?!\w)",
    re.IGNORECASE,
)
# "I called 314-…, a girl answered": hardly the writer's own.
CALLED_BY = cue(
    r"i (?:called|texted|dialed|messaged)(?: the number)?",
    r"(?:llam[eé]|marqu[eé]) (?:al?|el)",
    r"(?:johns|men|customers|buyers|clients) (?:call|text)",
    r"(?:clientes|hombres) (?:llaman|marcan)(?: al?)?",
    r"(?:note|nota|papelito) (?:with|that (?:said|had)|had|con(?: el)?)",
    end=r"\s{1,2}",
)
# "I slipped her a note with 314-…": the writer's own.
OWN_NOTE = cue(
    r"(?:i|we) (?:\w{1,8} )?(?:left|slipped|gave|passed|handed|wrote)",
    r"les? (?:di|dej[eé]|pas[eé]|mand[eé])|dej[eé]|escrib[ií]",
    end=r"(?!\w)[^.!?\n]{0,30}(?<!\w)(?:note|nota|papelito)(?: \w{3,4}){1,2}\s{1,2}$",
)
# "call me 314-…" is written on a mirror, or shouted: whose it is, is told of.
WRITTEN_OR_SHOUTED = cue(
    either(
        "mirrors?",
        "stickers?",
        r"(?<!please )notes?(?!:)",
        "tattoos?",
        "napkins?",
        r"(?<=on the )walls?",
        r"(?<=on a )wall",
        "signs?",
        "cards?",
        "posters?",
        "receipts?",
        "matchbooks?",
        "scrawled",
        "carved",
        "painted",
        "tattooed",
        "shout(?:s|ed|ing)?",
        "yell(?:s|ed|ing)?",
    ),
    either(
        "espejos?",
        "calcoman[ií]as?",
        r"notas?(?!:)",
        "papelitos?",
        "tatuajes?",
        "servilletas?",
        r"(?<=en las )paredes",
        r"(?<=en la )pared",
        "letreros?",
        "tarjetas?",
        r"grit(?:[oó]|aba)",
    ),
)
# Not what the writer wrote and left there, or shouted.
I_WROTE_IT = cue(
    r"(?:i|we)(?: have|'ve|’ve)?(?: \w{1,8})? (?:left|leave|slipped|gave|passed|handed|wrote"
    r"|written|write|put|stuck|taped|posted|shouted|yelled|screamed|hung|told|texted)",
    r"my (?:\w{1,12} )?" + either("notes?", "signs?", "cards?", "stickers?", "posters?"),
    r"(?:les? )?(?:di|dej[eé]|pas[eé]|mand[eé]|escrib[ií]|puse|pegu[eé]|grit[eé])",
    r"mi (?:\w{1,12} )?" + either("nota", "letrero", "tarjeta", "papelito"),
)  # fmt: skip
ASKS_PRICES = re.compile(
    r" (?:for|para) (?:rates|prices|a (?:girl|date)|girls|precios|una muchacha)(?!\w)",
    re.IGNORECASE,
)
# "Su mamá me dio su teléfono", "his cell …, he is my son": not the exploiter's.
OF_KIN_BEFORE = cue(
    rf"(?:mi|my|su|her) (?:{CERCANO}|{CLOSE})(?: (?:me (?:dio|dijo)|gave me))?,?", end=r"\s{1,2}$"
)
OF_KIN_AFTER = re.compile(
    r",?\s{1,2}(?:s?he(?:(?:'|’)?s| is)|es) (?:my|mi|our) (?:\w{1,10} )?"
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
# So plain that nobody else can be meant: "it's my boss" is somebody else.
MINE = re.compile(
    r"[,)]{0,2}\s{1,2}(?:[-–—(]\s?)?(?:"
    r"(?:is|that(?:(?:'|’)?s| is)|it(?:(?:'|’)?s| is)) (?:mine|ours)(?!\w)"
    r"(?!,? (?:he|she|they|it|the ad) (?:said|says?|wrote|told))"
    r"|(?:(?:is|that(?:(?:'|’)?s| is)|it(?:(?:'|’)?s| is)) (?:me|us)|soy yo)(?!\w)"
    r"(?! (?:girls?|new|in town|baby|papi|call|text|available|la nueva|(?-i:[A-Z])[a-z]))"
    r"|belongs to (?:me|us)(?!\w)|is what (?:i|we) (?:drive|ride)(?!\w)"
    r"|(?:is|that(?:(?:'|’)?s| is)|it(?:(?:'|’)?s| is)) (?:my|our) (?:own )?"
    r"(?:(?:husband|wife|mom|dad|son|daughter|sister|brother|roommate)(?:'s|’s|s)(?: \w{1,8})?"
    r"|car|truck|ride|van|cell|phone|number)(?=\s{0,2}(?:[.,;!?)\n]|$))"
    r"|es (?:el |la )?(?:m[ií][oa]|nuestr[oa])(?! \w)|es de mi (?:espos[oa]|marido|mujer)(?!\w)"
    r")",
    re.IGNORECASE,
)
# And held, for who speaks in an ad or a text says so too: "314-…, it's me, Candy".
IT_IS_ME = re.compile(
    r"[,)]{0,2}\s{1,2}(?:[-–—(]\s?)?(?:"
    r"(?:is|that(?:(?:'|’)?s| is)|it(?:(?:'|’)?s| is)) (?:me|us)(?!\w)"
    r"|(?:mine|ours)(?=\s{0,2}(?:[.,;!?)\n]|$))"
    r"|is what (?:i|we) (?:earn|make)(?!\w)|soy yo(?!\w))",
    re.IGNORECASE,
)
# "The Subaru, JK8 N4D, is not part of it": a neighbor's.
DISOWNED = re.compile(
    r",?\s{1,2}(?:is(?:n['’]?t| not) (?:part of (?:it|this)|involved)(?!\w)"
    r"|is (?:only|just) (?:an?|the) (?:neighbou?r|customer|regular)(?=\s{0,2}(?:[.,;!?)\n]|$))"
    r"|has nothing to do|no tienen? nada que ver|b[oó]rren(?:la|lo)(?!\w))",
    re.IGNORECASE,
)
# "Please ignore the gray Subaru, JK8 N4D".
LEFT_OUT = cue(
    r"(?<!not )(?<!n't )(?<!they )(?<!cops )(?<!police )(?:ignore|disregard|leave out"
    r"|quiten|ignoren|b[oó]rr(?:en|e)(?:l[ao])?)"
    r"(?: (?!(?:him|her|them)(?!\w))[\w'’-]{1,12},?){0,4}",
    end=r"[:,]?\s{1,2}$",
)
# "The other Frontier, the gold one, is mine"
OWNED = cue(
    r"(?:the|that|la|el|esa|ese)"
    r"(?! (?:\w{1,12} )?(?:girl|woman|boy|kid|ni[nñ][ao]|muchacha|chica))"
    r"(?: [\w'’-]{1,15},?){1,8}? (?:is|es) "
    r"(?:mine|ours|(?:el|la) m[ií][oa])",
)
# Where the writer stands at work: "across my counter".
OWN_POST = cue(
    r"(?:across|at|behind|by|from|near|over|to|in|on|into|through|past) my (?:own )?"
    + either("counter", "register", "till", "checkout", "front desk", "drive[- ]?thru",
             "classroom", "exam room", "loading dock", "ambulance", "patrol car", "route", "cab",
             "rig", "shift"),
    r"(?:en|a|por|desde|frente a|sobre) mi "
    + either("mostrador", "caja", "ventanilla", "sal[oó]n de clases?", "consultorio", "ruta",
             "turno"),
)  # fmt: skip
