"""A practice as an installation of its own: its settings made anew, its own double in the same process, no key read."""

import secrets
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from aiohttp import web

from adapters.clock import AcceleratedClock
from adapters.configuration import Configuration, Plan
from adapters.environment import Keys
from adapters.simulator.options import DoubleOptions
from adapters.simulator.practice import EAGER
from adapters.simulator.seats import Meaning, Shift
from adapters.simulator.seats import Seat as Softphone
from adapters.simulator.twilio_double import open_double
from adapters.web import practice as pages
from adapters.wiring.coaching import Coach, Pupil
from adapters.wiring.house import House, open_house
from adapters.wiring.seats import Seat, seats_of
from campaigns.campaign import Campaign, Step
from campaigns.speech import Spoken
from compliance.terms import Technology
from dialer.settings import AgentSettings, CarrierSettings, MailSettings, Settings

HOST = "127.0.0.1"
_CALLS_PER_SECOND = 50.0
_NO_VARIABLE = "DIALER_PRACTICE_READS_NO_KEY"
"""The name of a variable that nobody sets: where settings name the environment, a practice names this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A practice under way: the installation, who listens, and the agent's seat."""

    house: House
    coach: Coach
    seat: Seat


@asynccontextmanager
async def open_practice(
    configuration: Configuration, plan: Plan, pupil: Pupil, *, folder: Path, clock: AcceleratedClock
) -> AsyncIterator[Opened]:
    """Open a practice whose every file is in `folder`; of the configuration it takes policy, agent and scripts."""
    account, token = f"AC{secrets.token_hex(16)}", secrets.token_hex(16)
    agent = next(one for one in configuration.settings.agents if one.id == pupil.agent)
    double_options = DoubleOptions(
        state=folder / "double",
        account_sid=account,
        auth_token=token,
        seed=pupil.seed,
        calls_per_second=_CALLS_PER_SECOND,
        host=HOST,
        idle_s=0.0,
        people=EAGER,
    )
    double_options.state.mkdir(parents=True)
    async with open_double(double_options, clock) as (double, where):
        carrier = carrier_of(where.port, account)
        mail = MailSettings(host=HOST, port=where.smtp_port, security="none", password_env=_NO_VARIABLE)
        settings = settings_of(configuration.settings, agent, folder=folder, carrier=carrier, mail=mail)
        own = replace(
            configuration,
            settings=settings,
            plans={plan.campaign.id: replace(plan, campaign=pupil.campaign)},
        )
        keys = Keys(key_sid=account, key_secret=token, auth_tokens=(token,))
        coaches: list[Coach] = []

        def furnish(house: House, app: web.Application) -> None:
            coaches.append(Coach(house, double.exchange, pupil))
            pages.furnish(app, coaches[0])

        async with open_house(own, keys, clock=clock, secret=secrets.token_hex(32), furnish=furnish) as house:
            (seat,) = seats_of(settings, house.secret)
            double.softphones.begin(_shift(seat, pupil.campaign))
            yield Opened(house=house, coach=coaches[0], seat=seat)


def carrier_of(port: int, account: str) -> CarrierSettings:
    """Return the double as a carrier: loopback, an invented account, and no variable that anybody sets."""
    return CarrierSettings(
        base_url=f"http://{HOST}:{port}",
        account_sid=account,
        key_sid_env=_NO_VARIABLE,
        key_secret_env=_NO_VARIABLE,
        auth_token_env=_NO_VARIABLE,
        calls_per_second=_CALLS_PER_SECOND,
        accept_limit=timedelta(minutes=10),
        queue_limit=timedelta(minutes=10),
    )


def settings_of(
    real: Settings, agent: AgentSettings, *, folder: Path, carrier: CarrierSettings, mail: MailSettings
) -> Settings:
    """Return settings made anew: of the real ones only the agent, the breaks and the zone of the pages are taken."""
    here = f"{HOST}:{free_port()}"
    return Settings(
        database=f"sqlite:///{folder / 'dialer.db'}",
        public_url=f"http://{here}",
        listen=here,
        zone=real.zone,
        secret_env=_NO_VARIABLE,
        carrier=carrier,
        mail=mail,
        agents=(agent.model_copy(update={"line": "browser"}),),  # nobody's own telephone rings
        breaks=real.breaks,
        silence=timedelta(minutes=10),
    )


def campaign_to_practise(campaign: Campaign) -> Campaign:
    """Return a campaign with its scripts, duties, dispositions and hours, whose calls go to one agent one by one.

    Whatever would lead elsewhere is left out: addresses of sounds and of a fallback, mails, budget, list.
    Machines are not detected: that a machine talks is for the agent to hear.
    """
    pacing = campaign.pacing.model_copy(
        update={"mode": Technology.PROGRESSIVE, "max_lines": 1, "machine_detection": "off"}
    )
    return campaign.model_copy(
        update={
            "steps": (Step(channel="voice"),),
            "pacing": pacing,
            "retry": {},
            "teams": (),
            "mails": {},
            "start": None,
            "end": None,
            "budget": None,
            "holdout": 0.0,
            "notice": _silent(campaign.notice),
            "recording": campaign.recording.model_copy(
                update={"announcement": _silent(campaign.recording.announcement)}
            ),
            "voicemail": None,
            "broadcast": None,
            "hold_music": None,
            "fallback_url": None,
        }
    )


def _silent(spoken: Spoken | None) -> Spoken | None:
    """Return words without the addresses of their sounds."""
    return spoken.model_copy(update={"audio": None}) if spoken else None


def _shift(seat: Seat, campaign: Campaign) -> Shift:
    """Put the agent's line into their room; at the desk sits a person."""
    line = Softphone(
        id=seat.agent,
        join_url=seat.join_url,
        desk_url=seat.desk_url,
        token=seat.token,
        presses=False,
    )
    meanings = tuple(Meaning(id=one.id, means=one.means) for one in campaign.dispositions)
    return Shift(agents=(line,), dispositions={campaign.id: meanings})


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
    return port
