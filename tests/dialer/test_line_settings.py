"""Agents' lines in the settings: what may be written, and what is said of what may not."""

import pytest

from compliance.document import build
from compliance.problem import DocumentInvalid
from dialer.settings import Settings

CALLER = "carrier: {line_caller_id: '+81312345678', application_sid: 'AP" + "a" * 32 + "'}\n"


def agents(line: str) -> str:
    """Settings with one agent."""
    return f"{CALLER}agents:\n  - {{id: aoki, name: Aoki{', line: ' + line if line else ''}}}\n"


@pytest.mark.parametrize(
    ("line", "called"),
    [
        ("", None),
        ("browser", None),
        ("{phone: '+815031234567'}", "+815031234567"),
        ("{sip: 'sip:aoki@office.sip.twilio.com'}", "sip:aoki@office.sip.twilio.com"),
        ("{sip: 'sips:a.b+1@10.0.0.7:5061;transport=tls'}", "sips:a.b+1@10.0.0.7:5061;transport=tls"),
    ],
)
def test_a_line_is_a_browser_a_telephone_or_sip(line: str, called: str | None) -> None:
    """Only the latter two are called."""
    found = build(Settings, agents(line), "dialer.yaml")
    assert found.telephones == ({"aoki": called} if called else {})


@pytest.mark.parametrize(
    ("text", "place", "says"),
    [
        (agents("phone"), "3:34", "phone is no line"),
        (agents("{}"), "3:34", "either a telephone or a SIP address"),
        (agents("{phone: '+815031234567', sip: 'sip:a@b.example'}"), "3:34", "either a telephone or a SIP"),
        (agents("{phone: '050-3123-4567'}"), "3:42", "Write it with + and the country, such as +81"),
        (agents("{sip: aoki@office.example}"), "3:40", "Write it like sip:aoki@"),
        (agents("{sip: 'sip:a b@office.example'}"), "3:40", "is no SIP address"),
        (agents("{fone: '+815031234567'}"), "3:35", '"fone" is not known here'),
        (
            "agents:\n  - {id: aoki, name: Aoki, line: {phone: '+815031234567'}}\n",
            "2:34",
            "Write carrier.line_caller_id",
        ),
        ("carrier: {application_sid: AC12}\n", "1:28", "AP and 32 hexadecimal digits"),
        ("carrier: {line_caller_id: 03-1234-5678}\n", "1:27", "+81312345678"),
    ],
)
def test_what_cannot_be_is_said_with_its_place_and_remedy(text: str, place: str, says: str) -> None:
    """One clear error, in both languages."""
    with pytest.raises(DocumentInvalid) as wrong:
        build(Settings, text, "dialer.yaml")
    [problem] = wrong.value.problems
    assert problem.text().startswith(f"dialer.yaml:{place}: ")
    assert says in problem.text()
    assert problem.text("ja") != problem.text()
