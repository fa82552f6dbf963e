"""What to do next: pacing says how many, order says who, the judge says may we."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from campaigns.callers import caller_for
from campaigns.campaign import Campaign
from campaigns.contact import Lead
from campaigns.outcome import Ending, LeadState
from campaigns.retry import skip_step
from compliance.judge import is_mendable, judge
from compliance.places import zone_of_region
from compliance.question import Question
from compliance.terms import Channel
from dialer.agents import Agent, AgentState, is_free, suits
from dialer.attempt import Attempt, AttemptState
from dialer.nonce import nonce_for
from dialer.ordering import call_order, mail_order
from dialer.pacing import calls_to_open
from dialer.quarantine import Broken, broken
from dialer.questions import Rules, question_for
from dialer.recovery import deadline_of
from dialer.showing import previewed
from dialer.spending import Purse
from dialer.steps import Opening, Plan, Refusal, Ruling, Showing
from dialer.turns import Work, in_turn, share_of
from dialer.view import Due, Floor, Held, View

SETUP = timedelta(seconds=10)
"""How long a carrier may take from our order to the first ring (twilio.md: 1 to 3 s, seldom more)."""
MENDED_WITHIN = timedelta(hours=4)
"""When to look again at a lead that only a stale list or an open question of ours keeps back."""

RESTED_WITHIN = timedelta(minutes=15)
"""When to look again at a lead to whom no number of ours may be shown."""


def plan(view: View, now: datetime, rules: Rules) -> Plan:
    """Return what to open and what to refuse now. Pure: the same view, instant and rules give the same plan."""
    desk = _Desk(view, rules)
    works = [
        Work(campaign=floor.campaign.id, share=share_of(floor.campaign.pacing), steps=desk.work(floor, now))
        for floor in view.floors
        if _is_in_season(floor.campaign, now)
    ]
    steps = list(in_turn(works, now))
    return Plan(
        openings=tuple(step for step in steps if isinstance(step, Opening)),
        showings=tuple(step for step in steps if isinstance(step, Showing)),
        refusals=tuple(step for step in steps if isinstance(step, Refusal)),
        broken=tuple(step for step in steps if isinstance(step, Broken)),
    )


_Step = Opening | Showing | Refusal | Broken


def _is_in_season(campaign: Campaign, now: datetime) -> bool:
    """Tell whether the campaign has begun and not ended where its people are; the judge decides the hour."""
    day = now.astimezone(ZoneInfo(zone_of_region(campaign.audience.region))).date()
    return (campaign.start is None or campaign.start <= day) and (campaign.end is None or day <= campaign.end)


class _Desk:
    """What is left to give out while one plan is made: ready agents, lines, starts, numbers not in use."""

    def __init__(self, view: View, rules: Rules) -> None:
        self._rules = rules
        ready = (agent for agent in view.agents if is_free(agent))
        self._ready = sorted(ready, key=lambda agent: agent.since)
        self._begun = 0
        self._busy, self._resting = set(view.busy), view.resting
        self._held = set(view.held)
        self._mails = rules.settings.mail.per_tick - view.mails
        self._starts = view.starts
        self._may_call = view.dialing_enabled and view.carrier_open
        self._enabled = view.dialing_enabled

    def work(self, floor: Floor, now: datetime) -> Iterator[_Step]:
        """Yield what to do for one campaign's due leads, in their order, while there is room.

        Whoever an agent has looked at and wants to dial comes first.
        """
        opened, purse = 0, Purse(floor.campaign, floor.balance)
        for due, held in (*((one.due, one) for one in floor.held), *((due, None) for due in floor.due)):
            if not purse.can_pay(due.lead.step):
                continue
            try:
                step: _Step | None = (
                    self._dial(floor, held, now, opened)
                    if held
                    else self._next(floor, due, now, self._places(floor, due, opened))
                )
            except Exception as failure:  # noqa: BLE001 - what is odd about one person must not stop all the others
                step = broken(due.lead, due.contact.key, failure)
            if isinstance(step, Opening):
                purse.pay(step.attempt.channel)
                opened += step.attempt.channel is Channel.VOICE
            if step:
                yield step

    def _places(self, floor: Floor, due: Due, opened: int) -> int:
        """Return how many more people may be begun with; to look at one takes no line."""
        return int(self._may_call) if floor.campaign.pacing.is_previewing else self._room(floor, due, opened)

    def _room(self, floor: Floor, due: Due, opened: int) -> int:
        """Return how many calls of a campaign may still be opened, `opened` of them being so already."""
        pacing = floor.campaign.pacing
        own, account = self._starts.of(floor.campaign.id) - opened, self._starts.account - self._begun
        room = min(own, account) if self._may_call else 0
        if pacing.is_predictive:  # whatever was opened in this look may want the same agents
            pace = floor.paces.get(due.contact.language)
            return min(room, pace.calls - self._begun) if pace else 0
        return calls_to_open(pacing, ready=len(self._ready), lines=floor.lines + opened, account_room=room)

    def _dial(
        self, floor: Floor, held: Held, now: datetime, opened: int
    ) -> Opening | Showing | Refusal | None:
        """Judge once more whom an agent wants to dial, and open the call as for any reserved agent."""
        own, account = self._starts.of(floor.campaign.id) - opened, self._starts.account - self._begun
        room = min(own, account, floor.campaign.pacing.max_lines - floor.lines - opened)
        if room <= 0 or not self._may_call or held.agent.leg is None:
            return None
        due, first = held.due, held.preview.address
        numbers = sorted(_numbers(floor.campaign, due), key=lambda number: number != first)
        if not numbers:  # the campaign has other steps than it had: looked at again as any other lead
            return Refusal(lead=replace(due.lead, due=now), contact=due.contact.key, rulings=(), held=held)
        if self._busy.intersection((*numbers, due.contact.key)):
            later = replace(due.lead, due=now + self._rules.settings.silence)
            return Refusal(lead=later, contact=due.contact.key, rulings=(), held=held)
        step = self._judged(floor, due, numbers, held.agent, now)
        if isinstance(step, Opening):
            return replace(step, preview=held.preview)
        return replace(step, held=held) if isinstance(step, Refusal) else step

    def _next(self, floor: Floor, due: Due, now: datetime, room: int) -> Opening | Showing | Refusal | None:
        campaign = floor.campaign
        if due.lead.step >= len(campaign.steps):  # the campaign has fewer steps than it had
            return _passed_over(campaign, due, now)
        channel = Channel(campaign.steps[due.lead.step].channel)
        addresses = _addresses(due, channel)
        if not addresses:
            return _passed_over(campaign, due, now)
        agent = None
        if channel is Channel.VOICE:
            if campaign.pacing.is_reserving:
                agent = next((a for a in self._ready if suits(a, due.contact.language, campaign.teams)), None)
            if room <= 0 or (agent is None and campaign.pacing.is_reserving):
                return None
            if (self._busy | self._held).intersection((*addresses, due.contact.key)):
                # Looked at again later, so that many people on one busy number do not stand in everybody's way.
                later = replace(due.lead, due=now + self._rules.settings.silence)
                return Refusal(lead=later, contact=due.contact.key, rulings=())
        elif self._mails <= 0 or not self._enabled:
            return None
        return self._judged(floor, due, addresses, agent, now)

    def _judged(
        self, floor: Floor, due: Due, addresses: Sequence[str], agent: Agent | None, now: datetime
    ) -> Opening | Showing | Refusal:
        rulings, shown = [], self._showable(floor.campaign, due, addresses)
        for address in shown:
            question = question_for(floor.campaign, due, address, now, self._rules)
            ruling = self._ruled(question, floor.campaign)
            if ruling.verdict.is_allowed:
                if agent and floor.campaign.pacing.is_previewing and agent.state is AgentState.READY:
                    return self._show(floor, due, address, agent, ruling)
                return self._open(floor, due, address, agent, ruling)
            rulings.append(ruling)
        return Refusal(
            lead=_after_refusal(floor.campaign, due.lead, rulings, now, rests=len(shown) < len(addresses)),
            contact=due.contact.key,
            rulings=tuple(rulings),
        )

    def _showable(self, campaign: Campaign, due: Due, addresses: Sequence[str]) -> Sequence[str]:
        """Return the addresses at which the person would see a number of ours that does not rest."""
        callers, person = campaign.caller_ids, due.contact.key
        return [one for one in addresses if "@" in one or caller_for(callers, person, one, self._resting)]

    def _ruled(self, question: Question, campaign: Campaign) -> Ruling:
        """Judge now, and for a call again at the end of its ringing: none may ring past the end of a window."""
        ruling = Ruling(question=question, verdict=judge(question, self._rules.law))
        if not ruling.verdict.is_allowed or question.channel is not Channel.VOICE:
            return ruling
        last = replace(question, now=question.now + campaign.pacing.ring_limit + SETUP)
        verdict = judge(last, self._rules.law)
        return ruling if verdict.is_allowed else Ruling(question=last, verdict=verdict)

    def _show(self, floor: Floor, due: Due, address: str, agent: Agent, ruling: Ruling) -> Showing:
        """Return the person as they are put before the agent, whom nobody else is offered any more."""
        preview, lead = previewed(floor.campaign, due, address, agent, ruling.question.now)
        self._ready.remove(agent)
        self._held.update((address, due.contact.key))
        return Showing(preview=preview, lead=lead, agent=agent, ruling=ruling)

    def _open(self, floor: Floor, due: Due, address: str, agent: Agent | None, ruling: Ruling) -> Opening:
        """Return the attempt with its order, and take what it needs off the desk once nothing can fail any more."""
        calls = ruling.question.channel is Channel.VOICE
        caller = (
            caller_for(floor.campaign.caller_ids, due.contact.key, address, self._resting) if calls else None
        )
        attempt = replace(_attempt(floor, due, address, agent, ruling, self._rules), caller_id=caller)
        make = call_order if calls else mail_order
        tries, step_tries = due.lead.tries + 1, due.lead.step_tries + 1
        opening = Opening(
            attempt=attempt,
            lead=replace(due.lead, state=LeadState.TRYING, tries=tries, step_tries=step_tries, due=None),
            agent=agent,
            ruling=ruling,
            order=make(floor.campaign, due, attempt, self._rules),
            pace=floor.paces.get(due.contact.language) if calls else None,
        )
        if agent in self._ready:
            self._ready.remove(agent)
        if calls:
            self._busy.update((address, due.contact.key))
            self._begun += 1
        else:
            self._mails -= 1
        return opening


def _addresses(due: Due, channel: Channel) -> tuple[str, ...]:
    """Return where to try, best first: each further try begins with the person's next number."""
    if channel is Channel.EMAIL:
        return (due.contact.email,) if due.contact.email else ()
    numbers = tuple(phone.number for phone in due.contact.phones)
    turn = due.lead.step_tries % len(numbers) if numbers else 0
    return numbers[turn:] + numbers[:turn]


def _numbers(campaign: Campaign, due: Due) -> tuple[str, ...]:
    """Return the numbers to try on a lead that is to be called; none for one that is not, or not any more."""
    step = campaign.steps[due.lead.step] if due.lead.step < len(campaign.steps) else None
    return _addresses(due, Channel.VOICE) if step and Channel(step.channel) is Channel.VOICE else ()


def _passed_over(campaign: Campaign, due: Due, now: datetime) -> Refusal:
    """Return the lead on its next step, or done: there is nothing to try on this one."""
    ending = Ending.EXHAUSTED if due.lead.tries else Ending.UNREACHABLE
    return Refusal(lead=skip_step(campaign, due.lead, now, ending), contact=due.contact.key, rulings=())


def _after_refusal(
    campaign: Campaign, lead: Lead, rulings: Sequence[Ruling], now: datetime, *, rests: bool
) -> Lead:
    """Return the lead waiting for the first instant any of its addresses opens, or moved on when none ever will.

    `rests`: of some address nobody was asked, since every number that could be shown there rests.
    """
    openings = [ruling.verdict.next_allowed_at for ruling in rulings if ruling.verdict.next_allowed_at]
    if any(is_mendable(ruling.verdict) for ruling in rulings):
        openings.append(now + MENDED_WITHIN)
    if rests:
        openings.append(now + RESTED_WITHIN)
    if openings:
        return replace(lead, due=min(openings))
    return skip_step(campaign, lead, now, Ending.EXHAUSTED if lead.tries else Ending.REFUSED)


def _attempt(
    floor: Floor, due: Due, address: str, agent: Agent | None, ruling: Ruling, rules: Rules
) -> Attempt:
    now, channel = ruling.question.now, ruling.question.channel
    ordinal = due.lead.tries + 1
    name = f"{floor.campaign.id}-{due.lead.id}-{ordinal}"
    opened = Attempt(
        id=name,
        campaign=floor.campaign.id,
        version=floor.version,
        lead=due.lead.id,
        contact=due.contact.key,
        channel=channel,
        ordinal=ordinal,
        address=address,
        nonce=nonce_for(rules.secret, "call" if channel is Channel.VOICE else "mail", name),
        state=AttemptState.OPENED,
        opened_at=now,
        language=due.contact.language,
        agent=agent.id if agent else None,
    )
    return replace(opened, deadline=deadline_of(opened, floor.campaign, rules.settings, now))
