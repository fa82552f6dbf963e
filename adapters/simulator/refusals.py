"""Twilio's error answers, as far as the double gives them (codes and statuses: twilio.md §1.6)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Refusal:
    """An error the API answers with: Twilio's code, the HTTP status, a message."""

    code: int
    status: int
    message: str

    def body(self) -> dict[str, object]:
        """Return the JSON body of the classic API."""
        return {
            "code": self.code,
            "message": self.message,
            "more_info": f"https://www.twilio.com/docs/errors/{self.code}",
            "status": self.status,
        }


UNAUTHORISED = Refusal(20003, 401, "Authenticate")
NOT_FOUND = Refusal(20404, 404, "The requested resource was not found")
TOO_MANY_REQUESTS = Refusal(20429, 429, "Too Many Requests")
UNAVAILABLE = Refusal(20503, 503, "Service Unavailable")
SERVER_ERROR = Refusal(20500, 500, "An internal server error has occurred")
STILL_LIVE = Refusal(20009, 409, "Call is in progress and cannot be deleted")
NO_TO = Refusal(21201, 400, "No 'To' number is specified")
BAD_TO = Refusal(21211, 400, "Invalid 'To' phone number")
NO_FROM = Refusal(21213, 400, "No 'From' number is specified")
BAD_FROM = Refusal(21212, 400, "Invalid 'From' phone number")
NOT_OURS = Refusal(21210, 400, "'From' phone number is not verified, or not the account's")
BAD_EVENT = Refusal(21626, 400, "Invalid 'StatusCallbackEvent'")
BAD_CALLBACK = Refusal(21609, 400, "Invalid 'StatusCallback' URL")
BAD_DETECTION = Refusal(21234, 400, "Invalid Machine Detection configuration value")
BAD_URL = Refusal(21205, 400, "Url is not valid, or no source of instructions is given")
BAD_TIMEOUT = Refusal(21208, 400, "Timeout must be between 1 and 600 seconds")
BAD_METHOD = Refusal(21209, 400, "Method must be GET or POST")
BAD_APPLICATION = Refusal(21218, 400, "ApplicationSid is not valid")
BAD_STATE = Refusal(21220, 400, "Call is not in the expected state")
BAD_PARAMETER = Refusal(20001, 400, "A parameter is not valid")
NO_COACHED = Refusal(13240, 400, "'CallSidToCoach' is no participant of this conference")
QUEUE_FULL = Refusal(22005, 400, "More than 24 hours of calls are queued")

MAGIC_TO = {
    "+15005550001": Refusal(21217, 400, "Phone number does not appear to be valid"),
    "+15005550002": Refusal(21214, 400, "'To' phone number cannot be reached"),
    "+15005550003": Refusal(21215, 400, "Geo permission is not enabled for the 'To' number"),
    "+15005550004": Refusal(21216, 400, "'To' phone number is blocked"),
}
"""Twilio's own test numbers: calling one of them always meets its error."""

MAGIC_FROM = {"+15005550001": BAD_FROM}
"""The same for the caller."""
