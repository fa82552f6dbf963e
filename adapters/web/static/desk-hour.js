// The hour that a customer would like to be called back at: judged by the server before it is promised.

import { press } from "./desk-press.js";

const byId = (id) => document.getElementById(id);
const sentence = (text) => Object.assign(document.createElement("p"), { textContent: text });

export function forgetHour() {
  byId("verdict").replaceChildren();
  byId("take").hidden = true;
}

function show(is, sentences, next) {
  byId("verdict").dataset.is = is;
  byId("verdict").replaceChildren(...sentences.map(sentence));
  byId("take").hidden = !next;
  byId("take").dataset.hour = next;
  byId("take-hour").textContent = next.replace("T", " ");
}

// Returns the instant when the law allows it, else null: then it is said which rule speaks against it, and when the
// next lawful hour is. `need` is told when no hour is named yet.
export async function judgeHour(desk, attempt, need) {
  forgetHour();
  const local = byId("hour").value;
  if (!local) {
    need();
    byId("hour").focus();
    return null;
  }
  try {
    const found = await press(desk, "callback", { attempt, local }, { keyed: false });
    if (!found) return null;
    if (found.lawful) show("good", [`${byId("verdict").dataset.ok}: ${found.say}`], "");
    else show("bad", found.why, found.next_local ?? "");
    return found.lawful ? found.at : null;
  } catch (error) {
    show("bad", [error.message], "");
    return null;
  }
}
