// The wall of phones. Every text from outside is put in as text, never as HTML.

const WORDS = {
  id: {
    title: "Simulator ponsel",
    subtitle: "SMS Kentongan di komputer ini. Tidak ada yang dikirim ke luar.",
    search: "Cari nama, instansi, atau nomor",
    quiet: "Ponsel tanpa SMS juga",
    empty: "Belum ada SMS. Buat panggilan darurat di meja 112, lalu lihat ke sini.",
    none: "Belum ada SMS",
    unknown: "Nomor tidak terdaftar",
    lost: "Tidak terhubung ke Kentongan. Mencoba lagi…",
    unread: (count) => `${count} SMS belum dibaca`,
    reply: "Balas SMS",
    send: "Kirim",
    results: {
      applied: "Dicatat",
      late: "Terlambat: dicatat, tidak mengubah apa pun",
      repeated: "Sudah dicatat sebelumnya",
      desk: "Diteruskan ke meja 112 untuk dibaca",
      logged: "Masuk daftar panggilan hari ini",
      ignored: "Diabaikan: terlalu banyak SMS",
      failed: "Tidak terkirim, coba lagi",
    },
    other: "English",
  },
  en: {
    title: "Phone simulator",
    subtitle: "Kentongan's SMS on this computer. Nothing is sent anywhere.",
    search: "Search by name, agency or number",
    quiet: "Also phones without SMS",
    empty: "No SMS yet. Take an emergency call at the 112 desk, then look here.",
    none: "No SMS yet",
    unknown: "Number not registered",
    lost: "Not connected to Kentongan. Trying again…",
    unread: (count) => `${count} unread SMS`,
    reply: "Reply by SMS",
    send: "Send",
    results: {
      applied: "Recorded",
      late: "Too late: recorded, changes nothing",
      repeated: "Was recorded before",
      desk: "Passed to the 112 desk to be read",
      logged: "Put on the day's list of calls",
      ignored: "Ignored: too many SMS",
      failed: "Not sent, try again",
    },
    other: "Bahasa Indonesia",
  },
};
const POLL_MS = 1000;
const PEOPLE_MS = 30000;
const SHOWN = 50;
const LINK = /https?:\/\/[^\s<>"]+/g;

const $ = (id) => document.getElementById(id);
const phones = new Map(); // number -> {number, messages: newest first, element, ...}
let people = {};
let last = 0;
let language = localStorage.getItem("simulator.language") === "en" ? "en" : "id";
let read = JSON.parse(localStorage.getItem("simulator.read") ?? "{}");

const words = () => WORDS[language];

function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

/** The text with its links, as nodes. */
function withLinks(text) {
  const nodes = [];
  let at = 0;
  for (const found of text.matchAll(LINK)) {
    const address = found[0].replace(/[.,;:!?)]+$/, "");
    const anchor = element("a", "", address);
    anchor.href = address;
    anchor.target = "_blank";
    anchor.rel = "noopener";
    nodes.push(text.slice(at, found.index), anchor);
    at = found.index + address.length;
  }
  nodes.push(text.slice(at));
  return nodes;
}

function when(instant) {
  const zone = { timeZone: "Asia/Jakarta" };
  const moment = new Date(instant);
  const locale = language === "en" ? "en-GB" : "id-ID";
  const day = (date) => date.toLocaleDateString("en-CA", zone);
  const clock = moment.toLocaleTimeString(locale, { ...zone, hour: "2-digit", minute: "2-digit", second: "2-digit" });
  if (day(moment) === day(new Date())) return `${clock} WIB`;
  return `${moment.toLocaleDateString(locale, { ...zone, day: "numeric", month: "short" })} ${clock} WIB`;
}

function phoneOf(number) {
  let phone = phones.get(number);
  if (!phone) {
    phone = { number, messages: [], element: element("article", "phone") };
    phone.element.dataset.number = number;
    phone.element.addEventListener("click", () => markRead(phone));
    phones.set(number, phone);
  }
  return phone;
}

const isUnread = (phone, message) => message.id > (read[phone.number] ?? 0);
const unread = (phone) => phone.messages.filter((message) => isUnread(phone, message)).length;

function markRead(phone) {
  if (!unread(phone)) return;
  read[phone.number] = phone.messages[0].id;
  localStorage.setItem("simulator.read", JSON.stringify(read));
  draw(phone);
  title();
}

/** The box to answer in, made once so that drawing again keeps what is typed. */
function replyBox(phone) {
  if (!phone.reply) {
    const form = element("form", "reply");
    const input = element("input");
    input.maxLength = 160;
    input.autocomplete = "off";
    const button = element("button");
    const said = element("p", "said");
    said.setAttribute("role", "status");
    form.append(input, button, said);
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const text = input.value.trim();
      if (!text) return;
      button.disabled = true;
      phone.said = await sendReply(phone.number, text);
      button.disabled = false;
      if (phone.said !== "failed") input.value = "";
      said.textContent = words().results[phone.said] ?? phone.said;
    });
    phone.reply = { form, input, button, said };
  }
  const { form, input, button, said } = phone.reply;
  input.placeholder = words().reply;
  input.setAttribute("aria-label", words().reply);
  button.textContent = words().send;
  said.textContent = phone.said ? (words().results[phone.said] ?? phone.said) : "";
  return form;
}

async function sendReply(number, text) {
  try {
    const headers = { "Content-Type": "application/json" };
    const response = await fetch("/simulator/api/replies", { method: "POST", headers, body: JSON.stringify({ number, text }) });
    return response.ok ? (await response.json()).result : "failed";
  } catch {
    return "failed";
  }
}

function draw(phone) {
  const person = people[phone.number];
  const count = unread(phone);
  const owner = element("header", "owner");
  owner.append(
    element("h2", "", person?.name ?? words().unknown),
    element("p", "", person ? `${person.agency} · ${phone.number}` : phone.number),
  );
  if (count) {
    const badge = element("span", "badge", String(count));
    badge.title = words().unread(count);
    badge.setAttribute("aria-label", badge.title);
    owner.append(badge);
  }
  const screen = element("div", "screen");
  screen.append(owner);
  if (phone.messages.length) {
    const list = element("ol", "messages");
    list.tabIndex = 0;
    for (const message of phone.messages.slice(0, SHOWN)) {
      const item = element("li", isUnread(phone, message) ? "new" : "");
      const bubble = element("div", "bubble");
      bubble.append(...withLinks(message.body));
      const time = element("time", "when", when(message.at));
      time.dateTime = message.at;
      item.append(bubble, time);
      list.append(item);
    }
    screen.append(list);
  } else {
    screen.append(element("p", "none", words().none));
  }
  screen.append(replyBox(phone));
  const typing = phone.reply.form.contains(document.activeElement) ? document.activeElement : null;
  phone.element.classList.toggle("unread", count > 0);
  phone.element.replaceChildren(screen);
  typing?.focus();
}

/** Put the phones in order, the latest message first, and hide what was not asked for. */
function arrange() {
  const wanted = $("search").value.trim().toLowerCase();
  const shown = [...phones.values()]
    .filter((phone) => phone.messages.length || $("quiet").checked)
    .filter((phone) => {
      const person = people[phone.number];
      return `${person?.name ?? ""} ${person?.agency ?? ""} ${phone.number}`.toLowerCase().includes(wanted);
    })
    .sort((a, b) => (b.messages[0]?.id ?? 0) - (a.messages[0]?.id ?? 0) || name(a).localeCompare(name(b)));
  const wall = $("wall");
  const now = [...wall.children];
  if (now.length !== shown.length || shown.some((phone, index) => now[index] !== phone.element)) {
    wall.replaceChildren(...shown.map((phone) => phone.element));
  }
  $("empty").hidden = shown.length > 0;
  title();
}

const name = (phone) => people[phone.number]?.name ?? phone.number;

function title() {
  const count = [...phones.values()].reduce((sum, phone) => sum + unread(phone), 0);
  document.title = `${count ? `(${count}) ` : ""}${words().title} · Kentongan`;
}

function speak() {
  document.documentElement.lang = language;
  for (const node of document.querySelectorAll("[data-text]")) node.textContent = words()[node.dataset.text];
  $("search").placeholder = words().search;
  $("language").textContent = words().other;
  $("language").lang = language === "en" ? "id" : "en";
  phones.forEach(draw);
  arrange();
}

async function get(path) {
  const response = await fetch(path, { headers: { Accept: "application/json" } });
  if (!response.ok) throw new Error(String(response.status));
  return response.json();
}

async function readPeople() {
  people = (await get("/simulator/api/people")).people;
  Object.keys(people).forEach(phoneOf);
  phones.forEach(draw);
  arrange();
}

async function readMessages() {
  const first = last === 0;
  const answer = await get(`/simulator/api/messages?after=${last}`);
  if (answer.last < last) location.reload(); // the data were deleted
  last = answer.last;
  if (first && Object.values(read).some((id) => id > last)) read = {};
  if (!answer.messages.length) return;
  const changed = new Set();
  for (const message of answer.messages) {
    const phone = phoneOf(message.number);
    phone.messages.unshift(message);
    changed.add(phone);
  }
  changed.forEach(draw);
  arrange();
  for (const phone of first ? [] : changed) {
    phone.element.classList.remove("ringing");
    requestAnimationFrame(() => phone.element.classList.add("ringing"));
  }
}

async function forever(action, pause) {
  for (;;) {
    try {
      await action();
      $("state").textContent = "";
    } catch {
      $("state").textContent = words().lost;
    }
    await new Promise((resume) => setTimeout(resume, pause));
  }
}

$("search").addEventListener("input", arrange);
$("quiet").addEventListener("change", arrange);
$("language").addEventListener("click", () => {
  language = language === "en" ? "id" : "en";
  localStorage.setItem("simulator.language", language);
  speak();
});
speak();
forever(readMessages, POLL_MS);
forever(readPeople, PEOPLE_MS);
