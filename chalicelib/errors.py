"""The domain's errors: what went wrong, in words of the field; `handlers` turns them into HTTP answers."""

from __future__ import annotations

from collections.abc import Sequence


class KentonganError(Exception):
    """An expected failure with a stable `code`, a `message` for people and the `fields` it is about.

    `faults` say the same as `fields` in codes and values (domain/registry_rules.py), for who translates them.
    """

    code = "error"

    def __init__(
        self, message: str = "", fields: dict[str, str] | None = None, faults: Sequence[object] = ()
    ) -> None:
        super().__init__(message or self.code)
        self.message = message or self.code
        self.fields = fields or {}
        self.faults = tuple(faults)


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


class TooLarge(KentonganError):
    """A body larger than what any honest client sends."""

    code = "too_large"


class UnsupportedMediaType(KentonganError):
    """A body that is neither JSON nor a form."""

    code = "unsupported_media_type"


class TooMany(KentonganError):
    """Too many tries in too short a time; the next may come in `retry_after_s`."""

    code = "too_many_requests"

    def __init__(
        self, message: str = "", fields: dict[str, str] | None = None, *, retry_after_s: int
    ) -> None:
        super().__init__(message, fields)
        self.retry_after_s = retry_after_s


class Busy(KentonganError):
    """The write met others for longer than the deadline; nothing was written, and it may be sent again."""

    code = "busy"


class SmsRefused(KentonganError):
    """The provider will never take a message to this number: it does not exist, is a demo's, wants no SMS."""

    code = "sms_refused"


class SmsUnavailable(KentonganError):
    """The provider could not be reached or asks to wait (`retry_after_s`); the message may be tried again.

    `may_be_taken` is False only when it is certain that the provider did not take the message.
    """

    code = "sms_unavailable"

    def __init__(
        self, message: str = "", retry_after_s: float | None = None, *, may_be_taken: bool = True
    ) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s
        self.may_be_taken = may_be_taken


class SmsBarred(SmsUnavailable):
    """The provider takes no message of ours, whatever the number: no right, no money, wrong settings; not taken for certain."""

    code = "sms_barred"

    def __init__(self, message: str = "", retry_after_s: float | None = None) -> None:
        super().__init__(message, retry_after_s, may_be_taken=False)
