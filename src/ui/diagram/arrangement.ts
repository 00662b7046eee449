// How the diagram is laid out for a pane: zones beside or below each other, how many frames and tiles a row has, and
// how much of a pod is drawn. Chosen so that the whole is as large as it can be.

/** What is drawn of a pod: a tile with words, a dot with its shape, a cell of a heat map. */
export type Detail = 'tiles' | 'dots' | 'heat';

export interface Arrangement {
  /** Zones below each other: for panes that are narrow. */
  readonly stacked: boolean;
  readonly detail: Detail;
  /** Worker frames in a row. */
  readonly frames: number;
  /** Pods in a row of a frame. */
  readonly columns: number;
}

export interface Load {
  /** Of the pane, in pixels. */
  readonly width: number;
  readonly height: number;
  readonly controlPlanes: number;
  readonly workers: number;
  /** Of the frame that holds most. */
  readonly podsMax: number;
}

/** Width and height of a pod's place with its gap. */
export const cells: Readonly<Record<Detail, { readonly width: number; readonly height: number }>> = {
  tiles: { width: 130, height: 52 },
  dots: { width: 22, height: 22 },
  heat: { width: 11, height: 11 },
};

const detailLimits = { tiles: 16, dots: 140 } as const;
const columnChoices: Readonly<Record<Detail, readonly number[]>> = {
  tiles: [1, 2, 3, 4],
  dots: [8, 12, 16],
  heat: [16, 24, 36],
};
const stackedBelow = 520;
/** A frame's own head and margins. */
const frameHead = 74;
const frameSides = 26;
const frameWidthMin = 200;
/** Zones beside the workers: you, control plane, services, outside, and the gaps between them. */
const besides = 112 + 224 + 150 + 128 + 4 * 36;
const controlPlaneHeight = 186;
/** Rows that a frame is expected to need sooner or later: the first pods should move nothing. */
const rowsMin: Readonly<Record<Detail, number>> = { tiles: 4, dots: 4, heat: 6 };
/** A new choice has to be that much better before things move. */
const inertia = 1.3;

export function arrange(load: Load, before?: Arrangement): Arrangement {
  const stacked = load.width < stackedBelow;
  const detail: Detail =
    load.podsMax <= detailLimits.tiles ? 'tiles' : load.podsMax <= detailLimits.dots ? 'dots' : 'heat';
  let best: Arrangement | undefined;
  for (const columns of columnChoices[detail])
    for (let frames = 1; frames <= Math.max(1, load.workers); frames++) {
      const one = { stacked, detail, frames, columns };
      if (!best || zoomOf(one, load) > zoomOf(best, load) * 1.02) best = one;
    }
  const chosen = best ?? { stacked, detail, frames: 1, columns: 1 };
  const same =
    before && before.stacked === stacked && before.detail === detail && before.frames <= Math.max(1, load.workers);
  return same && zoomOf(before, load) * inertia > zoomOf(chosen, load) ? before : chosen;
}

/** How large the whole can be shown. */
function zoomOf({ stacked, detail, frames, columns }: Arrangement, load: Load): number {
  const cell = cells[detail];
  const rows = Math.max(rowsMin[detail], Math.ceil(load.podsMax / columns));
  const frameWidth = Math.max(frameWidthMin, columns * cell.width + frameSides) + 16;
  const frameHeight = rows * cell.height + frameHead + 16;
  const workersWidth = frames * frameWidth;
  const workersHeight = Math.ceil(load.workers / frames) * frameHeight + 30;
  const controlHeight = load.controlPlanes * controlPlaneHeight + 110;
  const width = stacked ? Math.max(workersWidth, 340) : besides + workersWidth;
  const height = stacked ? workersHeight + controlHeight + 260 : Math.max(workersHeight, controlHeight);
  return Math.min(1.15, load.width / (width + 32), load.height / (height + 32));
}
