// How long a break has been, against how long it may last; red, with a word, once it is over its limit.

const byId = (id) => document.getElementById(id);

export function drawLimit(limit, passed, clock) {
  const isOver = limit !== null && passed > limit;
  byId("limit").hidden = limit === null;
  byId("limit").textContent = limit === null ? "" : ` / ${clock(limit)}`;
  byId("over").hidden = !isOver;
  byId("for").closest(".timer").dataset.is = isOver ? "over" : "";
}
