// The wording of the modules: message ids are English, the catalogue of the page's language replaces them.

let messages = {};
let language = "id";

export function setWording(catalogue, lang) {
  messages = catalogue;
  language = lang;
}

export function currentLanguage() {
  return language;
}

function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

// t("{unit} is on scene", {unit: "Damkar 1"})
export function t(message, values = {}) {
  return fill(messages[message] || message, values);
}

// tn("{n} call", "{n} calls", 3); Indonesian has one form, English two.
export function tn(one, many, n, values = {}) {
  const forms = messages[one] || [one, many];
  return fill(forms[n === 1 ? 0 : forms.length - 1], { n, ...values });
}

// A registry label {id, en} in the reader's language.
export function label(words) {
  return words ? words[language] || words.id || "" : "";
}

// 4.16 with one decimal as the language writes it: 4,2 or 4.2.
export function whole(number) {
  return number.toLocaleString(language);
}

export function decimal(number) {
  return number.toLocaleString(language, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
}
