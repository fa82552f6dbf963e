"""Twilio's sum over address and fields, and how it is compared."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st
from multidict import MultiDict
from twilio.request_validator import RequestValidator

from adapters.twilio.errors import CarrierMisconfigured
from adapters.twilio.signature import Signatures, is_hash_of

ROOT, PATH, TOKEN = "https://dialer.example", "/twilio/a-1/n/status?x=1", "12345"
CANONICAL = {
    "CallSid": "CA1234567890ABCDE",
    "Caller": "+14158675309",
    "Digits": "1234",
    "From": "+14158675309",
    "To": "+18005551212",
}


def signed(url: str, form: MultiDict[str], token: str = TOKEN) -> str:
    """What Twilio sends for it."""
    text: str = RequestValidator(token).compute_signature(url, form)
    return text


def test_the_published_vector_fits() -> None:
    """Token 12345, and one letter off does not."""
    signatures = Signatures(root="https://mycompany.com", tokens=["12345"])
    path, form = "/myapp.php?foo=1&bar=2", MultiDict(CANONICAL)
    assert signatures.is_genuine(path, form, "RSOYDt4T1cUTdK1PDd93/VVr8B8=")
    assert not signatures.is_genuine(path, form, "RSOYDt4T1cUTdK1PDd93/VVr8B9=")


@pytest.mark.parametrize("root", [ROOT, ROOT + ":443", ROOT + ":8443", "http://[::1]", "http://[::1]:80/in"])
@pytest.mark.parametrize("is_ported", [True, False], ids=["with port", "without"])
def test_the_port_is_signed_or_left_out(root: str, is_ported: bool) -> None:
    """Twilio does now one and now the other, whatever we have configured."""
    scheme, _, rest = root.partition("://")
    host, _, folder = rest.partition("/")
    bare, _, port = host.rpartition(":") if host[-1].isdigit() else (host, "", "")
    written = f"{bare}:{port or {'http': 80, 'https': 443}[scheme]}" if is_ported else bare
    url = f"{scheme}://{written}{'/' if folder else ''}{folder}{PATH}"
    form = MultiDict(CANONICAL)
    assert Signatures(root=root, tokens=[TOKEN]).is_genuine(PATH, form, signed(url, form))
    assert not Signatures(root=root, tokens=[TOKEN]).is_genuine(PATH, form, signed(url + "&y=1", form))


@pytest.mark.parametrize("token", ["first", "second", "third"])
def test_every_token_of_a_rotation_is_good(token: str) -> None:
    """Wherever it stands; one that is not among them is not."""
    signatures, form = Signatures(root=ROOT, tokens=["first", "second", "third"]), MultiDict(CANONICAL)
    assert signatures.is_genuine(PATH, form, signed(ROOT + PATH, form, token))
    assert not signatures.is_genuine(PATH, form, signed(ROOT + PATH, form, token + "!"))


@pytest.mark.parametrize("tokens", [[], [""], ["good", ""]])
def test_without_a_token_nothing_is_believed(tokens: list[str]) -> None:
    """An empty one would let anybody sign."""
    with pytest.raises(CarrierMisconfigured):
        Signatures(root=ROOT, tokens=tokens)


NAMES = st.text(max_size=6) | st.sampled_from(["CallSid", "To", "ToState"])
VALUES = st.text(max_size=8) | st.sampled_from(["", "東京", "🙂", "+819012345678", "&=#%"])


@given(pairs=st.lists(st.tuples(NAMES, VALUES), max_size=8), token=st.text(min_size=1, max_size=8))
def test_what_twilio_would_sign_is_genuine_and_a_change_is_not(
    pairs: list[tuple[str, str]], token: str
) -> None:
    """Repeated fields, blank ones, any letters; one field more and the sum is another."""
    form, signatures = MultiDict(pairs), Signatures(root=ROOT, tokens=[token])
    text = signed(ROOT + PATH, form, token)
    assert signatures.is_genuine(PATH, form, text)
    assert not signatures.is_genuine(PATH, MultiDict([*pairs, ("Added", "1")]), text)
    assert not signatures.is_genuine(PATH + "0", form, text)


@pytest.mark.parametrize("path", ["/\ud800", "/?x=\udfff"])
def test_half_a_letter_in_the_address_is_no_error(path: str) -> None:
    """It cannot be signed, so it is a forgery."""
    assert not Signatures(root=ROOT, tokens=[TOKEN]).is_genuine(path, MultiDict(), "x")
    assert not Signatures(root=ROOT, tokens=[TOKEN]).is_genuine(PATH, MultiDict({"To": path}), "x")


@pytest.mark.parametrize("signature", ["é", "\udc80" * 28, "", "\x00"])
def test_no_signature_is_an_error(signature: str) -> None:
    """Whatever stands in the header."""
    assert not Signatures(root=ROOT, tokens=[TOKEN]).is_genuine(PATH, MultiDict(), signature)


@given(body=st.binary(max_size=40))
def test_a_body_has_one_hash(body: bytes) -> None:
    """The one of these very bytes, given once."""
    digest = sha256(body).hexdigest()
    assert is_hash_of(body, [digest])
    for given_hashes in ([], [digest, digest], [digest[:-1]], [digest.upper() + "A"], ["é" * 64]):
        assert not is_hash_of(body, given_hashes)
    assert not is_hash_of(body + b"0", [digest])
