"""The bench's chart: occupancy by size of floor, as an SVG from plain strings."""

from collections.abc import Iterator, Mapping
from math import log

from bench.pacing_table import Summary

WIDTH, HEIGHT, LEFT, TOP = 760, 430, 60, 40
INNER_W, INNER_H = 480, 330
COLOURS = {
    "ours": "#0b6e4f",
    "oracle": "#888888",
    "progressive": "#b23a48",
    "VICIdial, tuned": "#2d5d9f",
    "VICIdial hard limit": "#7aa5d8",
    "per free, tuned": "#c77d1e",
    "ratio, tuned": "#e0b36a",
    "OMniDialer": "#7d4f9e",
}
_LOW, _HIGH = 50.0, 100.0


def chart(sizes: Mapping[int, Mapping[str, Summary]]) -> str:
    """Return the chart of floors by their number of agents; policies that broke the limit are drawn dashed."""
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">',
        "<style>text { font: 12px sans-serif }</style>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
        f'<text x="{LEFT}" y="22">Occupancy in percent, by agents on the floor</text>',
        *_axes(sorted(sizes)),
        *_curves(sizes),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _axes(agents: list[int]) -> Iterator[str]:
    for share in range(50, 101, 10):
        y = _y(share)
        yield f'<line x1="{LEFT}" y1="{y:.1f}" x2="{LEFT + INNER_W}" y2="{y:.1f}" stroke="#dddddd"/>'
        yield f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{share}</text>'
    for count in agents:
        x = _x(count, agents)
        yield f'<text x="{x:.1f}" y="{TOP + INNER_H + 20}" text-anchor="middle">{count}</text>'


def _curves(sizes: Mapping[int, Mapping[str, Summary]]) -> Iterator[str]:
    agents, row = sorted(sizes), 0
    for policy, colour in COLOURS.items():
        found = [(count, sizes[count][policy]) for count in agents if policy in sizes[count]]
        if not found:
            continue
        points = " ".join(f"{_x(count, agents):.1f},{_y(one.occupancy):.1f}" for count, one in found)
        kept = all(one.within >= 0.9 for _, one in found)
        dash, note = ("", "") if kept else (' stroke-dasharray="5 4"', " (breaks the limit)")
        width = 3.5 if policy == "ours" else 1.8
        yield f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="{width}"{dash}/>'
        y = TOP + 14 + 20 * row
        yield f'<line x1="{LEFT + INNER_W + 15}" y1="{y}" x2="{LEFT + INNER_W + 40}" y2="{y}" '
        yield f'stroke="{colour}" stroke-width="{width}"{dash}/>'
        yield f'<text x="{LEFT + INNER_W + 46}" y="{y + 4}">{policy}{note}</text>'
        row += 1


def _x(count: int, agents: list[int]) -> float:
    low, high = log(agents[0]), log(max(agents[-1], agents[0] + 1))
    return LEFT + INNER_W * (0.03 + 0.94 * (log(count) - low) / (high - low))


def _y(share: float) -> float:
    return TOP + INNER_H * (1.0 - (min(max(share, _LOW), _HIGH) - _LOW) / (_HIGH - _LOW))
