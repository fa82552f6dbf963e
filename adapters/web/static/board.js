// The live board: takes each picture the server draws and puts it where the page says (data-bind, data-list).
// Knows no words and no arithmetic: those are the server's, so that the page is the same with and without it.

import { fillList, put } from "./bind.js";
import { drawPlot } from "./plot.js";

const board = document.getElementById("board");
const link = document.getElementById("link");
const said = document.getElementById("said");
const act = document.getElementById("act");

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
