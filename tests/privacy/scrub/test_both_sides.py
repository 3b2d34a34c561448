"""Rules of plain words, each from both sides: what goes or waits, and what is alike and stands."""

import pytest

from tipintake.privacy.scrub import Verdict, scrub
from tipintake.privacy.scrub.features import analyse
from tipintake.privacy.scrub.findings import LEARNED
from tipintake.privacy.scrub.names.whole import MOST_NAMES, names_from
from tipintake.privacy.scrub.tokens import tokenize


def stands(said: str, value: str) -> bool:
    return value in scrub(said).text


def is_destroyed(said: str, value: str) -> bool:
    removed = [one for one in scrub(said).findings if one.verdict is Verdict.REMOVE]
    return any(value in said[one.start : one.end] for one in removed)


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("A man known to everyone as Tito sells girls.", "Tito"),
        ("La señora conocida como Doña Lupe cobra el dinero en la puerta.", "Lupe"),
        ("The photos were submitted by Marcus Bell to the site.", "Marcus Bell"),
        ("Rico writing to girls on snapchat, he is 40.", "Rico"),
    ],
)
def test_another_known_by_a_name_is_not_the_writer(said: str, value: str) -> None:
    assert stands(said, value)


def test_who_writes_to_us_or_to_the_girls_waits() -> None:
    assert not stands("El que les escribe es Tito y les promete trabajo.", "Tito")
    assert not is_destroyed("El que les escribe es Tito y les promete trabajo.", "Tito")


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("I'm known to neighbors as Junie.", "Junie"),
        ("Soy conocida como Chela en el barrio.", "Chela"),
        ("Report submitted by Joan Moore.", "Joan"),
        ("The same arm is in two ads. Tip from J. Moore.", "Moore"),
        ("La camioneta está ahí. Reporte de Marta Ruiz", "Marta"),
        ("Quien suscribe, Rosa Luna, lo vio.", "Rosa"),
    ],
)
def test_who_says_how_they_are_known_is(said: str, value: str) -> None:
    assert not stands(said, value)


def test_a_closing_within_a_sentence_stands() -> None:
    assert stands("Love you all. Rico sells girls at the bar.", "Rico")
    assert stands("Tip from Rico to the girls: never open the door.", "Rico")


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("The note on her door said pay me by Friday. Signed, Victor Lang\n", "Victor Lang"),
        ("El contrato dice que debe quince mil. Firmado, Tomas Luna\n", "Tomas Luna"),
    ],
)
def test_who_signed_a_letter_told_of_waits(said: str, value: str) -> None:
    assert not stands(said, value)
    assert not is_destroyed(said, value)


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("I saw three girls in a van. Best, Joan Moore\n", "Joan"),
        ("Signed, Joan Moore\n", "Joan"),
    ],
)
def test_the_close_of_a_tip_is_the_writers(said: str, value: str) -> None:
    assert not stands(said, value)


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("His niece Carmen recruits the girls at school.", "Carmen"),
        ("Her daughter Lisa is the madam now.", "Lisa"),
        ("The caller Rico Vance threatened the girl.", "Rico Vance"),
    ],
)
def test_kin_or_a_caller_who_deals_in_others_is_named(said: str, value: str) -> None:
    assert stands(said, value)


def test_no_cue_takes_for_a_witness_who_deals_in_them() -> None:
    said = "According to Rico the girls are cousins. Rico sells them at the truck stop."
    found = [one for one in scrub(said).findings if said[one.start : one.end] == "Rico"]
    assert {one.rule for one in found if one.verdict is not Verdict.KEEP} <= {LEARNED, "repeat"}


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("His daughter Emma has bruises on her arms.", "Emma"),
        ("Su hija Emma vende dulces en la calle.", "Emma"),
        ("According to Rosa, my coworker, the girls cry. Rosa drives them to church.", "Rosa"),
    ],
)
def test_kin_or_a_witness_who_does_not_waits(said: str, value: str) -> None:
    assert not stands(said, value)


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("Rico needs help moving the girls on Friday.", "Rico"),
        ("Beto necesita ayuda para mover a las muchachas.", "Beto"),
        ("Rico went missing with the girl last night.", "Rico"),
        ("Beto desapareció con la niña el martes.", "Beto"),
        ("The madam has Rico guard the girls at night.", "Rico"),
        ("The boss keeps Victor in the room to watch the girls.", "Victor"),
    ],
)
def test_who_helps_to_hold_others_is_named(said: str, value: str) -> None:
    assert stands(said, value)


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("Lucy needs help getting out of that house.", "Lucy"),
        ("Elena necesita ayuda para escapar de Beto.", "Elena"),
        ("Bianca went missing with her baby on Tuesday.", "Bianca"),
        ("Rico has Bianca in his basement.", "Bianca"),
        ("She makes Lucy see men all night.", "Lucy"),
    ],
)
def test_who_is_held_or_sought_waits(said: str, value: str) -> None:
    assert not stands(said, value)


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("My aunt lives at 49 Iowa Ave and sells my cousin to men.", "49 Iowa"),
        ("Mi tía vive en 49 Iowa Ave y vende a mi prima.", "49 Iowa"),
    ],
)
def test_where_kin_sells_somebody_is_told(said: str, value: str) -> None:
    assert stands(said, value)


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("We moved to 49 Iowa Ave and the recruiter put us eight to a room.", "49 Iowa"),
        ("Rentamos en 49 Iowa Ave y el patrón nos descuenta todo del cheque.", "49 Iowa"),
    ],
)
def test_where_workers_were_brought_is_not_destroyed(said: str, value: str) -> None:
    assert not stands(said, value)
    assert not is_destroyed(said, value)


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("My grandma lives at 45 Tilden Ave, the spa next door sells girls.", "45 Tilden"),
        ("My mom lives at 45 Tilden Ave and sells tamales.", "45 Tilden"),
        ("Rento en 45 Tilden Ave y veo la van.", "45 Tilden"),
    ],
)
def test_where_kin_merely_lives_waits(said: str, value: str) -> None:
    assert not stands(said, value)


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("Men come by 49 Iowa Ave all night long.", "49 Iowa"),
        ("Spa mailing address is 49 Iowa Ave.", "49 Iowa"),
        ("Workers mail their check to 49 Iowa Ave, that is his house.", "49 Iowa"),
    ],
)
def test_where_others_come_by_or_get_mail_stands(said: str, value: str) -> None:
    assert stands(said, value)


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("Please come by 45 Tilden Ave after five.", "45 Tilden"),
        ("My mailing address is 45 Tilden Ave.", "45 Tilden"),
        ("Send the reward check to 45 Tilden Ave.", "45 Tilden"),
    ],
)
def test_where_the_writer_asks_to_come_or_send_does_not(said: str, value: str) -> None:
    assert not stands(said, value)


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("I called the girl from 314-555-0120 and she said two hundred.", "314-555-0120"),
        ("I texted the guy from 314-555-0120 and he sent prices.", "314-555-0120"),
    ],
)
def test_whose_number_it_is_waits(said: str, value: str) -> None:
    assert not stands(said, value)
    assert not is_destroyed(said, value)


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("I texted his number from 314-555-0107 and he replied.", "0107"),
        ("I called them from my cell 314-555-0107.", "0107"),
    ],
)
def test_a_number_the_writer_sent_from_does_not(said: str, value: str) -> None:
    assert not stands(said, value)


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("Marta saw his number 314-555-0120 on the flyer.", "0120"),
        ("Mi prima vio su número 314-555-0120 en el volante.", "0120"),
        ("A girl saw the flyer and called their number 314-555-0120.", "0120"),
        ("The pimp saw me, his number is 314-555-0120.", "0120"),
        ("Their number from craigslist 314-555-0120 rings at the spa.", "0120"),
        ("Su número desde el anuncio es 314-555-0120.", "0120"),
        ("@ricosgirls for videos and girls, he posts there.", "@ricosgirls"),
    ],
)
def test_his_number_or_page_stands_whoever_saw_it(said: str, value: str) -> None:
    assert stands(said, value)


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("Carla saw it all, her number is 314-555-0107.", "0107"),
        ("Luis vio todo, su número es 314-555-0107.", "0107"),
        ("@joanm88 for the video if you need proof.", "@joanm88"),
    ],
)
def test_the_number_or_page_of_a_witness_does_not(said: str, value: str) -> None:
    assert not stands(said, value)


@pytest.mark.parametrize(
    "said",
    [
        "I slipped her a note with 314-555-0107 so she can call me.",
        "Le di un papelito con 314-555-0107 para que me llame.",
    ],
)
def test_the_number_on_a_note_that_the_writer_left_goes(said: str) -> None:
    assert is_destroyed(said, "314-555-0107")


def test_the_number_on_a_note_that_the_writer_found_is_not_destroyed() -> None:
    assert not is_destroyed("A note that said 314-555-0120 was under the towel.", "0120")


def test_what_they_do_from_a_room_stands() -> None:
    assert stands("I'm in room 212 they drive girls to Houston at night.", "they drive")


def test_an_address_goes_whole() -> None:
    assert not stands("I live at 45 Tilden Ave.", "Tilden Ave")


def test_of_closings_without_end_each_is_read_but_for_a_few_names() -> None:
    said = "Love, Tia, " * 200
    an = analyse(said, tokenize(said))
    assert len(list(names_from(an, 2))) <= MOST_NAMES
    assert not stands("I saw a van. Love, Joan and Pete Moore\n", "Pete")


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("The van brings them. The other line, 314-555-0150, is us.", "314-555-0150"),
        ("Al 314-555-0150 soy yo, de noche.", "314-555-0150"),
        ("Four girls get out. The white Frontier at the dock is mine, 94T GL2.", "94T GL2"),
        ("La Sentra roja de atrás es la mía. Ellos traen una van.", "Sentra"),
        ("The cream Buick is hers. The Subaru, JK8 N4D, is not part of it.", "JK8 N4D"),
        ("She wrote help on a slip and slid it across my counter.", "my counter"),
        ("Lo pagó en mi ventanilla y la muchacha lloraba.", "mi ventanilla"),
        ("The complaints came from Mrs. Abernathy. Men come at all hours.", "Abernathy"),
        ("Charge nurse M. Albrecht separated them. The man waited.", "Albrecht"),
        ("He is four and his name is Tobi. They leave him in the car.", "Tobi"),
        ("There is Anthony, he says he's sixteen, and he sleeps in the booth.", "Anthony"),
        ("She got out of his car and told me to call her Lupita.", "Lupita"),
    ],
)
def test_what_is_the_writers_or_a_bystanders_by_its_words_goes_or_waits(
    said: str, value: str
) -> None:
    assert not stands(said, value)


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("The plate is AB1 C2D, it is not his, it is a rental he uses.", "AB1 C2D"),
        ("The plate is AB1 C2D, it's my pimp's car.", "AB1 C2D"),
        ("He told her 'the white car, AB1 C2D, is mine'.", "AB1 C2D"),
        ("The number on the flyer is 314-555-0142, it is not mine.", "314-555-0142"),
        ("She cried at the counter of the Super 8.", "at the counter of the Super 8"),
        ("Rico says he is one of the owners.", "Rico"),
        ("The girls call her Miss Kitty and pay her.", "Miss Kitty"),
    ],
)
def test_what_is_alike_stands(said: str, value: str) -> None:
    assert stands(said, value)


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("My son, Garrett Pohl, 38, is the one doing it. Garrett rents the room.", "Garrett Pohl"),
        ("My sister's husband Lamar is who you want. Lamar keeps her phone.", "Lamar"),
        ("Mi hermano Wilmer es el que las renta. Wilmer tiene un taller.", "Wilmer"),
    ],
)
def test_kin_who_does_it_is_named(said: str, value: str) -> None:
    left = scrub(said).text
    assert left.count(value.split()[0]) == 2
    assert value in left


def test_who_is_the_one_that_suffers_it_is_not() -> None:
    assert not stands("The girl, Ana Ruiz, is the one he makes dance.", "Ana")
    assert not stands("My sister Deja is the one who runs away from him.", "Deja")


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("Four men live there. Owner: Evan Sorrell. White van.", "Evan Sorrell"),
        ("Al lado dejan a la sirvienta encerrada. Patrona: Brígida.", "Brígida"),
        ("He said his name was Charity Jones and laughed.", "Charity Jones"),
        ("The one who collects the money is Fitz.", "Fitz"),
        ("La que nos cobra es Tencha y no deja salir.", "Tencha"),
        ("Who runs the unit is a man she calls Doc.", "Doc"),
        ("Faith is the one you want, with three girls behind her.", "Faith"),
    ],
)
def test_who_is_told_of_as_a_suspect_is_named(said: str, value: str) -> None:
    assert stands(said, value)


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("There is a boy she calls Tito, he is 9.", "Tito"),
        ("His name was Tommy, he was 12 and they sold him.", "Tommy"),
        ("My son saw it, his name was Leo Banks.", "Leo"),
        ("El que cobra es un señor. La que limpia es Rosa.", "Rosa"),
        ("Encontré a una muchacha, dijo llamarse Yareli y lloraba.", "Yareli"),
        ("Reporter: Joan Moore. Driver: Rico.", "Joan"),
    ],
)
def test_who_is_told_of_alike_is_no_suspect(said: str, value: str) -> None:
    assert not stands(said, value)


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("My daughter, Kayla Moore, is the one doing it for him, he makes her.", "Kayla"),
        ("Ana is the one selling them tacos outside, she told me what she saw.", "Ana"),
        ("My coworker Janet Pruitt is the one who runs the front desk.", "Janet"),
        ("My neighbor Tom Barker is the one who did everything to help her.", "Barker"),
        ("Lucy, 15, is the one doing all the cleaning, they never pay her.", "Lucy"),
        ("Mateo is the one selling the flowers at the light, he is 8.", "Mateo"),
        ("Rosa is who you need to talk to, she saw everything.", "Rosa"),
        ("Rosa is the one you need to help, she is locked in.", "Rosa"),
        ("Cops think Ana is the one selling them but she is forced, she is 16.", "Ana"),
        ("They will say Ana is the one running it. She is a victim too.", "Ana"),
        ("Jorge is the one who does it with me, we clean the rooms.", "Jorge"),
        ("Nobody said Kevin is the one doing it, Kevin is the clerk with me.", "Kevin"),
        ("Joan Moore is the person making this report.", "Joan"),
        ("Mi hija Ana es la que lo hace todo en la casa y no le pagan.", "Ana"),
        ("Lupe es la que las vende, las flores, tiene 10 años.", "Lupe"),
        ("Mi prima Ana es quien los maneja a la escuela, ella vio todo.", "Ana"),
    ],
)
def test_who_is_the_one_of_something_else_is_not_named(said: str, value: str) -> None:
    assert not stands(said, value)


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("Rico is the one selling them. He has three girls.", "Rico"),
        ("Rico Vance is the one who sells the girls at the Super 8.", "Rico Vance"),
        ("Rico is the one holding them there.", "Rico"),
        ("Rico is the one making them work for free.", "Rico"),
        ("My stepdad Ray Hull is the one doing it to my sister.", "Ray Hull"),
        ("Lupe es la que las vende a los hombres.", "Lupe"),
        ("My mom Dana Hull is the one selling us, I'm 14.", "Dana Hull"),
    ],
)
def test_who_is_the_one_of_it_is_named(said: str, value: str) -> None:
    assert stands(said, value)


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("My name is Garrett. My son, Garrett Pohl, is the one doing it. Thanks, Garrett", 1),
        ("This is Maria from the bakery. My cousin Maria Ortiz is the one doing it.", 1),
        ("The girl is called Maria. Her aunt Maria Ortiz is the one selling her.", 1),
        ("Maria, 14, cries all night. Her aunt Maria Ortiz is the one selling her.", 1),
    ],
)
def test_who_shares_the_name_of_who_does_it_is_not_shown(said: str, kept: int) -> None:
    name = said.partition(" is the one")[0].split()[-2]
    assert scrub(said).text.count(name.strip(",")) <= kept


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("The boy slept in the van. His name was Mateo.", "Mateo"),
        ("He was crying at the counter. He said his name was Luis.", "Luis"),
        ("He works 16 hours and is never paid. They call him Beto.", "Beto"),
        ("I talked to a deputy, his name was Dale Webb.", "Webb"),
        ("The man who told me about it, his name was Ed Barker, fixes cars.", "Barker"),
        ("A neighbor introduced himself as Marco Bell and said he saw it too.", "Bell"),
        ("The patient gave his name as Luis Pena.", "Pena"),
        ("A man who is kept there gave his name as Luis Pena.", "Pena"),
        ("The man the kids call Mr. Dan is their teacher, he told me.", "Dan"),
        ("The one who collects the keys is Deb from our office.", "Deb"),
        ("La que los controla es Rosa, la enfermera de la escuela.", "Rosa"),
        ("El que manda este aviso es Luis.", "Luis"),
        ("Lo llaman Beto y lo tienen encerrado.", "Beto"),
        ("Le dicen Beto, no le pagan y duerme en el taller.", "Beto"),
        ("La que cobra es Lety, la obligan, tiene golpes", "Lety"),
        ("El que los vende es Toñito, un niño de 9, vende chicles", "Toñito"),
        ("She introduced herself as Lily, she was crying.", "Lily"),
        ("Owner: Joan Moore. I rent them the house and had no idea.", "Moore"),
        ("Driver: Sam Poole. I drive the 40 bus. I saw her.", "Poole"),
        ("Dueña: Marta Ruiz. Soy la dueña de la lavandería de enfrente.", "Marta"),
        ("Man: Wei Chen, not paid. Woman: Li Na, not paid.", "Wei"),
        ("Seller: Rosita. Age: 10. She sells candy.", "Rosita"),
    ],
)
def test_who_is_told_of_like_a_suspect_but_suffers_or_saw_it_waits(said: str, value: str) -> None:
    assert not stands(said, value)


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("The pimp sits in a white car. He said his name was Rico Vance.", "Rico Vance"),
        ("The worker told me about his boss, his name is Rico.", "Rico"),
        ("She was crying and had bruises. He said his name was Rico.", "Rico"),
        ("We are not paid and he beats us. His name is Rico.", "Rico"),
        ("He introduced himself as Marcus, he told me the girls are clean.", "Marcus"),
        ("They call him Smoke and he beats them.", "Smoke"),
        ("Le dicen Beto y les quita el pasaporte.", "Beto"),
        ("El dueño es Beto, me dijo que no hablara.", "Beto"),
        ("Pimp: Rico. I saw him hit her.", "Rico"),
        ("Owner: Rico Vance. I am locked in, room 9.", "Rico Vance"),
        ("Dueño: Beto Ruiz, cobra a las muchachas.", "Beto Ruiz"),
    ],
)
def test_a_suspect_beside_who_suffers_or_saw_it_is_named(said: str, value: str) -> None:
    assert stands(said, value)


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("The gray one (JK8 N4D) is mine.", "JK8 N4D"),
        ("Ignore plate JK8 N4D, that's my husband's.", "JK8 N4D"),
        ("Bórrenla: JK8 N4D", "JK8 N4D"),
        ("JK8 N4D (that's me)", "JK8 N4D"),
        ("Aviso de Marta Ruiz: dos niñas en el motel", "Marta"),
        ("This is a tip from Joan Moore.", "Joan"),
        ("Este aviso es de Marta Ruiz", "Marta"),
        ("Las quejas son de Marta Ruiz del 4", "Marta"),
        ("La enfermera Tina Paz lo vio", "Tina"),
        ("Yareli dice que tiene quince años", "Yareli"),
    ],
)
def test_what_is_left_out_or_signed_in_other_words_waits(said: str, value: str) -> None:
    assert not stands(said, value)


@pytest.mark.parametrize(
    "said",
    [
        "new number 314-555-0150 it's me Candy, 24/7",
        "314-555-0150 that is us girls new in town 2 for 1",
        "314-555-0150 soy yo la nueva chica del anuncio, llama papi",
    ],
)
def test_a_number_of_which_an_ad_says_it_is_me_is_not_destroyed(said: str) -> None:
    assert not is_destroyed(said, "314-555-0150")


@pytest.mark.parametrize(
    "said",
    [
        "His name is Rico and I saw him hit her.",
        "His name is Rico and she is scared of him.",
        "His name is Rico and he never paid us.",
        "The boss is Rico, he told the nurse she was his wife.",
        "They call him Rico. He locked the door.",
        "Owner: Rico Vance, kept girls in back.",
        "The officer knows him, his name is Rico.",
    ],
)
def test_who_is_seen_by_another_or_locks_others_in_is_named(said: str) -> None:
    assert stands(said, "Rico")


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("The number 314-555-0142, mine was broken, is the one he uses.", "314-555-0142"),
        ("Do not ignore JK8 N4D, he brings the girls in it.", "JK8 N4D"),
    ],
)
def test_mine_or_ignore_in_another_sense_destroys_nothing(said: str, value: str) -> None:
    assert not is_destroyed(said, value)


def test_what_others_ignore_stands() -> None:
    assert stands("The police ignore the van JK8 N4D each time.", "JK8 N4D")
    assert stands("They leave out the girls in JK8 N4D at night.", "JK8 N4D")
    assert not stands("Please ignore the gray Subaru JK8 N4D", "JK8 N4D")


def test_the_number_of_an_ad_behind_call_me_is_not_destroyed() -> None:
    assert not is_destroyed("314-555-0163 call me. The ad: 636-555-0142.", "636-555-0142")
    assert not stands("Call me, thanks. 314-555-0163", "314-555-0163")


@pytest.mark.parametrize(
    "said",
    [
        "When I walk my dog at 6 the same gray van is behind the motel, plate ZK1 P8B.",
        "Every time I go for my chemo the same van is in the garage, plate ZK1 P8B.",
        "Cada vez que salgo de mi turno está la misma van atrás del motel, placa ZK1 P8B.",
    ],
)
def test_the_plate_of_a_car_that_is_told_of_stands_beside_its_writers_habits(said: str) -> None:
    assert stands(said, "ZK1 P8B")


@pytest.mark.parametrize(
    "said",
    [
        "I was in a gray van with the kids, plate ZK1 P8B.",
        "The van my husband drives, plate ZK1 P8B, was next to it.",
        "La Expedition azul, placas ZK1 P8B, es de mi esposo que viene por mí.",
        "Tengo un carro gris placas ZK1 P8B.",
        "I watched from the blue car, plate ZK1 P8B.",
        "The night clerk drives truck, plate ZK1 P8B, he saw it.",
    ],
)
def test_the_plate_of_a_car_of_ones_own_does_not(said: str) -> None:
    assert not stands(said, "ZK1 P8B")


def test_a_victims_name_before_a_car_goes() -> None:
    said = "The girl is Marisol Vega. I saw the Marisol Vega car, plate ZK1 P8B, in Troy."
    assert not stands(said, "Marisol Vega car")


@pytest.mark.parametrize(
    "said",
    ["Yo soy la del anuncio: 314-555-0150.", "Mi numero es el de la pagina 314-555-0150."],
)
def test_who_says_that_the_ads_number_is_theirs_is_not_told_on(said: str) -> None:
    assert not stands(said, "314-555-0150")
