// What a page says with data-bind and data-list, filled from the values that the server sends.

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

export function put(node, values) {
  for (const [what, name] of bindings(node)) {
    const value = values[name];
    if (what === "shown") set.shown(node, value);
    else if (what === "checked" || what === "disabled") node[what] = Boolean(value);
    else if (what === "text" || what === "shape") set[what](node, String(value));
    else set.attribute(node, what, String(value));
  }
}

function fill(row, values) {
  if (row.matches("[data-bind]")) put(row, values);
  for (const node of row.querySelectorAll("[data-bind]")) put(node, values);
}

export function fillList(list, items) {
  const template = list.querySelector(":scope > template");
  const rows = [...list.children].filter((row) => row !== template);
  items.forEach((values, index) => {
    fill(rows[index] ?? list.appendChild(template.content.firstElementChild.cloneNode(true)), values);
  });
  rows.slice(items.length).forEach((row) => row.remove());
}
