// What a practice round asks for, and what is said of it afterwards: words alone.

import { t, tn } from "./i18n.js";

const ROUNDS = {
  call_taker: () => ({ title: t("Take a call"), text: t("A caller tells a story. Take it down, choose what happened and where, look who would go, and send.") }),
  dispatcher: () => ({ title: t("Dispatch"), text: t("The plan has sent crews. One cannot come, more help is needed, and at the end it was less than feared.") }),
  crew: () => ({ title: t("Be a crew"), text: t("The page behind the link in the SMS: acknowledge, depart, arrive, begin to act, finish.") }),
  crew_unable: () => ({ title: t("A crew that cannot come"), text: t("The same page: say that you cannot come, and why, so that another goes at once.") }),
};

export function roundWord(round) {
  return ROUNDS[round]?.() || { title: round, text: "" };
}

// {todo, well, missed} of a step; `names` make ids into names.
const STEPS = {
  logged: () => ({ todo: t("Take the call down, and press the button that sends."), well: t("The call was taken and sent."), missed: t("The call was not sent.") }),
  type: (step, names) => ({ todo: t("Choose what happened."), well: t("What happened is right: {type}.", { type: names.type(step.detail) }), missed: t("What happened is wrong: {chosen}. The caller told of {meant}.", { chosen: names.type(step.detail), meant: names.types }) }),
  district: (step, names) => ({ todo: t("Choose where it is."), well: t("The district is right: {place}.", { place: names.district(step.detail) }), missed: t("The district is wrong: {chosen}. The caller named {meant}.", { chosen: names.district(step.detail), meant: names.place }) }),
  landmark: () => ({ todo: t("Write down how a crew finds it."), well: t("A crew finds it by what you wrote."), missed: t("Nothing says how a crew finds it: village, street or landmark.") }),
  sent: () => ({ todo: t("See that somebody is sent."), well: t("Crews were asked."), missed: t("Nobody was asked: send a unit by hand.") }),
  unable: (step, names) => (step.detail && names.crewRound
    ? { todo: t("Press Unable, and choose why."), well: t("You said why: {reason}.", { reason: names.reason(step.detail) }), missed: t("No reason was given.") }
    : names.crewRound
      ? { todo: t("Press Unable, and choose why."), well: t("You said why."), missed: t("You did not say that you cannot come.") }
      : { todo: t("Radio: “112, this is {unit}. The engine has failed, we cannot come.” Enter it at that crew: Unable, with the reason.", { unit: step.detail }), well: t("You entered that {unit} cannot come.", { unit: step.detail }), missed: t("{unit} said by radio that it cannot come, and it was not entered.", { unit: step.detail }) }),
  next: () => ({ todo: t("See who goes in its place; if nobody is, send a unit yourself."), well: t("Another unit went in its place."), missed: t("Nobody went in its place.") }),
  more: () => ({ todo: t("The caller rings again: “It is getting worse, send more!” Send one more unit of your choice."), well: t("You sent one more unit."), missed: t("More help was asked for, and not sent.") }),
  arrived: () => ({ todo: t("Follow the crews until the first one is there."), well: t("The first crew was there."), missed: t("You did not wait until a crew was there.") }),
  cancel: () => ({ todo: t("Radio: “All in order here, nobody else is needed.” Cancel the incident, with the reason."), well: t("You cancelled it, with a reason."), missed: t("It was not cancelled.") }),
  opened: () => ({ todo: t("Open the crew's page."), well: t("You opened the crew's page."), missed: t("The page was not opened.") }),
  acknowledged: () => ({ todo: t("Press the button that says that you have it."), well: t("You acknowledged."), missed: t("You did not acknowledge.") }),
  en_route: () => ({ todo: t("Press Depart when you set out."), well: t("You said that you set out."), missed: t("You did not say that you set out.") }),
  on_scene: () => ({ todo: t("Press Arrive when you are there."), well: t("You said that you were there."), missed: t("You did not say that you were there.") }),
  ready: () => ({ todo: t("Press Begin to act when the gear is laid out."), well: t("You said that you began to act."), missed: t("You did not say that you began to act.") }),
  cleared: () => ({ todo: t("Press Finished when you are free again."), well: t("You said that you were free again."), missed: t("You did not say that you were free again.") }),
};

export function stepWords(step, names) {
  return STEPS[step.id]?.(step, names) || { todo: step.id, well: step.id, missed: step.id };
}

export function secondsWord(seconds) {
  return seconds < 120 ? tn("{n} second", "{n} seconds", seconds) : t("{n} minutes", { n: Math.round(seconds / 60) });
}

// "In 40 seconds (within 90)"; "" where no time is asked of anybody.
export function timeWord({ state, took_s: took, target_s: target }) {
  if (state !== "done" || took === null) return "";
  if (target === null) return t("after {time}", { time: secondsWord(took) });
  return took <= target
    ? t("in {time}; the target is {target}", { time: secondsWord(took), target: secondsWord(target) })
    : t("in {time}: longer than the target of {target}", { time: secondsWord(took), target: secondsWord(target) });
}

// good, slow, missed or waiting: never told by colour alone.
export function toneOf({ state, took_s: took, target_s: target }) {
  if (state !== "done") return state;
  return took !== null && target !== null && took > target ? "slow" : "good";
}

export function toneWord(tone) {
  return { good: t("well"), slow: t("slow"), missed: t("missed"), waiting: t("to do") }[tone];
}

// How it went in one sentence.
export function summaryWord(steps) {
  const tones = steps.map(toneOf);
  const good = tones.filter((tone) => tone === "good").length;
  if (good === tones.length) return t("All {n} steps went well.", { n: tones.length });
  return t("{good} of {n} steps went well.", { good, n: tones.length });
}
