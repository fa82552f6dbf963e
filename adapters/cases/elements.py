"""The words that written cases use for what is said, shown and played, and what each means in ours."""

from collections.abc import Mapping

SCRIPT_ELEMENTS: Mapping[str, str] = {
    **dict.fromkeys(("company", "company_identity", "seller", "seller_name", "identity"), "company_name"),
    **dict.fromkeys(("agent_name", "caller", "caller_identity", "own_name", "personal_name"), "caller_name"),
    **dict.fromkeys(("goods", "goods_type", "product", "product_kind"), "product_type"),
    **dict.fromkeys(
        ("purpose", "commercial_purpose", "purpose_of_call", "sales_purpose", "solicitation"),
        "solicitation_purpose",
    ),
    **dict.fromkeys(("recording_announcement", "recorded_notice"), "recording_notice"),
}
"""What a script says -> ours; any other word stays as it is and is none of the law's."""

NOTICE_ELEMENTS: Mapping[str, str] = {
    **dict.fromkeys(("seller", "seller_name", "company", "company_name", "name"), "seller"),
    **dict.fromkeys(
        ("phone", "number", "telephone", "telephone_number", "callback_number", "phone_number"), "phone"
    ),
    **dict.fromkeys(("opt_out", "optout", "optout_mechanism", "opt_out_keypress"), "opt_out"),
    **dict.fromkeys(("purpose", "telemarketing_purposes", "telemarketing_purpose"), "purpose"),
}
"""What the message to who is left without an agent has -> ours."""

_ADDRESS = ("postal_address", "sender_address")
MAIL_ELEMENTS: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys((*_ADDRESS, "physical_address", "mailing_address"), _ADDRESS),
    **dict.fromkeys(
        ("optout_url", "opt_out_url", "optout_link", "unsubscribe_link", "unsubscribe_url", "unsub_url"),
        ("optout_url",),
    ),
    **dict.fromkeys(("optout_notice", "opt_out_notice"), ("optout_notice",)),
    **dict.fromkeys(("sender_name", "from_name", "sender"), ("sender_name",)),
    **dict.fromkeys(("complaint_contact", "contact", "inquiry_contact"), ("complaint_contact",)),
    **dict.fromkeys(
        ("from_accurate", "accurate_from", "subject_accurate", "headers_accurate"), ("from_accurate",)
    ),
    **dict.fromkeys(("list_unsubscribe", "list_unsubscribe_https"), ("list_unsubscribe",)),
    **dict.fromkeys(("list_unsubscribe_post", "one_click"), ("list_unsubscribe_post",)),
    **dict.fromkeys(("dkim_covers_unsub", "dkim_covers_unsubscribe", "dkim"), ("dkim_covers_unsub",)),
}
"""What a mail shows -> ours: the laws call one thing by several names."""

MAIL_FAULTS: Mapping[str, str] = {
    **dict.fromkeys(
        (
            "get_unsubscribes",
            "unsubscribes_on_get",
            "list_unsubscribe_mailto_only",
            "one_click_requires_login",
        ),
        "list_unsubscribe",
    ),
    **dict.fromkeys(
        ("optout_requires_login", "unsub_requires_login", "optout_fee", "unsub_fee"), "optout_url"
    ),
}
"""What a mail must not have -> the element that is worth nothing with it."""
