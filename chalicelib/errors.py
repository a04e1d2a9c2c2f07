"""The domain's errors: what went wrong, in words of the field; `handlers` turns them into HTTP answers."""

from __future__ import annotations

from typing import Literal, NamedTuple

from .faults import Fault, by_field

# What an answer that is no success says of its request: it was refused; nothing was done and the same may be sent again
# (busy); nobody knows whether it was carried out (unknown); nobody is signed in.
Meaning = Literal["refused", "busy", "unknown", "sign_in"]


class Code(NamedTuple):
    """What a code means, and the HTTP statuses that it comes with, our own first."""

    meaning: Meaning
    statuses: tuple[int, ...]


# The one table of codes: of the classes below, infra/application.yaml's gateway responses, infra/local/gateway.py,
# admin_site/js/parts/codes.js and docs/http.md. Of several codes of one status the first stands for a bare status.
CODES: dict[str, Code] = {
    "invalid": Code("refused", (400,)),
    "unauthenticated": Code("sign_in", (401,)),
    "forbidden": Code("refused", (403,)),
    "not_found": Code("refused", (404,)),
    "method_not_allowed": Code("refused", (405,)),
    "conflict": Code("refused", (409,)),
    "number_blocked": Code("refused", (409,)),
    "too_large": Code("refused", (413, 431)),
    "unsupported_media_type": Code("refused", (415,)),
    "unprocessable": Code("refused", (422,)),
    "idempotency_key_reused": Code("refused", (422,)),
    "precondition_required": Code("refused", (428,)),
    "too_many_requests": Code("busy", (429,)),
    "internal": Code("unknown", (500, 502, 503, 504)),
    "unanswered": Code("unknown", (503,)),
    "busy": Code("busy", (503,)),
}


def code_of(status: int) -> str:
    """The code that a bare status stands for."""
    known = (code for code, each in CODES.items() if status in each.statuses)
    return next(known, "internal" if status >= 500 else "invalid")


def meaning_of(status: int, code: str) -> Meaning:
    """What an answer that is no success means; a code that does not belong to its status says nothing."""
    known = CODES.get(code)
    return known.meaning if known and status in known.statuses else CODES[code_of(status)].meaning


class KentonganError(Exception):
    """An expected failure with a stable `code`, a `message` for people and the `faults` that it is about."""

    code = "internal"

    def __init__(self, message: str = "", *faults: Fault) -> None:
        super().__init__(message or self.code)
        self.message = message or self.code
        self.faults = faults

    @property
    def fields(self) -> dict[str, str]:
        """The faults in English, by field."""
        return by_field(self.faults)


class Invalid(KentonganError):
    """A request that cannot be understood: wrong type, missing field, overlong text."""

    code = "invalid"


class Unprocessable(KentonganError):
    """A request that is well formed and still cannot be carried out, such as an unknown district."""

    code = "unprocessable"


class Unauthenticated(KentonganError):
    """Nobody is signed in, or the token is not ours."""

    code = "unauthenticated"


class Forbidden(KentonganError):
    """Somebody is signed in who may not do this."""

    code = "forbidden"


class NotFound(KentonganError):
    """The thing named does not exist, or is not the caller's to see."""

    code = "not_found"


class Conflict(KentonganError):
    """The thing has moved on: closed, cleared, or held by something else."""

    code = "conflict"


class NumberBlocked(Conflict):
    """An emergency from a number that a supervisor has blocked, and nobody has insisted yet."""

    code = "number_blocked"


class KeyReused(KentonganError):
    """An idempotency key came again with another body."""

    code = "idempotency_key_reused"


class PreconditionRequired(KentonganError):
    """A change that does not say which version it was made on: it could undo what somebody else wrote meanwhile."""

    code = "precondition_required"


class TooLarge(KentonganError):
    """A body larger than what any honest client sends."""

    code = "too_large"


class UnsupportedMediaType(KentonganError):
    """A body that is neither JSON nor a form."""

    code = "unsupported_media_type"


class TooMany(KentonganError):
    """Too many tries in too short a time; the next may come in `retry_after_s`."""

    code = "too_many_requests"

    def __init__(self, message: str = "", *faults: Fault, retry_after_s: int) -> None:
        super().__init__(message, *faults)
        self.retry_after_s = retry_after_s


class Busy(KentonganError):
    """The write met others for longer than the deadline; nothing was written, and it may be sent again."""

    code = "busy"


class Unanswered(KentonganError):
    """The database gave no answer: it may be written or not, and the same may be sent again."""

    code = "unanswered"


class SmsRefused(KentonganError):
    """The provider will never take a message to this number: it does not exist, is a demo's, wants no SMS."""


class SmsUnavailable(KentonganError):
    """The provider could not be reached or asks to wait (`retry_after_s`); the message may be tried again.

    `may_be_taken` is False only when it is certain that the provider did not take the message.
    """

    def __init__(
        self, message: str = "", retry_after_s: float | None = None, *, may_be_taken: bool = True
    ) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s
        self.may_be_taken = may_be_taken


class SmsBarred(SmsUnavailable):
    """The provider takes no message of ours, whatever the number: no right, no money, wrong settings; not taken for certain."""

    def __init__(self, message: str = "", retry_after_s: float | None = None) -> None:
        super().__init__(message, retry_after_s, may_be_taken=False)
