"""A receipt survives being written down and typed again; a typing error is told as one."""

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tipintake.privacy import receipts
from tipintake.privacy.receipts import ALPHABET, LENGTH, ReceiptCode, ReceiptTypo

codes = st.binary(min_size=16, max_size=16).map(ReceiptCode)
places = st.integers(0, LENGTH - 1)


def plain(code: ReceiptCode) -> str:
    return code.pretty.replace("-", "")


@given(codes)
def test_a_receipt_read_back_is_the_same(code: ReceiptCode) -> None:
    assert receipts.parse(code.pretty) == code


@given(codes, st.data())
def test_case_spaces_and_hyphens_do_not_matter(code: ReceiptCode, data: st.DataObject) -> None:
    typed = "".join(
        data.draw(st.sampled_from(["", " ", "-", "–", "\t"]))
        + data.draw(st.sampled_from([char, char.lower()]))
        for char in plain(code)
    )
    assert receipts.parse(typed) == code


@given(codes, st.data())
def test_letters_that_look_like_digits_are_read_as_digits(
    code: ReceiptCode, data: st.DataObject
) -> None:
    alike = {"0": "0Oo", "1": "1IiLl"}
    typed = "".join(data.draw(st.sampled_from(alike.get(c, c))) for c in plain(code))
    assert receipts.parse(typed) == code


@given(codes)
def test_full_width_characters_are_read(code: ReceiptCode) -> None:
    assert receipts.parse("".join(chr(ord(c) + 0xFEE0) for c in plain(code))) == code


@pytest.mark.parametrize("unseen", ["\u200b", "\u00ad", "\u200e", "\u202a", "\u2069", "\ufeff"])
def test_what_nobody_sees_in_a_copied_code_is_no_typing_error(unseen: str) -> None:
    code = receipts.new()
    assert receipts.parse(f"{unseen}{code.pretty.replace('-', f'{unseen}-')}{unseen}") == code


@pytest.mark.parametrize("around", ['"{}"', "“{}”", "«{}»", "({})", "<{}>,", "*{}*", ": {};"])
def test_marks_around_a_copied_code_are_no_typing_error(around: str) -> None:
    code = receipts.new()
    assert receipts.parse(around.format(code.pretty)) == code


@given(codes, places, st.sampled_from(ALPHABET))
def test_every_single_wrong_character_is_caught(code: ReceiptCode, at: int, wrong: str) -> None:
    right = plain(code)
    if right[at] != wrong:
        with pytest.raises(ReceiptTypo):
            receipts.parse(right[:at] + wrong + right[at + 1 :])


@given(codes, places, places)
def test_every_exchange_of_two_characters_is_caught(code: ReceiptCode, a: int, b: int) -> None:
    typed = list(plain(code))
    if typed[a] != typed[b]:
        typed[a], typed[b] = typed[b], typed[a]
        with pytest.raises(ReceiptTypo):
            receipts.parse("".join(typed))


def test_all_single_errors_and_all_neighbour_exchanges_of_one_receipt_are_caught() -> None:
    right = plain(receipts.new())
    wrong = [
        right[:at] + char + right[at + 1 :]
        for at in range(LENGTH)
        for char in ALPHABET
        if char != right[at]
    ]
    wrong += [
        right[:at] + right[at + 1] + right[at] + right[at + 2 :]
        for at in range(LENGTH - 1)
        if right[at] != right[at + 1]
    ]
    assert len(wrong) > LENGTH * 31
    for typed in wrong:
        with pytest.raises(ReceiptTypo):
            receipts.parse(typed)


@given(codes, places)
def test_a_missing_or_doubled_character_is_caught(code: ReceiptCode, at: int) -> None:
    right = plain(code)
    for typed in (right[:at] + right[at + 1 :], right[:at] + right[at] + right[at:]):
        with pytest.raises(ReceiptTypo):
            receipts.parse(typed)


@pytest.mark.parametrize("check", ALPHABET)
def test_a_code_beyond_128_bits_is_never_a_receipt(check: str) -> None:
    with pytest.raises(ReceiptTypo):
        receipts.parse("Z" + "0" * 25 + check)


def test_a_receipt_is_made_of_sixteen_bytes() -> None:
    with pytest.raises(ValueError, match="128 bits"):
        ReceiptCode(b"short")
    with pytest.raises(ReceiptTypo):
        receipts.parse(" " * 300)


@given(st.text(max_size=300))
def test_other_text_is_a_typing_error_that_does_not_repeat_it(text: str) -> None:
    said = set()
    try:
        code = receipts.parse(text)
    except ReceiptTypo as typo:
        said.add(str(typo))
    else:
        assert receipts.parse(code.pretty) == code
    assert said <= {str(ReceiptTypo())}


def test_a_receipt_has_128_random_bits_in_groups_of_five() -> None:
    groups = receipts.new().pretty.split("-")
    assert [len(group) for group in groups] == [5, 5, 5, 5, 5, 2]
    assert len({receipts.new().to_bytes() for _ in range(100)}) == 100


def test_the_database_can_recognise_and_not_reveal_a_receipt() -> None:
    code = receipts.new()
    kept = receipts.fingerprint(code, b"p" * 32)
    assert kept == receipts.fingerprint(receipts.parse(code.pretty), b"p" * 32)
    assert kept != receipts.fingerprint(code, b"q" * 32)
    assert code.to_bytes() not in kept


def test_the_holder_of_a_receipt_opens_replies_and_nobody_else() -> None:
    code = receipts.new()
    ours, again = receipts.reply_keys(code), receipts.reply_keys(receipts.parse(code.pretty))
    assert ours.public == again.public
    assert ours.private.public == ours.public
    assert ours.public != receipts.reply_keys(receipts.new()).public


def test_a_receipt_never_shows_itself() -> None:
    code = receipts.new()
    shown = f"{code!r} {code} {[code]} {receipts.reply_keys(code)!r}"
    assert plain(code) not in shown.replace("-", "")
    assert code.pretty not in shown
    with pytest.raises(TypeError):
        pickle.dumps(code)
