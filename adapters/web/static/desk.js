// The agent's desk: puts each picture that the server sends where the page says, counts the seconds in between, and
// tells the server what the agent presses. Knows no words, no law and no states: those are the server's.

import { fillList, put } from "./bind.js";
import { keepChoice, listenToLine } from "./desk-call.js";
import { forgetHour, judgeHour } from "./desk-hour.js";
import { listenToKeys } from "./desk-keys.js";
import { drawLimit } from "./desk-plan.js";
import { press, Refusal } from "./desk-press.js";
import { listenToPreview } from "./desk-preview.js";

const byId = (id) => document.getElementById(id);
const desk = byId("desk");
const words = desk.dataset;
const form = byId("result");
const lists = [...desk.querySelectorAll("[data-list]")];
const singles = [...desk.querySelectorAll("[data-bind]")].filter((node) => !node.closest("[data-list]"));
const ticking = new Map(); // duty -> what is being told of it: a picture drawn meanwhile must not take it back
let view = null;
let since = 0;

// --- what is said --------------------------------------------------------------------------------------------------

function say(text, is = "done") {
  byId("said").textContent = text;
  byId("said").dataset.is = is;
}

function standing(is, text) {
  const link = byId("link");
  if (link.dataset.is !== is) {
    link.dataset.is = is;
    link.textContent = is === "live" ? words.live : "";
  }
  byId("lost").hidden = is === "live";
  if (text) byId("lost").textContent = text;
}

// --- the picture ---------------------------------------------------------------------------------------------------

// What is being written is kept for this tab: a browser that dies in the middle of a call brings it back.
const draftOf = (call) => `note:${call.attempt}`;

function beginCall(call) {
  form.reset();
  byId("opinion").reset();
  forgetHour();
  byId("note").value = sessionStorage.getItem(draftOf(call)) ?? "";
  step(0, true);
}

function draw(next) {
  const before = view;
  view = next;
  since = performance.now();
  const { call } = view;
  byId("call").hidden = !call;
  byId("out").hidden = !view.may_leave;
  for (const node of singles) {
    if (call || !byId("call").contains(node)) put(node, { ...view, ...call });
  }
  if (call) lists.forEach((list) => fillList(list, call[list.dataset.list]));
  if (call) keepChoice();
  if (call && call.attempt !== before?.call?.attempt) beginCall(call);
  if (call) drawCall(call);
  drawKeys(view.keys);
  for (const button of desk.querySelectorAll("[data-break]")) {
    button.setAttribute("aria-pressed", String(button.dataset.break === view.reason));
  }
  document.title = view.announce || words.title;
  if (before && before.state !== view.state) arrive(before);
  count();
}

function drawCall(call) {
  const isSaid = Boolean(call.disposition) || call.never;
  const mayRefuse = view.may_say && !call.never;
  form.hidden = !view.may_say || isSaid;
  byId("never").hidden = !mayRefuse;
  byId("never-what").hidden = !mayRefuse;
  byId("never-done").hidden = !call.never;
  byId("wrong").hidden = !view.may_say || isSaid || !choiceFor("wrong_number");
  byId("opinion").hidden = !view.may_say;
  for (const box of desk.querySelectorAll(".duties input")) {
    box.disabled = !view.may_say;
    box.checked = ticking.get(box.dataset.duty) ?? box.checked;
  }
  showCallback();
}

// A new person on the line: screen readers and the keyboard go to the name, unless somebody is writing.
function arrive(before) {
  say("");
  const writes = document.activeElement?.matches("input:not([type=radio], [type=checkbox]), textarea, select");
  if (view.call && !before.call && !writes) byId("person-title").focus();
}

function drawKeys(keys) {
  for (const sign of desk.querySelectorAll("[data-hotkey]")) {
    sign.textContent = (keys[sign.dataset.hotkey] ?? "").toUpperCase();
    sign.hidden = !sign.textContent;
  }
}

const clock = (seconds) => {
  const whole = Math.max(0, Math.floor(seconds));
  const parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const shown = parts[0] ? parts : parts.slice(1);
  return shown.map((part, place) => (place ? String(part).padStart(2, "0") : part)).join(":");
};

function count() {
  if (!view) return;
  const passed = (performance.now() - since) / 1000;
  byId("for").textContent = clock(view.for_s + passed);
  drawLimit(view.limit_s, view.for_s + passed, clock);
  byId("left").hidden = view.left_s === null;
  if (view.left_s !== null) {
    byId("left-time").textContent = clock(view.left_s - passed);
    byId("left").dataset.is = view.left_s - passed < 15 ? "short" : "";
  }
  byId("clock").textContent = view.clock;
}

// --- presses -------------------------------------------------------------------------------------------------------

async function tell(name, body, done = "", which = name) {
  try {
    const told = await press(desk, name, body, { which });
    if (told === undefined) return false;
    say(done);
    return true;
  } catch (error) {
    if (error instanceof Refusal && error.status === 401) standing("lost", words.out);
    say(error instanceof Refusal ? error.message : words.failed + error.message, "failed");
    return false;
  }
}

const ofCall = (more = {}) => ({ attempt: view.call.attempt, ...more });
const note = () => byId("note").value.trim();

const choiceFor = (means) => view.call?.choices.find((choice) => choice.means === means);
const chosen = () => form.querySelector("input[name=disposition]:checked");

async function dispose(id) {
  const means = view.call.choices.find((choice) => choice.id === id).means;
  const said = ofCall({ disposition: id, note: note() });
  if (means === "callback") {
    const hour = await hourOf();
    if (!hour) return;
    said.callback_at = hour;
  }
  const draft = draftOf(view.call);
  if (await tell("dispose", said, words.saved)) sessionStorage.removeItem(draft);
}

function save() {
  const choice = chosen();
  if (choice) return dispose(choice.value);
  say(words.choose, "failed");
  form.querySelector("input[name=disposition]")?.focus();
  return undefined;
}

// A key chooses; the same key again, or Enter, saves.
function choose(key) {
  const choice = [...form.querySelectorAll("input[name=disposition]")].find((one) => one.dataset.key === key);
  if (!choice || form.hidden || byId("call").hidden) return false;
  if (choice.checked && choice.dataset.means !== "callback") {
    save();
    return true;
  }
  choice.checked = true;
  showCallback();
  (choice.dataset.means === "callback" ? byId("hour") : byId("save")).focus();
  return true;
}

function tickNext() {
  const box = desk.querySelector(".duties input:not(:checked):not(:disabled)");
  if (!box) return;
  box.focus();
  box.click();
}

// --- an hour to be called back at -------------------------------------------------------------------------------------

function showCallback() {
  byId("callback").hidden = chosen()?.dataset.means !== "callback";
}

const hourOf = () => judgeHour(desk, view.call.attempt, () => say(words.need, "failed"));

// --- the script ----------------------------------------------------------------------------------------------------

function step(by, first = false) {
  const steps = [...byId("steps").querySelectorAll(":scope > li")];
  if (!steps.length) return;
  const now = first ? 0 : Math.max(0, steps.findIndex((one) => one.hasAttribute("aria-current")));
  const place = Math.min(steps.length - 1, Math.max(0, now + by));
  steps.forEach((one, index) => {
    if (index === place) one.setAttribute("aria-current", "step");
    else one.removeAttribute("aria-current");
  });
  if (!first) steps[place].scrollIntoView({ block: "nearest" });
}

function showBoth() {
  const is = byId("steps").classList.toggle("both");
  byId("both").setAttribute("aria-pressed", String(is));
}

// --- the wire ------------------------------------------------------------------------------------------------------

const SILENT_MS = 12_000; // The server says something every five seconds: silence longer than this is a dead line.
let events = null;
let heard = performance.now();

async function isSignedOut() {
  try {
    return (await fetch(words.path)).status === 401;
  } catch {
    return false;
  }
}

function listen() {
  events?.close();
  heard = performance.now();
  const mine = (events = new EventSource(`${words.path}/events?lang=${words.lang}`));
  mine.onmessage = (message) => {
    heard = performance.now();
    standing("live");
    draw(JSON.parse(message.data));
  };
  mine.addEventListener("beat", () => {
    heard = performance.now();
    standing("live");
  });
  mine.onerror = async () => {
    standing("lost", words.lost);
    if (mine.readyState !== EventSource.CLOSED || mine !== events) return;
    // An answer that is none ends an EventSource for good: ask again, unless nobody is signed in any more.
    if (await isSignedOut()) standing("lost", words.out);
    setTimeout(() => mine === events && listen(), 2000);
  };
}

setInterval(() => {
  count();
  if (performance.now() - heard < SILENT_MS) return;
  standing("lost", words.lost);
  listen();
}, 500);

// --- who presses what ----------------------------------------------------------------------------------------------

const shown = (id) => !byId(id).hidden && byId(id).closest("[hidden]") === null;
const clicking = (id) => () => shown(id) && byId(id).click();
const focusing = (id) => () => shown(id) && byId(id).focus();

byId("ready").addEventListener("click", () => tell("ready", {}));
byId("away").addEventListener("click", () => tell("away", {}));
for (const button of desk.querySelectorAll("[data-break]")) {
  button.addEventListener("click", () => tell("away", { reason: button.dataset.break }));
}
byId("hang-up").addEventListener("click", () => tell("hang-up", ofCall()));
byId("never").addEventListener("click", () => tell("never", ofCall({ note: note() }), words.never));
byId("wrong").addEventListener("click", () => dispose(choiceFor("wrong_number").id));
byId("both").addEventListener("click", showBoth);
byId("take").addEventListener("click", () => {
  byId("hour").value = byId("take").dataset.hour;
  hourOf();
});
byId("hour").addEventListener("change", hourOf);
byId("note").addEventListener("input", () => sessionStorage.setItem(draftOf(view.call), byId("note").value));
byId("choices").addEventListener("change", showCallback);
form.addEventListener("submit", (event) => {
  event.preventDefault();
  save();
});
byId("opinion").addEventListener("submit", async (event) => {
  event.preventDefault();
  const said = { category: byId("kind").value, note: byId("heard").value.trim() };
  if (said.note && (await tell("opinion", ofCall(said), words.noted))) byId("opinion").reset();
});
desk.querySelector(".duties").addEventListener("change", async (event) => {
  const box = event.target;
  const { duty } = box.dataset;
  ticking.set(duty, box.checked);
  const isTold = await tell("duty", ofCall({ duty, done: box.checked }), "", `duty ${duty}`);
  ticking.delete(duty);
  if (!isTold) box.checked = !box.checked;
});

listenToLine(tell, ofCall, say, () => view);
const skipBy = listenToPreview({ tell, view: () => view });
listenToKeys(() => view?.keys ?? {}, (key) => skipBy(key) || choose(key), {
  ready: clicking("ready"),
  dial: clicking("dial"),
  away: clicking("away"),
  hang_up: clicking("hang-up"),
  never: clicking("never"),
  wrong: clicking("wrong"),
  both: clicking("both"),
  hold: clicking("hold"),
  mute: clicking("mute"),
  transfer: focusing("whom"),
  duty: tickNext,
  note: focusing("note"),
  callback: focusing("hour"),
  opinion: focusing("heard"),
  forward: () => step(1),
  back: () => step(-1),
  help: () => byId("keys-help").toggleAttribute("open"),
});
listen();
