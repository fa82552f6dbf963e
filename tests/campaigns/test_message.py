import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.contact import Contact
from campaigns.message import MAIL_ELEMENTS, Message, compose
from compliance.rulebook import packaged_law
from tests.campaigns.builders import a_campaign, a_contact

LINKS = {"unsubscribe": "https://d.example/m/1/unsubscribe", "answer": "https://d.example/m/1/answer"}
CAMPAIGN = a_campaign()


def a_message(language: str = "ja", contact: Contact | None = None) -> Message:
    """The campaign's mail to somebody."""
    return compose(CAMPAIGN, "missed", language, contact or a_contact(), links=LINKS)


@pytest.mark.parametrize(
    ("language", "shown"),
    [
        ("ja", ["みどり園", "静岡市", "tea@example.jp", "054-255-9999", "配信停止"]),
        ("en", ["Midorien", "Shizuoka", "tea@example.jp", "+81 54-255-9999", "stop these e-mails"]),
    ],
)
def test_a_mail_shows_all_that_the_law_asks_for(language: str, shown: list[str]) -> None:
    """Sender, postal address, complaint contact, the notice and the address of the way out (JP-E2)."""
    text = a_message(language).text
    assert all(word in text for word in shown)
    assert text.rstrip().endswith(LINKS["unsubscribe"])


def test_the_elements_are_those_of_the_rulebook() -> None:
    """What the footer shows is all that Japan's rulebook asks of a mail."""
    asked = {element for rule in packaged_law().rulebooks["JP"].elements for element in rule.elements}
    assert asked <= MAIL_ELEMENTS


def test_the_answer_page_stands_on_a_line_of_its_own_once() -> None:
    """Where the template names it, and in a line of ours where it does not."""
    without = a_campaign(('"About our {product}: {answer}"', '"About our {product}."'))
    message = compose(without, "missed", "en", a_contact(), links=LINKS)
    assert message.text.splitlines().count(LINKS["answer"]) == 1
    assert a_message("en").text.count(LINKS["answer"]) == 1


def test_a_language_that_is_not_written_falls_back_to_the_lists() -> None:
    """A person who speaks neither gets the list's language, footer included."""
    assert a_message("fr") == a_message("ja")


def test_an_unknown_template_is_a_mistake_of_ours() -> None:
    """A loaded campaign has every template its steps name."""
    with pytest.raises(KeyError):
        compose(CAMPAIGN, "nothing", "ja", a_contact(), links=LINKS)


@given(name=st.text(max_size=40))
def test_no_name_adds_a_header_or_a_line(name: str) -> None:
    """A line break in a list's cell stays inside its line, in the subject and in the body."""
    message = a_message(contact=Contact(key="1", name=name, language="ja"))
    assert len(message.subject.splitlines()) <= 1
    assert "\r" not in message.text
    assert len(message.text.splitlines()) == len(a_message().text.splitlines())


def test_a_name_with_braces_is_only_a_name() -> None:
    """What a list holds is never template source."""
    contact = Contact(key="1", name="{unsubscribe}", language="ja")
    assert a_message(contact=contact).subject == "{unsubscribe}様"


def test_the_footer_shows_what_every_country_asks() -> None:
    """No mail of ours lacks an element that some rulebook wants shown in it."""
    wanted = {
        element
        for book in packaged_law().rulebooks.values()
        for rule in book.elements
        for element in rule.elements
    }
    assert wanted <= MAIL_ELEMENTS
