"""Names whose owner plain words tell: the writer's, a child's, a victim's; and suspects' stay."""

import pytest

from tipintake.privacy.scrub import Verdict, scrub
from tipintake.privacy.scrub.findings import LEARNED

TAHOE = "There is a black Tahoe behind the Super 8 most nights."
GIRLS = ("Amber Nolan", "Brianna Tate", "Ximena Duarte", "Fatima Noor", "Emily Carter")
WRITERS = ("Mary Wexler", "Denise Hart", "Lupe Reyes", "Dale Whitmore", "Tom Baker")


@pytest.mark.parametrize(
    "said",
    [
        "{}, 14, gets in and out of it with different men.",
        "{} is 15 and the driver takes her to motels.",
        "The driver sells 15 year old {} to truckers.",
        "The driver sells {} (16) to truckers.",
        "{} age 14 was in the back seat crying.",
        "{}, an 8th grader, was in the back seat crying.",
        "{} is a minor and the driver knows it.",
        "{}, de 14 años, se sube con hombres.",
        "{} tiene 14 años y la llevan a moteles.",
        "{} tiene 14 o 15 y la llevan a moteles.",
        "{} tiene 14 los hombres la llevan a moteles.",
        "{} is 15 her stepdad takes her to motels.",
        "{}, 15, 5'2, brown hair, was in the back seat crying.",
    ],
)
def test_a_name_with_an_age_under_18_is_a_childs(said: str) -> None:
    for name in GIRLS:
        text = f"{TAHOE} {said.format(name)} The clerk sees it too."
        scrubbed = scrub(text)
        assert not set(name.split()) & set(scrubbed.text.replace(",", "").split())
        kinds = {f.kind for f in scrubbed.findings if name in text[f.start : f.end]}
        assert kinds == {"MINOR_NAME"}


@pytest.mark.parametrize(
    "said",
    [
        "Rico Vance, 34, sells them at the Shell.",
        "Rico Vance is 6 feet tall and drives it.",
        "Rico Vance, 15 minutes later, came back with it.",
        "Rico Vance is 17 miles away by then.",
        "Rico Vance is 3 doors down from the girls and collects the money.",
        "Rico Vance is five eleven, heavy, and collects the money.",
        "Rico Vance is 10 steps ahead of the police.",
        "Rico Vance, 9, 10, 11 every night, comes for the money.",
        "Rico Vance tiene 5 muchachas trabajando en la casa.",
        "Rico Vance tiene 3 o 4 mujeres encerradas en el sótano.",
        "Rico Vance tiene 12 camas en la casa y cobra por dormir.",
        "Rico Vance tiene 9 años trabajando ahí y lo maneja todo.",
        "Rico Vance, con 9 años de trabajar ahí, lo maneja todo.",
        "Rico Vance, with 9 years there, runs it all.",
    ],
)
def test_a_grown_mans_name_stays(said: str) -> None:
    assert "Rico Vance" in scrub(f"{TAHOE} {said}").text


@pytest.mark.parametrize(
    "said",
    [
        "there are girls kept in the house on miami st and men come at night thanks {}",
        "there are girls kept in the house and men come at night sincerely {}",
        "Hay muchachas encerradas en la casa de Miami St gracias {}",
        "There are girls kept in the house on Miami St.\nRegards, {}",
        "There are girls kept in the house on Miami St. Atte. {}",
        "{} here, there are girls kept in the house on Miami St.",
        "This is {}, there are girls kept in the house on Miami St.",
        "Les escribe {}, hay muchachas encerradas en la casa de Miami St.",
        "Reported by {}, girls are kept in the house on Miami St.",
    ],
)
def test_who_signs_or_opens_a_letter_goes(said: str) -> None:
    for name in WRITERS:
        own = name if said[0] != "t" else name.lower()
        seen = scrub(said.format(own)).text
        assert not set(own.split()) & set(seen.replace(",", "").replace(".", "").split())


def test_thanks_to_somebody_is_no_signature() -> None:
    assert "Rico" in scrub("They can pay the rent only thanks to Rico, who sells them.").text
    assert "Rico" in scrub("This is Rico, he sells the girls behind the Super 8.").text


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Suspects seen at the house:\n- Derek\n- Tony\n- Mike\nThey come every Friday.", "Derek"),
        ("They call the bosses\n- Hector\n- Ramon", "Ramon"),
        ("Four guys run it - Derek\nThe van is white, plate 7KD M41, with a dent.", "Derek"),
        ("Check it. Thank you. Tony from the tire shop is the one who drives them.", "Tony"),
        ("She said thanks, Derek at the front desk gave her the key and took the cash.", "Derek"),
        ("Gracias. Carlos de la llantera es el que las lleva al motel.", "Carlos"),
        ("It's Carlos from the taqueria who brings them, every Sunday.", "Carlos"),
        ("Towns where he takes her:\nBaltimore MD\nSt. Louis", "Baltimore"),
        ("Towns where he takes her:\nPittsburgh, PA\nSt. Louis", "Pittsburgh"),
    ],
)
def test_what_may_be_no_signature_is_held(text: str, name: str) -> None:
    (found,) = [f for f in scrub(text).findings if name in text[f.start : f.end]]
    assert found.verdict is Verdict.UNSURE


def test_who_is_shown_at_the_head_of_a_text_did_not_write_it() -> None:
    text = (
        "This is Derek Morris, drives a white van, plate 5HJ K20, and keeps girls in the cellar."
    )
    assert scrub(text).text == text


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("La menor se llama Abril Montes Rojas y va a la secundaria.", "Abril Montes Rojas"),
        ("The victim Kiara Wexler is locked in.", "Kiara Wexler"),
        ("Ximena Duarte works there without pay and sleeps on the floor.", "Ximena Duarte"),
        ("Rick beats Ximena and took her passport.", "Ximena"),
        ("Emily is not allowed to leave the nail shop.", "Emily"),
    ],
)
def test_a_victims_name_is_not_shown(said: str, name: str) -> None:
    text = f"{TAHOE} {said}"
    scrubbed = scrub(text)
    assert not any(word in scrubbed.text for word in name.split())
    begins = text.index(name)
    kinds = {f.kind for f in scrubbed.findings if f.start <= begins < f.end}
    assert kinds <= {"VICTIM_NAME", "MINOR_NAME"}


@pytest.mark.parametrize(
    "said",
    [
        "Two girls, {} and Kaylee Dunn, are kept upstairs.",
        "The girls are {} and Kaylee, 15 and 16.",
        "{}, Kaylee and Mia are the girls he sells.",
        "The kids, Mia, {} and Zoe, never go to school.",
        "Las muchachas se llaman Karla y {}.",
        "{} y Karla son las muchachas que trae.",
        "Her school bag had a tag that read {}.",
        "La mochila dice {} con plumón.",
        "He is 17 and his name is {}.",
        "Anda con una morrita de 16 que le dicen {}.",
    ],
)
@pytest.mark.parametrize("name", ["Brianna", "June", "Precious Alder", "Brenda Solís"])
def test_names_of_those_who_are_kept_do_not_stand(said: str, name: str) -> None:
    assert name not in scrub(f"{TAHOE} {said.format(name)}").text


@pytest.mark.parametrize(
    "said",
    [
        "Rico and Dre sell the girls out of it.",
        "His name is Rico and he is 34.",
        "The kids are scared and Rico sells them.",
        "The girls are Asian, and Rico drives them.",
        "The girls are Asian and Rico sells them.",
        "Las muchachas son jóvenes y Rico las vende.",
        "Al hombre le dicen Rico, tiene 34.",
    ],
)
def test_the_name_of_who_keeps_them_does(said: str) -> None:
    assert "Rico" in scrub(f"{TAHOE} {said}").text


def test_no_cue_takes_a_badge_of_his_for_the_writers() -> None:
    found = scrub(f"{TAHOE} Rico's work badge says Rico on it.").findings
    assert {one.rule for one in found if one.verdict is not Verdict.KEEP} <= {LEARNED}


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("A 15 year old girl named Kayla drives them around.", "Kayla"),
        ("A girl called Kayla is 16, and Kayla guards them at night.", "Kayla"),
        ("My sister Maria drives them to work.", "Maria"),
        ("Mi hermana Lucía las vigila.", "Lucía"),
    ],
)
def test_who_is_made_to_drive_or_guard_or_is_kin_stays_unnamed(said: str, name: str) -> None:
    assert name not in scrub(said).text


@pytest.mark.parametrize(
    "said",
    [
        "I am a man named {} and I live next door.",
        "I'm just a guy named {} who works there.",
        "I am a 45 year old man named {}, I live next door.",
        "I'm a retired man named {} and I live next door.",
        "Trabajo con otro señor llamado {} que también lo vio.",
        "Le escribe un señor llamado {}, vivo enfrente.",
        "Un hombre que se llama {} trabaja sin paga en el lavado, le quitaron el pasaporte.",
        "La víctima es un hombre que se llama {}, tiene 30 años.",
        "I am a man named {} and they took my passport, I sleep in the shop.",
        "I work with a guy named {} who saw it too.",
        "My neighbor is the guy called {}, he saw it too.",
        "Soy un hombre llamado {} y vivo al lado.",
        "A mi le dicen {} y trabajo en el lavado de carros.",
    ],
)
@pytest.mark.parametrize("name", ["Tyler Cook", "Pedro Ruiz"])
def test_a_man_who_writes_or_is_close_to_the_writer_is_no_suspect(said: str, name: str) -> None:
    scrubbed = scrub(f"{said.format(name)} {TAHOE}")
    assert not [f for f in scrubbed.findings if f.rule == "suspect-cue"]
    begins = scrubbed.text.find(name)
    assert begins < 0 or "neighbor" in said  # the neighbor's is the labellers' to see


@pytest.mark.parametrize(
    "said",
    [
        "There is a man named {} who sells girls at the motel.",
        "My boss is a man named {}, he keeps our passports.",
        "My friend knows a man named {} who sells girls.",
        "The pimp works with a guy named {}.",
        "My husband is a man named {}, he makes me sleep with men. He took my passport.",
        "I am sure the driver is called {}.",
        "Un tipo llamado {} les quita el dinero.",
    ],
)
def test_a_man_whom_the_writer_tells_of_keeps_his_name(said: str) -> None:
    assert "Rico" in scrub(said.format("Rico")).text


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("A man named Tyler, 24, drives the white van.", "A man named Tyler"),
        ("A boy named Tyler, about 9, was in the back seat.", "A boy named "),
        ("Una señora que se llama Rosa les quita el dinero.", "Una señora que se llama "),
        ("Me llamo Beto y vivo enfrente. Un tipo llamado Chuy las trae.", "Me llamo "),
    ],
)
def test_the_words_before_a_name_are_not_held(said: str, kept: str) -> None:
    assert scrub(said).text.startswith(kept)


def test_no_half_of_a_word_is_left_beside_the_other() -> None:
    scrubbed = scrub("Thanks. - Neighbor in 4B. Please come quickly to the Super 8, room 212.")
    assert "[held]B" not in scrubbed.text
    assert "[removed]B" not in scrubbed.text


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("my daughter kayla is 17 now. He beats her, and Kayla drives them there.", "Kayla"),
        ("My sister ROSA lives with him in the trailer and Rosa drives the girls.", "Rosa"),
        ("Mi hermana rosa vive ahí y Rosa las vende en el motel.", "Rosa"),
        ("My friend maria works there and Maria drives the girls, they make her.", "Maria"),
        ("Our church helps the girls, I cook and Denise drives them to the clinic.", "Denise"),
        ("I run the shelter and Denise drives them to court.", "Denise"),
        ("I work nights and Tom drives the girls to school. A man sells women.", "Tom"),
        ("Mi mamá las cuida y Lupe las vigila mientras yo trabajo.", "Lupe"),
        ("Mis hijos van a la escuela y Hector los vigila. Al lado venden muchachas.", "Hector"),
        ("The victim is 20 and Jenny drives them since he beats her.", "Jenny"),
        ("The neighbors know them and Denise drives them to the clinic.", "Denise"),
    ],
)
def test_who_drives_or_minds_others_is_not_thereby_a_suspect(said: str, name: str) -> None:
    assert name not in scrub(said).text


@pytest.mark.parametrize(
    "said",
    [
        "Soy el chofer {} y vi a dos muchachas en el motel.",
        "Me llamo {0}. Soy el chofer {0} del camión y vi a dos muchachas.",
        "My name is {0} and I am the driver. The driver is {0}.",
        "Soy la encargada, {}, y vi que venden muchachas en el cuarto 12.",
        "Habla el mayordomo {}, vi a dos muchachas encerradas.",
        "I am the driver they call {} and I saw two girls locked in a van.",
        "I'm the landlord known as {} and my tenant sells girls.",
        "My husband saw them too, his name is {}. The man sells girls in room 12.",
        "My son saw it from the bus. His name is {}.",
        "Mi esposo los vio, le dicen {}.",
        "My husband is a good man named {} and he saw the van.",
        "My husband, a 50 year old man named {}, saw the van.",
        "I am married to a man named {} who saw the girls.",
        "I live with a man named {}. He saw the van.",
        "My husband {} says he sells girls.",
    ],
)
@pytest.mark.parametrize("name", ["Luis Ramirez", "Tom Barker"])
def test_who_writes_or_saw_it_with_the_writer_is_no_suspect(said: str, name: str) -> None:
    assert name not in scrub(said.format(name)).text


@pytest.mark.parametrize(
    "said",
    [
        "The girls are kept upstairs, and {} sells them.",
        "My husband saw him too, his name is {}.",
        "My brother said he sells girls. His name is {}.",
        "My son told us of a man there. They call him {}.",
        "Mi hijo vio al hombre, le dicen {}.",
        "The driver is {}. I am the night clerk.",
        "My pimp is {}. My husband saw him.",
    ],
)
def test_whom_somebody_close_saw_keeps_his_name(said: str) -> None:
    assert "Rico" in scrub(said.format("Rico")).text


@pytest.mark.parametrize(
    "said",
    [
        "the man who sells the girl is {}.",
        "the guy with the kids is called {}.",
        "the man holding the girl is named {}.",
        "el que vende a la muchacha se llama {}.",
        "el hombre que trae a la niña se llama {}.",
    ],
)
def test_who_has_the_girl_is_not_the_girl(said: str) -> None:
    assert "Rico Vance" in scrub(f"{TAHOE} {said.format('Rico Vance')}").text


@pytest.mark.parametrize(
    "said",
    [
        "the man came with a girl named {}.",
        "the name of the girl is {}.",
        "one of the girls is named {}.",
        "el hombre trae a una niña que se llama {}.",
    ],
)
def test_the_girl_beside_him_is(said: str) -> None:
    assert "Emily Carter" not in scrub(f"{TAHOE} {said.format('Emily Carter')}").text


@pytest.mark.parametrize(
    "said",
    [
        "his name is Aiden, he is my son and he is 15.",
        "his name is Mateo, 14, he sleeps in the van.",
        "the boy they sell, his name is Aiden Cruz.",
        "his name is Jayden and he is in 7th grade.",
        "le dicen Chuyito, tiene como 11 años.",
        "se hace llamar Leo, es menor.",
        "le dicen Nico y es mi hijo.",
    ],
)
def test_a_childs_name_does_not_stand_behind_a_suspects_cue(said: str) -> None:
    cleaned = scrub(said).text
    names = ("Aiden", "Mateo", "Jayden", "Chuyito", "Leo", "Nico")
    assert not any(name in cleaned for name in names)


@pytest.mark.parametrize(
    "said", ["The girl is Mexican.", "la muchacha es hondureña y llora", "The victim is Asian."]
)
def test_where_she_is_from_is_no_name(said: str) -> None:
    removed = [one for one in scrub(f"{TAHOE} {said}").findings if one.verdict is Verdict.REMOVE]
    assert not any(one.rule == "victim-cue" for one in removed)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("My teacher Mr. Dunn knows my uncle makes me sleep with men.", "Dunn"),
        ("My pimp sells me. Ms. Baker from my church knows.", "Baker"),
        ("Dr. Patel saw my bruises, my boyfriend forces me to see men.", "Patel"),
        ("My caseworker Ms. Alvarez knows that my pimp sold me at the Super 8.", "Alvarez"),
    ],
)
def test_who_helps_a_captive_is_no_suspect(text: str, name: str) -> None:
    assert name not in scrub(text).text


def test_what_a_coworker_told_names_a_suspect() -> None:
    text = "My coworker Tina told me the man is called Big Rob and he sells girls."
    assert "Big Rob" in scrub(text).text


def test_the_number_that_her_mother_gave_is_held() -> None:
    assert "0142" not in scrub("su mama me dio su telefono 314 555 0142").text
    assert "0142" not in scrub("his cell 314 555 0142, he is my son, he is 14 and missing").text
    assert "0142" in scrub("the pimp took my sister, his number is 314 555 0142").text


def test_a_plate_that_the_writer_claims_does_not_stand() -> None:
    assert "8AB" not in scrub("with plates 8AB C12 you will find me in the lot").text
    assert "4KX" in scrub("the plate is 4KX 1J2 he followed me").text


@pytest.mark.parametrize(
    "said", ["The victim is {}.", "The girl is {} and he sells her.", "La muchacha es {}."]
)
@pytest.mark.parametrize("name", ["Martina", "Valentina", "Therese", "Cristina Duran"])
def test_a_name_that_sounds_like_where_somebody_is_from_is_a_name(said: str, name: str) -> None:
    assert name not in scrub(said.format(name)).text


@pytest.mark.parametrize("said", ["The girl is Mexican.", "La muchacha es hondureña."])
def test_where_a_girl_is_from_is_no_name(said: str) -> None:
    assert scrub(said).text == said


def test_a_boss_who_is_scared_too_waits_and_one_who_harms_stays() -> None:
    assert "Karen" not in scrub("My boss Karen is scared too. He took my passport.").text
    assert "Karen" in scrub("My boss Karen took my passport. I sleep in room 9.").text


@pytest.mark.parametrize(
    ("said", "names"),
    [
        ("Signed, Margaret Vey", "Margaret Vey"),
        ("Thank you for your time. Winifred Stacks", "Winifred Stacks"),
        ("Sincerely yours, Jen Haas", "Jen Haas"),
        ("Yours in Christ, Rev. Thomas Aldine", "Thomas Aldine"),
        ("God bless, Sister Agnes Moore", "Agnes Moore"),
        ("Love, Grandma Ruth", "Ruth"),
        ("Best,\nKaitlyn Dorsey", "Kaitlyn Dorsey"),
        ("Firma: Aurora Salas", "Aurora Salas"),
        ("Saludos, doña Lupe", "Lupe"),
        ("Atte. Prof. Jorge Lima, Escuela Benito Juárez", "Jorge Lima"),
        ("~Jen Haas, Apt 9", "Jen Haas"),
    ],
)
def test_a_letter_may_close_in_many_words_and_a_signature_goes_whole(
    said: str, names: str
) -> None:
    seen = scrub(f"{TAHOE} The man is Rico Vance.\n{said}").text
    assert not [name for name in names.split() if name in seen]
    assert "Rico Vance" in seen


@pytest.mark.parametrize(
    "said",
    [
        "She is staying at the\nBest Western\nroom 12.",
        "Cheers Bar has girls upstairs.",
        "She said thanks to Rico for it, and Rico sells her.",
        "The lease is signed Rico Vance and he sells girls there.",
    ],
)
def test_what_only_looks_like_the_close_of_a_letter_stays(said: str) -> None:
    assert scrub(f"{said} {TAHOE}").text == f"{said} {TAHOE}"


@pytest.mark.parametrize(
    ("said", "names"),
    [
        ("Reporting party: Vern Tillis.", "Vern Tillis"),
        ("Reporter: Vern Tillis.", "Vern Tillis"),
        ("Caller Vern Tillis states that he saw it.", "Vern Tillis"),
        ("The witness is Kim Ortega.", "Kim Ortega"),
        ("Other witnesses are Kim Ortega and Paul Sloan.", "Kim Ortega Paul Sloan"),
        ("According to Kim Ortega, they come daily.", "Kim Ortega"),
        ("Writing on behalf of Kim Ortega.", "Kim Ortega"),
        ("Make the check out to Wanda Yates.", "Wanda Yates"),
        ("Nombre del denunciante: Yesenia Prado.", "Yesenia Prado"),
        ("Quien escribe: Yesenia Prado.", "Yesenia Prado"),
        ("La que escribe es Yesenia.", "Yesenia"),
        ("Testigo: Pilar Mena.", "Pilar Mena"),
        ("People know me as Pastor Isaac.", "Isaac"),
        ("Somos Flor e Inés, limpiamos ahí.", "Flor Inés"),
        ("Me conocen como Lalo.", "Lalo"),
    ],
)
def test_who_is_named_as_writer_or_witness_does_not_stand(said: str, names: str) -> None:
    seen = scrub(f"{said} {TAHOE} The man is Rico Vance.").text
    assert not [name for name in names.split() if name in seen]
    assert "Rico Vance" in seen


def test_a_name_on_a_line_of_a_form_waits_but_for_the_part_about_another() -> None:
    form = "Name: Harold Finch\nPhone: 314-555-0155\nI saw two girls at the Super 8."
    assert "Finch" not in scrub(form).text
    found = scrub(f"{TAHOE}\nSuspect\nName: Rico Vance").findings
    assert not [one for one in found if one.rule == "own-name"]


@pytest.mark.parametrize(
    "said",
    [
        "They call me names and Rico laughs.",
        "El que escribe los anuncios es Rico.",
        "Lo conocen como Rico.",
        "People know him as Rico.",
        "I go by Rico every night and see it.",
    ],
)
def test_another_who_is_known_by_a_name_keeps_it(said: str) -> None:
    found = [one for one in scrub(f"{TAHOE} {said}").findings if one.rule == "own-name"]
    assert not found


def test_the_number_of_a_witness_waits() -> None:
    assert "0111" not in scrub(f"{TAHOE} Witness: Kim Ortega, 314-555-0111.").text
    assert "0111" not in scrub(f"{TAHOE} Testigo: Pilar Mena 314-555-0111.").text
    assert "0199" in scrub(f"{TAHOE} Witness: none. The ad says 314-555-0199.").text


@pytest.mark.parametrize(
    "said",
    ["soy Yesenia me tienen encerrada en 14 Crest Dr", "my name is Tina. I am Tina has my phone"],
)
def test_a_captive_who_gives_her_name_is_not_who_holds_her(said: str) -> None:
    assert not [one for one in scrub(said).findings if one.kind == "SUSPECT_NAME"]
    assert "Rico" in scrub("Rico me tiene encerrada en 14 Crest Dr").text


@pytest.mark.parametrize(
    "said", ["Joan Moore speaking.", "Joan Moore reporting a brothel.", "Joan Moore reportando."]
)
def test_who_says_that_they_are_writing_goes(said: str) -> None:
    assert "Moore" not in scrub(f"{said} {TAHOE}").text
    assert "Rico" in scrub("Rico reports to a man named Slim, they sell girls.").text


@pytest.mark.parametrize(
    "said",
    [
        "Rico Vance keeps {} in the basement.",
        "Rico Vance makes {} work all night.",
        "Rico Vance trafficked {} there.",
        "Rico Vance is pimping out {} there.",
        "Rico Vance sells his girlfriend {} there.",
        "Rico Vance's stepdaughter {} is always bruised.",
        "The boy, {}, sleeps in the van with Rico Vance.",
        "{} needs help, Rico Vance hits her.",
        "{} is missing, Rico Vance has her.",
        "Rico Vance tiene a {} encerrada.",
        "Rico Vance vende a su hija {} ahí.",
        "La niña {} llora cuando Rico Vance grita.",
        "La niña, {}, llora cuando Rico Vance grita.",
        "{} necesita ayuda, Rico Vance le pega.",
        "{} desapareció en mayo, la trae Rico Vance.",
    ],
)
@pytest.mark.parametrize("name", ["Emily Carter", "Ximena", "Kayla Dent"])
def test_a_name_of_whom_somebody_keeps_does_not_stand(said: str, name: str) -> None:
    seen = scrub(said.format(name)).text
    assert not [word for word in name.split() if word in seen]
    assert "Rico Vance" in seen


@pytest.mark.parametrize(
    "said",
    [
        "The girl Rico sells is crying. His name is Rico.",
        "His wife Carla Vance collects the money from the girls.",
        "His brother Rico drives the girls there.",
        "Rico has two girls in the basement.",
        "Rico is missing a front tooth.",
        "Rico was kept out of jail by his brother.",
        "Rico makes them work all night.",
        "Su hermano Beto las vende ahí.",
        "Rico tiene a dos muchachas encerradas.",
        "La niña que Rico vende llora. Le dicen Rico, tiene 40.",
    ],
)
def test_no_rule_takes_the_name_of_who_keeps_them(said: str) -> None:
    found = [one for one in scrub(f"{TAHOE} {said}").findings if one.rule == "victim-cue"]
    assert not found


def test_the_handle_by_which_a_driver_is_known_goes() -> None:
    assert "Sugar" not in scrub(f"My cb handle is Sugar Bear. {TAHOE}").text
    assert "Sugar Bear" in scrub(f"His cb handle is Sugar Bear. {TAHOE}").text


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("I think my granddaughter, Mackenzie Rolle, is mixed up with a man.", "Mackenzie"),
        ("Mi nieta, Nayeli Orozco, anda con un hombre.", "Nayeli"),
        ("Un alumno de trece años, Kevin Alonzo, me dijo que trabaja de noche.", "Kevin"),
        ("Auntie Bev seen her on Riverview with her eye shut.", "Bev"),
        ("Aunt Bev saw her on Riverview.", "Bev"),
        ("Tía Rosa la vio en Riverview.", "Rosa"),
    ],
)
def test_kin_and_children_told_of_by_the_way_do_not_stand(said: str, name: str) -> None:
    assert name not in scrub(said).text


@pytest.mark.parametrize("said", ["Her uncle Rico says she owes him.", "Rico sold my cousin."])
def test_the_name_of_anothers_uncle_may_stand(said: str) -> None:
    assert "own-kin" not in {one.rule for one in scrub(said).findings}


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("Tiene encerrada a Gloria en el cuarto 12.", "Gloria"),
        ("Keisha can't leave, he took her passport.", "Keisha"),
        ("He hurt Keisha and made her sleep outside.", "Keisha"),
        ("Hay una camioneta negra. Vi que marisol lloraba y tenía moretones.", "marisol"),
        ("Le pegó a tiana y no la deja salir.", "tiana"),
    ],
)
def test_who_suffers_it_is_not_named_in_a_few_words_either(said: str, name: str) -> None:
    assert name not in scrub(said).text


def test_a_suspect_named_by_a_cue_stands_though_kin_is_called_so() -> None:
    said = "Limpio con mi tío rico en el motel. El padrote es Rico. Rico vende muchachas."
    assert "Rico" in scrub(said).text
