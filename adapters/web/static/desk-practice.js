// Practice at the desk: what the simulated person says by now, how many calls are done, then the review and the end.

const EVERY_MS = 700;
const byId = (id) => document.getElementById(id);
const place = (byId("desk") ?? byId("review")).dataset;
let attempt = "";

const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds) % 60).padStart(2, "0")}`;

function lineOf({ at_s: at, text, language }) {
  const [item, time, words] = ["li", "time", "span"].map((name) => document.createElement(name));
  time.textContent = clock(at);
  words.textContent = text;
  words.lang = language;
  item.append(time, words);
  return item;
}

// Lines that stand there already stay: a screen reader hears each of them once.
function draw(talk) {
  const list = byId("practice-lines");
  if (talk.attempt !== attempt) list.replaceChildren();
  attempt = talk.attempt;
  const news = talk.lines.slice(list.children.length);
  news.forEach((line) => list.append(lineOf(line)));
  if (news.length) byId("practice").scrollTop = byId("practice").scrollHeight;
  byId("practice-done").textContent = talk.done;
  byId("practice-calls").textContent = talk.calls;
  if (talk.done >= talk.calls) location.assign(`${place.path}/review`);
}

async function look() {
  try {
    const answer = await fetch(`${place.path}/practice`);
    if (answer.ok) draw(await answer.json());
  } catch {
    // The desk itself says that the line to the server is lost.
  }
  setTimeout(look, EVERY_MS);
}

async function end() {
  byId("practice-end").disabled = true;
  const headers = { "Content-Type": "application/json", "X-Desk-Press": place.press };
  const answer = await fetch(`${place.path}/practice/end`, { method: "POST", headers, body: "{}" });
  if (answer.ok) byId("practice-ended").textContent = place.ended;
  else byId("practice-end").disabled = false;
}

if (byId("practice-lines")) look();
byId("practice-end")?.addEventListener("click", end);
