// Sending the desk's call: the one question before it, the same again until its outcome is known, and what a refusal says.

import { AGAIN_FOR_MS, pauseMs } from "./again.js";
import { newKey } from "./api.js";
import { asksAboutPoint, bodyOf, placeKey, previewQuery, problems, questionOf } from "./call-form.js";
import { questionWords } from "./doubt-words.js";
import { failureWord, placeErrors } from "./fields.js";
import { currentLanguage, t } from "./i18n.js";
import { Unreachable } from "./outcomes.js";
import { nowInstant } from "./time.js";

// How long help may wait for what is known of a point: the interface takes and marks it all the same.
const POINT_PATIENCE_MS = 1500;

export function sendingPart({ api, registry }) {
  let retryTimer = 0;
  let tries = 0;

  return {
    sending: false,
    unsure: false, // a send whose outcome nobody knows; `attempt` is its body, and only the very same may be sent again
    attempt: null,
    attemptedAt: 0, // when it was sent first
    open: false, // whether it may have been saved
    gaveUp: false, // whether it is no longer sent by itself
    question: null, // the one plain question before help is sent: {code, away, named, told}
    insistsOn: "", // the blocked number that the server held back; the next press insists

    insists() {
      return this.emergency() && this.insistsOn !== "" && this.insistsOn === this.form.number.trim();
    },
    sendWord() {
      if (this.sending) return t("Sending…");
      if (!this.emergency()) return t("Log the call");
      if (this.insists()) return t("Real emergency: send help");
      return this.form.join ? t("Log and join") : t("Send help");
    },
    hotkey(event) {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        if (this.sent) this.nextCall();
        else if (this.question) this.answerFirst();
        else this.send();
      }
    },
    async send() {
      if (this.sending || this.sent || !this.allowed) return;
      if (!this.attempt) {
        if (!this.form.received_at) this.callCameIn();
        this.form.answered_at ??= nowInstant();
        this.errors = problems(this.form);
        this.failure = "";
        if (Object.keys(this.errors).length) return this.focusFirstError();
        if (await this.mustAsk()) return;
        this.attempt = bodyOf(this.form, this.insists());
        Object.assign(this, { attemptedAt: Date.now(), open: false });
        tries = 0;
        this.changed();
      }
      clearTimeout(retryTimer);
      this.sending = true;
      this.gaveUp = false;
      try {
        const answer = await api.postOnce("/api/calls", this.attempt, this.form.key, "call");
        // An answer that names no incident where there must be one is none: the same is sent again.
        if (this.attempt.class === "emergency" && !answer.incident) throw new Unreachable({ open: true });
        this.showSent(answer);
      } catch (error) {
        this.sendFailed(error);
      }
      this.sending = false;
    },
    // Whether something about the place must be asked first. What is known of a point comes with the preview.
    async mustAsk() {
      const query = previewQuery(this.form);
      if (asksAboutPoint(this.form) && query && query !== this.previewFor) {
        this.sending = true;
        await Promise.race([this.previewNow(query), new Promise((resolve) => setTimeout(resolve, POINT_PATIENCE_MS))]);
        this.sending = false;
      }
      const question = questionOf(this.form, query === this.previewFor ? this.preview : null);
      if (!question) return false;
      this.question = { ...question, named: Boolean(this.form.district), told: Boolean(this.form.landmark.trim()), about: placeKey(this.form) };
      this.$nextTick(() => document.getElementById("answer-first")?.focus());
      return true;
    },
    questionText() {
      return questionWords(this.question, registry().district, currentLanguage());
    },
    // By itself: without a place, or without a point that makes no sense; it stays with the call as it was typed.
    answerFirst() {
      this.answer(false);
    },
    answerSecond() {
      if (this.question.code !== "no_place") return this.answer(true);
      this.leaveQuestion("district");
    },
    leaveQuestion(field = "send") {
      this.question = null;
      this.$nextTick(() => document.getElementById(field)?.focus());
    },
    answer(keep) {
      this.form.answer = { about: placeKey(this.form), keep };
      this.question = null;
      this.send();
    },
    // The incident that it was to join is over: what was typed opens one of its own.
    unjoinEnded() {
      const { type, district } = this.form.join;
      if (!this.form.type) this.comboPick("type", type);
      if (!this.form.district && !this.placeUnknown()) this.form.district = district;
      this.form.join = null;
      this.failure = t("That incident is over. Send this call as one of its own.");
    },
    // By itself, as long as the server surely keeps the key.
    sendAgain() {
      if (Date.now() - this.attemptedAt < AGAIN_FOR_MS) return this.send();
      Object.assign(this, { unsure: true, open: true, gaveUp: true, failure: t("It is not known whether this call was saved.") });
    },
    sendFailed(error) {
      if (error.meaning === "refused") {
        if (error.code === "number_blocked") this.insistsOn = this.attempt.number;
        const { fields, rest } = placeErrors(error.faults);
        this.attempt = null;
        this.unsure = false;
        // The block stands beside the number already, if it was known.
        this.errors = error.code === "number_blocked" && this.caller?.block ? {} : fields;
        this.failure = [failureWord(error), ...rest].join(" ");
        if (this.form.join && error.faults.some((fault) => fault.path === "incident_id")) this.unjoinEnded();
        // Two tabs had one form: the next press is another call.
        if (error.code === "idempotency_key_reused") this.form.key = newKey();
        this.changed();
        if (error.code === "number_blocked") this.$nextTick(() => document.getElementById("send")?.focus());
        else this.focusFirstError();
      } else {
        this.unsure = true;
        this.open ||= error.open === true;
        this.failure = this.open ? t("It is not known yet whether this call was saved.") : failureWord(error);
        // On a phone the button is far from the fields.
        this.$nextTick(() => document.querySelector(".k-send")?.scrollIntoView({ block: "nearest" }));
        retryTimer = setTimeout(() => this.sendAgain(), pauseMs(tries));
        tries += 1;
      }
    },
    focusFirstError() {
      this.$nextTick(() => document.querySelector(".is-invalid")?.focus());
    },
  };
}
