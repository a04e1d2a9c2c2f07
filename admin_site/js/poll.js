// Asks again and again, one request at a time, and rests while nobody looks.

export function poll(ask, everyMs) {
  let timer = 0;
  let stopped = false;
  let running = false;

  async function round() {
    clearTimeout(timer);
    if (running || stopped || document.hidden) return;
    running = true;
    try {
      await ask();
    } finally {
      running = false;
      if (!stopped && !document.hidden) timer = setTimeout(round, everyMs);
    }
  }
  function look() {
    if (!document.hidden) round();
  }
  document.addEventListener("visibilitychange", look);
  round();
  return {
    now: round,
    stop() {
      stopped = true;
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", look);
    },
  };
}
