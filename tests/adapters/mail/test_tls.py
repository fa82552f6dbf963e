"""Mail over TLS: asked for means had, with a certificate that is trusted."""

import shutil
import ssl
import subprocess
from pathlib import Path

import pytest

from adapters.clock import VirtualClock
from adapters.mail.smtp import SmtpMailer
from dialer.mail_events import MailAccepted, MailEvent, MailNotSent
from dialer.settings import MailSettings
from tests.adapters.mail.builders import NOW, PUBLIC, Office, an_order, open_office, wanted


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for this machine, signed by itself, and its key in the same file."""
    if shutil.which("openssl") is None:
        pytest.skip("no openssl here: install it to see TLS tested")
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    command = (
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 "
        f"-subj /CN=localhost -addext subjectAltName=IP:127.0.0.1 -keyout {path} -out {path}.crt"
    )
    subprocess.run(command.split(), check=True, capture_output=True)
    path.write_text(path.read_text() + Path(f"{path}.crt").read_text())
    return path


async def sent(office: Office, security: str, trusted: Path | None) -> MailEvent:
    """Send one message, trusting this certificate or only those of the system."""
    settings = MailSettings.model_validate({"port": office.port, "security": security})
    tls = ssl.create_default_context(cafile=str(trusted)) if trusted else None
    mailer = SmtpMailer(settings, public_url=PUBLIC, clock=VirtualClock(NOW), tls=tls)
    event = await mailer.send(an_order(), wanted)
    await mailer.close()
    return event


def server_side(certificate: Path) -> ssl.SSLContext:
    """What the server shows."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


@pytest.mark.parametrize("security", ["tls", "starttls"])
async def test_a_trusted_server_takes_the_message(security: str, certificate: Path) -> None:
    """From the first byte, or after STARTTLS: then not one command of ours before it."""
    context = server_side(certificate)
    office = Office()
    async with open_office(office, tls=context, is_upgrade=security == "starttls"):
        event = await sent(office, security, certificate)
    assert isinstance(event, MailAccepted)
    assert len(office.taken) == 1


@pytest.mark.parametrize("security", ["tls", "starttls"])
async def test_a_stranger_gets_nothing(security: str, certificate: Path) -> None:
    """A certificate nobody vouches for ends the conversation, and the message may be tried later."""
    context = server_side(certificate)
    office = Office()
    async with open_office(office, tls=context, is_upgrade=security == "starttls"):
        event = await sent(office, security, None)
    assert isinstance(event, MailNotSent)
    assert office.taken == []
