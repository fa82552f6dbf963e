// The agent's own line: opened when they go ready, by the carrier's script in this browser or by a double; shown while
// it comes, and opened again when it is lost. Whether it is in the room, the server says (data-room).

import { press } from "./desk-press.js";

const byId = (id) => document.getElementById(id);
const desk = byId("desk");
const box = byId("own-line");
const words = box.dataset;
const here = byId("own-here");
const pill = document.querySelector(".now .pill");

const ON_DUTY = new Set(["ready", "reserved", "talking", "wrapping"]);
const PAUSES_MS = [500, 1000, 2000, 4000, 8000];
const KEEP_MS = 15_000; // how often a double is asked again to keep a line open: it may have been started anew
const DOUBT_MS = 20_000; // how long a call may be up before the server has heard of the room
const EARLY_MS = 60_000; // before its end a token is renewed
const SOUNDS = ["incoming", "outgoing", "disconnect", "dtmfs", "dtmfh", ..."0123456789".split("").map((n) => `dtmf${n}`)];
const SILENCE = "/static/silence.wav"; // the agent's line makes no sound of its own

let device = null;
let call = null;
let isOpening = false;
let isWanted = false;
let isRefused = false;
let tries = 0;
let timer = 0;

const isIn = () => words.room === "on";

function show(is) {
  words.is = is;
  byId("own-say").textContent = is ? words[is] : "";
  byId("own-say").hidden = !is;
  byId("own-room").hidden = Boolean(is);
  here.hidden = !["elsewhere", "refused", "missing"].includes(is);
}

// --- the carrier's script ------------------------------------------------------------------------------------------

function load({ script, integrity }) {
  if (window.Twilio?.Device) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const tag = Object.assign(document.createElement("script"), { src: script, integrity });
    tag.onload = resolve;
    tag.onerror = () => reject(new Error(script));
    document.head.append(tag);
  });
}

async function renew() {
  const pass = await press(desk, "line", {}, { keyed: false, which: "line renewed" });
  if (pass) device?.updateToken(pass.token);
}

function deviceFor(pass) {
  if (device) {
    device.updateToken(pass.token);
    return device;
  }
  device = new window.Twilio.Device(pass.token, {
    edge: pass.edge,
    codecPreferences: ["opus", "pcmu"],
    sounds: Object.fromEntries(SOUNDS.map((name) => [name, SILENCE])),
    tokenRefreshMs: EARLY_MS,
    logLevel: "silent",
  });
  device.on("tokenWillExpire", () => renew().catch(() => undefined)); // asked again with the next call
  device.on("error", () => undefined); // a call's own end says what there is to do
  return device;
}

// Asked for by itself, so that a refusal is known for one.
async function askForMicrophone() {
  if (!navigator.mediaDevices?.getUserMedia) throw Object.assign(new Error("no https"), { is: "missing" });
  try {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    stream.getTracks().forEach((track) => track.stop());
  } catch (error) {
    throw Object.assign(error, { is: error.name === "NotAllowedError" ? "refused" : "missing" });
  }
}

async function dial(pass) {
  await askForMicrophone();
  await load(pass);
  const mine = (call = await deviceFor(pass).connect());
  const ended = () => {
    if (mine !== call) return;
    call = null;
    show("lost");
    later();
  };
  setTimeout(() => mine === call && !isIn() && mine.disconnect(), DOUBT_MS);
  for (const news of ["disconnect", "cancel", "reject", "error"]) mine.on(news, ended);
  mine.on("reconnecting", () => mine === call && show("lost"));
  mine.on("reconnected", () => mine === call && look());
}

// --- opening and keeping -------------------------------------------------------------------------------------------

function later(ms = PAUSES_MS[Math.min(tries, PAUSES_MS.length - 1)]) {
  clearTimeout(timer);
  tries += 1;
  timer = setTimeout(() => {
    timer = 0;
    look();
  }, ms);
}

async function open() {
  isOpening = true;
  show("connecting");
  try {
    const pass = await press(desk, "line", {}, { keyed: false });
    if (pass?.kind === "browser") await dial(pass);
    else later(Math.max(1000, PAUSES_MS[Math.min(tries, PAUSES_MS.length - 1)]));
  } catch (error) {
    isRefused = Boolean(error.is);
    show(error.is ?? "lost");
    if (!isRefused) later();
  } finally {
    isOpening = false;
    look();
  }
}

function look() {
  if (ON_DUTY.has(pill.dataset.state)) isWanted = true;
  if (isIn()) {
    tries = 0;
    if (!isOpening) show(words.kind === "browser" && !call && isWanted ? "elsewhere" : "");
    return;
  }
  if (isWanted && !call && !isOpening && !timer && !isRefused) open();
  else if (!isWanted) show("");
}

here.addEventListener("click", () => {
  isRefused = false;
  if (!isOpening && !call) open();
});
byId("ready").addEventListener("click", () => {
  isRefused = false;
  isWanted = true;
  look();
});
window.addEventListener("pagehide", () => device?.destroy());
window.addEventListener("pageshow", (event) => event.persisted && location.reload());
new MutationObserver(look).observe(box, { attributeFilter: ["data-room"] });
new MutationObserver(look).observe(pill, { attributeFilter: ["data-state"] });
if (words.kind === "simulated") {
  setInterval(() => isWanted && isIn() && press(desk, "line", {}, { keyed: false }).catch(() => undefined), KEEP_MS);
}
look();
