"""Personal data with its middle taken out: enough to recognise, too little to use."""

from collections.abc import Mapping

PERSONAL = frozenset(
    {
        "number",
        "to",
        "from",
        "from_",
        "phone",
        "caller",
        "called",
        "email",
        "address",
        "mail",
        "name",
        "to_name",
    }
)
"""Keys under which personal data may travel; everything under any other key is taken for harmless."""

_SHOWN = 4
_SHORTEST = 9
_HIDDEN = "…"


def mask_number(number: str) -> str:
    """Return an E.164 number with its country's first digits and its last four: +81…5678."""
    if len(number) < _SHORTEST:
        return _HIDDEN
    return f"{number[:3] if number.startswith('+') else ''}{_HIDDEN}{number[-_SHOWN:]}"


def mask_email(address: str) -> str:
    """Return an e-mail address with the first letter of its local part: t…@example.jp."""
    local, at, domain = address.rpartition("@")
    return f"{local[:1]}{_HIDDEN}@{domain}" if at else _HIDDEN


def mask(value: object) -> object:
    """Return one personal value masked: number, e-mail, anything else hidden whole; what is empty stays."""
    if value is None or value == "":
        return value
    text = str(value)
    if "@" in text:
        return mask_email(text)
    return mask_number(text) if text.lstrip("+").isdigit() else _HIDDEN


def mask_mapping(mapping: Mapping[str, object], keys: frozenset[str] = PERSONAL) -> dict[str, object]:
    """Return a copy in which the values under personal keys are masked, at any depth."""
    return {key: mask_nested(value, keys, personal=key in keys) for key, value in mapping.items()}


def mask_nested(value: object, keys: frozenset[str], *, personal: bool) -> object:
    """Return a value with what is personal in it masked; `personal` says that all of it is."""
    if isinstance(value, Mapping):
        return {
            key: mask_nested(inner, keys, personal=personal or key in keys) for key, inner in value.items()
        }
    if isinstance(value, list | tuple):
        return [mask_nested(inner, keys, personal=personal) for inner in value]
    return mask(value) if personal else value
