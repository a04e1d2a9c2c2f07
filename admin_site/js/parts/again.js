// Asks for the same again while nobody knows whether it was carried out: so often, with longer and longer pauses.

import { Unreachable } from "./outcomes.js";

const PAUSES_MS = [1000, 3000, 7000];

function sleep(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

// `told` hears true once the outcome is open, and false when this ends. Refused: it was not carried out.
// Unreachable with `open`: nobody knows yet. Without: nothing has left.
export async function untilKnown(ask, told = () => {}, pausesMs = PAUSES_MS, wait = sleep) {
  let open = false;
  try {
    for (let tried = 0; ; tried += 1) {
      try {
        return await ask();
      } catch (error) {
        if (!isOpen(error) && !(open && isPassing(error))) throw error;
        if (isOpen(error) && !open) told(true);
        open ||= isOpen(error);
        if (tried === pausesMs.length) throw new Unreachable({ open, code: error.code, cause: error });
        await wait(pausesMs[tried]);
      }
    }
  } finally {
    if (open) told(false);
  }
}

function isOpen(error) {
  return error.open === true;
}

// What was not even taken now tells nothing of the try before it.
function isPassing(error) {
  return error.meaning === "busy" || error.name !== "Refused";
}

// A call for help is asked for again without end but for this: the server keeps its key for a day.
export const AGAIN_FOR_MS = 3600000;

export function pauseMs(tries) {
  return Math.min(1000 * 2 ** tries, 15000);
}
