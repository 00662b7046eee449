// How the diagram is laid out for a pane: zones beside or below each other, how many frames and tiles a row has, and
// how much of a pod is drawn. Chosen so that the whole is as large as it can be.

/** What is drawn of a pod: a tile with words, a dot with its shape, a cell of a heat map. */
export type Detail = 'tiles' | 'dots' | 'heat';

/**
 * How the zones stand:
 *
 *   wide     you · control plane · services · workers · outside
 *   compact  you · control plane · services above workers, the outside beside the services
 *   stacked  below each other: for a phone
 */
export type Form = 'wide' | 'compact' | 'stacked';

export interface Arrangement {
  readonly form: Form;
  readonly detail: Detail;
  /** Worker frames in a row. */
  readonly frames: number;
  /** Pods in a row of a frame. */
  readonly columns: number;
  /** There are no workers: the control plane's nodes hold the pods, and are wide enough for them. */
  readonly alone?: boolean;
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
/** The same where services and outside stand above the workers, and what those two take. */
const compactBesides = 112 + 226 + 2 * 28;
const compactTop = 150 + 128 + 16;
const controlPlaneHeight = 186;
/** Of each of several: they are lower and wider. */
const oneOfSeveral = { height: 122, widerBy: 86 };
/** A second form has to be that much better than the usual one. */
const betterForm = 1.15;
const framesMax = 40;
/** Rows that a frame is expected to need sooner or later: the first pods should move nothing. */
const rowsMin: Readonly<Record<Detail, number>> = { tiles: 4, dots: 4, heat: 6 };
/** A new choice has to be that much better before things move. */
const inertia = 1.3;

export function arrange(load: Load, before?: Arrangement): Arrangement {
  const detail: Detail =
    load.podsMax <= detailLimits.tiles ? 'tiles' : load.podsMax <= detailLimits.dots ? 'dots' : 'heat';
  let best: Arrangement | undefined;
  for (const form of load.width < stackedBelow ? (['stacked'] as const) : (['wide', 'compact'] as const))
    for (const columns of columnChoices[detail])
      for (let frames = 1; frames <= Math.max(1, Math.min(framesMax, load.workers)); frames++) {
        const one = { form, detail, frames, columns };
        const better = best && form !== best.form ? betterForm : 1.02;
        if (!best || zoomOf(one, load) > zoomOf(best, load) * better) best = one;
      }
  if (load.workers === 0 && best) return { ...best, alone: true, form: best.form === 'stacked' ? 'stacked' : 'wide' };
  const chosen = best ?? { form: 'stacked', detail, frames: 1, columns: 1 };
  const same =
    before &&
    (before.form === 'stacked') === (chosen.form === 'stacked') &&
    before.detail === detail &&
    before.frames <= Math.max(1, load.workers);
  return same && zoomOf(before, load) * inertia > zoomOf(chosen, load) ? before : chosen;
}

/** Of a worker's frame. */
export function frameWidth(columns: number, detail: Detail): number {
  return Math.max(frameWidthMin, columns * cells[detail].width + frameSides);
}

/** How large the whole can be shown. */
function zoomOf({ form, detail, frames, columns }: Arrangement, load: Load): number {
  const cell = cells[detail];
  const rows = Math.max(rowsMin[detail], Math.ceil(load.podsMax / columns));
  const frameHeight = rows * cell.height + frameHead + 16;
  const workersWidth = frames * (frameWidth(columns, detail) + 16);
  const workersHeight = Math.ceil(load.workers / frames) * frameHeight + 30;
  const several = load.controlPlanes > 1;
  const controlHeight = load.controlPlanes * (several ? oneOfSeveral.height : controlPlaneHeight) + 110;
  const wider = several ? oneOfSeveral.widerBy : 0;
  const width = {
    wide: besides + wider + workersWidth,
    compact: compactBesides + wider + Math.max(workersWidth, compactTop),
    stacked: Math.max(workersWidth, 340),
  }[form];
  const height = {
    wide: Math.max(workersHeight, controlHeight),
    compact: Math.max(workersHeight + 100, controlHeight),
    stacked: workersHeight + controlHeight + 260,
  }[form];
  return Math.min(1.15, load.width / (width + 32), load.height / (height + 32));
}
