// The person an agent sees before the call: one press dials, another skips for a reason. What either means, and whether
// it still may be, the server says.

const byId = (id) => document.getElementById(id);

// `tell` and `view` are the desk's own. Returns what a key does: true when it skipped somebody.
export function listenToPreview({ tell, view }) {
  const skip = (reason) => tell("skip", { preview: view().preview, reason }, "", `skip ${view().preview}`);

  byId("dial").addEventListener("click", () => {
    const { preview } = view();
    if (preview) tell("dial", { preview }, "", `dial ${preview}`);
  });
  byId("skips").addEventListener("click", (event) => {
    const button = event.target.closest("[data-skip]");
    if (button && view().preview) skip(button.dataset.skip);
  });
  return (key) => {
    if (!view()?.has_preview) return false;
    const reason = view().skips.find((one) => one.key === key);
    if (reason) skip(reason.id);
    return Boolean(reason);
  };
}
