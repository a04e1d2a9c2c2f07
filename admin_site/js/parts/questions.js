// The questions of an incident's type and what was said to them: rows of a form and of what stands, without a page.

import { label, t } from "./i18n.js";

const NOT_ASKED = { id: "", word: "–" };

function choicesOf(question) {
  if (question.kind === "yes_no") return [NOT_ASKED, { id: "yes", word: t("Yes") }, { id: "no", word: t("No") }];
  if (question.kind !== "choice") return [];
  return [NOT_ASKED, ...question.options.map((option) => ({ id: option.id, word: label(option.label) }))];
}

// A question as its field shows it. What was said in other words than its choices stands as one more choice.
export function questionRow(question, value = "", name = "question") {
  const choices = choicesOf(question);
  const known = !choices.length || choices.some((choice) => choice.id === value);
  const field = `${name}-${question.id}`;
  return {
    id: question.id, field, labelId: `${field}-label`, helpId: `${field}-help`, label: label(question.label), help: question.help?.id || question.help?.en ? label(question.help) : "",
    kind: choices.length ? "choice" : question.kind, mode: question.kind === "number" ? "numeric" : "text", required: Boolean(question.required), value,
    choices: (known ? choices : [...choices, { id: value, word: value }]).map((choice) => ({ ...choice, on: choice.id === value, title: choice.id ? "" : t("Not asked") })),
  };
}

// "Masih ada orang di dalam? Ya"
export function saidWords(question, value) {
  const row = questionRow(question, value);
  return `${row.label} ${row.choices.find((choice) => choice.on)?.word || value}`;
}

// What stands, as people read it: {id, label, said}.
export function standingRow(detail) {
  const yes = { yes: t("Yes"), no: t("No") }[detail.kind === "yes_no" ? detail.value : ""];
  return { id: detail.question, label: label(detail.label), said: detail.option ? label(detail.option) : yes || detail.value };
}

// The questions that must be asked and to which nothing was said yet.
export function unasked(questions, details) {
  const said = new Set((details || []).map((each) => each.question));
  return questions.filter((question) => question.required && !said.has(question.id)).map((question) => label(question.label));
}

// What a form of these questions changes: [{question, value}].
export function changedDetails(said, details) {
  const before = Object.fromEntries((details || []).map((each) => [each.question, each.value]));
  return Object.entries(said)
    .map(([question, value]) => ({ question, value: value.trim() }))
    .filter(({ question, value }) => value !== (before[question] || ""));
}
