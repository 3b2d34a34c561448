"""How a letter or a form says who wrote it without a name."""

from __future__ import annotations

import re

from tipintake.privacy.scrub.cues.words import either

BEGINS = r"(?:^|(?<=[.!?;] )|(?<=\n))"
CLOSERS = either(
    r"(?:signed|sincerely|respectfully(?: yours| submitted)?|(?:kind |best |warm )?regards"
    r"|(?:very )?truly yours|yours(?: truly| faithfully| sincerely)?|firma(?:do)?"
    r"|(?:un )?(?:cordial )?saludos?)(?:[.,:!]{1,2}|(?=\n))",
    r"(?:atentamente|atte|se despide)[.,:!]{0,2}",
    r"att[.:]",
)
SOMEBODY = either(
    "an?", "the", "your", "one", "someone", "somebody", "una?", "su", "el", "la", "alguien",
    "quien", "from", "de",
)  # fmt: skip
# Of who is held, or of what is done to somebody: such words stand.
IS_HELD = re.compile(
    r"(?<!\w)(?:lock\w{0,3}|held|holds?|kept|keeps?|hiding|hides?|trapped|chained|tied|sold|sells?"
    r"|can(?:not|['’]?t| not)|won['’]?t let|(?:encerrad|escondid|atrapad|amarrad)[oa]s?"
    r"|no (?:puede|puedo|deja\w?)|vende\w?|girls?|minor|victims?|muchach[oa]s?|ni[nñ][oa]s?"
    r"|(?:[1-9]|1[0-7])[ -]?(?:year|yr|y/?o|a[nñ]os)\w{0,2}|help|please|ayuda|auxilio"
    r"|passports?|pasaportes?|unpaid|no pay|not paid|my pay|owes?|debts?|sin pag[ao]|deudas?"
    r"|watches)(?!\w)",
    re.IGNORECASE,
)
ASKS_FOR_HELP = re.compile(
    r"(?<!\w)(?:help|please|ayuda|auxilio|come|vengan|hurry|police|polic[ií]a|gun|pistola|knife"
    r"|cuchillo|lock\w{0,3}|beats?|hits?|passport|pasaporte|(?:i|we) can(?:not|['’]?t| not)"
    r"|no (?:puedo|podemos))(?!\w)",
    re.IGNORECASE,
)
# What signs nobody tells of a scene.
TELLS = re.compile(
    r"(?<!\w)(?:are|is|was|were|has|have|drives?|leaves?|takes?|est[aá]n?|tienen?|hay|es|son|lleva)"
    r"(?!\w)",
    re.IGNORECASE,
)
# "Signed, a worried grandma on Tholozan, house with the blue door": to the end of its sentence.
SIGNED_UNNAMED = re.compile(
    rf"{BEGINS}{CLOSERS}\s{{1,3}}(?P<who>{SOMEBODY} [^\n.!?]{{3,120}})(?=[.!?]|[ \t]{{0,9}}$)",
    re.IGNORECASE | re.MULTILINE,
)
ROOM_IN_IT = re.compile(
    r"(?<!\w)(?:room|rm|apt|unit|cuarto|habitaci[oó]n|hab|apto)\.? ?#?\d{1,4}[a-z]?(?!\w)",
    re.IGNORECASE,
)
# "Her teacher here, room 12." Not: "the manager here takes their pay".
IS_HERE = re.compile(
    rf"{BEGINS}(?!(?:the|el|la|los|las) )"
    r"(?P<who>(?:(?:an?|her|his|their|your|una?|su) )?(?:[\w'’-]{2,18} ){0,2}"
    r"[\w'’-]{2,18} (?:here|speaking|aqu[ií]))(?=\s?[.,!:;–—-]|\s*$)"
    r"(?!,\s?(?:he|she|they|[eé]l|ell[ao]s?|(?-i:[A-Z])[a-z]{1,15},)(?!\w))",
    re.IGNORECASE | re.MULTILINE,
)
# "4B here. 4D has girls."
UNIT_IS_HERE = re.compile(
    r"(?:\A|(?<=\n))\s{0,3}(?P<who>(?:(?:unit|apt|lot|apto)\.? ?#?\d{1,4}[a-z]?|\d{1,3}[a-z]) "
    r"(?:here|aqu[ií]))(?=\s?[.,!:;–—-]|\s*$)",
    re.IGNORECASE,
)
# "Mom of Kaylee in Ms. Ford's class", and nothing else in its sentence.
KIN_OF_NAMED = re.compile(
    rf"{BEGINS}(?P<who>(?:an?|the)?\s?(?:mom|mother|dad|father|parent|grandm\w{{1,6}}|teacher"
    r"|mam[aá]|madre|pap[aá]|abuel[oa]|maestr[oa]) (?:of|to|de) [^\W\d_]{2,20}(?: [^\W\d_]{1,20})?"
    r"(?: (?:in|at|from|on|en|de|del) [^.!?,\n]{2,40})?)(?=[.!?,\n]|\s*$)",
    re.IGNORECASE | re.MULTILINE,
)
# Notes of who takes a call: "RP is the clerk", "caller lives in 2C".
CALLER = either(
    "rp", "r/p", "reporting party", "reporter", "complainant", "caller", "informant",
    "denunciante", "reportante", r"(?:quien|la persona que) (?:reporta|llama)",
)  # fmt: skip
TOLD_AS_CALLER = re.compile(
    rf"{BEGINS}(?:the )?{CALLER} (?P<said>(?:is|was|works?|worked|lives?|resides?|stays?|drives?"
    r"|rents?|manages?|cleans?|delivers?|es|trabaja|vive|maneja|renta|limpia) "
    r"(?!afraid|scared|anonymous|willing|not |worried|unsure|concerned|requesting|asking|calling"
    r"|reporting|an[oó]nim)[^.,;\n!?]{2,80})",
    re.IGNORECASE | re.MULTILINE,
)
BORN = re.compile(
    r"(?<!\w)(?:d\.?o\.?b\.?|date of birth|birth ?date|fecha de nacimiento)(?!\w)"
    r"(?: is| es)?\s{0,2}[:=,-]?\s{0,2}"
    r"(?P<day>\d{1,4}[-/. ]\d{1,2}[-/. ]\d{1,4}|[^\W\d_]{3,10} \d{1,2},? \d{4}"
    r"|\d{1,2} (?:de )?[^\W\d_]{3,10} (?:de )?\d{4})(?!\w)",
    re.IGNORECASE,
)
# "You can get me at work, Schnucks on Arsenal, till 4."
FOUND_AT_WORK = re.compile(
    r"(?<!\w)(?<!they )(?<!he )(?<!she )(?:get|reach|find|catch|call|see|text) me (?:at|in) "
    r"(?:work|my (?:job|work|shop|store|office|desk|station|salon|clinic|school|church))[,:]? "
    r"(?P<where>[^.,;!?\n]{2,60})"
    r"|(?<!\w)me (?:encuentran?|pueden? (?:encontrar|hallar|buscar)) en (?:mi|el) trabajo[,:]? "
    r"(?P<donde>[^.,;!?\n]{2,60})",
    re.IGNORECASE,
)
_ACCOUNT = (
    r"[ \t]{0,4}(?:my )?(?:snap(?:chat)?|insta(?:gram)?|ig|fb|facebook|telegram|tg|signal"
    r"|whats ?app|wa|tik ?tok|kik|discord|reddit|skype|messenger)[ \t]{0,2}[:=-]?[ \t]{0,2}"
)
# "Snap: kaylee_m09" as the last line of a text, and not of a list: "his accounts:".
LAST_LINE = re.compile(
    rf"(?<=[^:\n]\n){_ACCOUNT}(?P<handle>[@\w][\w./@-]{{2,40}})\s{{0,9}}\Z", re.IGNORECASE
)
# "He said to add him", "find him on": the account is another's.
ANOTHERS_ACCOUNT = re.compile(
    r"(?<!\w)(?:h(?:im|is|er|ers)|s?he|they|their|them|[eé]l|ella|su|sus|ads?|anuncios?)(?!\w)",
    re.IGNORECASE,
)
LINE_OF_ACCOUNTS = re.compile(rf"\n?{_ACCOUNT}[@\w][\w./@-]{{2,40}}[ \t]{{0,4}}\Z", re.IGNORECASE)
UNPAID = re.compile(
    r"(?<!\w)(?:sin (?:pago|paga|sueldo)|(?:me|nos) pag\w{1,5}|encerrad[oa]s?|dorm[ií]\w{0,5})"
    r"(?!\w)",
    re.IGNORECASE,
)
# "Trabajé ahí limpiando hasta marzo"; who is held there says so too.
WORKED_THERE = re.compile(
    r"(?<!\w)(?P<said>(?:yo )?trabaj(?:[eé]|aba|amos|[aá]bamos) (?:ah[ií]|all[ií]|aqu[ií]|ac[aá]"
    r"|con (?:[eé]l|ella|ell[oa]s)|para (?:[eé]l|ella|ell[oa]s))"
    r"(?: (?:limpiando|cocinando|de noche))?"
    r"|(?:[eé]ramos|somos) (?:l[oa]s [uú]nic[oa]s"
    r"|de la misma (?:parroquia|iglesia|escuela|cuadra|colonia|familia|calle)))(?!\w)",
    re.IGNORECASE,
)
# Of a named person's day of birth: a writer's, a bystander's or a victim's.
NO_SUSPECTS = re.compile(
    r"(?<!\w)(?:my|i am|i'm|me|mi|soy|report\w{0,6}|caller|rp|complainant|witness|denunciante"
    r"|victim|girl|daughter|hija|v[ií]ctima|muchacha|ni[nñ]a)(?!\w)",
    re.IGNORECASE,
)
