"""What an officer's word does: it is written down, sealed, and holds for the next judgement."""

from campaigns.contact import Contact
from compliance.ledger import Kind, Record
from compliance.replay import plain
from dialer.errors import DialerError
from dialer.reconcile import release, spare
from dialer.scene import Reaction, Scene
from dialer.statements import (
    CallsLost,
    ConsentGiven,
    ConsentTakenBack,
    DatabaseReleased,
    NumbersAsked,
    OfficerSaid,
    RegistryRead,
    SuppressionLifted,
)


class NotRecorded(DialerError):
    """A word that was not taken; the text says why and what to do."""


def officer_said(scene: Scene, event: OfficerSaid) -> Reaction:
    """Store the word and do what it says. Raises NotRecorded, and then nothing has changed."""
    if not scene.is_new(event):
        return Reaction()
    match event.word:
        case ConsentGiven() as word:
            _consented(scene, event, word)
        case ConsentTakenBack() as word:
            _revoked(scene, event, word)
        case SuppressionLifted() as word:
            _released(scene, event, word)
        case NumbersAsked() as word:
            _asked(scene, event, word)
        case RegistryRead() as word:
            _seal(scene, event, Kind.LISTED, None, dict(word.facts))
        case CallsLost() as word:
            spare(scene.unit, word.numbers, until=word.until, by=event.by, now=scene.now)
        case DatabaseReleased() as word:
            if not release(scene.unit, by=event.by, reason=word.reason, now=scene.now):
                raise NotRecorded("the database is not held: there is nothing to release")
    return Reaction(may_plan=True)


def _person(scene: Scene, whom: str) -> Contact:
    """Return the one person somebody is known as. Raises NotRecorded for nobody, and for several."""
    found = scene.unit.people_named(whom)
    if not found:
        raise NotRecorded(f"nobody is known as {whom}: enrol the list first, or check the number")
    if len(found) > 1:
        keys = ", ".join(contact.key for contact in found)
        raise NotRecorded(f"{whom} is known to be of several people ({keys}): name one by their key")
    return found[0]


def _consented(scene: Scene, event: OfficerSaid, word: ConsentGiven) -> None:
    for whom, consent in word.given:
        person = _person(scene, whom).key
        scene.unit.give_consent(person, consent, by=event.by, at=scene.now)
        _seal(scene, event, Kind.CONSENTED, person, {"consent": plain(consent)})


def _revoked(scene: Scene, event: OfficerSaid, word: ConsentTakenBack) -> None:
    person = _person(scene, word.whom).key
    scene.unit.take_back(person, seller=word.seller, reason=word.reason, by=event.by, at=scene.now)
    _seal(scene, event, Kind.REVOKED, person, {"seller": word.seller, "reason": word.reason})


def _released(scene: Scene, event: OfficerSaid, word: SuppressionLifted) -> None:
    """Lift every entry about somebody, on the word of two different people."""
    if not word.reason.strip():
        raise NotRecorded("a reason is needed: say how the person asked for it")
    if not event.by.strip() or event.by.strip().casefold() == word.approved_by.strip().casefold():
        raise NotRecorded("a second person is needed: --by and --approved-by name two different people")
    if not word.approved_by.strip():
        raise NotRecorded("a second person is needed: say who approved with --approved-by")
    lifted = scene.unit.lift(
        word.whom, by=event.by, approved_by=word.approved_by, reason=word.reason, at=scene.now
    )
    if not lifted:
        raise NotRecorded(f"no do-not-contact entry names {word.whom}")
    people = scene.unit.people_named(word.whom)
    facts = {"whom": word.whom, "entries": [plain(entry) for entry in lifted]}
    said = {"reason": word.reason, "approved_by": word.approved_by}
    _seal(scene, event, Kind.RELEASED, people[0].key if len(people) == 1 else None, {**facts, **said})


def _asked(scene: Scene, event: OfficerSaid, word: NumbersAsked) -> None:
    scene.unit.keep_answers(word.answers, by=event.by)
    facts = {"registry": "us_rnd", "source": word.source, "answers": len(word.answers)}
    _seal(scene, event, Kind.LISTED, None, facts)


def _seal(scene: Scene, event: OfficerSaid, kind: Kind, person: str | None, facts: dict[str, object]) -> None:
    scene.unit.record([Record(kind=kind, at=scene.now, person=person, body={"by": event.by, **facts})])
