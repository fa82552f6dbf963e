"""What a campaign may cost."""

from decimal import Decimal, InvalidOperation
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, WithJsonSchema

from campaigns.parts import Document
from compliance.problem import Wrong, wording
from compliance.remedies import shown


def _read(value: Any) -> Any:
    """Return an amount exactly as it is written: 0.1 is a tenth, and not the nearest binary fraction."""
    if isinstance(value, Decimal):
        return value
    try:
        amount = Decimal(str(value)) if isinstance(value, int | float | str) else None
    except InvalidOperation:
        amount = None
    if amount is None or isinstance(value, bool) or not amount.is_finite():
        raise Wrong(
            wording(f"{shown(value)} is not an amount", f"{shown(value)} は金額として読めません"),
            wording("Write a number such as 50000 or 0.1", "50000 や 0.1 のように数字で書いてください"),
        )
    return amount


Amount = Annotated[Decimal, BeforeValidator(_read), WithJsonSchema({"type": "number", "minimum": 0})]
"""Money, exact."""


class Budget(Document):
    """What a campaign may cost, and what a try is taken to cost until its price is known."""

    amount: Amount = Field(gt=0, description="all that may be spent", examples=[50000])
    currency: str = Field(pattern=r"^[A-Z]{3}$", description="ISO 4217", examples=["JPY"])
    per_call: Amount = Field(ge=0, description="what a call is taken to cost", examples=[12])
    per_mail: Amount = Field(
        default=Decimal(0),
        validate_default=True,
        ge=0,
        description="what a mail is taken to cost",
        examples=[0.1],
    )
