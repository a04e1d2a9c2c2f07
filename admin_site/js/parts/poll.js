// Asks again and again, one request at a time; while nobody looks it rests, or asks as seldom as `hiddenMs` says.

export function poll(ask, everyMs, hiddenMs = 0) {
  let timer = 0;
  let stopped = false;
  let running = false;

  async function round() {
    clearTimeout(timer);
    if (running || stopped || (document.hidden && !hiddenMs)) return;
    running = true;
    try {
      await ask();
    } finally {
      running = false;
      const pause = document.hidden ? hiddenMs : everyMs;
      if (!stopped && pause) timer = setTimeout(round, pause);
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
