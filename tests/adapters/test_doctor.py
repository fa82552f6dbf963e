"""Each check of `dialer doctor`, branch by branch, over facts made up here."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.configuration import load_configuration
from adapters.doctor.account import (
    check_clock,
    check_credentials,
    check_host,
    check_numbers,
    check_pace,
)
from adapters.doctor.address import check_board, check_public_url, check_signature, check_webhooks
from adapters.doctor.database import check_database
from adapters.doctor.examination import examine
from adapters.doctor.finding import Finding, Level, fail, ok
from adapters.doctor.keys import check_secret, check_variables
from adapters.doctor.lines import check_lines
from adapters.doctor.machine import check_disk, check_folder, check_registries, check_zones
from adapters.doctor.mail import check_mail
from adapters.doctor.probes import earliest_day, place_of, zone_data
from adapters.doctor.restoring import check_restoring
from adapters.facts import (
    Account,
    AccountNumber,
    Facts,
    Place,
    PostgresFacts,
    RegistryState,
    Reply,
    SqliteFacts,
    VoiceApplication,
    Way,
    ZoneData,
)
from adapters.words import LANGUAGES, words_in
from dialer.halts import CARRIER, RESTORED, Halt
from dialer.settings import CarrierSettings, MailSettings, Settings

NOW = datetime(2026, 11, 26, 3, 0, 0, tzinfo=UTC)
TODAY = NOW.date()
ACCOUNT, KEY = "AC" + "1" * 32, "SK" + "2" * 32
TOKYO, DOUBLE = "https://api.tokyo.jp1.twilio.com", "http://127.0.0.1:4010"
NUMBER, OTHER = "+81312345678", "+81312345679"
KEYS = {"TWILIO_API_KEY": KEY, "TWILIO_API_SECRET": "x" * 32, "TWILIO_AUTH_TOKEN": "t" * 32}
FINE = Reply(status=200, date=NOW, sent_at=NOW, received_at=NOW)
GIB = 1 << 30


def a_carrier(**changes: Any) -> CarrierSettings:
    """An account in Tokyo."""
    return CarrierSettings(**({"base_url": TOKYO, "account_sid": ACCOUNT} | changes))


def a_house(public_url: str = "https://dialer.example.com", base_url: str = TOKYO) -> Settings:
    """An installation with a public address."""
    return Settings(public_url=public_url, carrier=a_carrier(base_url=base_url))


def refused(status: int | None, key: str = KEY, **changes: Any) -> Finding:
    """What is said of an account that answered so."""
    reply = Reply(status=status, code=20003 if status else None, failure="" if status else "ConnectTimeout")
    account = Account(calls=reply, **changes)
    return check_credentials(a_carrier(), KEYS | {"TWILIO_API_KEY": key}, account)


def shown(*known: AccountNumber, **changes: Any) -> Finding:
    """What is said when a campaign shows NUMBER and the account has these."""
    fields: dict[str, Any] = {"calls": FINE, "numbers": known} | changes
    return check_numbers([NUMBER, NUMBER], Account(**fields))


def a_way(**changes: Any) -> Way:
    """A way on which everything arrives."""
    fine = Way(addresses=("203.0.113.7",), reached=FINE, is_ours=True, signed=FINE)
    return replace(fine, **changes)


def a_place(**changes: Any) -> Place:
    """A folder as it should be."""
    place = Place(path="var", free=80 * GIB, total=100 * GIB, mode=0o40700, file_mode=0o100600)
    return replace(place, **changes)


def a_database(**changes: Any) -> SqliteFacts:
    """A database as it should be."""
    return replace(SqliteFacts(version="3.53.0", journal_mode="wal", synchronous=2), **changes)


def a_server(**changes: str) -> PostgresFacts:
    """A database server as it should be."""
    settings = {
        "server_version": "17.5",
        "server_version_num": "170005",
        "fsync": "on",
        "full_page_writes": "on",
        "synchronous_commit": "on",
    }
    return PostgresFacts(settings=settings | changes)


def greeted(failure: str | None = "", *, is_used: bool = True, **changes: Any) -> Finding:
    """What is said of a mail server that answered so."""
    fields: dict[str, Any] = {"host": "smtp.example.com", "port": 587} | changes
    return check_mail(MailSettings(**fields), {}, failure, is_used=is_used)


def zones(version: str = "2026f", not_before: date = TODAY) -> Finding:
    """What is said of this time zone data."""
    return check_zones(ZoneData(version=version, not_before=not_before), ("2024a", "2026f"), TODAY)


def a_clock(ahead_s: float) -> Finding:
    """What is said when our clock is that far ahead of the carrier's, with an answer within 0.2 s."""
    sent_at = NOW + timedelta(seconds=ahead_s)
    reply = Reply(status=200, date=NOW, sent_at=sent_at, received_at=sent_at + timedelta(seconds=0.2))
    return check_clock(Account(calls=reply))


VOICE_URL = "https://dialer.example.com/twilio/line/" + "e" * 32
VOICE = VoiceApplication(reply=FINE, voice_url=VOICE_URL, voice_method="POST")


def lines_of(
    application: VoiceApplication | None, *, key: str = KEY, line: object = "browser", **changes: Any
) -> Finding:
    """What is said of one agent's line, when the account has this application."""
    carrier = {"base_url": TOKYO, "account_sid": ACCOUNT, "application_sid": "AP" + "3" * 32, **changes}
    agents = [{"id": "aoki", "name": "Aoki", "line": line}]
    settings = Settings.model_validate({"carrier": carrier, "agents": agents})
    account = Account(calls=FINE, application=application)
    return check_lines(settings, account, key=key, expected=VOICE_URL)


PAUSES = (
    Halt(name=CARRIER, since=NOW, until=NOW + timedelta(minutes=5), reason="429"),
    Halt(name=RESTORED, since=NOW, until=None, reason="older than its checkpoint"),
)

ROWS: Mapping[str, tuple[Finding, Level]] = {
    "secret.ok": (check_secret(Settings(), {"DIALER_SECRET": "s" * 32}), Level.OK),
    "secret.missing": (check_secret(Settings(), {}), Level.FAIL),
    "secret.short": (check_secret(Settings(), {"DIALER_SECRET": "s" * 31}), Level.FAIL),
    "variables.ok": (check_variables(a_carrier(), KEYS), Level.OK),
    "variables.account": (check_variables(a_carrier(account_sid=""), KEYS), Level.FAIL),
    "variables.missing": (check_variables(a_carrier(), {"TWILIO_API_KEY": KEY}), Level.FAIL),
    "variables.account_shape": (check_variables(a_carrier(account_sid="AC12"), KEYS), Level.WARNING),
    "variables.key_shape": (
        check_variables(a_carrier(), KEYS | {"TWILIO_API_KEY": "my key"}),
        Level.WARNING,
    ),
    "host.ok": (check_host(a_carrier(), ["JP"]), Level.OK),
    "host.double": (check_host(a_carrier(base_url=DOUBLE), ["JP"]), Level.OK),
    "host.plain": (check_host(a_carrier(base_url="http://api.tokyo.jp1.twilio.com"), []), Level.FAIL),
    "host.retired": (check_host(a_carrier(base_url="https://api.jp1.twilio.com"), []), Level.FAIL),
    "host.home": (check_host(a_carrier(base_url="https://api.twilio.com"), ["US", "JP"]), Level.WARNING),
    "host.other": (check_host(a_carrier(base_url="https://voice.example.com"), []), Level.WARNING),
    "host.unknown": (check_host(a_carrier(base_url="https://voice.twilio.com"), []), Level.FAIL),
    "credentials.ok": (refused(200), Level.OK),
    "credentials.silent": (refused(None), Level.FAIL),
    "credentials.region": (refused(401, accepted_at=("api.twilio.com",)), Level.FAIL),
    "credentials.key": (refused(401, key="work laptop"), Level.FAIL),
    "credentials.secret": (refused(401), Level.FAIL),
    "credentials.token": (refused(401, key=ACCOUNT), Level.FAIL),
    "credentials.other_account": (refused(401, key="AC" + "9" * 32), Level.FAIL),
    "credentials.forbidden": (refused(403), Level.FAIL),
    "credentials.elsewhere": (refused(404), Level.FAIL),
    "credentials.busy": (refused(429), Level.WARNING),
    "credentials.odd": (refused(503), Level.FAIL),
    "credentials.skipped": (check_credentials(a_carrier(), KEYS, None), Level.WARNING),
    "numbers.ok": (shown(AccountNumber(number=NUMBER), AccountNumber(number=OTHER)), Level.OK),
    "numbers.none": (check_numbers([], None), Level.OK),
    "numbers.unlisted": (shown(numbers=None, listing=Reply(status=404)), Level.WARNING),
    "numbers.missing": (shown(AccountNumber(number=OTHER)), Level.FAIL),
    "numbers.mute": (shown(AccountNumber(number=NUMBER, has_voice=False)), Level.FAIL),
    "numbers.stripped": (shown(AccountNumber(number=NUMBER, is_owned=False)), Level.FAIL),
    "numbers.borrowed": (
        check_numbers(
            ["+15005550006"],
            Account(calls=FINE, numbers=(AccountNumber(number="+15005550006", is_owned=False),)),
        ),
        Level.WARNING,
    ),
    "numbers.skipped": (shown(calls=Reply(status=401)), Level.WARNING),
    "pace.ok": (check_pace(a_carrier()), Level.OK),
    "pace.raised": (check_pace(a_carrier(calls_per_second=1.5)), Level.WARNING),
    "lines.ok": (lines_of(VOICE), Level.OK),
    "lines.double": (lines_of(None, base_url=DOUBLE), Level.OK),
    "lines.telephones": (
        lines_of(None, line={"phone": "+815031234567"}, line_caller_id="+81312345678"),
        Level.OK,
    ),
    "lines.none": (lines_of(None, application_sid=""), Level.WARNING),
    "lines.key": (lines_of(VOICE, key=ACCOUNT), Level.FAIL),
    "lines.missing": (lines_of(VoiceApplication(reply=Reply(status=404))), Level.FAIL),
    "lines.unread": (lines_of(VoiceApplication(reply=Reply(failure="ReadTimeout"))), Level.WARNING),
    "lines.elsewhere": (lines_of(replace(VOICE, voice_url="https://old.example/x")), Level.FAIL),
    "lines.skipped": (lines_of(None), Level.WARNING),
    "clock.ok": (a_clock(0.0), Level.OK),
    "clock.fast": (a_clock(3.5), Level.FAIL),
    "clock.slow": (a_clock(-2.5), Level.FAIL),
    "clock.unknown": (check_clock(None), Level.WARNING),
    "public_url.ok": (check_public_url(a_house(), a_way()), Level.OK),
    "public_url.double": (check_public_url(a_house("http://127.0.0.1:8080", DOUBLE), None), Level.OK),
    "public_url.malformed": (check_public_url(a_house("https://user@dialer.example.com"), None), Level.FAIL),
    "public_url.underscore": (
        check_public_url(a_house("https://my_dialer.example.com"), a_way()),
        Level.FAIL,
    ),
    "public_url.inside": (check_public_url(a_house("http://127.0.0.1:8080"), a_way()), Level.FAIL),
    "public_url.plain": (check_public_url(a_house("http://dialer.example.com"), a_way()), Level.FAIL),
    "public_url.unresolved": (check_public_url(a_house(), a_way(addresses=())), Level.FAIL),
    "webhooks.ok": (check_webhooks(a_house(), a_way()), Level.OK),
    "webhooks.listen": (check_webhooks(a_house(), a_way(listen_failure="no such address")), Level.FAIL),
    "webhooks.silent": (check_webhooks(a_house(), a_way(reached=Reply(failure="ConnectError"))), Level.FAIL),
    "webhooks.status": (check_webhooks(a_house(), a_way(reached=Reply(status=302))), Level.FAIL),
    "webhooks.stranger": (check_webhooks(a_house(), a_way(is_ours=False)), Level.FAIL),
    "webhooks.skipped": (check_webhooks(a_house(), None), Level.WARNING),
    "signature.ok": (check_signature(a_house(), a_way()), Level.OK),
    "signature.refused": (check_signature(a_house(), a_way(signed=Reply(status=403))), Level.FAIL),
    "signature.silent": (check_signature(a_house(), a_way(signed=Reply(failure="ReadError"))), Level.FAIL),
    "signature.status": (check_signature(a_house(), a_way(signed=Reply(status=405))), Level.FAIL),
    "signature.skipped": (check_signature(a_house(), a_way(listen_failure="in use")), Level.WARNING),
    "board.ok": (check_board(a_house(), a_way(shows_board=False)), Level.OK),
    "board.double": (check_board(a_house(base_url=DOUBLE), None), Level.OK),
    "board.public": (check_board(a_house(), a_way(shows_board=True)), Level.FAIL),
    "board.skipped": (check_board(a_house(), a_way()), Level.WARNING),
    "mail.ok": (greeted(), Level.OK),
    "mail.password": (greeted(None, username="dialer"), Level.FAIL),
    "mail.silent": (greeted("SMTPConnectError"), Level.FAIL),
    "mail.unused": (greeted("SMTPConnectError", is_used=False), Level.WARNING),
    "mail.plain": (greeted(security="none"), Level.WARNING),
    "mail.skipped": (greeted(None), Level.WARNING),
    "database.ok": (check_database(a_database()), Level.OK),
    "database.missing": (check_database(a_database(is_there=False)), Level.WARNING),
    "database.unsound": (check_database(a_database(unsound="SQLite 3.40 may corrupt its log")), Level.FAIL),
    "database.trial": (check_database(a_database(failure="PermissionError")), Level.FAIL),
    "database.hasty": (check_database(a_database(journal_mode="delete")), Level.FAIL),
    "database.tables": (check_database(a_database(tables="older tables")), Level.FAIL),
    "database.server": (check_database(a_server()), Level.OK),
    "database.server_silent": (check_database(PostgresFacts(settings={}, failure="refused")), Level.FAIL),
    "database.server_old": (check_database(a_server(server_version_num="140022")), Level.FAIL),
    "database.server_hasty": (check_database(a_server(synchronous_commit="off")), Level.FAIL),
    "restoring.ok": (check_restoring((), NOW, second_place="/mnt/marks.jsonl"), Level.OK),
    "restoring.one_place": (check_restoring((), NOW, second_place=""), Level.WARNING),
    "restoring.held": (check_restoring(PAUSES, NOW, second_place="/mnt/marks.jsonl"), Level.FAIL),
    "restoring.paused": (check_restoring(PAUSES[:1], NOW, second_place=""), Level.WARNING),
    "restoring.unknown": (check_restoring((), NOW, second_place="", failure="locked"), Level.WARNING),
    "folder.ok": (check_folder(a_place()), Level.OK),
    "folder.missing": (check_folder(a_place(mode=None)), Level.WARNING),
    "folder.locked": (check_folder(a_place(is_writable=False)), Level.FAIL),
    "folder.writable": (check_folder(a_place(mode=0o40777)), Level.FAIL),
    "folder.readable": (check_folder(a_place(mode=0o40755)), Level.WARNING),
    "disk.ok": (check_disk(a_place()), Level.OK),
    "disk.full": (check_disk(a_place(free=4 * GIB)), Level.FAIL),
    "tzdata.ok": (zones(), Level.OK),
    "tzdata.old": (zones("2026e"), Level.FAIL),
    "tzdata.aged": (zones(not_before=TODAY - timedelta(days=181)), Level.WARNING),
    "registries.ok": (check_registries([RegistryState(registry="uk_tps", state="ok")]), Level.OK),
    "registries.none": (check_registries([]), Level.OK),
    "registries.unusable": (check_registries([RegistryState(registry="uk_tps", state="STALE")]), Level.FAIL),
    "settings.ok": (ok("settings", path="config", campaigns=1), Level.OK),
    "settings.invalid": (fail("settings", "invalid", path="config", problems="x"), Level.FAIL),
}


@pytest.mark.parametrize("row", ROWS)
def test_every_branch_says_its_case(row: str) -> None:
    """Each check meets each of its cases, at its level, and both languages have whole sentences for it."""
    finding, level = ROWS[row]
    assert (f"{finding.name}.{finding.case}", finding.level) == (row, level)
    for language in LANGUAGES:
        words = words_in(language)
        said = finding.found(words), finding.remedy(words)
        assert words(f"doctor.name.{finding.name}")
        assert bool(said[1]) == (level is not Level.OK)
        assert not any("{" in text or "None" in text for text in said)


def test_no_sentence_is_left_of_a_case_that_is_gone() -> None:
    """The catalog holds the sentences of the cases above, and no others."""
    heads = {"doctor.level", "doctor.name", "doctor.total", "doctor.skipped"}
    told = {key for key in words_in("en").catalog if key.startswith("doctor.")}
    cases = {key.rpartition(".")[0] for key in told if not any(key.startswith(head) for head in heads)}
    assert cases == {f"doctor.{row}" for row in ROWS if not row.endswith(".skipped")}


@pytest.mark.parametrize(
    ("finding", "case"),
    [
        (check_host(a_carrier(base_url="https://api.twilio.com"), ["US"]), "ok"),
        (check_host(a_carrier(base_url="https://api.ashburn.us1.twilio.com"), []), "ok"),
        (check_host(a_carrier(base_url="http://localhost:4010"), []), "double"),
        (check_host(a_carrier(base_url="api.twilio.com"), []), "plain"),
        (check_public_url(a_house("https://10.0.0.8"), a_way()), "inside"),
        (check_public_url(a_house("https://[::1]:8443"), a_way()), "inside"),
        (check_public_url(a_house("https://dialer.example.com/?x=1"), None), "malformed"),
        (check_public_url(a_house("https://dialer.example.com:port"), None), "malformed"),
        (check_public_url(a_house("http://my_host", DOUBLE), None), "underscore"),
        (check_database(a_database(synchronous=1)), "hasty"),
        (check_database(a_server(fsync="off")), "server_hasty"),
        (check_database(a_server(full_page_writes="off")), "server_hasty"),
        (check_database(a_server(synchronous_commit="remote_apply")), "server"),
        (check_database(PostgresFacts(settings={})), "server_old"),
        (check_disk(a_place(free=499_999_999, total=600_000_000)), "full"),
        (check_disk(a_place(free=500_000_000, total=600_000_000)), "ok"),
        (check_disk(a_place(total=0, free=0)), "full"),
        (check_folder(a_place(mode=0o40755, file_mode=0o100666)), "writable"),
        (check_folder(a_place(mode=0o40750, file_mode=0o100666)), "ok"),
        (check_folder(a_place(mode=0o40700, file_mode=None)), "ok"),
        (zones(not_before=TODAY - timedelta(days=180)), "ok"),
        (check_clock(Account(calls=Reply(status=200))), "unknown"),
        (a_clock(2.9), "ok"),
        (a_clock(3.1), "fast"),
        (a_clock(-2.1), "ok"),
        (a_clock(-2.3), "slow"),
        (check_folder(a_place(mode=0o40770)), "ok"),
        (check_folder(a_place(mode=0o40702)), "writable"),
        (greeted(security="none", host="localhost"), "ok"),
        (shown(AccountNumber(number=OTHER), calls=Reply()), "skipped"),
    ],
)
def test_the_edges(finding: Finding, case: str) -> None:
    """What just is, and what just is not."""
    assert finding.case == case


def test_a_retired_host_is_told_its_successor() -> None:
    """The region's own edge, not Tokyo for all."""
    finding = check_host(a_carrier(base_url="https://api.ie1.twilio.com"), [])
    assert "https://api.dublin.ie1.twilio.com" in finding.remedy(words_in("en"))


@given(st.floats(-30, 30), st.floats(0, 5), st.floats(0, 0.999), st.floats(0, 1))
def test_the_clock_is_never_blamed_for_the_way(off: float, trip: float, within: float, when: float) -> None:
    """However long the answer took and whenever it was written, a fault is told only when there is one."""
    written = NOW + timedelta(seconds=within)
    sent_at = written + timedelta(seconds=off - trip * when)
    reply = Reply(status=200, date=NOW, sent_at=sent_at, received_at=sent_at + timedelta(seconds=trip))
    finding = check_clock(Account(calls=reply))
    if finding.level is Level.FAIL:
        assert abs(off) > 2
        assert finding.case == ("fast" if off > 0 else "slow")
    if abs(off) > 3.01 + trip:
        assert finding.level is Level.FAIL


def test_a_release_is_as_old_as_its_year_and_its_leap_seconds_allow() -> None:
    """The later of the two counts; a table without its date leaves the year."""
    assert earliest_day("2026b", "# x\n#updated 1783323897 (2026-07-06)\n") == date(2026, 7, 6)
    assert earliest_day("2026a", "#updated 1735689600\n") == date(2026, 1, 1)
    assert earliest_day("2025c", "nothing") == date(2025, 1, 1)
    assert zone_data().not_before.year == int(zone_data().version[:4])


def test_the_folder_is_looked_at_as_it_is(tmp_path: Path) -> None:
    """Its own bits and the file's; a folder that is not there is judged by the disk it would be on."""
    folder, file = tmp_path / "var", tmp_path / "var" / "dialer.db"
    assert place_of(folder, file).mode is None
    assert place_of(folder, file).total > 0
    folder.mkdir(mode=0o750)
    file.touch()
    file.chmod(0o640)
    place = place_of(folder, file)
    assert (place.mode, place.file_mode, place.is_writable) == (0o40750, 0o100640, True)


def facts() -> Iterator[Facts]:
    """An installation about which everything is known, and one about which nothing could be asked."""
    fine = Facts(
        now=NOW,
        environment=KEYS | {"DIALER_SECRET": "s" * 32},
        account=Account(calls=FINE, numbers=()),
        way=a_way(),
        place=a_place(),
        zones=ZoneData(version="2026f", not_before=TODAY),
        database=a_database(),
        mail_failure="",
        registries=(),
    )
    yield fine
    yield replace(fine, account=None, way=None, mail_failure=None, environment={})


def test_the_examination_makes_every_check_each_time() -> None:
    """Whatever could be asked: a check that is left out would look like one that passed."""
    configuration = load_configuration(Path(__file__).parents[2] / "config")
    checks = {row.partition(".")[0] for row in ROWS} - {"settings"}
    for known in facts():
        found = [finding.name for finding in examine(configuration, known)]
        assert (len(found), set(found)) == (len(checks), checks)
