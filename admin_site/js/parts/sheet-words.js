// Why a row of a sheet is not taken, and how it should be, by code (chalicelib/domain/sheets/refusals.py).

import { faultWord } from "./fault-words.js";
import { t, tn } from "./i18n.js";

const PHONE = () => t("A mobile number with all its digits: 0812 3456 7890.");
const DAY = () => t("A day, a month or for life: 31-12-2027, Dec 2027, for life.");
const NIP = () => t("All 18 digits of a NIP, or an NRP, in a column formatted as text.");

// By code: what is wrong, and how it should be.
const WORDS = {
  required: () => [t("It is empty, and a new one needs it."), t("Fill it in; in Excel a merged cell above may hold it.")],
  formula: () => [t("It is a formula, not its value."), t("The value itself: in Excel, paste as values.")],
  uncalculated: () => [t("A formula without its value."), t("Open the file in Excel, save it, and bring it again.")],
  error_value: () => [t("Excel shows an error there, no value."), t("The value itself.")],
  phone_rounded: () => [t("Excel rounded the number: its last digits are lost."), t("The whole number, in a column formatted as text.")],
  phone_two: () => [t("Two numbers in one cell."), t("The one to which SMS go.")],
  phone_short: () => [t("A short number gets no SMS."), PHONE()],
  phone_unread: () => [t("This is no phone number."), PHONE()],
  phone_country: () => [t("A number of a country to which no SMS are sent."), PHONE()],
  phone_premium: () => [t("A premium-rate number gets no SMS."), PHONE()],
  phone_not_mobile: () => [t("A landline gets no SMS."), PHONE()],
  nip_rounded: () => [t("Excel rounded it: it keeps 15 digits of a number and writes noughts for the rest."), NIP()],
  nip_form: () => [t("This is no NIP and no NRP."), NIP()],
  nip_is_nik: () => [t("Sixteen digits are a citizen's number (NIK), which is not kept here."), NIP()],
  day_missing: () => [t("It says that there is a certificate, not until when."), DAY()],
  day_only_year: () => [t("A year alone says no last day."), DAY()],
  day_number: () => [t("Excel's own number of a day, not the day."), DAY()],
  day_month_first: () => [t("Month before day, as in American Excel."), DAY()],
  day_or_month: () => [t("Another cell of this column has its month first: this may be two days."), t("The day that is meant.")],
  day_out_of_range: () => [t("No certificate ends in that year."), DAY()],
  not_a_day: () => [t("This is no day."), DAY()],
  not_a_coordinate: () => [t("These are no degrees."), t("Degrees with a point or comma: -2.5387 and 112.9493.")],
  not_whole: () => [t("This is no whole number."), t("A number, such as 3.")],
  not_terrain: () => [t("Neither land nor water."), t("land, water, or both.")],
  not_language: () => [t("Neither Indonesian nor English."), t("Indonesian or English.")],
  word_unknown: ({ word }) => [t("“{word}” is not known here.", { word }), t("Say once what it stands for; it holds for the whole sheet.")],
  word_several: ({ word }) => [t("“{word}” may be several.", { word }), t("Say which one it is.")],
  too_long: () => [t("This is too long."), t("Shorter.")],
  wrong_form: () => [t("This has a wrong form."), t("As in the rows that are taken.")],
  hidden: () => [t("It holds characters that nobody sees."), t("Type it anew.")],
  name_no_name: () => [t("This is no name."), t("A name in letters.")],
  id_unknown: () => [t("No such id in this agency."), t("The id as it was taken out, or nothing for somebody new.")],
  id_other_name: () => [t("This id is somebody else's."), t("The id as it was taken out, or nothing for somebody new.")],
  other_agency: () => [t("It is another agency's."), t("Your own agency, or leave the row out.")],
  is_retired: () => [t("Retired here."), t("Bring it back on its own form first.")],
  who_same_name: ({ names }) => [t("The same name, another phone: {names}.", { names }), t("Say whether it is the same one. His phone would change.")],
  who_same_phone: ({ names }) => [t("This phone is {names}'s.", { names }), t("Say whether it is the same one, or somebody new on that phone.")],
  who_like: ({ names }) => [t("Resembles {names}.", { names }), t("Say whether it is the same one.")],
  who_nip: ({ names }) => [t("This service number is {names}'s.", { names }), t("His own number, or say that it is the same one.")],
  nip_differs: () => [t("The one with this id has another service number."), t("The right id, or the right number.")],
  nip_elsewhere: () => [t("This service number is registered already."), t("His own number; who moves between agencies is moved on his form.")],
  who_twice: ({ row }) => [t("The same one as in row {row}.", { row }), t("One row each.")],
  namesake_in_sheet: ({ row }) => [t("The same name as in row {row}, with other facts.", { row }), t("A service number tells namesakes apart; or say that it is another one.")],
  person_unknown: () => [t("Nobody of this agency is called so."), t("Choose who it is; who is not known here yet comes by the list of people first.")],
  in_other_crew: ({ names }) => [t("Is in {names} now.", { names }), t("Say there until when, on that crew's form; or leave the row out.")],
  chief_twice: ({ row }) => [t("Row {row} names another chief of this crew.", { row }), t("One chief each.")],
  name_several: ({ names }) => [t("Several are called so: {names}.", { names }), t("Say who it is; a service number or the id in the file says it too.")],
  two_codes: () => [t("Two codes in one cell."), t("One code; a second duty stands in a second row of the same person.")],
  no_such_day: () => [t("The month has no such day."), t("A day of this month; what stands there is not read.")],
  day_twice: ({ at }) => [t("The same person has another shift on that day in {at}.", { at }), t("One shift a day; put it right in the file.")],
  section_unknown: ({ word }) => [t("“{word}” is no part of a configuration.", { word }), t("The parts as they are taken out.")],
  rule: (values) => [faultWord({ path: "", code: values.code, values, about: values.about || "" }), t("As the registry's rules want it.")],
};

export const SHEET_CODES = Object.keys(WORDS);

// What is wrong with a refused cell or row, and how it should be.
export function refusalWords({ code, values }) {
  const [wrong, should] = (WORDS[code] || WORDS.wrong_form)(values);
  return { wrong, should };
}

const COPY = () => t("Or open it, copy the whole sheet (Ctrl A, Ctrl C) and paste it into the box.");
// Why a file cannot be read as a workbook, and what to do (chalicelib/domain/sheets/workbooks.py).
const FILES = {
  file_damaged: () => t("The file is damaged: open it in Excel and save it again."),
  file_empty: () => t("Nothing stands in the file."),
  file_large: () => t("The file is too large: keep in it only the sheet that is to be brought in."),
  file_macros: () => t("The file holds macros (.xlsm): save it in Excel as Excel Workbook (.xlsx)."),
  file_old_excel: () => t("This is an old Excel file (.xls): save it in Excel as Excel Workbook (.xlsx)."),
  file_other: () => t("This is no workbook of Excel (.xlsx), whatever it is called."),
  file_password: () => t("The file has a password: open it in Excel, take the password away, and save it again."),
  file_yaml: ({ what }) => t("The configuration cannot be read: {what}", { what }),
  file_other_book: () => t("This is a spreadsheet of another program or form: save it as Excel Workbook (.xlsx)."),
};

export const FILE_CODES = Object.keys(FILES);

export function fileWord(name, { refused, what }) {
  const word = `${name}: ${(FILES[refused] || FILES.file_damaged)({ what })}`;
  return refused === "file_yaml" ? word : `${word} ${COPY()}`;
}

// Whether what nobody sees is read.
const UNSEEN = {
  hidden_rows: (n, rows) => tn("A row is hidden in Excel ({rows}). Is it read?", "{n} rows are hidden in Excel ({rows}). Are they read?", n, { rows }),
  struck_rows: (n, rows) => tn("A row is crossed out ({rows}). Is it read?", "{n} rows are crossed out ({rows}). Are they read?", n, { rows }),
  gone_rows: (n, rows) => tn("A row stands under a heading of people gone ({rows}). Is it read?", "{n} rows stand under a heading of people gone ({rows}). Are they read?", n, { rows }),
  hidden_columns: (n, columns) => tn("A column that is read is hidden in Excel ({columns}). Is it read?", "{n} columns that are read are hidden in Excel ({columns}). Are they read?", n, { columns }),
};
const NAMED_MOST = 12;

export const UNSEEN_KINDS = Object.keys(UNSEEN);

export function unseenWord({ kind, rows, columns }) {
  const names = kind === "hidden_columns" ? columns.map((each) => each.name) : rows;
  const shown = names.slice(0, NAMED_MOST).join(", ") + (names.length > NAMED_MOST ? " …" : "");
  return UNSEEN[kind](names.length, shown);
}

const KINDS = {
  title: () => t("title"),
  head: () => t("head"),
  head_again: () => t("head, again"),
  numbering: () => t("numbers of columns"),
  section: () => t("heading of a part"),
  count: () => t("sum"),
  legend: () => t("legend or signature"),
  skipped: () => t("left out by you"),
  data: () => t("left out by you"),
  empty: () => t("empty"),
  not_taken: () => t("never taken from a file"),
};

// Why a row is not read.
export function kindWord({ kind, bin, notes }) {
  if (bin === "repeat") return t("says the same as row {row}", { row: notes[0] });
  return (KINDS[kind] || KINDS.empty)();
}
