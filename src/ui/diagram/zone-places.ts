// Where the zones stand, in each form that the diagram has.
import type { Form } from './arrangement.ts';

export const zoneIds = ['you', 'controlPlane', 'services', 'workers', 'outside'] as const;
export type ZoneId = (typeof zoneIds)[number];

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Spot {
  readonly x: number;
  readonly y: number;
}

const gap = 36;
const compactGap = 28;
const stackedGap = 20;
/** Around the whole. */
const margin = 12;
const zoomMin = 0.05;
/** The whole is not drawn larger than this, however much room there is. */
const zoomMax = 1.15;

/** A zone that was not measured yet takes no room. */
export function placeZones(sizes: Readonly<Partial<Record<ZoneId, Size>>>, form: Form): Readonly<Record<ZoneId, Spot>> {
  const of = (id: ZoneId): Size => sizes[id] ?? { width: 0, height: 0 };
  if (form === 'stacked') return stackedPlaces(of);
  if (form === 'compact') return compactPlaces(of);
  let x = 0;
  const spots = zoneIds.map((id) => {
    const spot = { x, y: 0 };
    x += of(id).width + gap;
    return [id, spot] as const;
  });
  return { you: zero, controlPlane: zero, services: zero, workers: zero, outside: zero, ...Object.fromEntries(spots) };
}

/** How large the zones are drawn, and where their corner is, so that all of them are seen. */
export function fitted(
  places: Readonly<Record<ZoneId, Spot>>,
  sizes: Readonly<Partial<Record<ZoneId, Size>>>,
  pane: Size,
): Spot & { readonly zoom: number } {
  const corners = zoneIds.map((id) => ({
    x: places[id].x + (sizes[id]?.width ?? 0),
    y: places[id].y + (sizes[id]?.height ?? 0),
  }));
  const whole = { width: Math.max(1, ...corners.map(({ x }) => x)), height: Math.max(1, ...corners.map(({ y }) => y)) };
  const room = { width: pane.width - 2 * margin, height: pane.height - 2 * margin };
  const zoom = Math.max(zoomMin, Math.min(zoomMax, room.width / whole.width, room.height / whole.height));
  return { x: (pane.width - whole.width * zoom) / 2, y: (pane.height - whole.height * zoom) / 2, zoom };
}

const zero: Spot = { x: 0, y: 0 };

/** Services above the workers, the outside at the right edge beside them. */
function compactPlaces(of: (id: ZoneId) => Size): Readonly<Record<ZoneId, Spot>> {
  const control = of('you').width + compactGap;
  const workers = control + of('controlPlane').width + compactGap;
  const top = Math.max(of('services').height, of('outside').height) + stackedGap;
  const right = workers + Math.max(of('workers').width, of('services').width + stackedGap + of('outside').width);
  return {
    you: zero,
    controlPlane: { x: control, y: 0 },
    services: { x: workers, y: 0 },
    outside: { x: right - of('outside').width, y: 0 },
    workers: { x: workers, y: top },
  };
}

/** You and the outside at the top, beside each other; the cluster below. */
function stackedPlaces(of: (id: ZoneId) => Size): Readonly<Record<ZoneId, Spot>> {
  const top = Math.max(of('you').height, of('outside').height) + stackedGap;
  const width = Math.max(of('controlPlane').width, of('services').width, of('workers').width);
  const services = top + of('controlPlane').height + stackedGap;
  return {
    you: zero,
    outside: { x: Math.max(of('you').width + stackedGap, width - of('outside').width), y: 0 },
    controlPlane: { x: 0, y: top },
    services: { x: 0, y: services },
    workers: { x: 0, y: services + of('services').height + stackedGap },
  };
}
