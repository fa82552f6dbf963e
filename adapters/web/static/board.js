// The live board: takes each picture the server draws and puts it where the page says (data-bind, data-list).
// Knows no words and no arithmetic: those are the server's, so that the page is the same with and without it.

import { drawPlot } from "./plot.js";

const board = document.getElementById("board");
const link = document.getElementById("link");
const said = document.getElementById("said");
const act = document.getElementById("act");

const set = {
  text: (node, value) => {
    if (node.textContent !== value) node.textContent = value;
  },
  shown: (node, value) => node.toggleAttribute("hidden", !value),
  shape: (node, value) => set.attribute(node, "href", `#shape-${value}`),
  attribute: (node, name, value) => {
    if (node.getAttribute(name) !== value) node.setAttribute(name, value);
  },
};

// "text:word data-tone:tone" -> [["text", "word"], ["data-tone", "tone"]]
const bindings = (node) => node.dataset.bind.split(" ").map((pair) => pair.split(":"));

function put(node, values) {
  for (const [what, name] of bindings(node)) {
    const value = values[name];
    if (what === "shown") set.shown(node, value);
    else if (what === "text" || what === "shape") set[what](node, String(value));
    else set.attribute(node, what, String(value));
  }
}

function fill(row, values) {
  if (row.matches("[data-bind]")) put(row, values);
  for (const node of row.querySelectorAll("[data-bind]")) put(node, values);
}

function fillList(list, items) {
  const template = list.querySelector(":scope > template");
  const rows = [...list.children].filter((row) => row !== template);
  items.forEach((values, index) => {
    fill(rows[index] ?? list.appendChild(template.content.firstElementChild.cloneNode(true)), values);
  });
  rows.slice(items.length).forEach((row) => row.remove());
}

const lists = [...board.querySelectorAll("[data-list]")];
// Of the whole page: the stop switch and its banner are in the frame around the board.
const singles = [...document.querySelectorAll("[data-bind]")].filter((node) => !node.closest("[data-list]"));

// What a button led to is said only as long as it holds: somebody else may press one as well.
const LEADS_TO = { start: "running", pause: "paused", stop: "stopped" };
let hoped = null;
let state = null;

function forget(next) {
  if (state !== next && state === hoped) said.textContent = "";
  state = next;
}

function draw(picture) {
  forget(picture.state);
  singles.forEach((node) => put(node, picture));
  lists.forEach((list) => fillList(list, picture[list.dataset.list]));
  act.action = `${board.dataset.path}/${picture.action || "start"}`;
  drawPlot(picture.minutes);
}

function standing(is, words) {
  if (link.dataset.is === is) return;
  link.dataset.is = is;
  link.textContent = words;
}

function listen() {
  const events = new EventSource(board.dataset.events);
  events.onmessage = (message) => {
    standing("live", board.dataset.live);
    draw(JSON.parse(message.data));
  };
  events.onerror = () => {
    standing("lost", board.dataset.lost);
    // A refusal (the campaign is no longer loaded, say) ends an EventSource for good; ask again all the same.
    if (events.readyState === EventSource.CLOSED) setTimeout(listen, 5000);
  };
}

// A closed <details> takes the focus with it: give it back to what opened it.
function closeAround(form) {
  const details = form.closest("details");
  if (!details) return;
  details.removeAttribute("open");
  details.querySelector("summary").focus();
}

// The buttons work as plain forms; with the script the page stays, and so does the focus.
async function send(event) {
  event.preventDefault();
  const form = event.target;
  const action = form.action.split("/").pop();
  const buttons = form.querySelectorAll("button");
  buttons.forEach((button) => button.setAttribute("aria-disabled", "true"));
  try {
    const answer = await fetch(form.action, {
      method: "POST",
      body: new URLSearchParams(new FormData(form)),
      headers: { Accept: "application/json" },
    });
    const body = await answer.json();
    said.textContent = answer.ok ? board.dataset[action] : `${body.error} ${body.remedy}`;
    said.dataset.is = answer.ok ? "done" : "failed";
    hoped = answer.ok ? LEADS_TO[action] : null;
    closeAround(form);
  } catch (error) {
    said.textContent = board.dataset.failed + error.message;
    said.dataset.is = "failed";
  }
  buttons.forEach((button) => button.removeAttribute("aria-disabled"));
}

document.addEventListener("keydown", (event) => {
  const details = event.key === "Escape" && event.target.closest("details.stop[open]");
  if (details) closeAround(details.querySelector("form"));
});
for (const form of board.querySelectorAll("form")) form.addEventListener("submit", send);
listen();
