// Where the zones stand: from left to right, or on a narrow pane below each other.

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
const stackedGap = 20;

/** A zone that was not measured yet takes no room. */
export function placeZones(
  sizes: Readonly<Partial<Record<ZoneId, Size>>>,
  stacked: boolean,
): Readonly<Record<ZoneId, Spot>> {
  const of = (id: ZoneId): Size => sizes[id] ?? { width: 0, height: 0 };
  if (stacked) return stackedPlaces(of);
  let x = 0;
  const spots = zoneIds.map((id) => {
    const spot = { x, y: 0 };
    x += of(id).width + gap;
    return [id, spot] as const;
  });
  return { you: zero, controlPlane: zero, services: zero, workers: zero, outside: zero, ...Object.fromEntries(spots) };
}

const zero: Spot = { x: 0, y: 0 };

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
