"""What a written case is answered with."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from compliance.question import Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The answer to one case. `verdict` is one of the case format's words; `ignored` names keys nobody read."""

    id: str
    verdict: str
    reasons: tuple[Reason, ...] = ()
    rules: tuple[str, ...] = ()
    obligations: tuple[str, ...] = ()
    next_allowed_at: datetime | None = None
    open_from: datetime | None = None
    versions: Mapping[str, str] = field(default_factory=dict)
    ignored: tuple[str, ...] = ()
