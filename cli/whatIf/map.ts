import { place } from "../../infra/plan/latency";
import type { Journey, RegionOutlook, WhatIf } from "../../infra/failover/whatIf";
import { LAND } from "./land";

/** Colours of the regions, told apart on light and on dark ground and by most colour-blind eyes. */
const PALETTE = ["#2f7de1", "#e08a00", "#18a078", "#c2417c", "#8a63d2", "#7a8a00", "#c0512f"];

interface Point {
  x: number;
  y: number;
}

/** The world with the fleet's regions on it, and an arrow from each part of it to the region that serves it. */
export function worldMap({ journeys, regions }: WhatIf): string {
  const colours = new Map(
    regions.map(({ region }, index) => [region, PALETTE[index % PALETTE.length] ?? "gray"]),
  );
  const colourOf = (region: string): string => colours.get(region) ?? "gray";
  const { x, y, width, height } = frame(journeys.map(({ from }) => pointOf(from)));
  const arrows = journeys.map((journey) => arrow(journey, colourOf));
  const markers = [...colours].map(
    ([region, colour]) =>
      `<marker id="to-${region}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="5" markerHeight="5" orient="auto"><path d="M0 0L8 4L0 8Z" fill="${colour}"/></marker>`,
  );
  const dots = journeys.map((journey) => {
    const outlook = regions.find(({ region }) => region === journey.from);
    return outlook === undefined
      ? usersDot(journey, colourOf(journey.after.region))
      : regionDot(outlook, journey, colourOf);
  });
  return `<svg viewBox="${x} ${y} ${width} ${height}" role="img" aria-label="Where each part of the world is served from">
<defs>${markers.join("")}</defs>
<path class="land" d="${LAND}"/>
${arrows.join("\n")}
${dots.join("\n")}
</svg>`;
}

function arrow({ from, before, after }: Journey, colourOf: (region: string) => string): string {
  const moved = before.region !== after.region;
  const old =
    moved && before.region !== from
      ? `<path class="was" d="${curve(pointOf(from), pointOf(before.region))}"/>`
      : "";
  if (after.region === from) return old;
  const path = curve(pointOf(from), pointOf(after.region));
  const colour = colourOf(after.region);
  return `${old}<path class="goes${moved ? " moved" : ""}" d="${path}" stroke="${colour}" marker-end="url(#to-${after.region})"/>`;
}

/** Bowed towards the pole, as a great circle is; ends short of the dots. */
function curve(from: Point, to: Point): string {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const length = Math.hypot(dx, dy) || 1;
  const [ux, uy] = [dx / length, dy / length];
  const start = { x: from.x + ux * 3, y: from.y + uy * 3 };
  const end = { x: to.x - ux * 5, y: to.y - uy * 5 };
  const bow = { x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 - length * 0.18 };
  return `M${round(start.x)} ${round(start.y)}Q${round(bow.x)} ${round(bow.y)} ${round(end.x)} ${round(end.y)}`;
}

function usersDot({ from, after }: Journey, colour: string): string {
  const { x, y } = pointOf(from);
  return `<g><title>users near ${from}: ${after.region}, ${after.roundTripMs} ms</title><circle cx="${x}" cy="${y}" r="1.7" fill="${colour}"/><text class="users" x="${x}" y="${y - 3.5}">${after.roundTripMs} ms</text></g>`;
}

function regionDot(
  { region, traffic, down, share }: RegionOutlook,
  { after }: Journey,
  colourOf: (region: string) => string,
): string {
  const { x, y } = pointOf(region);
  const out = down || traffic === "drained";
  const state = [
    down ? "down" : traffic,
    share?.overloaded === true ? '<tspan class="warn">overloaded</tspan>' : "",
  ]
    .filter((word) => word !== "" && word !== "active")
    .join(", ");
  const colour = colourOf(region);
  const dot = out
    ? `<circle class="out" cx="${x}" cy="${y}" r="3.2" stroke="${colour}"/><path class="cross" d="M${x - 1.8} ${y - 1.8}l3.6 3.6m0-3.6l-3.6 3.6" stroke="${colour}"/>`
    : `<circle cx="${x}" cy="${y}" r="3.2" fill="${colour}"/>`;
  const below = y + 9.5;
  const detail = `${after.roundTripMs} ms${after.region === region ? "" : ` to ${after.region}`}`;
  return `<g>${dot}<text x="${x}" y="${below}">${region}</text><text class="users" x="${x}" y="${below + 6.5}">${[state, detail].filter(Boolean).join(", ")}</text></g>`;
}

/** Degrees of an equirectangular map, from its upper left corner. */
function pointOf(region: string): Point {
  const [latitude, longitude] = place(region);
  return { x: round(longitude + 180), y: round(90 - latitude) };
}

/** The part of the world that holds every point, with room for labels. */
function frame(points: readonly Point[]) {
  const xs = points.map(({ x }) => x);
  const ys = points.map(({ y }) => y);
  const x = Math.max(0, Math.min(...xs) - 30);
  const y = Math.max(0, Math.min(...ys) - 30);
  return {
    x,
    y,
    width: Math.min(360, Math.max(...xs) + 35) - x,
    height: Math.min(180, Math.max(...ys) + 38) - y,
  };
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
