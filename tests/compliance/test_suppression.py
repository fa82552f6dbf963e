"""Our own list, opt-outs and refusals."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.question import Question, Subject
from compliance.suppression import applies, same_email, same_number
from compliance.terms import Channel, Decision, Profile, Purpose, ReasonCode
from tests.compliance.builders import MAILBOX, MOBILE, TUESDAY, a_question, a_suppression, codes, judged, past

DAY = timedelta(days=1)


@pytest.mark.parametrize(
    "raw", ["090-1234-5678", "０９０ー１２３４ー５６７８", "+81 (0)90 1234 5678", "9012345678"]
)
def test_a_listed_number_is_found_however_written(raw: str) -> None:
    """The list may hold it domestic, wide or without its zero (NUM-1)."""
    assert codes(a_question(suppressions=(a_suppression(number=raw),))) == [ReasonCode.INTERNAL_DNC]


@pytest.mark.parametrize(
    ("entry", "is_meant"),
    [
        ({"number": MOBILE}, True),
        ({"email": "TARO@EXAMPLE.JP"}, True),
        ({"person": "C-1"}, True),
        ({"person": "C-2"}, False),
        ({"number": "+819087654321"}, False),
        ({"email": "jiro@example.jp"}, False),
        ({"person": "C-1", "channel": Channel.VOICE}, True),
        ({"person": "C-1", "channel": Channel.EMAIL}, False),
        ({"person": "C-1", "seller": "S1"}, True),
        ({"person": "C-1", "seller": "S2"}, False),
        ({"person": "C-1", "product": "P1"}, True),
        ({"person": "C-1", "product": "P2"}, False),
        ({"person": "C-1", "expires_at": TUESDAY}, False),
        ({"person": "C-1", "expires_at": TUESDAY + timedelta(seconds=1)}, True),
    ],
)
def test_an_entry_covers_its_scope(entry: dict[str, object], is_meant: bool) -> None:
    """Who, on which channel, for which seller and product, until when: all of it must match."""
    assert applies(a_suppression(**entry), a_question()) is is_meant


def test_an_address_of_the_person_bars_every_channel() -> None:
    """A number on the list for every channel stops the mail to its owner, and the mailbox stops the call."""
    mail = a_question(
        channel=Channel.EMAIL, purpose=Purpose.SERVICE, suppressions=(a_suppression(number=MOBILE),)
    )
    call = a_question(suppressions=(a_suppression(email=MAILBOX),))
    assert codes(mail) == codes(call) == [ReasonCode.INTERNAL_DNC]


def test_an_entry_that_runs_out_says_when() -> None:
    """The reason carries the end; the answer stays no."""
    end = TUESDAY + 30 * DAY
    verdict = judged(a_question(suppressions=(a_suppression(person="C-1", expires_at=end),)))
    assert verdict.decision is Decision.DENY
    assert [reason.until for reason in verdict.reasons] == [end]


def test_an_opt_out_in_the_history_counts_without_an_entry() -> None:
    """Whoever opted out is not called nor written to, in either profile, for any purpose (POL-4)."""
    history = (past("opted_out", TUESDAY - 900 * DAY, seller="S1"),)
    for profile in Profile:
        for channel in Channel:
            question = a_question(history=history, profile=profile, channel=channel, purpose=Purpose.SERVICE)
            assert codes(question) == [ReasonCode.INTERNAL_DNC]
    assert not judged(a_question(history=(past("opted_out", TUESDAY, seller="S2"),))).reasons


@pytest.mark.parametrize(
    ("profile", "seller", "product", "rules"),
    [
        (Profile.STATUTORY, "S1", "P1", ["JP-R1"]),
        (Profile.STATUTORY, "S1", "P2", []),
        (Profile.STATUTORY, "S2", "P1", []),
        (Profile.STATUTORY, None, None, ["JP-R1"]),
        (Profile.RECOMMENDED, "S1", "P1", ["JP-R1", "JP-R2"]),
        (Profile.RECOMMENDED, "S1", "P2", ["JP-R2"]),
        (Profile.RECOMMENDED, "S2", "P1", []),
        (Profile.RECOMMENDED, None, None, ["JP-R1", "JP-R2"]),
    ],
)
def test_a_refusal_binds_as_far_as_the_profile_says(
    profile: Profile, seller: str | None, product: str | None, rules: list[str]
) -> None:
    """By law the same seller and product; by house rule all the seller offers. Not noted down counts as this one."""
    history = (past("refused", TUESDAY - 900 * DAY, seller=seller, product=product),)
    verdict = judged(a_question(profile=profile, history=history))
    assert [reason.rule for reason in verdict.reasons] == rules
    assert verdict.decision is (Decision.DENY if rules else Decision.ALLOW)


def test_a_refusal_by_telephone_ends_mail_too_by_house_rule() -> None:
    """Recommended: seller-wide, on every channel."""
    history = (past("refused", TUESDAY - DAY, seller="S1", product="P9"),)
    question = a_question(channel=Channel.EMAIL, purpose=Purpose.SURVEY, history=history)
    assert codes(question) == [ReasonCode.REFUSAL_ON_FILE]


def test_unsubscribing_ends_mail_and_not_calls() -> None:
    """A person who wants no more mail has not refused calls (JP-E4)."""
    entry = a_suppression(email=MAILBOX, channel=Channel.EMAIL, reason="unsubscribed")
    mail = a_question(channel=Channel.EMAIL, purpose=Purpose.SURVEY, suppressions=(entry,))
    assert codes(mail) == [ReasonCode.EMAIL_UNSUBSCRIBED]
    assert judged(a_question(suppressions=(entry,))).decision is Decision.ALLOW


def test_sameness_of_addresses() -> None:
    """What is no number or mailbox is the same as itself only."""
    assert same_number("abc", "abc", "JP")
    assert not same_number("abc", MOBILE, "JP")
    assert same_email("Taro@Example.jp", "taro@example.jp")
    assert not same_email("taro", MAILBOX)


ENTRIES = st.builds(
    a_suppression,
    number=st.sampled_from([None, MOBILE, "090-1234-5678", "03-1234-5678"]),
    email=st.sampled_from([None, MAILBOX]),
    person=st.sampled_from([None, "C-1", "C-2"]),
    channel=st.sampled_from([None, *Channel]),
    seller=st.sampled_from([None, "S1", "S2"]),
    product=st.sampled_from([None, "P1"]),
    reason=st.sampled_from(["refused", "opted_out", "wrong_number", "unsubscribed"]),
    expires_at=st.sampled_from([None, TUESDAY, TUESDAY + DAY]),
)
QUESTIONS = st.builds(
    a_question,
    now=st.integers(0, 7 * 24).map(lambda hours: TUESDAY + timedelta(hours=hours)),
    channel=st.sampled_from(list(Channel)),
    profile=st.sampled_from(list(Profile)),
    subject=st.sampled_from(
        [Subject(person="C-1", number=MOBILE, email=MAILBOX), Subject(person="C-1", number=MOBILE)]
    ),
)


@given(QUESTIONS, st.lists(ENTRIES, max_size=3), ENTRIES)
def test_another_entry_never_opens_a_way(question: Question, entries: list[object], more: object) -> None:
    """Adding to the list may only refuse: no verdict becomes an allowance, no reason goes away."""
    fewer = judged(a_question_with(question, entries))
    stricter = judged(a_question_with(question, [*entries, more]))
    assert set(fewer.reasons) <= set(stricter.reasons)
    assert fewer.is_allowed or not stricter.is_allowed
    assert fewer.decision is not Decision.DENY or stricter.decision is Decision.DENY


def a_question_with(question: Question, entries: list[object]) -> Question:
    """The same question with other entries on the list."""
    return a_question(
        now=question.now,
        channel=question.channel,
        profile=question.profile,
        subject=question.subject,
        suppressions=tuple(entries),
    )
