"""Which provider the settings name."""

from __future__ import annotations

from ..config import Settings
from ..errors import Invalid
from .sms import SmsProvider, Unusable
from .sms_sns import SnsSms


def provider_from(settings: Settings) -> SmsProvider:
    """The provider that the settings name; Unusable when there is none of that name or it can never send."""
    if settings.sms_provider == "sns":
        return SnsSms(settings.sms_sender_id, allow_demo=settings.sms_allow_demo)
    if settings.sms_provider == "http":
        from .sms_http import HttpSms, parse_settings

        try:
            return HttpSms(parse_settings(settings.sms_http), allow_demo=settings.sms_allow_demo)
        except Invalid as error:
            fields = "".join(f"; {name}: {why}" for name, why in error.fields.items())
            return Unusable("http", f"the settings of SMS_HTTP cannot be used: {error.message}{fields}")
    return Unusable("none", "the settings name no SMS provider: SMS_PROVIDER must be sns or http")
