"""Why a field is refused: the one table of codes, from which the English of answers follows; the site translates by code."""

from __future__ import annotations

from msgspec import Struct, field

# Each code with its sentence in English, its values in braces. The site has both languages for each
# (admin_site/js/parts/fault-words.js); tests/unit/test_fault_codes.py holds both and every fault that is made to this table.
SENTENCES: dict[str, str] = {
    # -- what cannot be read
    "required": "is required",
    "empty": "is empty",
    "unknown_field": "is unknown",
    "twice": "is given twice",
    "not_a_choice": "is not one of the choices",
    "one_of_these": "give exactly one of these",
    "any_of_these": "give one of these",
    "id_differs": "differs from the path",
    "too_long": "has more than {most} characters",
    "too_short": "has fewer than {least} characters",
    "too_few": "has fewer than {least} elements",
    "too_many": "has more than {most} elements",
    "too_small": "is less than {least}",
    "too_large": "is more than {most}",
    "out_of_range": "is out of range",
    "hidden": "has hidden or stacked characters",
    "says_nothing": "has no letter or digit",
    "wrong_form": "has a wrong form",
    "wrong": "is wrong",
    "not_text": "is not text",
    "not_whole": "is not a whole number",
    "not_number": "is not a number",
    "not_boolean": "is not true or false",
    "not_list": "is not a list",
    "not_object": "is not an object",
    "not_time": "is not a time",
    "not_day": "is not a day",
    "no_time": "is no time",
    "no_zone": "has no zone",
    "not_utf8": "is not UTF-8",
    "not_json": "is not JSON",
    "not_a_form": "is no form of Gammu's",
    "too_many_bytes": "has more than {most} bytes",
    "media_type": "is not {wanted}",
    "no_button": "is not one of the buttons",
    "key_form": "1 to 200 visible ASCII characters",
    "key_reused": "used with another body",
    "signature": "is wrong or too old",
    "never_given": "was never given",
    "no_incident_of_class": "{kind} cannot have an incident",
    "not_with_alarm": "cannot be given with alarm",
    "report_days": "must lie within {days} days from `from`",
    # -- what is not there
    "not_found": "not found",
    "no_incident": "no such incident",
    "no_assignment": "no such assignment",
    "no_call": "no such call",
    "no_reply": "no such reply",
    "no_message": "no such message",
    "unknown_type": "unknown incident type",
    "unknown_agency": "unknown agency",
    "unknown_unit": "unknown unit",
    "unknown_person": "unknown person",
    "unknown_reason": "unknown reason",
    "unknown_disposition": "unknown disposition",
    # -- times of calls and steps
    "in_future": "lies in the future",
    "too_old": "is more than a day old",
    "before_received": "lies before received_at",
    "before_step": "lies before {time}",
    "unchanged": "is so already",
    "step_not_reached": "was not reached",
    "out_of_order": "is in another order than {step} at {time}",
    "answered_before_received": "is answered before it was received",
    "not_unable": "could come",
    # -- incidents, units, drills
    "ended": "{status}",
    "open": "open",
    "amended_meanwhile": "is now '{now}', and not '{yours}'",
    "amended_too_often": "amended too often",
    "village_elsewhere": "lies in {district}",
    "opened_too_often": "opened too often",
    "calling_off": "being called off",
    "ordering": "being ordered",
    "priority_one": "priority 1 is never set aside",
    "crew_asked": "a crew is asked or coming",
    "too_much_happened": "too much has happened",
    "still_assigned": "{units}",
    "notes_full": "too many notes",
    "not_closed": "{status}",
    "came_by_sms": "came by SMS",
    "asked_too_often": "too much waits already",
    "answered": "answered already",
    "not_called_off": "was not called off",
    "same_incident": "is the same incident",
    "is_duplicate": "is a duplicate itself",
    "drill_differs": "one is a drill, the other is not",
    "split_already": "split off already",
    "only_call": "the only call",
    "assignment_over": "{status}",
    "unit_sent_already": "already sent",
    "unit_busy": "busy",
    "unit_out_of_service": "not_available",
    "unit_assigned": "on an assignment",
    "unit_sent_too_often": "sent too often",
    "units_full": "too many units",
    "no_level": "no such level",
    "not_next_level": "is not the next level",
    "person_of_another": "another agency's",
    "unknown_desk": "nobody there takes calls",
    "desk_full": "too many calls wait there",
    "handover_taken": "taken already",
    "callers_not_told": "callers are not told for this type",
    "drill_caller": "it is a drill",
    "nobody_sent": "nobody is sent",
    "caller_blocked": "the number is blocked",
    "caller_not_mobile": "no mobile number is known",
    "caller_told": "told already",
    "notices_spent": "today's budget is spent",
    "drill_runs": "a drill runs already",
    "drill_free_at": "free at {at}",
    "nobody_on_duty": "nobody is on duty",
    "everybody_out": "everybody is out",
    "no_practice": "no practice goes on",
    "no_own_phone": "no phone of one's own",
    "no_story": "no such story",
    "no_units": "no units yet",
    # -- numbers
    "phone_unread": "is no phone number",
    "phone_short": "is a short number",
    "phone_country": "is of a country that is not allowed",
    "phone_premium": "is a premium-rate number",
    "phone_not_mobile": "is no mobile number",
    "number_blocked": "blocked until {until}",
    "number_registered": "is registered",
    "blocked_full": "too many are blocked",
    "kept": "{label}: {reason}",
    # -- the registry
    "version_stale": "the version is {version}",
    "changed_meanwhile": "changed meanwhile",
    "version_erased": "is erased or was never recorded",
    "agency_retired": "retired",
    "shift_fixed": "remove it and add another",
    "one_regency": "there is one already",
    "regency_needed": "change it instead",
    "named_by_old": "retire it instead",
    "referred_to": "{things}",
    "unknown": "{noun} has no '{id}'",
    "retired": "'{id}' is retired",
    "other_agency": "belongs to another agency",
    "agency_missing": "is required for an agency_admin",
    "agency_needless": "an agency_admin has one, nobody else",
    "countries_needed": "leaves out {things}",
    "zone": "is not UTC{hours}",
    "no_day": "is no day of the calendar",
    "of_response_only": "goes with the response time alone",
    "not_member": "is not one of the members",
    "before_since": "lies before the first day",
    "hours_half": "needs both its start and its end",
    "off_or_hours": "has either hours or why somebody is off",
    "code_twice": "stands for '{id}' already",
    "unknown_code": "the agency has no code '{code}'",
    "day_begun": "has begun already",
    "uncovered": "leaves {number} duties blank that patterns have now",
    "sheet_full": "is more than one sheet holds",
    "shift_length": "must lie within 24 hours after starts_at",
    "shift_over": "has ended already",
    "shift_far": "begins more than {days} days ahead",
    "shift_overlaps": "overlaps the shift '{id}'",
    "type_or_category": "a plan is for a type or for a category",
    "priority_twice": "priority {priority} stands in this policy twice",
    "need_twice": "'{id}' stands in this plan twice",
    "too_many_units": "asks for more than {most} units",
    "no_unit": "{agency} has no unit for {capability} on {terrain}",
    "word_taken": "'{word}' means something else in a reply",
    "word_of_another": "'{word}' stands for {reason}",
    "word_twice": "'{word}' stands here twice",
    "template_placeholder": "unknown placeholder {{{name}}}",
    "template_link": "{{link}} is missing",
    "template_lacks": "{{{name}}} is missing",
    "text_twice": "'{id}' is of this kind and language already",
    "template_filtered": "carriers filter the word '{word}'",
    "template_long": "{excess} characters too long for one SMS",
    "unit_out": "is on an assignment",
    "person_out": "is out with '{unit}'",
    "last": "is the last of its kind",
    "last_admin": "is the last admin",
    "own_account": "is your own",
    "disable_instead": "disable it instead",
    "account_disabled": "is disabled",
    "login_taken": "is somebody's already",
    "email_refused": "is no address for the sign-in service",
    "no_sign_in": "has no sign-in",
    "signed_in_already": "has chosen a password already",
    # -- sheets that are imported
    "import_begun": "is being imported",
    "import_undone": "was taken back",
    "import_nothing": "has nothing to import",
    "import_refused": "{rows} rows are refused",
    # -- what an SMS is made of, and the settings of who sends it
    "sms_value_missing": "missing",
    "sms_placeholder": "unknown placeholder",
    "sms_link_form": "holds a blank or a character outside GSM 03.38",
    "sms_link_long": "too long",
    "sms_setting": "{why}",
}


class Fault(Struct, frozen=True):
    """What does not hold: where in a thing, which rule, with which values; `about` names a thing that depends on it."""

    path: str
    code: str
    values: dict[str, str] = field(default_factory=dict)
    about: str = ""

    @property
    def sentence(self) -> str:
        """The fault in English, as `fields` of an HTTP answer and the seed's loader tell it."""
        return SENTENCES[self.code].format(**self.values)

    @property
    def where(self) -> str:
        """The field that it is about, such as `shifts/andi-monday.person_id`."""
        return f"{self.about}.{self.path}" if self.about else self.path


def by_field(faults: tuple[Fault, ...]) -> dict[str, str]:
    """Every field with all that is wrong with it in English."""
    found: dict[str, str] = {}
    for fault in faults:
        known = found.get(fault.where)
        found[fault.where] = f"{known}; {fault.sentence}" if known else fault.sentence
    return found
