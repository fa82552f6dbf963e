"""Every check, in the order in which a person mends things."""

from adapters.configuration import Configuration
from adapters.doctor import account, address, database, keys, lines, machine, mail, restoring
from adapters.doctor.finding import Finding
from adapters.facts import Facts
from campaigns.callers import placed_in


def examine(configuration: Configuration, facts: Facts) -> list[Finding]:
    """Return what every check says of an installation whose settings loaded."""
    settings, campaigns = configuration.settings, configuration.campaigns.values()
    carrier, environment = settings.carrier, facts.environment
    shown = [number for each in campaigns for _, number, _ in placed_in(each.caller_ids)]
    if carrier.line_caller_id and settings.telephones:
        shown.append(carrier.line_caller_id)
    sends_mail = any(step.channel == "email" for campaign in campaigns for step in campaign.steps)
    return [
        keys.check_secret(settings, environment),
        keys.check_variables(carrier, environment),
        account.check_host(carrier, {campaign.audience.region for campaign in campaigns}),
        account.check_credentials(carrier, environment, facts.account),
        account.check_numbers(shown, facts.account),
        account.check_pace(carrier),
        lines.check_lines(
            settings,
            facts.account,
            key=environment.get(carrier.key_sid_env, ""),
            expected=facts.line_url,
        ),
        account.check_clock(facts.account),
        address.check_public_url(settings, facts.way),
        address.check_webhooks(settings, facts.way),
        address.check_signature(settings, facts.way),
        address.check_board(settings, facts.way),
        mail.check_mail(settings.mail, environment, facts.mail_failure, is_used=sends_mail),
        database.check_database(facts.database),
        restoring.check_restoring(
            facts.halts, facts.now, second_place=settings.checkpoints, failure=facts.halts_failure
        ),
        machine.check_folder(facts.place),
        machine.check_disk(facts.place),
        machine.check_zones(
            facts.zones, (book.min_tzdata for book in configuration.law.rulebooks.values()), facts.now.date()
        ),
        machine.check_registries(facts.registries),
    ]
