"""A `config/` folder as a whole: settings, policy, law and campaigns, or every problem in any of them at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from adapters.files import ConfigTree, config_tree, read_text
from campaigns.campaign import Campaign
from campaigns.loading import LoadedCampaign, load_campaign
from compliance.calendar import holidays_of
from compliance.document import build
from compliance.policy import Policy, parse_policy
from compliance.problem import DocumentInvalid, Problem
from compliance.rulebook import Law, packaged_law
from dialer.installation import Text, installed
from dialer.questions import Rules
from dialer.settings import Settings

_FRIDAY = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A campaign as loaded: its file, the version that its text makes, the document."""

    path: Path
    version: str
    campaign: Campaign

    @property
    def list_path(self) -> Path:
        """Where the campaign's list is; its file is named relative to the campaign's own."""
        return self.path.parent / self.campaign.audience.file


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """All that people wrote."""

    settings: Settings
    policy: Policy
    law: Law
    plans: Mapping[str, Plan]

    @property
    def campaigns(self) -> dict[str, Campaign]:
        """Every campaign by id."""
        return {name: plan.campaign for name, plan in self.plans.items()}

    def working_day(self, campaign: Campaign, day: date) -> date:
        """Return the first weekday from `day` on that is no holiday and that neither policy nor campaign closes."""
        narrowings = (self.policy.narrowing, campaign.narrowing)
        closed = frozenset[date]().union(*(narrowing.closed_dates for narrowing in narrowings))
        region = campaign.audience.region
        while day.weekday() > _FRIDAY or day in closed or day in holidays_of(region, day.year):
            day += timedelta(days=1)
        return day

    def rules(self, secret: str) -> Rules:
        """Return what the engine is bound by; `secret` is the installation's."""
        return Rules(law=self.law, policy=self.policy, settings=self.settings, secret=secret)


def load_settings(root: Path) -> Settings:
    """Read the settings of `root` alone: what stops all calls asks for no campaign to be right.

    Raises DocumentInvalid when they cannot be read.
    """
    path = config_tree(root).settings
    return build(Settings, read_text(path), str(path)) if path else Settings()


def _installed(tree: ConfigTree) -> Settings:
    """Return the settings with the shifts. Raises DocumentInvalid with every problem in either file."""
    texts, problems = dict[str, Text](), list[Problem]()
    for name, path in (("settings", tree.settings), ("shifts", tree.shifts)):
        try:
            texts |= {name: (read_text(path), str(path))} if path else {}
        except DocumentInvalid as invalid:
            problems += invalid.problems
    if problems:
        raise DocumentInvalid(problems)
    return installed(texts.get("settings"), texts.get("shifts"))


def load_configuration(root: Path) -> Configuration:
    """Read `root`, a folder like `config/` or one campaign file. Raises DocumentInvalid with every problem at once."""
    tree, problems = config_tree(root), list[Problem]()
    settings, policy, loaded = Settings(), Policy(), dict[Path, LoadedCampaign]()
    law = packaged_law()
    try:
        settings = _installed(tree)
    except DocumentInvalid as invalid:
        problems += invalid.problems
    try:
        policy = parse_policy(read_text(tree.policy), str(tree.policy)) if tree.policy else policy
    except DocumentInvalid as invalid:
        problems += invalid.problems
    for path in tree.campaigns:
        try:
            loaded[path] = load_campaign(read_text(path), str(path))
        except DocumentInvalid as invalid:
            problems += invalid.problems
    if problems:
        raise DocumentInvalid(problems)
    plans = {
        found.campaign.id: Plan(path=path, version=found.version, campaign=found.campaign)
        for path, found in loaded.items()
    }
    return Configuration(settings=settings, policy=policy, law=law, plans=plans)
