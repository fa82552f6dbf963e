// The supervisors' page: puts each picture that the server sends where the page says, and tells what is pressed.

import { fillList, put } from "./bind.js";
import { press, Refusal } from "./desk-press.js";

const floor = document.getElementById("floor");
const link = document.getElementById("link");
const said = document.getElementById("said");
const words = floor.dataset;
const list = floor.querySelector("[data-list]");
const singles = [...floor.querySelectorAll("[data-bind]")].filter((node) => !node.closest("[data-list]"));

function standing(is, text) {
  link.dataset.is = is;
  link.textContent = text;
}

async function tell(name, body) {
  try {
    if ((await press(floor, name, body)) !== undefined) said.textContent = "";
  } catch (error) {
    said.dataset.is = "failed";
    said.textContent = error instanceof Refusal ? error.message : words.failed + error.message;
  }
}

list.addEventListener("click", (event) => {
  const button = event.target.closest("[data-mode]");
  if (button) tell("listen", { agent: button.dataset.agent, mode: button.dataset.mode });
});
document.getElementById("leave").addEventListener("click", () => tell("leave", {}));

function listen() {
  const events = new EventSource(`${words.path}/events?lang=${words.lang}`);
  events.onopen = () => standing("live", words.live);
  events.onmessage = (message) => {
    const picture = JSON.parse(message.data);
    singles.forEach((node) => put(node, picture));
    fillList(list, picture.agents);
  };
  events.onerror = () => {
    standing("lost", words.lost);
    if (events.readyState === EventSource.CLOSED) setTimeout(listen, 5000);
  };
}
listen();
