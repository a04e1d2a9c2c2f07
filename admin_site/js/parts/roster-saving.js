// Saves a draft by itself, and keeps in the browser what is not saved: the network gone, the page left or the browser closed, nothing is lost.

import { newKey } from "./api.js";
import { pauseMs } from "./again.js";

const PAUSE_MS = 600;

// `state` hears what of it a person must know: "saved", "waiting", "saving", "lost", "refused"; `answered` hears each answer.
export function createSaving({ api, draft, path, keptAs, state, answered, refused, storage = localStorage }) {
  let timer = 0;
  let running = false;
  let tries = 0;
  let stopped = false;

  function keep() {
    const kept = draft.kept();
    try {
      if (kept) storage.setItem(keptAs, JSON.stringify(kept));
      else storage.removeItem(keptAs);
      return true;
    } catch {
      return false; // full, or forbidden: what is on the page stays on it
    }
  }
  function later(ms) {
    clearTimeout(timer);
    if (!stopped) timer = setTimeout(run, ms);
  }
  async function run() {
    clearTimeout(timer);
    if (running || stopped) return;
    if (!draft.unsaved()) return state("saved");
    running = true;
    const body = draft.toSend();
    keep();
    if (!tries) state("saving");
    try {
      const answer = await api.postOnce(path, { add: body.add, cells: body.cells, drop: body.drop }, newKey(), "v", "conflicts");
      tries = 0;
      const met = draft.saved(answer);
      keep();
      running = false;
      answered(answer, met);
      if (draft.unsaved()) later(0);
      else state("saved");
    } catch (error) {
      running = false;
      if (error.name === "Refused" && error.meaning !== "busy") {
        draft.refused();
        keep();
        tries = 0;
        refused(error);
        return;
      }
      state("lost");
      later(pauseMs(tries));
      tries += 1;
    }
  }
  function soon() {
    keep();
    state(tries ? "lost" : "waiting");
    if (!tries) later(PAUSE_MS);
  }
  const back = () => tries && later(0);
  addEventListener("online", back);

  return {
    soon,
    now: () => later(0),
    // What was kept by this browser and never saved; null for nothing.
    kept() {
      try {
        return JSON.parse(storage.getItem(keptAs));
      } catch {
        return null;
      }
    },
    stop() {
      stopped = true;
      clearTimeout(timer);
      removeEventListener("online", back);
    },
    get quiet() {
      return !running && !tries && !draft.unsaved();
    },
  };
}
