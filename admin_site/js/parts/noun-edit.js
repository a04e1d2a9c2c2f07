// The form of one thing: its draft, which outlives a sign-in and a look at another thing, and its fields.

import { t, tn } from "./i18n.js";
import { at, differs, formOf, itemOf, meanwhile, partOf, setAt, valueOf } from "./noun-form.js";
import { placeOf } from "./noun-faults.js";
import { calledWord, changeLines, dayWord, upper, valueWord } from "./noun-words.js";
import { mayKeep } from "./roles.js";

const DRAFTS = "kentongan.registry.drafts";
export const NEW = "+";
const FEW = 9;
const WIDE = new Set(["long", "ticks", "refs", "chips", "list", "boundary"]);
const GROUPS = new Set(["ticks", "refs", "chips", "list", "label", "boundary"]);

function readDrafts() {
  try {
    return JSON.parse(sessionStorage.getItem(DRAFTS)) || {};
  } catch {
    return {};
  }
}

export function editPart(page) {
  const { me, nouns, data } = page;
  const drafts = readDrafts();
  const keyOf = (draft) => `${draft.noun}/${draft.id}`;

  return {
    draft: null, // {noun, id, v, base, form, why, fresh, clash, taken, before}
    errors: {},
    summary: [],
    opened: {}, // whether all choices of a field are shown, by its path

    fields() {
      return nouns[this.noun].fields;
    },
    writes() {
      return mayKeep(me, this.noun) && this.ofOwn();
    },
    ofOwn() {
      return me.role !== "agency_admin" || !this.draft || this.draft.fresh || this.draft.base.agency_id === me.agency_id;
    },
    mayAdd() {
      return mayKeep(me, this.noun) && this.noun !== "regency";
    },
    invites() {
      // Who signs in is kept on a page of its own.
      return me.role === "admin" && this.noun === "accounts";
    },
    hasDraft(id) {
      return this.draft?.noun === this.noun && this.draft.id === id ? this.isChanged() : Boolean(drafts[`${this.noun}/${id}`]);
    },
    anyDraft() {
      return Object.keys(drafts).length > 0;
    },

    // The thing that the address names, or the draft of it that was left.
    openThing() {
      Object.assign(this, { errors: {}, summary: [], depends: [], dutyCount: 0, refusal: null, opened: {} });
      const thing = data.find(this.noun, this.id);
      const kept = drafts[`${this.noun}/${this.id}`];
      if (!thing && this.id !== NEW) this.draft = null;
      else if (kept) this.draft = !kept.fresh && thing.v !== kept.v ? meanwhile(this.fields(), kept, thing) : kept;
      else if (this.id !== NEW) this.draft = this.draftOf(thing);
      else this.draft = this.mayAdd() ? this.freshDraft() : null;
    },
    draftOf(thing) {
      return { noun: this.noun, id: thing.id, v: thing.v, base: thing, form: formOf(this.fields(), thing), why: "", fresh: false, clash: [], taken: [], before: null };
    },
    freshDraft() {
      const given = me.role === "agency_admin" ? { agency_id: me.agency_id } : this.agency && this.hasAgencies() ? { agency_id: this.agency } : {};
      return { noun: this.noun, id: NEW, v: 0, base: {}, form: formOf(this.fields(), given), why: "", fresh: true, clash: [], taken: [], before: null };
    },
    keepDraft() {
      const { draft } = this;
      if (!draft) return;
      if (this.writes() && this.isChanged()) drafts[keyOf(draft)] = JSON.parse(JSON.stringify(draft));
      else delete drafts[keyOf(draft)];
      sessionStorage.setItem(DRAFTS, JSON.stringify(drafts));
    },
    dropOf(draft) {
      delete drafts[keyOf(draft)];
      sessionStorage.setItem(DRAFTS, JSON.stringify(drafts));
    },
    undo() {
      this.dropOf(this.draft);
      this.saved = "";
      this.failure = "";
      if (this.draft.fresh) this.go(this.noun, "");
      this.openThing();
      this.askEffect();
      this.drawList();
    },

    // What is changed
    value() {
      return valueOf(this.fields(), this.draft.form);
    },
    changedFields() {
      if (!this.draft) return [];
      const before = this.draft.fresh ? valueOf(this.fields(), this.freshDraft().form) : this.draft.base;
      const value = this.value();
      return this.fields().filter((field) => differs(field, before, value));
    },
    isChanged() {
      return this.changedFields().length > 0;
    },
    changedWord() {
      const n = this.changedFields().length;
      const version = this.draft.fresh ? "" : t("version {v}", { v: this.draft.v });
      return [version, n && !this.draft.fresh ? tn("{n} field changed", "{n} fields changed", n) : ""].filter(Boolean).join(" · ");
    },
    titleWord() {
      return this.draft.fresh ? this.newWord() : calledWord(nouns[this.noun], this.draft.base);
    },
    retires() {
      return !this.draft.fresh && "retired" in this.draft.form;
    },
    retireWord() {
      const noun = t(nouns[this.noun].one);
      return this.draft.form.retired ? t("Bring the {noun} back", { noun }) : t("Retire the {noun}", { noun });
    },
    retire() {
      this.draft.form.retired = !this.draft.form.retired;
      this.touched("retired");
    },
    retiredNotice() {
      if (!this.draft || !this.draft.form.retired) return "";
      return this.draft.base.retired ? t("Retired: it is sent no more, old incidents still name it.") : t("Will be retired when you save: it is sent no more, old incidents still name it.");
    },

    // Fields as rows to draw: of the thing, or of an element of one of its lists.
    rowsOf(fields, below) {
      if (!this.draft) return [];
      return fields.filter((field) => this.isAsked(field, below)).map((field) => this.rowOf(field, below));
    },
    topRows() {
      return this.draft ? this.rowsOf(this.fields(), "") : [];
    },
    isAsked(field, below) {
      return below !== "" || (field.name !== "retired" && !(field.name === "agency_id" && me.role === "agency_admin"));
    },
    rowOf(field, below) {
      const path = below ? `${below}.${field.name}` : field.name;
      return {
        field, path, below, kind: field.kind, title: t(field.title), help: field.help ? t(field.help) : "", group: GROUPS.has(field.kind), plus: `${path}+`,
        labelled: `${path}-title`, described: `${path}-help ${path}-error ${path}-was`, helpId: `${path}-help`, errorId: `${path}-error`, wasId: `${path}-was`,
        idPath: `${path}.id`, enPath: `${path}.en`,
      };
    },
    rowClass(row) {
      return ["k-reg-field", WIDE.has(row.kind) && "k-reg-wide", this.isWrong(row) && "k-reg-wrong", this.rowChanged(row) && "k-reg-changed"].filter(Boolean).join(" ");
    },
    isWrong(row) {
      return Boolean(this.errors[row.path] || this.errors[row.idPath] || this.errors[row.enPath]);
    },
    wrongWord(row) {
      return [row.path, row.idPath, row.enPath].map((path) => this.errors[path]).filter(Boolean).join(" ");
    },
    invalid(path) {
      return this.errors[path] ? "is-invalid" : "";
    },
    // An element of a list may stand elsewhere than before: only where as many stand there is it said what it was.
    wasOf(row) {
      if (!this.draft || this.draft.fresh) return undefined;
      if (!row.below) return this.draft.base;
      const list = row.below.replace(/\[\d+\]$/, "");
      const [before, now] = [at(this.draft.base, list), at(this.draft.form, list)];
      return before && before.length === now.length ? at(this.draft.base, row.below) : undefined;
    },
    nowOf(row) {
      return valueOf([row.field], { [row.field.name]: at(this.draft.form, row.path) });
    },
    rowChanged(row) {
      const was = this.wasOf(row);
      return was !== undefined && differs(row.field, was, this.nowOf(row));
    },
    wasWord(row) {
      if (!this.rowChanged(row) || row.kind === "flag") return "";
      const was = this.wasOf(row);
      if (!["ticks", "refs", "chips", "words", "list"].includes(row.kind)) return t("Before: {value}", { value: valueWord(row.field, partOf(row.field, was), data.name) || t("nothing") });
      return changeLines([row.field], was, this.nowOf(row), data.name).map((line) => lineWord(line, row.title)).join(" ");
    },

    // Their values
    textAt(path) {
      return at(this.draft?.form, path) ?? "";
    },
    onAt(path) {
      return Boolean(at(this.draft?.form, path));
    },
    typeAt(path, event) {
      setAt(this.draft.form, path, event.target.value);
      this.touched(path);
    },
    flagAt(path, event) {
      setAt(this.draft.form, path, event.target.checked);
      this.touched(path);
    },
    touched(path) {
      for (const each of Object.keys(this.errors)) if (each === path || each.startsWith(`${path}.`) || each.startsWith(`${path}[`)) delete this.errors[each];
      this.saved = "";
      this.askEffect();
      const marked = Boolean(drafts[keyOf(this.draft)]);
      this.keepDraft();
      // Thousands of rows are not looked at for each letter that is typed.
      if (marked !== Boolean(drafts[keyOf(this.draft)])) this.drawList();
    },
    inputType: (row) => ({ phone: "tel", day: "date" })[row.kind] || "text",
    inputMode: (row) => ({ number: "numeric", decimal: "decimal", phone: "tel" })[row.kind] || "text",
    isInput: (row) => ["text", "phone", "number", "decimal", "day", "point"].includes(row.kind),
    inputClass(row) {
      return ["form-control", this.invalid(row.path), ["number", "decimal", "day"].includes(row.kind) && "k-reg-short"].filter(Boolean).join(" ");
    },
    // The browser writes a day in its own language, which may be another than the reader's.
    dayWord(row) {
      return row.kind === "day" ? dayWord(this.textAt(row.path)) : "";
    },
    isArea: (row) => ["long", "words"].includes(row.kind),
    areaRows(row) {
      return Math.min(12, Math.max(row.kind === "long" ? 4 : 3, this.textAt(row.path).split("\n").length + 1));
    },
    hasNone: (row) => row.field.nullable || row.field.default === undefined,
    choiceOn(row, choice) {
      return this.textAt(row.path) === choice.id;
    },
    choiceWords: (row) => row.field.choices.map((choice) => ({ id: choice.id, word: t(choice.title) })),

    // Several of a few
    ticksOf(row) {
      const all = row.field.choices ? this.choiceWords(row).map(({ id, word }) => ({ id, label: word })) : (this.stamp >= 0 && data.options(row.field.noun)) || [];
      const [on, was] = [at(this.draft?.form, row.path) || [], this.wasOf(row)?.[row.field.name] || []];
      const known = new Set(all.map((each) => each.id));
      const others = on.filter((id) => !known.has(id)).map((id) => ({ id, label: data.name(row.field.noun, id) }));
      const ticks = [...all, ...others].map(({ id, label }) => ({ id, label, on: on.includes(id), dropped: was.includes(id) && !on.includes(id), path: `${row.path}/${id}` }));
      if (ticks.length <= FEW || this.opened[row.path]) return ticks;
      const first = ticks.filter((tick) => tick.on || tick.dropped);
      return [...first, ...ticks.filter((tick) => !first.includes(tick)).slice(0, Math.max(0, FEW - 3 - first.length))];
    },
    moreTicks(row) {
      const all = row.field.choices?.length ?? data.options(row.field.noun)?.length ?? 0;
      const left = all - this.ticksOf(row).length;
      return left > 0 ? tn("{n} more…", "{n} more…", left) : "";
    },
    showTicks(row) {
      this.opened[row.path] = true;
    },
    tickClass: (tick) => ["k-reg-tick", tick.on && "k-reg-on", tick.dropped && "k-reg-dropped"].filter(Boolean).join(" "),
    tick(row, tick, event) {
      const list = at(this.draft.form, row.path).filter((id) => id !== tick.id);
      setAt(this.draft.form, row.path, event.target.checked ? [...list, tick.id] : list);
      this.touched(row.path);
    },

    // Several in their order
    chipsOf(row) {
      return (at(this.draft?.form, row.path) || []).map((id, place) => ({ id, place, word: data.name(row.field.noun, id), first: place === 0 }));
    },
    chipEarlier(row, chip) {
      const list = [...at(this.draft.form, row.path)];
      list.splice(chip.place - 1, 2, list[chip.place], list[chip.place - 1]);
      setAt(this.draft.form, row.path, list);
      this.touched(row.path);
    },
    chipAway(row, chip) {
      setAt(this.draft.form, row.path, at(this.draft.form, row.path).filter((id) => id !== chip.id));
      this.touched(row.path);
    },
    earlierWord: (chip) => t("{name} one place earlier", { name: chip.word }),
    awayWord: (chip) => t("Remove {name}", { name: chip.word }),

    // Pickers; of several, the field's path ends in "+"
    formOptions(path) {
      if (this.stamp < 0 || !this.draft) return null;
      const { field } = placeOf(this.fields(), path.replace(/\+$/, "")) || {};
      if (!field) return [];
      const own = this.noun === "agencies" ? this.draft.base.id : this.draft.form.agency_id;
      return data.options(field.noun, ["stations", "units", "personnel"].includes(field.noun) ? own : "", this.textAt(path));
    },
    formPick(path, id) {
      if (!this.draft) return;
      const place = path.replace(/\+$/, "");
      if (place === path) {
        if (this.textAt(path) === id) return;
        setAt(this.draft.form, path, id);
      } else if (id && !at(this.draft.form, place).includes(id)) at(this.draft.form, place).push(id);
      this.touched(place);
    },
    formValue(path) {
      return path.endsWith("+") ? "" : this.textAt(path);
    },
    comboOptions(name) {
      return this.formOptions(name);
    },
    comboValue(name) {
      return this.formValue(name);
    },
    comboPick(name, id) {
      this.formPick(name, id);
    },
    comboText() {},

    // Lists of things
    itemsOf(row) {
      const items = at(this.draft?.form, row.path) || [];
      return items.map((_, place) => ({ path: `${row.path}[${place}]`, place, title: `${row.title} ${place + 1}`, titleId: `${row.path}[${place}]-title` }));
    },
    addItem(row) {
      at(this.draft.form, row.path).push(itemOf(row.field));
      this.touched(row.path);
      const path = `${row.path}[${at(this.draft.form, row.path).length - 1}]`;
      this.$nextTick(() => document.getElementById(`${path}-title`)?.closest(".k-reg-item")?.querySelector("input, select, textarea, button")?.focus());
    },
    itemEarlier(row, item) {
      const list = at(this.draft.form, row.path);
      list.splice(item.place - 1, 2, list[item.place], list[item.place - 1]);
      this.touched(row.path);
      this.$nextTick(() => document.getElementById(`${row.path}[${item.place - 1}]-title`)?.closest(".k-reg-item")?.querySelector("button:not([hidden])")?.focus());
    },
    removeItem(row, item) {
      at(this.draft.form, row.path).splice(item.place, 1);
      this.touched(row.path);
      this.$nextTick(() => document.getElementById(`${row.path}-add`)?.focus());
    },
    addWord: (row) => t("Add: {what}", { what: row.title.toLowerCase() }),
    addId: (row) => `${row.path}-add`,
    itemEarlierWord: (item) => t("{name} one place earlier", { name: item.title }),
    removeWord: (item) => t("Remove {name}", { name: item.title.toLowerCase() }),

    // What is only read
    facts() {
      if (!this.draft) return [];
      return this.fields().map((field) => ({
        name: field.name, title: t(field.title), words: this.factWords(field, partOf(field, this.draft.base)),
      }));
    },
    factWords(field, part) {
      if (field.kind === "list") return (part || []).map((_, n) => upper(valueWord(field, [part[n]], data.name)));
      const word = valueWord(field, part, data.name);
      return [word || "–"];
    },
  };
}

function lineWord(line, title) {
  const inside = line.title === title ? "" : `${line.title}: `;
  if (!line.added) return `${inside}${t("Before: {value}", { value: line.before })}`;
  return inside + [line.removed.length ? t("Taken out: {names}.", { names: line.removed.join(", ") }) : "", line.added.length ? t("Added: {names}.", { names: line.added.join(", ") }) : ""].filter(Boolean).join(" ");
}
