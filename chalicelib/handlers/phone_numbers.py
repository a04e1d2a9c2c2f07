"""Phone numbers as people write them, checked and turned into E.164 (ITU-T)."""

from __future__ import annotations

from ..errors import Invalid


def e164(text: str, path: str) -> str:
    """The number in E.164, read as Indonesian unless it begins with +; Invalid names the field."""
    import phonenumbers

    try:
        number = phonenumbers.parse(text, "ID")
    except phonenumbers.NumberParseException:
        raise Invalid("that is no phone number", {path: "is no phone number"}) from None
    if not phonenumbers.is_possible_number(number):
        raise Invalid("that is no phone number", {path: "is no phone number"})
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
