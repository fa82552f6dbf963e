"""The words that written cases use, and what each means in ours."""

from collections.abc import Mapping

from compliance.terms import Channel, Purpose, Technology

EVENTS: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(
        ("attempted", "dialed", "dialled", "called", "no_answer", "busy", "failed"), ("attempted",)
    ),
    **dict.fromkeys(("answered", "connected", "talked", "sold"), ("attempted", "talked")),
    **dict.fromkeys(
        ("machine", "amd_machine", "machine_detected", "answering_machine", "voicemail"),
        ("attempted", "machine"),
    ),
    **dict.fromkeys(("abandoned", "abandon", "dropped"), ("attempted", "abandoned")),
    **dict.fromkeys(("refused", "not_interested_final"), ("attempted", "refused")),
    **dict.fromkeys(("objected", "objection"), ("attempted", "refused")),
    **dict.fromkeys(
        ("do_not_call", "dnc", "dnc_request", "do_not_contact", "opted_out", "opt_out", "stop"),
        ("do_not_call",),
    ),
    **dict.fromkeys(("unsubscribed", "unsubscribe"), ("unsubscribed",)),
    **dict.fromkeys(("complained", "complaint", "spam_complaint"), ("complained",)),
    **dict.fromkeys(
        ("consent_revoked", "revoked", "revocation", "revoke", "withdrawn"), ("consent_revoked",)
    ),
    **dict.fromkeys(("sms", "texted", "text", "sms_sent", "text_sent"), ("attempted",)),
    **dict.fromkeys(("emailed", "email_sent", "mailed"), ("attempted",)),
}
"""A case's event -> ours; what came of a call is also an attempt."""

CHANNELS: Mapping[str, Channel] = {
    **dict.fromkeys(("sms", "texted", "text", "sms_sent", "text_sent"), Channel.SMS),
    **dict.fromkeys(
        (
            "emailed",
            "email_sent",
            "mailed",
            "unsubscribed",
            "unsubscribe",
            "complained",
            "complaint",
            "spam_complaint",
        ),
        Channel.EMAIL,
    ),
}
"""Events that say on which channel they happened."""

CONSENTS: Mapping[str, str] = {
    **dict.fromkeys(("prior_express_written", "pewc", "written", "signed"), "prior_express_written"),
    **dict.fromkeys(("express", "explicit", "specific", "opt_in", "optin"), "express"),
    **dict.fromkeys(("prior_express", "implied_by_number"), "prior_express"),
    **dict.fromkeys(("email_optin", "email_opt_in"), "email_optin"),
    **dict.fromkeys(
        ("consent_to_hours", "hours", "express_hours", "calling_hours", "hours_consent"), "consent_to_hours"
    ),
}
"""A case's type of consent -> ours; any other stays as it is and meets no rule."""

TIES: Mapping[str, str] = {
    **dict.fromkeys(("transaction", "purchase", "sale", "payment"), "transaction"),
    **dict.fromkeys(("inquiry", "enquiry", "application"), "inquiry"),
    **dict.fromkeys(
        ("ongoing_contract", "running_contract", "current_contract", "existing_contract", "contract"),
        "ongoing_contract",
    ),
    **dict.fromkeys(
        ("ongoing_transaction", "existing_customer", "customer", "existing_relationship", "ebr"),
        "ongoing_transaction",
    ),
    **dict.fromkeys(("card_exchanged", "business_card", "card_exchange"), "card_exchanged"),
    **dict.fromkeys(("published_business_address", "published_address"), "published_business_address"),
    **dict.fromkeys(("soft_optin", "soft_opt_in"), "soft_optin"),
}
"""A case's type of relationship -> ours; any other stays as it is and meets no rule."""

TECHNOLOGIES: Mapping[str, Technology] = {
    **{one.value: one for one in Technology},
    **dict.fromkeys(("autodialer", "auto_dialer", "atds", "automated"), Technology.PREDICTIVE),
    **dict.fromkeys(("power",), Technology.RATIO),
    **dict.fromkeys(("artificial_voice", "ai", "voice_agent"), Technology.AI_VOICE),
    **dict.fromkeys(("robocall", "broadcast", "recorded", "adad"), Technology.PRERECORDED),
}

PURPOSES: Mapping[str, Purpose] = {
    **{one.value: one for one in Purpose},
    **dict.fromkeys(("marketing", "telemarketing", "solicitation", "advertising"), Purpose.SALES),
    **dict.fromkeys(("informational", "transactional", "non_sales", "notification"), Purpose.SERVICE),
    **dict.fromkeys(("research",), Purpose.SURVEY),
}
