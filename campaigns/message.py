"""A mail to one person: the template's words, and the footer that the law asks for."""

from collections.abc import Mapping
from dataclasses import dataclass

from campaigns.campaign import Campaign, Mail
from campaigns.contact import Contact
from campaigns.script import common_values, one_line, placeholders, render

MAIL_ELEMENTS = frozenset(
    {"sender_name", "sender_address", "postal_address", "optout_notice", "optout_url", "complaint_contact"}
)
"""What the footer shows, in the rulebooks' words (JP-E2, US-E3, CA-E3); the sender's address is the postal one."""

_ANSWER = {
    "ja": "▼ ご連絡をご希望の方はこちら\n{answer}",
    "en": "Would you like us to call you? Tell us here:\n{answer}",
}
_FOOTER = {
    "ja": (
        "――――――――――\n"
        "送信者: {seller}\n"
        "住所: {address}\n"
        "お問い合わせ・苦情の受付: {email} / {seller_number}\n"
        "このメールの配信停止はいつでもできます。下記のページでお手続きください。\n"
        "{unsubscribe}"
    ),
    "en": (
        "----------\n"
        "Sent by: {seller}\n"
        "Address: {address}\n"
        "Questions and complaints: {email} / {seller_number}\n"
        "You can stop these e-mails at any time on this page:\n"
        "{unsubscribe}"
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One mail, ready to send: `subject` is one line, `text` the whole body with its footer."""

    subject: str
    text: str


def compose(
    campaign: Campaign, template: str, language: str, contact: Contact, *, links: Mapping[str, str]
) -> Message:
    """Return the mail of `template` to `contact`; `links` has the addresses `unsubscribe` and `answer`.

    Without the template in that language, the list's own language is used. Raises KeyError when the campaign has no
    such template or a link is missing, which a loaded campaign never causes.
    """
    written, mail = _mail(campaign, template, language)
    values = {
        **common_values(campaign, contact, written),
        "address": campaign.seller.address.in_(written),
        "email": campaign.seller.email,
        "answer": links["answer"],
        "unsubscribe": links["unsubscribe"],
    }
    has_answer = any(name == "answer" for name, _ in placeholders(mail.text))
    parts = [mail.text.strip(), *([] if has_answer else [_ANSWER[written]]), _FOOTER[written]]
    return Message(
        subject=one_line(render(mail.subject, values)),
        text="\n\n".join(render(part, values) for part in parts) + "\n",
    )


def _mail(campaign: Campaign, template: str, language: str) -> tuple[str, Mail]:
    mails: Mapping[str, Mail] = {str(key): mail for key, mail in campaign.mails[template].items()}
    for choice in (language, campaign.audience.language):
        if choice in mails:
            return choice, mails[choice]
    return next(iter(mails.items()))
