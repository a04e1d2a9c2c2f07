// The board's sound for a new alarm, once somebody has allowed it in this browser: two tones, made here.

const KEPT = "kentongan.sound";
const TONES_HZ = [880, 1174.7];
const TONE_S = 0.18;
const LOUDNESS = 0.25;

export function createChime(storage = localStorage, make = () => new AudioContext()) {
  let context = null;

  // A browser lets nobody be heard before somebody has touched the page.
  async function wake() {
    context ||= make();
    if (context.state === "suspended") await context.resume();
  }
  function play() {
    if (context?.state !== "running") return false;
    TONES_HZ.forEach((hz, index) => tone(context, hz, context.currentTime + index * TONE_S));
    return true;
  }
  return {
    get allowed() {
      return storage.getItem(KEPT) === "on";
    },
    // Whether it would be heard now.
    get ready() {
      return this.allowed && context?.state === "running";
    },
    async allow(allowed) {
      storage.setItem(KEPT, allowed ? "on" : "off");
      if (!allowed) return;
      await wake();
      play();
    },
    async touched() {
      if (this.allowed) await wake();
    },
    ring() {
      return this.allowed && play();
    },
  };
}

function tone(context, hz, at) {
  const source = context.createOscillator();
  const volume = context.createGain();
  source.frequency.value = hz;
  volume.gain.setValueAtTime(0, at);
  volume.gain.linearRampToValueAtTime(LOUDNESS, at + 0.02);
  volume.gain.linearRampToValueAtTime(0, at + TONE_S);
  source.connect(volume).connect(context.destination);
  source.start(at);
  source.stop(at + TONE_S);
}
