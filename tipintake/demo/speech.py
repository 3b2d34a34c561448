"""What the people of made-up tips write, in English and Spanish. Every sentence is invented.

A text is put together from an opening, one or two things that were seen, and sometimes an end in
which somebody gives themselves away, so that the scrubber has work to do.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Speech:
    opening: tuple[str, ...]
    seen: tuple[str, ...]


SPEECHES: Mapping[str, Mapping[str, Speech]] = MappingProxyType({
    "hotel": {
        "en": Speech(
            (
                "Something is wrong on the second floor of this place.",
                "The same thing happens here every week.",
                "I have watched this for a while and it does not stop.",
                "One room here has far too many visitors.",
                "A man rents two rooms next to each other and pays for both.",
                "The side door is propped open at night and people wait there.",
            ),
            (
                "Men come one at a time, stay about twenty minutes, and leave by the side stairs.",
                "The room is paid in cash each morning, always by the same person.",
                "Nobody is let in to clean, only the trash is put outside the door.",
                "Two women never leave alone, and the man beside them holds both phones.",
                "A woman asked for a phone charger and then looked at the man before she spoke.",
                "One of the women had a bruise on her arm and would not look up.",
                "They ask for many towels, and again an hour later.",
                "The do not disturb sign has been on the door for five days.",
                "A car waits with its lights off until somebody comes down.",
                "He gave the desk three identity cards and spoke for everybody.",
            ),
        ),
        "es": Speech(
            (
                "Algo está mal en el segundo piso de este lugar.",
                "Pasa lo mismo aquí cada semana.",
                "Lo he visto varias veces y no para.",
                "Una habitación recibe demasiadas visitas.",
                "Un hombre alquila dos cuartos juntos y paga los dos.",
            ),
            (
                "Entran hombres de uno en uno, se quedan veinte minutos y salen por la escalera.",
                "El cuarto se paga en efectivo cada mañana, siempre la misma persona.",
                "No dejan entrar a limpiar, solo sacan la basura a la puerta.",
                "Dos mujeres nunca salen solas y el hombre les guarda los teléfonos.",
                "Una mujer tenía un moretón en el brazo y no levantaba la vista.",
                "Un carro espera con las luces apagadas hasta que alguien baja.",
                "Él entregó tres identificaciones y habló por todas.",
            ),
        ),
    },
    "truck stop": {
        "en": Speech(
            (
                "It was at the far end of the truck lot.",
                "I park here on most of my runs and see the same thing.",
                "Late at night a car goes slowly along the rows.",
            ),
            (
                "Women were let out and went from cab to cab, knocking.",
                "The driver flashed the headlights when one of them came back.",
                "She looked very tired and did not have a coat in the cold.",
                "A man in the car counted money when she got in again.",
                "Somebody said on the radio that there was company in row C.",
                "He shouted at her when she came back too soon.",
            ),
        ),
        "es": Speech(
            (
                "Fue al fondo del estacionamiento de camiones.",
                "Paro aquí en casi todos mis viajes y veo lo mismo.",
            ),
            (
                "Bajaron mujeres y fueron de cabina en cabina tocando la puerta.",
                "El chofer prendía las luces cuando una regresaba.",
                "Un hombre contó dinero cuando ella volvió a subir.",
                "Él le gritó porque regresó demasiado pronto.",
            ),
        ),
    },
    "spa": {
        "en": Speech(
            (
                "The windows are covered and the door is only opened by a buzzer.",
                "I walk past this place every day.",
                "The women who work there seem to live there too.",
            ),
            (
                "Mattresses were carried in through the back, and food is brought to them.",
                "Different women arrive with suitcases every two weeks, in the same van.",
                "Only men go in, until two in the morning.",
                "One of them asked a neighbor in a whisper what town this is.",
                "A man collects envelopes every Monday and stays for ten minutes.",
                "They are driven everywhere and never walk to the store.",
            ),
        ),
        "es": Speech(
            (
                "Las ventanas están tapadas y la puerta solo se abre con timbre.",
                "Las mujeres que trabajan ahí parece que también viven ahí.",
            ),
            (
                "Metieron colchones por atrás y les llevan la comida.",
                "Cada dos semanas llegan otras mujeres con maletas en la misma camioneta.",
                "Solo entran hombres, hasta las dos de la mañana.",
                "Un hombre recoge sobres cada lunes y se va a los diez minutos.",
            ),
        ),
    },
    "labor": {
        "en": Speech(
            (
                "A crew is brought here before sunrise and taken away after dark.",
                "The people who work here are not free to leave.",
                "I talked with one of the workers when the boss was away.",
            ),
            (
                "He said that nobody has been paid for two months.",
                "The boss keeps the passports in his truck.",
                "Twelve people sleep in two rooms, on the floor.",
                "They were told that their families would pay if they left.",
                "Each of them owes more every week for the ride and the bed.",
                "A man with a burned hand was not taken to a doctor.",
                "When an inspector came they were all driven off.",
            ),
        ),
        "es": Speech(
            (
                "Traen a la cuadrilla antes de que amanezca y se la llevan de noche.",
                "La gente que trabaja aquí no puede irse.",
                "Hablé con uno de los trabajadores cuando no estaba el jefe.",
            ),
            (
                "Dijo que hace dos meses que no les pagan.",
                "El patrón guarda los pasaportes en su camioneta.",
                "Doce personas duermen en dos cuartos, en el piso.",
                "Les dijeron que su familia iba a pagar si se iban.",
                "Cada semana deben más por el transporte y la cama.",
                "A un hombre con la mano quemada no lo llevaron al médico.",
            ),
        ),
    },
    "ad": {
        "en": Speech(
            (
                "I found this ad while looking for something else.",
                "The same pictures come back under other names.",
                "This ad is posted again every few days.",
            ),
            (
                "The text says new in town and only here until Sunday.",
                "Somebody else answers the messages, not the person in the picture.",
                "The picture shows the same hotel curtain as three other ads.",
                "It says no questions and that the driver comes along.",
                "The price goes to a name that is not hers.",
            ),
        ),
        "es": Speech(
            (
                "Encontré este anuncio buscando otra cosa.",
                "Las mismas fotos vuelven con otros nombres.",
            ),
            (
                "El texto dice nueva en la ciudad y solo hasta el domingo.",
                "Los mensajes los contesta otra persona, no la de la foto.",
                "La foto muestra la misma cortina de hotel que otros tres anuncios.",
            ),
        ),
    },
    "lure": {
        "en": Speech(
            (
                "Somebody offers jobs that sound too good.",
                "A man talks to people at the bus stop and promises work.",
                "An account writes to people here about modeling.",
            ),
            (
                "The job is out of state, and the ticket is paid, but nobody may know where.",
                "They ask for pictures first and say that a passport is not needed.",
                "He bought one of them a phone and now wants it paid back.",
                "She stopped talking to her friends two weeks after she met him.",
            ),
        ),
        "es": Speech(
            (
                "Alguien ofrece trabajos demasiado buenos.",
                "Una cuenta escribe a la gente de aquí sobre modelaje.",
            ),
            (
                "El trabajo es en otro estado y el boleto está pagado, pero no dicen dónde.",
                "Piden fotos primero y dicen que no hace falta pasaporte.",
                "A una le compró un teléfono y ahora quiere que se lo pague.",
            ),
        ),
    },
    "house": {
        "en": Speech(
            (
                "A house on a quiet street has visitors all night.",
                "The people in this house do not go out by day.",
                "A woman who works in this house is never seen alone.",
            ),
            (
                "She takes out the trash and looks back at the window before each step.",
                "The doors have locks on the outside.",
                "Cars stop for fifteen minutes and drive on.",
                "She said through the fence that they keep her papers.",
                "Nobody has seen the woman outside since the spring.",
            ),
        ),
        "es": Speech(
            (
                "Una casa en una calle tranquila recibe visitas toda la noche.",
                "Una mujer que trabaja en esta casa nunca está sola.",
            ),
            (
                "Las puertas tienen cerraduras por fuera.",
                "Los carros paran quince minutos y se van.",
                "Dijo por la cerca que le tienen los papeles.",
            ),
        ),
    },
    "minor": {
        "en": Speech(
            ("A girl of about fifteen was with a much older man.",
             "A teenager is brought here after school by people who are not family."),
            (
                "He answered every question for her and held her phone.",
                "She said she was nineteen, but her bag had a school badge on it.",
                "They went upstairs without any luggage.",
                "She has missed school for weeks and has new things she cannot pay for.",
            ),
        ),
        "es": Speech(
            ("Una muchacha de unos quince años estaba con un hombre mucho mayor.",),
            (
                "Él contestaba todo por ella y le guardaba el teléfono.",
                "Subieron sin equipaje.",
                "Hace semanas que no va a la escuela.",
            ),
        ),
    },
    "game": {
        "en": Speech(
            ("Somebody in a game chat asks children for pictures.",
             "An adult pretends to be a teenager in a chat."),
            (
                "The person offers gift cards and says to move to another app.",
                "The account asks where they go to school and when they are alone.",
            ),
        ),
        "es": Speech(
            ("Alguien en el chat de un juego pide fotos a menores.",),
            ("Ofrece tarjetas de regalo y dice que pasen a otra aplicación.",),
        ),
    },
    "victim": {
        "en": Speech(
            ("I cannot leave and I do not know whom to ask.",
             "They took my papers and I work every day."),
            (
                "He checks my phone at night, please do not call it.",
                "They say that I owe more each week.",
            ),
        ),
        "es": Speech(
            ("No puedo irme y no sé a quién pedir ayuda.",
             "Me quitaron los papeles y trabajo todos los días."),
            (
                "Él revisa mi teléfono de noche, por favor no llamen.",
                "Dicen que cada semana debo más.",
            ),
        ),
    },
    "vague": {
        "en": Speech(
            ("I am not sure what this is, but it did not feel right.",
             "Maybe it is nothing."),
            (
                "People argued in a parked car, and one of them cried.",
                "A van stood there for three evenings in a row.",
                "Somebody ran out of the back door and was fetched back.",
            ),
        ),
        "es": Speech(
            ("No sé qué es, pero no me pareció bien.",),
            ("Una camioneta estuvo ahí tres noches seguidas.",
             "Discutían en un carro estacionado y alguien lloraba."),
        ),
    },
})  # fmt: skip

FIRST_NAMES = ("Carol", "Denise", "Marvin", "Lupe", "Tomas", "Yvette", "Harold", "Nadia", "Ruben")
LAST_NAMES = ("Dunmore", "Averill", "Pickford", "Zamudio", "Ostrander", "Whitlock", "Belmonte")
# How somebody gives themselves away. {name}, {phone} and {mail} are the writer's own.
OWN: Mapping[str, tuple[str, ...]] = MappingProxyType({
    "en": (
        "I am the night clerk here, my cell is {phone}.",
        "My name is {name}, please keep me out of it.",
        "You can write to me at {mail}.",
        "Call me at {phone} after six.",
        "I live across the street and see it from my kitchen.",
        "I work in housekeeping and my manager must not know.",
        "My wife told me to write this.",
    ),
    "es": (
        "Me llamo {name}, por favor no digan que fui yo.",
        "Mi celular es {phone}.",
        "Trabajo ahí en la limpieza y mi jefa no debe saberlo.",
        "Vivo enfrente y lo veo desde mi cocina.",
    ),
})  # fmt: skip
PLATE = {"en": "The license plate was {plate}.", "es": "La placa del carro era {plate}."}
NOTES = (
    "Called the front desk of the place; they know of it and will keep the register.",
    "Checked against the tips of last month: nothing besides what is linked.",
    "Asked the line to drive past on the next evening.",
    "The description fits what the advocate heard in spring. Not verified.",
    "Second reading: the hours matter more than the vehicle here.",
)
ANSWERS: Mapping[str, tuple[str, ...]] = MappingProxyType({
    "en": (
        "It was by the loading door at the back, not at the front.",
        "Mostly on weekends, after ten at night.",
        "There were three of them and one who gave orders.",
        "It still goes on. Yesterday I saw it again.",
        "I do not remember more, sorry.",
    ),
    "es": (
        "Fue por la puerta de atrás, no por la principal.",
        "Casi siempre los fines de semana, después de las diez.",
        "Sigue pasando. Ayer lo vi otra vez.",
    ),
})  # fmt: skip


def said(kind: str, language: str, rng: random.Random, own: Mapping[str, str]) -> str:
    """A text of one kind. `own` are name, phone and mail of its writer."""
    speech = SPEECHES[kind][language]
    parts = [
        rng.choice(speech.opening),
        *rng.sample(speech.seen, min(rng.choice((1, 2, 2, 3)), len(speech.seen))),
    ]
    if rng.random() < 0.4:
        parts.append(rng.choice(OWN[language]).format(**own))
    return " ".join(parts)


def own_of(rng: random.Random, phone: str) -> dict[str, str]:
    first, last = rng.choice(FIRST_NAMES), rng.choice(LAST_NAMES)
    mail = f"{first}.{last}{rng.randint(1, 99)}@mail.example".lower()
    return {"name": f"{first} {last}", "phone": phone or mail, "mail": mail}


def in_words(plate: str, language: str) -> str:
    return PLATE[language].format(plate=plate)


__all__: Sequence[str] = ("ANSWERS", "NOTES", "in_words", "own_of", "said")
