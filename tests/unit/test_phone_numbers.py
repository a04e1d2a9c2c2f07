"""Phone numbers as they are typed, pasted and spoken: read if nobody could read them otherwise, and never guessed."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.registry import UNSAID, Regency
from chalicelib.errors import Invalid
from chalicelib.services.registry.phone_numbers import (
    kept_number,
    must_number,
    read_number,
    read_phone,
    refused_page,
    refused_phone,
    sender_number,
)

KOTIM = Regency(id="kotim", name="Kotim", zone="Asia/Jakarta", area_code="0531", countries=["ID"])
MOBILE, LOCAL, PREMIUM = "+6281234567890", "+6253121112", "+19005551234"
NUMBERS = {
    # A local number is the regency's.
    "21112": LOCAL,
    " 21112 ": LOCAL,
    "21-112": LOCAL,
    "0531-21112": LOCAL,
    "(0531) 21112": LOCAL,
    "0531/21112": LOCAL,
    "+62 531 21112": LOCAL,
    "62-531-21112": LOCAL,
    "tel:21112;phone-context=+62531": LOCAL,
    "0531-21112 pes. 5": LOCAL,
    "2-1112": LOCAL,
    "531 3221112": "+625313221112",
    "0812-34-56-78-90": MOBILE,
    # A leading 00 is +, and so is what a carrier has for it.
    "0062 81234567890": MOBILE,
    "00 62 812 3456 7890": MOBILE,
    "0062 (0)812 3456 7890": MOBILE,
    "001 62 812 3456 7890": MOBILE,
    "01017 62 812 3456 7890": MOBILE,
    "00 1 900 555 1234": PREMIUM,
    "0060 12 345 6789": "+60123456789",
    # Mobile numbers.
    "0812-3456-7890": MOBILE,
    "0812.3456.7890": MOBILE,
    "62 812 3456 7890": MOBILE,
    "+62 (0)812 3456 7890": MOBILE,
    "+620812 3456 7890": MOBILE,
    "812 3456 7890": MOBILE,
    "(0812) 3456-7890": MOBILE,
    "[0812] 3456 7890": MOBILE,
    "'081234567890": MOBILE,
    "6281234567890.0": MOBILE,
    "081234567890 ext. 12": MOBILE,
    # Other scripts' digits, dashes and blanks, and what a copied contact hides.
    "０８１２３４５６７８９０": MOBILE,
    "＋６２８１２３４５６７８９０": MOBILE,
    "٠٨١٢٣٤٥٦٧٨٩٠": MOBILE,
    "०८१२३४५६७८९०": MOBILE,
    "0812\u20113456\u20117890": MOBILE,
    "0812–3456—7890": MOBILE,
    "0812\u00a03456\u202f7890": MOBILE,
    "\u202a+62 812-3456-7890\u202c": MOBILE,
    "0812\u200b34567890": MOBILE,
    # Links, and words beside the number.
    "tel:+62-812-3456-7890": MOBILE,
    "wa.me/6281234567890": MOBILE,
    "https://wa.me/6281234567890?text=halo%205": MOBILE,
    "https://api.whatsapp.com/send?phone=6281234567890&text=x": MOBILE,
    "whatsapp://send?phone=%2B6281234567890": MOBILE,
    "0812 3456 7890 (istri)": MOBILE,
    "istri: 0812 3456 7890": MOBILE,
    "HP 0812.3456.7890": MOBILE,
    "H. Udin 0812 3456 7890": MOBILE,
    "0812 3456 7890 (Bpk. A. M. Yani)": MOBILE,
    "081234567890/+62 812 3456 7890": MOBILE,
    # Callers from anywhere, ships and satellites.
    "+1-900-555-1234": PREMIUM,
    "+60 12-345 6789": "+60123456789",
    "+65 8123 4567": "+6581234567",
    "+44 20 7946 0000": "+442079460000",
    "+870 773 111 632": "+870773111632",
    "+8816 1234 5678": "+881612345678",
    "1500 123": "+621500123",
    "0800 1 234 567": "+628001234567",
}
SHORT = {
    **{each: each for each in ("110", "112", "113", "115", "117", "118", "119", "122", "123", "129", "911")},
    "(112)": "112",
    "１１２": "112",
    "+62 112": "112",
    "14045": "14045",
    "+62 14045": "14045",
    "71400": "71400",
    "89887": "89887",
    "3636": "3636",
}
UNREAD = [
    *("00000000", "0", "00", "08", "62", "+62", "+62 21112", "021112", "0021112", "081 2345", "8123456"),
    *("O8123456789", "0812 3456 789O", "0812 3456 789 l", "O 812 3456 7890", "l12", "+62 8l2 3456 7890"),
    *("0812 3456 7890 / 0813 3456 7890", "081234567890 atau 081334567890", "081234567890 081334567890"),
    *("531 21112", "53121112", "62 112", "62112", "+673", "+886"),
    *("21112-3", "21112-13", "0531-21112 - 13", "0812 3456 7890-91"),
    *(
        "0812345678/9",
        "RT 5 0812 3456 7890",
        "Jl. A. Yani 5, 0812 3456 7890",
        "O. Udin 812 3456 7890",
        "½0812 3456 7890",
        "0812 3456 7890²",
        "6,28123E+12",
    ),
    *("*123#", "++62812", "0812+3456", "0812345678901234567890", "1" * 201, "+6221112", "+62006281234567890"),
    *("tidak ada", "kosong delapan satu dua", "https://wa.me/message/ABC123", "?", "🔥", "ℵ"),
]
WITHHELD = [
    "",
    " ",
    "\u3164",
    "\u202e",
    "\0",
    "-",
    "\u00a0",
    "\u200b",
    "anonymous",
    "Private number",
    "Nomor pribadi",
    "No Caller ID",
]


@pytest.mark.parametrize("typed", NUMBERS)
def test_a_number_is_read_as_people_write_it(typed: str) -> None:
    number = read_number(typed, KOTIM)
    assert (number.kind, number.e164, number.known) == ("number", NUMBERS[typed], NUMBERS[typed])


@pytest.mark.parametrize("typed", SHORT)
def test_a_short_number_stays_what_it_is(typed: str) -> None:
    number = read_number(typed, KOTIM)
    assert (number.kind, number.e164, number.known) == ("short", "", SHORT[typed])


@pytest.mark.parametrize("typed", UNREAD)
def test_what_is_in_doubt_is_not_guessed(typed: str) -> None:
    number = read_number(typed, KOTIM)
    assert (number.kind, number.known) == ("unread", "")


@pytest.mark.parametrize("typed", WITHHELD)
def test_no_number_is_no_number(typed: str) -> None:
    assert read_number(typed, KOTIM).kind == "withheld"


def test_what_was_typed_is_kept_beside_it_without_what_hides_in_it() -> None:
    assert read_number(" 0812 3456 7890 (istri)", KOTIM).typed == "0812 3456 7890 (istri)"
    assert read_number("O8123\u202e456", KOTIM).typed == "O8123456"


def test_another_regency_reads_its_own_local_numbers() -> None:
    jakarta = Regency(id="jakarta", name="Jakarta", zone="Asia/Jakarta", area_code="021", countries=["ID"])
    assert read_number("3456789", jakarta).e164 == "+62213456789"
    # And one that has not said its area code guesses none.
    assert read_number("21112", UNSAID).kind == "unread"
    assert read_number("0531 21112", UNSAID).e164 == LOCAL


def test_a_list_is_refused_what_is_not_one_valid_number_by_the_fields_name() -> None:
    assert must_number("0812 3456 7890 (istri)", "number", KOTIM) == MOBILE
    for typed, refusal in (
        ("112", "is a short number"),
        ("O812", "is no phone number"),
        ("", "is no phone number"),
    ):
        with pytest.raises(Invalid) as refused:
            must_number(typed, "rows[0].number", KOTIM)
        assert refused.value.fields == {"rows[0].number": refusal}


def test_what_an_older_release_kept_under_a_wrong_area_code_is_found_by_what_it_shows() -> None:
    assert kept_number("+6221112", "number", KOTIM) == "+6221112"
    assert kept_number("+62006281234567890", "number", KOTIM) == "+62006281234567890"
    assert kept_number("112", "number", KOTIM) == "112"
    assert read_phone("+6221112", "phone", KOTIM) == "+6221112"
    assert read_phone("+62081234567890", "phone", KOTIM) == MOBILE
    with pytest.raises(Invalid):
        kept_number("O812", "number", KOTIM)


def test_an_sms_is_from_whom_the_network_says_and_from_nobody_by_a_name() -> None:
    assert sender_number("6281234567890", KOTIM) == MOBILE
    assert sender_number("+628999999", KOTIM) == "+628999999"
    assert [sender_number(each, KOTIM) for each in ("TELKOMSEL", "3636", "")] == ["", "", ""]


@pytest.mark.parametrize(
    ("number", "of_person", "of_agency"),
    [
        (MOBILE, "", ""),
        (LOCAL, "phone_not_mobile", ""),
        ("+628091234567", "phone_premium", "phone_premium"),
        ("+628041234567", "phone_premium", "phone_premium"),
        (PREMIUM, "phone_country", "phone_country"),
        ("+60123456789", "phone_country", "phone_country"),
        ("+870773111632", "phone_country", "phone_country"),
        ("+6221112", "phone_unread", "phone_unread"),
    ],
)
def test_whom_we_write_to_has_a_valid_number_of_an_allowed_country_at_no_extra_cost(
    number: str, of_person: str, of_agency: str
) -> None:
    assert refused_phone(number, KOTIM, sms=True) == of_person
    assert refused_phone(number, KOTIM, sms=False) == of_agency


def test_a_country_that_is_allowed_brings_no_premium_numbers_with_it() -> None:
    both = Regency(
        id="kotim", name="Kotim", zone="Asia/Jakarta", area_code="0531", countries=["ID", "US", "MY", "GB"]
    )
    assert refused_phone("+447012345678", both, sms=False) == "phone_premium"
    assert refused_phone("+60123456789", both, sms=True) == ""
    assert refused_phone("+14155552671", both, sms=True) == ""
    assert refused_phone(PREMIUM, both, sms=True) == "phone_premium"


def test_a_page_goes_to_whomever_the_registry_holds_but_not_abroad_or_at_a_premium() -> None:
    numbers = [MOBILE, LOCAL, "+628999999", "+60123456789", PREMIUM, "+628091234567"]
    abroad, premium = "is of a country that is not allowed", "is a premium-rate number"
    assert [refused_page(each, KOTIM) for each in numbers] == ["", "", "", abroad, abroad, premium]
    # A crew that a release before let in from abroad is paged until the regency is told.
    assert [refused_page(each, UNSAID) for each in numbers] == ["", "", "", "", premium, premium]


@given(
    st.text(
        alphabet=st.one_of(st.sampled_from("0123456789+-() ./62ext٨Ol\u202a"), st.characters()), max_size=40
    )
)
def test_no_text_breaks_the_reading_and_what_is_read_reads_the_same_again(typed: str) -> None:
    number = read_number(typed, KOTIM)
    assert number.kind != "number" or read_number(number.e164, KOTIM).e164 == number.e164
    assert (number.kind in ("number", "short")) == bool(number.known)


def test_a_function_that_reads_no_number_does_not_wait_for_the_tables_of_all_countries() -> None:
    look = "import sys, app; print('phonenumbers' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "False"
