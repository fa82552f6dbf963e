// The keys of the desk. None of them works while somebody writes, none with Ctrl, Alt or Meta, and a key held down is
// one press.

const WRITING = "textarea, select, input:not([type=radio], [type=checkbox])";
const MOVES = { ArrowRight: "forward", ArrowLeft: "back", "?": "help" };

// `choose` takes the key of a result and tells whether there is one; `does` is what each of the page's own keys does.
export function listenToKeys(keys, choose, does) {
  document.addEventListener("keydown", (event) => {
    const isWriting = event.target.matches?.(WRITING);
    if (event.key === "Escape" && isWriting) event.target.blur();
    if (isWriting || event.ctrlKey || event.altKey || event.metaKey || event.repeat || event.isComposing) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const isRadio = event.target.matches?.("input[type=radio]");
    const name = MOVES[key] ?? Object.keys(keys()).find((one) => keys()[one] === key);
    if (isRadio && key.startsWith("Arrow")) return;
    if (/^[0-9a-z]$/.test(key) && choose(key)) event.preventDefault();
    else if (name && does[name]) {
      event.preventDefault();
      does[name]();
    }
  });
}
