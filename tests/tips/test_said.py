from tipintake.privacy.scrub import Finding, Verdict
from tipintake.tips.said import carried_over, key_of

NUMBER = Finding(4, 16, Verdict.UNSURE, "PHONE", "no-cue")
LATER = Finding(10, 22, Verdict.UNSURE, "PHONE", "no-cue")
BEFORE = key_of("/narrative", "Text 314-555-0142", NUMBER)


def test_a_finding_of_other_words_in_the_same_place_is_another_finding() -> None:
    assert key_of("/narrative", "Text 314-555-0163", NUMBER) != BEFORE


def test_what_was_said_of_words_goes_with_them() -> None:
    moved = key_of("/narrative", "Hello Text 314-555-0142", LATER)
    elsewhere = key_of("/vehicles/0/features", "Text 314-555-0142", NUMBER)
    for verdict in Verdict:
        assert carried_over({BEFORE: verdict}, [moved])[moved] is verdict
    both = carried_over({BEFORE: Verdict.REMOVE}, [moved, elsewhere])
    assert both[moved] is both[elsewhere] is Verdict.REMOVE


def test_which_of_two_is_to_stay_is_not_guessed() -> None:
    moved = key_of("/narrative", "Hello Text 314-555-0142", LATER)
    elsewhere = key_of("/vehicles/0/features", "Text 314-555-0142", NUMBER)
    assert carried_over({BEFORE: Verdict.KEEP}, [moved, elsewhere]) == {BEFORE: Verdict.KEEP}


def test_taking_out_comes_before_letting_stand() -> None:
    moved = key_of("/narrative", "Hello Text 314-555-0142", LATER)
    other = key_of("/locations/0/name", "Text 314-555-0142", NUMBER)
    said = {other: Verdict.KEEP, BEFORE: Verdict.REMOVE}
    assert carried_over(said, [moved])[moved] is Verdict.REMOVE


def test_a_decision_on_a_finding_of_this_text_stands() -> None:
    here = key_of("/narrative", "Hello Text 314-555-0142", LATER)
    said = {BEFORE: Verdict.REMOVE, here: Verdict.KEEP}
    assert carried_over(said, [here])[here] is Verdict.KEEP
