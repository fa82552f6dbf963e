// One press of a button, told to the server once: a press under way is not begun again, and a press that got no
// answer is repeated under the same key, by which the server knows it for the same one.

const TRIES = 4;
const underWay = new Set();

// Not crypto.randomUUID: that exists under https only, and a desk on the office's own network may have none.
const newKey = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

const later = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

export class Refusal extends Error {
  constructor(status, body) {
    super([body.error, body.remedy].filter(Boolean).join(" "));
    this.status = status;
  }
}

async function send(desk, name, body) {
  for (let trial = 1; ; trial += 1) {
    try {
      return await fetch(`${desk.dataset.path}/${name}`, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-Desk-Press": desk.dataset.press },
        body: JSON.stringify(body),
      });
    } catch (error) {
      if (trial === TRIES) throw error;
      await later(400 * trial);
    }
  }
}

// Returns the answer, or undefined when the same button (`which`) is being told already. Throws Refusal, or what fetch
// throws.
export async function press(desk, name, body = {}, { keyed = true, which = name } = {}) {
  if (underWay.has(which)) return undefined;
  underWay.add(which);
  try {
    const answer = await send(desk, name, keyed ? { ...body, key: newKey() } : body);
    const told = await answer.json();
    if (!answer.ok) throw new Refusal(answer.status, told);
    return told;
  } finally {
    underWay.delete(which);
  }
}
