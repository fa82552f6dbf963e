// What an agent does to a live call: hold, mute, hand over, introduce. What may be done, and whether it was, the server
// says with each picture.

const byId = (id) => document.getElementById(id);
let wanted = "";

// Colleagues come and go while one is being chosen: the choice stays with the colleague, not with the line of the list.
export function keepChoice() {
  const whom = byId("whom");
  if ([...whom.options].some((one) => one.value === wanted)) whom.value = wanted;
  else wanted = whom.value;
}

// `tell` is the desk's: name, body, what to say when it is done, which press it is. `view` returns the last picture.
export function listenToLine(tell, ofCall, say, view) {
  const turn = (name, is) => () => tell(name, ofCall({ on: !view()[is] }));
  const hand = (warm) => {
    const to = byId("whom").value;
    if (!to) return say(byId("line").dataset.choose, "failed");
    return tell("transfer", ofCall({ to, warm }));
  };
  byId("hold").addEventListener("click", turn("hold", "is_held"));
  byId("mute").addEventListener("click", turn("mute", "is_muted"));
  byId("whom").addEventListener("change", () => (wanted = byId("whom").value));
  byId("warm").addEventListener("click", () => hand(true));
  byId("transfer").addEventListener("submit", (event) => {
    event.preventDefault();
    hand(false);
  });
  byId("leave-them").addEventListener("click", () => tell("introduction", ofCall({ back: false })));
  byId("take-back").addEventListener("click", () => tell("introduction", ofCall({ back: true })));
}
