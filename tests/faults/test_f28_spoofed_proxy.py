"""F28: whatever a sender says about hosts and proxies, the signature is checked over the configured address."""

import pytest
from twilio.request_validator import RequestValidator

from tests.adapters.twilio.builders import PUBLIC, TOKEN, Recorder, a_door, a_form, path

EVIL = "https://evil.example"
HEADERS = [
    {"Host": "evil.example"},
    {"X-Forwarded-Host": "evil.example"},
    {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "evil.example", "X-Forwarded-Port": "443"},
    {"Forwarded": "for=1.2.3.4;host=evil.example;proto=https"},
    {"X-Original-Host": "evil.example", "X-Rewrite-URL": "/twilio/rooms"},
    {"X-Original-URL": "/twilio/rooms"},
    {"Host": "evil.example", "X-Forwarded-For": "127.0.0.1"},
]


@pytest.mark.parametrize("spoofed", HEADERS, ids=" ".join)
@pytest.mark.parametrize("root", [EVIL, "http://127.0.0.1", "http://evil.example:443"])
async def test_f28_a_signature_over_the_spoofed_address_is_refused(
    spoofed: dict[str, str], root: str
) -> None:
    """Signed with the right token, for the host that the headers claim: 403, and nobody hears of it."""
    receiver, form, where = Recorder(), a_form(), path("status")
    signature = RequestValidator(TOKEN).compute_signature(root + where, form)
    async with a_door(receiver) as client:
        answer = await client.post(where, data=form, headers={"X-Twilio-Signature": signature, **spoofed})
        assert answer.status == 403
    assert receiver.events == []


@pytest.mark.parametrize("spoofed", HEADERS, ids=" ".join)
async def test_f28_spoofed_headers_do_not_turn_the_carrier_away(spoofed: dict[str, str]) -> None:
    """Signed over the configured address: the same headers change nothing."""
    receiver, form, where = Recorder(), a_form(), path("status")
    signature = RequestValidator(TOKEN).compute_signature(PUBLIC + where, form)
    async with a_door(receiver) as client:
        answer = await client.post(where, data=form, headers={"X-Twilio-Signature": signature, **spoofed})
        assert answer.status == 204
    assert len(receiver.events) == 1
