import { actsPart } from "../parts/account-acts.js";
import { NEW, PLACES, bodyOf, formOf, isChanged, loginFrom, missing, over } from "../parts/account-form.js";
import { belowWord, factorWord, lastActWord, standing, standingSentence } from "../parts/account-words.js";
import { combo } from "../parts/combo.js";
import { failureWord, placeErrors } from "../parts/fields.js";
import { followed } from "../parts/followed.js";
import { t, tn } from "../parts/i18n.js";
import { keepAddress } from "../parts/languages.js";
import { fold } from "../parts/spelling.js";
import { start } from "../parts/start.js";
import { clock, shortDay } from "../parts/time.js";
import { roleWord } from "../parts/words.js";

const ROLES = ["operator", "supervisor", "agency_admin", "leader", "auditor", "admin"];

await start(({ api, me }) => ({ accounts: () => accounts(api, me), combo }));

function accounts(api, me) {
  const agencies = new Map();
  const page = { api, me };

  return {
    ...followed(async function read() {
      const [found, desk] = await Promise.all([api.get("/api/accounts", "accounts", "known"), api.get("/api/registry", "agencies")]);
      for (const each of desk.agencies) agencies.set(each.id, each);
      Object.assign(this, { all: found.accounts, poolKnown: found.known, mails: found.mails });
    }),
    all: [],
    poolKnown: true,
    mails: false,
    bound: me.role === "agency_admin",
    id: "",
    one: null, // the open one, as it was asked for alone
    last: null, // what it did last
    lastWhy: "",
    people: null, // choices of the person, null while not loaded
    form: formOf(null, me),
    errors: {},
    failure: "",
    told: "",
    busy: false,
    search: "",
    withDisabled: false,

    async init() {
      window.addEventListener("hashchange", () => this.goTo());
      await this.refresh();
      await this.goTo();
    },
    // #+ for a new one, #<id> for one that is there.
    async goTo() {
      this.id = decodeURIComponent(location.hash.slice(1));
      keepAddress();
      this.clear();
      this.one = this.fresh() ? null : this.all.find((each) => each.id === this.id) || null;
      this.form = formOf(this.one, me);
      this.focusOn("acc-title");
      if (this.fresh() || this.one) this.loadPeople();
      if (this.one) await this.openOne();
    },
    clear() {
      Object.assign(this, { errors: {}, failure: "", told: "", last: null, lastWhy: "", asking: "", actFailure: "", handed: null });
    },
    fresh() {
      return this.id === NEW;
    },
    async openOne() {
      const { id } = this;
      this.readLast(id);
      try {
        const one = await api.get(`/api/accounts/${id}`, "id", "v");
        if (this.id === id) this.show(one);
      } catch (error) {
        if (this.id === id && error.meaning === "refused") this.failure = failureWord(error);
      }
    },
    // What is typed meanwhile stays.
    show(one) {
      this.form = over(this.form, this.one, one, me);
      this.one = one;
    },
    async readLast(id) {
      try {
        const found = await api.get(`/api/accounts/${id}/last-act`, "searched_to");
        if (this.id === id) this.last = found;
      } catch (error) {
        if (this.id === id) this.lastWhy = failureWord(error);
      }
    },
    async loadPeople() {
      if (this.people) return;
      try {
        const { items } = await api.get("/api/registry/personnel", "items");
        this.people = items.filter((each) => !each.retired);
      } catch {
        this.people = null;
      }
    },
    async afterAct(id) {
      await this.refresh();
      if (id === this.id) return this.openOne();
      // A new account, or one that has taken the place of another.
      history.replaceState(null, "", `#${id}`);
      return this.goTo();
    },
    focusOn(id) {
      this.$nextTick(() => document.getElementById(id)?.focus());
    },

    // The list
    rows() {
      const words = fold(this.search).split(/\s+/).filter(Boolean);
      return this.all
        .filter((each) => this.withDisabled || !each.disabled || each.id === this.id)
        .map((each) => {
          const { word, waits, code } = this.standingOf(each);
          const row = { id: each.id, href: `#${each.id}`, name: each.name, below: belowWord(each, (id) => this.agencyName(id)), login: each.sign_in?.login || "", mark: code === "own" ? "" : word };
          return { ...row, tone: waits ? "k-acc-waits" : "", current: each.id === this.id ? "true" : null, words: fold(`${row.name} ${row.below} ${row.login}`) };
        })
        .filter((row) => words.every((word) => row.words.includes(word)));
    },
    standingOf(account) {
      return standing(account, { known: this.poolKnown, retired: Boolean(account.agency_id && agencies.get(account.agency_id)?.retired) });
    },
    agencyName: (id) => agencies.get(id)?.short_name || id,
    disabledCount() {
      return this.all.filter((each) => each.disabled).length;
    },
    disabledWord() {
      return this.withDisabled ? t("Hide the disabled") : t("Show the disabled ({n})", { n: this.disabledCount() });
    },
    showDisabled() {
      this.withDisabled = !this.withDisabled;
    },
    shownWord() {
      return this.known ? tn("{n} account", "{n} accounts", this.rows().length) : "";
    },
    nothingFound() {
      return this.known && this.rows().length === 0;
    },
    poolLost() {
      return this.known && !this.poolKnown;
    },
    scopeWord() {
      return this.bound ? t("Only {agency}, as your account says", { agency: this.agencyName(me.agency_id) }) : "";
    },
    viewClass() {
      return this.id ? "k-reg-one" : "k-reg-many";
    },
    addNew() {
      location.hash = `#${NEW}`;
    },
    backToList() {
      location.hash = "#";
    },

    // The open one
    opened() {
      return Boolean(this.fresh() || this.one);
    },
    gone() {
      return Boolean(this.known && this.id && !this.fresh() && !this.one);
    },
    titleWord() {
      return this.fresh() ? t("Invite somebody") : this.one?.name || "";
    },
    stateWord() {
      return this.one && !this.fresh() ? this.standingOf(this.one).word : "";
    },
    stateSentence() {
      return this.one && !this.fresh() ? standingSentence(this.standingOf(this.one).code) : "";
    },
    facts() {
      if (!this.one || this.fresh()) return [];
      const { sign_in: signIn } = this.one;
      const lines = [
        { title: t("Login"), word: signIn?.login },
        { title: t("E-mail"), word: signIn ? signIn.email || t("none") : "" },
        { title: t("Sign-in changed"), word: signIn ? `${shortDay(signIn.since)}, ${clock(signIn.since).slice(0, 5)}` : "" },
        { title: t("Second factor"), word: signIn ? factorWord(this.one) : "" },
        { title: t("Did last"), word: this.lastWhy || lastActWord(this.last) || t("One moment…"), href: this.last?.incident_id ? `incident.html?id=${this.last.incident_id}` : "" },
      ];
      return lines.filter((line) => line.word);
    },
    historyHref() {
      return this.one && !this.bound ? `registry.html#accounts/${this.one.id}` : "";
    },

    // The form
    roles: ROLES.map((id) => ({ id, word: roleWord(id) })),
    agencyChoices() {
      return this.known ? [...agencies.values()].filter((each) => !each.retired || each.id === this.form.agency_id).map((each) => ({ id: each.id, word: each.short_name })) : [];
    },
    asksAgency() {
      return !this.bound && this.form.role === "agency_admin";
    },
    comboOptions() {
      const own = this.form.role === "agency_admin" ? this.form.agency_id : "";
      return this.people?.filter((each) => !own || each.agency_id === own).map((each) => ({ id: each.id, label: each.name, words: [], hint: this.agencyName(each.agency_id), group: "", quiet: this.people.length > 300 })) || null;
    },
    comboValue() {
      return this.form.person_id;
    },
    comboPick(name, id) {
      this.form.person_id = id;
    },
    nameTyped() {
      if (this.fresh() && !this.form.typedLogin) this.form.login = loginFrom(this.form.name);
    },
    loginTyped() {
      this.form.typedLogin = true;
    },
    invalid(field) {
      return this.errors[field] ? "is-invalid" : "";
    },
    changed() {
      return this.fresh() || (this.one && isChanged(this.form, this.one, me));
    },
    saveWord() {
      return this.fresh() ? t("Invite") : t("Save");
    },
    mailWord() {
      return this.mails ? t("The temporary password goes there. Empty: it is shown here, and you hand it over.") : t("Kept for later: no e-mail is sent here, so the temporary password is shown to you, and you hand it over.");
    },
    discard() {
      if (this.fresh()) return this.backToList();
      this.form = formOf(this.one, me);
      this.errors = {};
    },
    async save() {
      if (this.busy || !this.changed()) return;
      const fresh = this.fresh();
      Object.assign(this, { errors: missing(this.form, fresh), failure: "", told: "", handed: null });
      if (Object.keys(this.errors).length) return this.toWrong();
      this.busy = true;
      try {
        if (fresh) await this.invite();
        else await this.change();
      } catch (error) {
        await this.refused(error);
      } finally {
        this.busy = false;
      }
    },
    async invite() {
      const answer = await api.post("/api/accounts", bodyOf(this.form, true), undefined, "account", "mailed");
      await this.afterAct(answer.account.id);
      this.take(answer);
    },
    async change() {
      const saved = await api.put(`/api/accounts/${this.one.id}`, bodyOf(this.form, false), this.one.v, "id", "v");
      this.one = { ...this.one, ...saved };
      this.form = formOf(this.one, me);
      this.told = t("Saved: version {v}.", { v: saved.v });
      await this.refresh();
    },
    async refused(error) {
      if (error.faults?.some((fault) => ["version_stale", "changed_meanwhile"].includes(fault.code))) {
        await this.refresh();
        await this.openOne();
        this.failure = t("Somebody else changed this meanwhile. Look, and save once more.");
        return;
      }
      const { fields, rest } = placeErrors(error.faults, PLACES);
      this.errors = fields;
      this.failure = Object.keys(fields).length && !rest.length ? "" : [failureWord(error), ...rest.map((each) => each.replace(/^\S+: /, ""))].join(" ");
      this.toWrong();
    },
    toWrong() {
      this.$nextTick(() => document.querySelector(".k-acc .is-invalid")?.focus());
    },
    pageKey(event) {
      const typing = event.target.closest?.("input, textarea, select");
      if (event.key !== "/" || typing || event.ctrlKey || event.altKey || event.metaKey) return;
      event.preventDefault();
      document.getElementById("acc-search")?.focus();
    },

    ...actsPart(page),
  };
}
