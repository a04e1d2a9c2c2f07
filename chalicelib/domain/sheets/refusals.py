"""Why a row of a sheet is not taken, and what is asked: one table of codes, which the site has words for in both languages."""

from __future__ import annotations

import msgspec
from msgspec import Struct

# What is wrong; admin_site/js/parts/sheet-words.js says for each what is wrong and how it should be.
CODES = frozenset(
    {
        # cells
        "required",
        "formula",
        "uncalculated",
        "error_value",
        "phone_rounded",
        "phone_two",
        "phone_short",
        "phone_unread",
        "phone_country",
        "phone_premium",
        "phone_not_mobile",
        "nip_rounded",
        "nip_form",
        "nip_is_nik",
        "day_missing",
        "day_only_year",
        "day_number",
        "day_month_first",
        "day_or_month",
        "day_out_of_range",
        "not_a_day",
        "not_a_coordinate",
        "not_whole",
        "not_terrain",
        "not_language",
        "word_unknown",
        "word_several",
        "too_long",
        "wrong_form",
        "hidden",
        "name_no_name",
        # which one a row is about
        "id_unknown",
        "id_other_name",
        "other_agency",
        "is_retired",
        "who_same_name",
        "who_same_phone",
        "who_like",
        "who_nip",
        "nip_differs",
        "nip_elsewhere",
        "who_twice",
        "namesake_in_sheet",
        # who is in a crew
        "person_unknown",
        "in_other_crew",
        "chief_twice",
        # a roster
        "name_several",
        "two_codes",
        "no_such_day",
        "day_twice",
        # a configuration
        "section_unknown",
        # the registry's rules, told by the rule's own words
        "rule",
    }
)


class Choice(Struct, frozen=True, kw_only=True):
    """A way to repair a refusal by one press: the value to answer with, and what it stands for."""

    value: str
    label: str = ""
    detail: str = ""


class Refusal(Struct, frozen=True, kw_only=True):
    """What is wrong with a row: Excel's own address, what is written there, a code with its values, what would repair it.

    `ask`: by which answer it is repaired, a `cell`'s text, `who` the row is about, or what a `word` means everywhere.
    `proposed` is the choice that resembles most; nothing takes it unasked.
    """

    row: int
    at: str
    field: str
    written: str
    code: str
    ask: str
    values: dict[str, str] = msgspec.field(default_factory=dict)
    choices: list[Choice] = msgspec.field(default_factory=list)
    proposed: str = ""
