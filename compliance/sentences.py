"""What verdicts say in Japanese and English: decisions, reasons, duties, what is to be said."""

from collections.abc import Mapping

from compliance.terms import Decision, ReasonCode

DECISIONS: Mapping[Decision, tuple[str, str]] = {
    Decision.ALLOW: ("Allowed.", "連絡できます。"),
    Decision.ALLOW_WITH: ("Allowed, with duties.", "条件付きで連絡できます。"),
    Decision.DEFER: ("Not now.", "今は連絡できません。"),
    Decision.DENY: ("Not allowed.", "連絡できません。"),
    Decision.REVIEW: ("A person must decide.", "人の確認が必要です。"),
}
"""Decision -> sentence in English and Japanese."""

REASONS: Mapping[ReasonCode, tuple[str, str]] = {
    ReasonCode.ATTEMPT_CAP_24H: (
        "tried often enough within 24 hours",
        "24時間以内の発信回数が上限に達しています",
    ),
    ReasonCode.ATTEMPT_CAP_30D: (
        "tried often enough within 30 days",
        "30日以内の発信回数が上限に達しています",
    ),
    ReasonCode.ATTEMPT_CAP_CAMPAIGN: (
        "tried often enough in this campaign",
        "このキャンペーンでの発信回数が上限に達しています",
    ),
    ReasonCode.ATTEMPT_CAP_DAY: ("tried often enough today", "本日の発信回数が上限に達しています"),
    ReasonCode.ATTEMPT_CAP_WEEK: ("tried often enough this week", "今週の発信回数が上限に達しています"),
    ReasonCode.CONSENT_EXPIRED: ("the consent has run out", "同意の期限が切れています"),
    ReasonCode.CONSENT_EVIDENCE_MISSING: ("the consent is not proved", "同意の証拠がありません"),
    ReasonCode.CONSENT_REVOKED: ("the consent was taken back", "同意は撤回されています"),
    ReasonCode.CONSENT_SCOPE: ("the consent was given to somebody else", "同意は別の事業者に対するものです"),
    ReasonCode.DAY_PROHIBITED: ("no contact on this day", "この日は連絡しない日です"),
    ReasonCode.DIALING_DISABLED: ("the stop switch is on", "発信停止スイッチが入っています"),
    ReasonCode.EMAIL_MISSING_SENDER_INFO: (
        "the mail does not show all it must of its sender",
        "メールに必要な送信者の表示が足りません",
    ),
    ReasonCode.EMAIL_NO_OPTIN: ("the person has not agreed to such mail", "広告メールの同意がありません"),
    ReasonCode.EMAIL_UNSUBSCRIBED: ("the person wants no more mail", "メールの配信停止の申し出があります"),
    ReasonCode.HOLIDAY_PROHIBITED: ("no calls on a public holiday", "祝日のため発信できません"),
    ReasonCode.INTERNAL_DNC: ("on our do-not-contact list", "発信禁止リストに載っています"),
    ReasonCode.INVALID_ADDRESS: ("no usable e-mail address", "使えるメールアドレスがありません"),
    ReasonCode.INVALID_NUMBER: ("no valid telephone number", "有効な電話番号ではありません"),
    ReasonCode.LOCATION_UNKNOWN: ("nobody knows where this number is", "この番号の地域が分かりません"),
    ReasonCode.NON_DIALABLE_TYPE: ("a kind of number that is never called", "発信しない種類の番号です"),
    ReasonCode.OUTSIDE_AUDIENCE: (
        "in a country that this campaign was not checked for",
        "このキャンペーンの対象国ではありません",
    ),
    ReasonCode.OUTSIDE_HOURS: ("outside calling hours", "発信できる時間帯ではありません"),
    ReasonCode.PACK_MISSING: ("no rulebook for this country", "この国の規則集がありません"),
    ReasonCode.REFUSAL_ON_FILE: ("the person has refused", "本人が断っています"),
    ReasonCode.SCRIPT_DISCLOSURE_MISSING: (
        "the script does not say in time what it must",
        "スクリプトで勧誘前に必要な告知が足りません",
    ),
    ReasonCode.TZDATA_STALE: ("the time zone database is too old", "タイムゾーンのデータが古すぎます"),
    ReasonCode.ABANDON_RATE: (
        "too many answered calls were abandoned",
        "応答後に放棄した通話の割合が上限を超えています",
    ),
    ReasonCode.BLOCTEL: ("on the French list Bloctel", "フランスの拒否リスト(Bloctel)に載っています"),
    ReasonCode.CALLER_ID_MISSING: ("no number is shown to the person called", "発信者番号が通知されません"),
    ReasonCode.CALLER_ID_NOT_AUTHORISED: (
        "nothing proves that we may show this number",
        "この発信者番号を使う権限の証明がありません",
    ),
    ReasonCode.CALLER_ID_NO_INBOUND: (
        "nobody who calls the shown number back can opt out",
        "発信者番号への折り返しで停止を申し出られません",
    ),
    ReasonCode.CALLER_ID_RANGE: (
        "the shown number is not of a range allowed there",
        "その国で認められた発信者番号ではありません",
    ),
    ReasonCode.CONNECT_OVER_2S: (
        "no agent was there in time after the greeting",
        "応答後、時間内にオペレーターにつながりませんでした",
    ),
    ReasonCode.COOLDOWN_AFTER_ABANDON: ("left in peace after an abandoned call", "放棄呼の後の待機期間です"),
    ReasonCode.COOLDOWN_AFTER_AMD: (
        "left in peace after a machine answered",
        "留守番電話の検出後の待機期間です",
    ),
    ReasonCode.COOLDOWN_AFTER_REFUSAL: ("left in peace after a refusal", "断られた後の待機期間です"),
    ReasonCode.CTPS: (
        "on the British list of companies, CTPS",
        "英国の企業向け拒否リスト(CTPS)に載っています",
    ),
    ReasonCode.EMAIL_COMPLAINT_RATE: (
        "too many complaints about our mail",
        "迷惑メール報告の割合が上限に達しています",
    ),
    ReasonCode.EMAIL_MISSING_ONE_CLICK: (
        "the mail cannot be stopped with one click",
        "メールにワンクリックの配信停止がありません",
    ),
    ReasonCode.LIST_MISSING: (
        "a do-not-call list that must be asked is not here",
        "確認すべき拒否リストがありません",
    ),
    ReasonCode.LIST_STALE: ("our copy of a do-not-call list is too old", "拒否リストの写しが古すぎます"),
    ReasonCode.LIST_UNAVAILABLE: ("a do-not-call list cannot be read", "拒否リストを読めません"),
    ReasonCode.NATIONAL_DNC: ("on the national do-not-call list", "国の拒否リストに載っています"),
    ReasonCode.NONEXISTENT_LOCAL_TIME: ("a local time that does not exist", "存在しない現地時刻です"),
    ReasonCode.NO_CONSENT: ("the person has not agreed to such a call", "このような電話への同意がありません"),
    ReasonCode.RING_TIME_RANGE: ("the phone rings too short or too long", "呼び出し時間が範囲外です"),
    ReasonCode.RING_TOO_SHORT: ("the phone rings too short", "呼び出し時間が短すぎます"),
    ReasonCode.RND_NO_DATA: (
        "nobody knows whether the number has a new owner",
        "番号の持ち主が変わったか分かりません",
    ),
    ReasonCode.RND_YES: ("the number has a new owner since", "番号の持ち主が変わっています"),
    ReasonCode.RPO: ("on the Italian list of objections, RPO", "イタリアの拒否リスト(RPO)に載っています"),
    ReasonCode.RULE_NOT_DISABLEABLE: ("the law cannot be switched off", "この規則は無効にできません"),
    ReasonCode.SAFE_HARBOUR_MESSAGE_MISSING: (
        "nothing is played to a person for whom no agent is there",
        "オペレーターがいないときの案内がありません",
    ),
    ReasonCode.STATE_DNC: ("on the state's do-not-call list", "州の拒否リストに載っています"),
    ReasonCode.TPS: ("on the British list TPS", "英国の拒否リスト(TPS)に載っています"),
    ReasonCode.UNSUB_TTL_TOO_SHORT: (
        "the way out of the mail does not work long enough",
        "配信停止リンクの有効期間が短すぎます",
    ),
}
"""Reason code -> what it means in English and Japanese, without a full stop."""

DUTIES: Mapping[str, tuple[str, str]] = {
    "offer_opt_out": ("Offer a way to opt out.", "配信停止の方法を示してください。"),
    "purpose_of_use_published": (
        "The purpose of use of recordings must be published.",
        "録音の利用目的を公表しておく必要があります。",
    ),
    "announce_recording(recommended)": (
        "Say that the call is recorded (recommended).",
        "録音していることを伝えてください(推奨)。",
    ),
    "announce_recording": ("Say that the call is recorded.", "録音していることを伝えてください。"),
    "announce_inside_recording": (
        "Say that the call is recorded, so that the recording has it.",
        "録音していることを、録音の中で伝えてください。",
    ),
    "store_rnd_query_proof": (
        "Keep the proof that the Reassigned Numbers Database was asked.",
        "番号再割当データベースへの照会の証拠を保存してください。",
    ),
    "warn_no_safe_harbour": (
        "No share of abandoned calls is safe here: keep it as low as you can.",
        "放棄呼に安全とされる割合はありません。できるだけ少なくしてください。",
    ),
    "one_line_per_agent": (
        "One line per free agent, until the share is below the limit again.",
        "割合が上限を下回るまで、空きオペレーター1人につき1回線にします。",
    ),
}
"""Duty -> sentence in English and Japanese."""

SAYINGS: Mapping[str, tuple[str, str]] = {
    "company_name": ("the company's name", "会社名"),
    "caller_name": ("your own name", "担当者の名前"),
    "product_type": ("what is sold", "商品・サービスの種類"),
    "solicitation_purpose": ("that this is a sales call", "勧誘の電話であること"),
}
"""What is to be said -> its name in English and Japanese."""
