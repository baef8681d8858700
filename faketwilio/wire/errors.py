"""Twilio's errors as it sends them, and the fake's own loud one."""


class TwilioError(Exception):
    """An answer that is an error: an HTTP status and Twilio's own code (reference: twilio.com/docs/errors)."""

    def __init__(self, status: int, code: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message

    def body(self) -> dict[str, object]:
        return {
            "code": self.code,
            "message": self.message,
            "more_info": f"https://www.twilio.com/docs/errors/{self.code}",
            "status": self.status,
        }


class NotBuiltError(Exception):
    """Something that Twilio may well have and the fake has not: answered with 501, never with a guess."""


def authentication_error() -> TwilioError:
    """Twilio says the same to a wrong token, a deleted key and an account that the caller may not reach."""
    return TwilioError(401, 20003, "Authenticate")


def not_found(path: str) -> TwilioError:
    return TwilioError(404, 20404, f"The requested resource {path} was not found")


def missing(parameter: str) -> TwilioError:
    return TwilioError(400, 20001, f"Missing required parameter {parameter}")


def invalid(parameter: str, value: object, code: int = 20001) -> TwilioError:
    return TwilioError(400, code, f"Invalid value {value!r} for parameter {parameter}")


def bad_sid() -> TwilioError:
    return TwilioError(400, 70002, "Invalid Sid provided in the request")


def violation() -> TwilioError:
    return TwilioError(400, 70001, "The request has constraint violations")


def read_only() -> TwilioError:
    """No answer of Twilio's: the fake refuses to change anything while somebody has said so."""
    return TwilioError(403, 20403, "The fake is read-only: nothing was changed")


def too_many_requests() -> TwilioError:
    return TwilioError(429, 20429, "Too Many Requests")
