"""Rules of plain words, each from both sides: what goes or waits, and what is alike and stands."""

import pytest

from tipintake.privacy.scrub import Verdict, scrub
from tipintake.privacy.scrub.features import analyse
from tipintake.privacy.scrub.names import MOST_NAMES, names_from
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
        ("According to Rico the girls are cousins. Rico sells them at the truck stop.", "Rico"),
        ("The caller Rico Vance threatened the girl.", "Rico Vance"),
    ],
)
def test_kin_or_a_caller_who_deals_in_others_is_named(said: str, value: str) -> None:
    assert stands(said, value)


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
        ("The madam has Rico work the door at night.", "Rico"),
        ("The boss keeps Victor in the room to watch the girls.", "Victor"),
        ("police have rico locked up now but marcus still sells girls.", "rico"),
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
