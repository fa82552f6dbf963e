"""Written cases, for the command that answers them."""

from adapters.cases.fields import CaseInvalid
from adapters.cases.file import answer, answer_to_json, cases_in, differences

__all__ = ["CaseInvalid", "answer", "answer_to_json", "cases_in", "differences"]
