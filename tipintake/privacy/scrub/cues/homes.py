"""Where the writer lives, and of whose kin they are."""

from __future__ import annotations

import re

from tipintake.privacy.scrub.cues.words import cue, either

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
STREET_ADDRESS = (
    r"\d{2,5} (?:[\w.]{1,20} ){1,3}"
    r"(?:st|street|ave|avenue|rd|road|dr|drive|ln|lane|ct|court|pl|place|blvd|way|ter|terrace|cir)"
)
WHOLE_ADDRESS = cue(STREET_ADDRESS)
# "Come by 45 Oak St", "mailing address: 45 Oak St": not what men do, nor the address of a spa.
ASKED = (
    r"(?:(?<![^\W\d_] )|(?<=please )|(?<=you can )|(?<=and )|(?<=just )|(?<=my )|(?<=our )"
    r"|(?<=so ))"
)
OWN_HOME = cue(
    r"(?:i|we) (?:live|reside|stay) (?:at|on|in)",
    r"(?:my (?:home )?|our )address(?: is|:)",
    r"(?:yo )?(?:vivo|vivimos) en",
    r"mi (?:direcci[oó]n|domicilio)(?: es|:)?",
    r"(?:yo )?rent(?:o|amos)(?: una? \w{3,12})? en",
    r"my (?:\w{1,12} ){0,2}(?:window|porch|balcony|deck|stoop|driveway|yard|apartment|house|home)"
    r" (?:at|on|in)",
    r"(?:mi|nuestra) (?:ventana|casa|balc[oó]n|porche|apartamento|departamento)"
    r"(?: en|(?: es| est[aá] en|,)?(?= \d{2,5} \w))",
    r"(?:yo )?vivo (?:(?:en )?(?:el edificio |la casa )?(?:de )?)?"
    r"(?:enfrente|al lado|cerca|arriba|abajo)(?:,? en)?",
    r"(?:i|we) live (?:right )?(?:next door|across(?: the street)?|upstairs|downstairs)"
    r"(?:,? (?:at|in))?",
    r"(?<!his )(?<!her )(?<!their )(?<!’s )(?<!'s )(?<!suspect )(?<!the )"
    r"home address(?: is|:)?",
    rf"{ASKED}(?:mailing|postal) address(?: is|:)?",
    r"address of (?:the )?(?:reporter|caller|sender|writer)(?: is|:)?",
    r"i(?:'|’)?(?: a)?m (?:the |a |their |his |her )?neighbou?r at",
    rf"(?:i|we) (?:own|rent|lease)(?= {STREET_ADDRESS})",
    rf"(?:i|we) rent (?:\w{{1,12}} ){{1,5}}(?:at|on)(?= {STREET_ADDRESS})",
    r"(?:our|my) (?:house|home|apartment|place|trailer|farm)(?: is| at| on| is at| is on|,|:)"
    rf"(?= {STREET_ADDRESS})",
    r"(?:i am|i(?:'|’)?m) (?:an? |the )?(?:[\w-]{1,15} ){0,6}living (?:at|on)"
    rf"(?= {STREET_ADDRESS})",
    rf"where (?:my \w{{2,10}} and )?(?:i|we) live,?(?: at)?(?= {STREET_ADDRESS})",
    rf"from(?= {STREET_ADDRESS}\.?,? (?:i|we) (?:can )?see)",
)
# "Rentamos en 49 Iowa Ave y el patrón nos descuenta": the workers' own, and the scene.
DOCKED_THERE = re.compile(
    r"[^.!?\n]{0,80}(?<!\w)(?:nos|me) (?:cobran?|descuentan?|rebajan?|quitan?)(?!\w)",
    re.IGNORECASE,
)
# Held: who wrote it is found there, but it may be the scene.
NEAR_HOME = cue(
    r"(?:me mud[eé]|nos mudamos) a(?= \d{2,5} \w)",  # or was brought
    r"(?:i|we) (?:just |recently )?moved (?:in)?to(?= \d{2,5} \w)",
    r"(?:i|we) can (?:always )?be (?:found|reached) at",
    r"me pueden? (?:encontrar|localizar|buscar) en",
    r"i(?:'|’)?(?: a)?m (?:right )?(?:next door|across(?: the street)?|upstairs),? (?:at|in)",
    r"(?:my|our) (?:mom|mother|mama|grandma|grandmother|granny|grandpa|parents|aunt)"
    r"(?: (?:lives?|stays?) (?:at|in)"
    r"|(?:s|'s|’s|'|’)? (?:house|home|place|apartment)(?: is| at|,)?)",
    r"(?:mi|nuestra) (?:mam[aá]|madre|abuel[oa]|t[ií]a|suegra) vive en",
    r"(?:la )?casa de mi (?:mam[aá]|madre|abuel[oa]|t[ií]a|suegra),?(?: es| en)?",
    r"(?:my|our) (?:shop|store|business|office|church|school|clinic|salon|bakery)"
    r"(?: is)?(?: at| on|,)?(?= \d{2,5} \w)",
    r"(?:mi|nuestro|nuestra) (?:negocio|tienda|taller|local|oficina|trabajo|iglesia)"
    r"(?: est[aá]| queda)? en",
    rf"{ASKED}(?:send|mail) (?:\w{{1,10}} ){{0,3}}(?:check|reward|letters?) to",
    rf"{ASKED}come by(?= \d{{2,5}} \w)",
    rf"(?:i|we) (?:run|own|have|manage) (?:an?|the) (?:\w{{1,12}} ){{1,3}}at(?= {STREET_ADDRESS})",
)
# "Our shop at 31 Wash St is where we sleep": the labellers judge of it.
SLEEPS_THERE = re.compile(
    r"[^.!?\n]{0,60}(?<!\w)(?:(?:i|we|they) sleep|makes? (?:us|me)|dormimos|duermo"
    r"|no (?:nos|me) pagan?|(?:n['’]?t|not) pay (?:us|me))(?!\w)"
    r"|[^.!?\n]{0,40}(?<!\w)(?:and|y) (?:she |ella )?(?:(?:sells?|pimps?|beats) (?:out )?"
    r"(?:me|us|my|girls|women|her (?:own )?(?:daughter|niece|girls))"
    r"|vende (?:a mi|muchachas|ni[nñ]as|mujeres)|me vende|nos vende)(?!\w)",
    re.IGNORECASE,
)
# What a number belongs to that is no house: a room, a truck stop, a camp.
LODGING = frozenset(
    "room rm motel hotel inn suites lodge camp trailer barn farm ranch warehouse spa parlor truck "
    "exit mile super cuarto habitacion trailas traila rancho bodega campo different".split()
)
HOME_IS_OURS = re.compile(
    rf"(?<!\w){STREET_ADDRESS}\.?,?(?: (?:apt|apartment|unit|#) ?\w{{1,5}},?)? is (?:us|me|ours"
    r"|mine|(?:my|our) (?:house|home|place)|where (?:(?:i|we) (?:live|stay)|i sleep))(?!\w)",
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
