from tipintake.tips.indicators import INDICATORS
from tipintake.web.report.signs import LABELS, SIGNS


def test_every_sign_is_asked_once_in_plain_words() -> None:
    asked = [code for _key, _title, signs in SIGNS for code, _label in signs]
    assert sorted(asked) == sorted(INDICATORS)


def test_a_plain_label_is_short_enough_to_read_on_a_phone() -> None:
    assert {code: len(str(label)) for code, label in LABELS.items() if len(str(label)) > 80} == {}
