"""The same request twice makes one tip, and nobody but the sender can open the kept answer."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from tests.api.conftest import Send
from tests.outage import away_at_the_commit
from tipintake.api import examples
from tipintake.directory.gazetteer import Gazetteer
from tipintake.door import idempotency
from tipintake.door.forgetting import forget_expired
from tipintake.door.models import IdempotentAnswer
from tipintake.privacy.seal import CannotOpen, Sealed
from tipintake.tips.models import Tip

KEY = "5e0a7f6c-9f6e-4c3b-8d0a-2f1b7c9e4d35"


@pytest.mark.django_db
def test_a_repeated_request_hears_the_first_answer(send_tip: Send) -> None:
    first = send_tip(examples.TIP, HTTP_IDEMPOTENCY_KEY=KEY)
    again = send_tip(examples.TIP, HTTP_IDEMPOTENCY_KEY=f'"{KEY}"')
    assert first.status_code == again.status_code == 201
    assert first.content == again.content
    assert "Idempotency-Replayed" not in first.headers
    assert again.headers["Idempotency-Replayed"] == "true"
    assert Tip.objects.count() == 1


@pytest.mark.django_db
def test_the_order_of_keys_in_the_body_does_not_matter(send_tip: Send) -> None:
    send_tip(examples.TIP, HTTP_IDEMPOTENCY_KEY=KEY)
    reordered = dict(reversed(examples.TIP.items()))
    assert send_tip(reordered, HTTP_IDEMPOTENCY_KEY=KEY).headers["Idempotency-Replayed"]


@pytest.mark.django_db
def test_the_same_key_with_another_body_is_refused(send_tip: Send) -> None:
    send_tip(examples.TIP, HTTP_IDEMPOTENCY_KEY=KEY)
    response = send_tip({**examples.TIP, "immediacy": "PAST"}, HTTP_IDEMPOTENCY_KEY=KEY)
    assert response.status_code == 422
    assert response.json()["type"].endswith("idempotency-key-reused")
    assert Tip.objects.count() == 1


@pytest.mark.django_db
def test_a_refused_tip_leaves_the_key_free(send_tip: Send) -> None:
    assert send_tip({}, HTTP_IDEMPOTENCY_KEY=KEY).status_code == 422
    assert send_tip(examples.TIP, HTTP_IDEMPOTENCY_KEY=KEY).status_code == 201


@pytest.mark.django_db
@pytest.mark.parametrize(
    "key", ["", "1", "short", "a" * 64, "x" * 200, "a key with spaces in it 123"]
)
def test_a_key_that_can_be_guessed_is_refused(send_tip: Send, key: str) -> None:
    response = send_tip(examples.TIP, HTTP_IDEMPOTENCY_KEY=key)
    assert response.status_code == 422
    assert response.json()["type"].endswith("idempotency-key-unusable")
    assert "UUID" in response.json()["detail"]
    assert not Tip.objects.exists()


@pytest.mark.django_db
def test_without_a_key_each_request_is_a_tip_of_its_own(send_tip: Send) -> None:
    send_tip(examples.TIP)
    send_tip(examples.TIP)
    assert Tip.objects.count() == 2


@pytest.mark.django_db
def test_what_is_stored_opens_only_to_the_holder_of_the_key(send_tip: Send) -> None:
    receipt = send_tip(examples.TIP, HTTP_IDEMPOTENCY_KEY=KEY).json()["receipt"]
    row = IdempotentAnswer.objects.get()
    stored = bytes(row.key_hmac) + bytes(row.body_hmac) + bytes(row.answer_sealed)
    assert KEY.encode() not in stored
    assert receipt.encode() not in stored
    assert (row.expires_at.minute, row.expires_at.second) == (0, 0)
    stranger = idempotency.claim_of(KEY[::-1], b"", pepper=b"p" * 32)
    with pytest.raises(CannotOpen):
        stranger.opener.open(Sealed(bytes(row.answer_sealed)), context=idempotency.CONTEXT)


@pytest.mark.django_db
def test_after_a_day_the_answer_is_gone_and_the_key_free(send_tip: Send) -> None:
    send_tip(examples.TIP, HTTP_IDEMPOTENCY_KEY=KEY)
    IdempotentAnswer.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
    assert "Idempotency-Replayed" not in send_tip(examples.TIP, HTTP_IDEMPOTENCY_KEY=KEY).headers
    assert Tip.objects.count() == 2
    assert IdempotentAnswer.objects.count() == 1
    assert forget_expired(timezone.now() + timedelta(hours=26)) == 1
    assert not IdempotentAnswer.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_commit_whose_answer_was_lost_is_answered_as_if_it_was_not(send_tip: Send) -> None:
    with away_at_the_commit(back=True):
        first = send_tip(examples.TIP, HTTP_IDEMPOTENCY_KEY=KEY)
    assert first.status_code == 201
    assert send_tip(examples.TIP, HTTP_IDEMPOTENCY_KEY=KEY).content == first.content
    assert Tip.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_who_was_perhaps_kept_is_told_so_and_hears_the_receipt_on_sending_again(
    send_tip: Send,
) -> None:
    with away_at_the_commit(back=False):
        first = send_tip(examples.TIP, HTTP_IDEMPOTENCY_KEY=KEY)
    assert first.status_code == 503
    assert "Nothing was kept" not in first.json()["detail"]
    assert "cannot be said" in first.json()["detail"]
    again = send_tip(examples.TIP, HTTP_IDEMPOTENCY_KEY=KEY)
    assert again.status_code == 201
    assert again.headers["Idempotency-Replayed"] == "true"
    assert Tip.objects.count() == 1


def patiently(client: Client) -> Any:
    """As a client that was told to try again. SQLite in memory locks whole tables at once."""
    for _ in range(50):
        answer = client.post(
            "/api/v1/tips", examples.TIP, content_type="application/json", HTTP_IDEMPOTENCY_KEY=KEY
        )
        if answer.status_code != 503:
            return answer
    return answer


@pytest.mark.django_db(transaction=True)
def test_many_at_once_make_exactly_one_tip(public: Client, region: Gazetteer) -> None:
    answers: list[Any] = []
    gate = threading.Barrier(6)

    def send() -> None:
        gate.wait()
        try:
            answers.append(patiently(Client()))
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [answer.status_code for answer in answers] == [201] * 6
    assert len({answer.content for answer in answers}) == 1
    assert Tip.objects.count() == 1
