// Answers that came when others went already, or the crew was not expected any more: the desk must know, and perhaps ring.

import { t } from "./i18n.js";
import { clock } from "./time.js";
import { statusWord } from "./words.js";

// [{key, text}] of an incident with its pages, the newest answer first.
export function lateAnswers(incident) {
  const late = incident.attention.filter((mark) => mark.code === "late_answer");
  return late.reverse().map((mark) => {
    const crew = incident.crews.find((one) => one.id === mark.detail)?.callsign || "";
    const page = incident.pages.find((one) => one.person_id === mark.person || one.also.includes(mark.person));
    return {
      key: `${mark.detail} ${mark.person}`,
      text: t("{who} answered “{status}” for {crew} at {time}, and is not needed. Ring if they should not come.", {
        who: page?.name || mark.person, status: statusWord(mark.said), crew, time: clock(mark.at),
      }),
    };
  });
}

export function lateAnswersPart() {
  return {
    lateAnswers() {
      return lateAnswers(this.one);
    },
  };
}

// What is sent in one order of SMS, those who are not needed any more apart: they come by nobody's word but a rule's.
const NOT_NEEDED = {
  answered: (n) => t("{n} SMS ordered: not needed, others go", { n }),
  unable: (n) => t("{n} SMS ordered: not needed, the crew cannot come", { n }),
  ended: (n) => t("{n} SMS ordered: not needed, the incident is over", { n }),
};

export function standDownWords(pages) {
  const counts = new Map();
  for (const { because } of pages) if (because) counts.set(because, (counts.get(because) || 0) + 1);
  return [...counts].map(([because, n]) => (NOT_NEEDED[because] || NOT_NEEDED.ended)(n));
}
