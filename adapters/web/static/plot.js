// The plot over time, drawn by uPlot in the colours of the style sheet; drawn anew when those change.

const NAMES = ["attempts", "answered", "talked", "mails"];
const place = document.getElementById("plot");
const zone = document.getElementById("board").dataset.zone;
const keys = NAMES.map((name) => document.querySelector(`#keys [data-key=${name}]`));
const style = () => getComputedStyle(place);

let plot = null;
let rows = [];

const columns = () => [rows.map((row) => row.unix), ...NAMES.map((name) => rows.map((row) => row[name]))];
const size = () => ({ width: Math.max(200, place.clientWidth), height: place.clientHeight });

function axis(extra) {
  const read = style();
  const font = `${parseFloat(read.fontSize)}px ${read.fontFamily}`;
  const line = { stroke: read.getPropertyValue("--line"), width: 1 };
  return { stroke: read.getPropertyValue("--minor"), font, grid: line, ticks: { ...line, size: 4 }, ...extra };
}

function series(name) {
  const colour = style().getPropertyValue(`--plot-${name}`);
  const dash = { attempts: [], answered: [6, 3], talked: [], mails: [2, 3] }[name];
  const fill = name === "talked" ? style().getPropertyValue("--plot-fill") : undefined;
  return { label: name, stroke: colour, width: 2, dash, fill, points: { show: rows.length < 2 } };
}

// What stands under the pointer, beside the keys.
function read(made) {
  const at = made.cursor.idx;
  keys.forEach((key, index) => {
    key.textContent = at === null || at === undefined ? "" : String(made.data[index + 1][at] ?? "");
  });
}

function options() {
  const em = parseFloat(style().fontSize);
  return {
    ...size(),
    legend: { show: false },
    cursor: { drag: { x: false, y: false }, y: false },
    tzDate: (unix) => uPlot.tzDate(new Date(unix * 1000), zone),
    scales: { y: { range: (_, low, high) => [0, Math.max(5, Math.ceil(high * 1.1))] } },
    axes: [
      axis({ space: em * 5, size: em * 2.6, values: [[60, "{HH}:{mm}", null, null, null, null, null, null, 1]] }),
      axis({ size: em * 3.2, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000] }),
    ],
    series: [{}, ...NAMES.map(series)],
    hooks: { setCursor: [read] },
  };
}

function redraw() {
  plot?.destroy();
  plot = rows.length && place.clientWidth ? new uPlot(options(), columns(), place) : null;
}

export function drawPlot(minutes) {
  const isNew = plot === null || (rows.length < 2) !== (minutes.length < 2);
  rows = minutes;
  if (isNew) redraw();
  else plot.setData(columns());
}

matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
new ResizeObserver(() => plot?.setSize(size())).observe(place);
