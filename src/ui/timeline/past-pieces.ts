// What has been recorded, in pieces that can be kept: a full piece stays as it is, the open one is written again.
//
//   1 base, versions …   2 versions …   3 versions … (open)        too many ─▶   2 base, versions …   3 versions …
import type { Version } from './history.ts';
import type { Tick } from './ticks.ts';

export interface PastPiece {
  readonly number: number;
  readonly versions: readonly Version[];
  readonly ticks: readonly Tick[];
}

/** What is to be written: pieces that are new or have changed, and the first of those that stay. */
export interface PastChanges {
  readonly pieces: readonly PastPiece[];
  readonly first: number;
}

interface Open extends PastPiece {
  readonly versions: Version[];
  readonly ticks: Tick[];
}

/** Nothing stays. */
export const nothing: PastChanges = { pieces: [], first: Number.MAX_SAFE_INTEGER };

const perPiece = 200;
const piecesMax = 20;
/** A cluster that tells of more than that at once is too large for its past to be kept. */
const piecesAtOnceMax = 40;

export class PastPieces {
  private pieces: Open[];
  private readonly changed = new Set<Open>();
  private givenUp = false;

  /** `before`: what an earlier visit kept. */
  constructor(before: readonly PastPiece[] = []) {
    this.pieces = before.map(({ number, versions, ticks }) => ({ number, versions: [...versions], ticks: [...ticks] }));
  }

  note(version: Version): void {
    if (!this.givenUp) this.open().versions.push(version);
  }

  tick(tick: Tick): void {
    if (!this.givenUp) this.open().ticks.push(tick);
  }

  /** Undefined: nothing has changed since it was asked last. */
  take(): PastChanges | undefined {
    if (this.changed.size === 0) return undefined;
    if (this.changed.size > piecesAtOnceMax) {
      this.givenUp = true;
      this.pieces = [];
      this.changed.clear();
      return nothing;
    }
    if (this.pieces.length > piecesMax) this.forget();
    const pieces = this.pieces.filter((piece) => this.changed.has(piece));
    this.changed.clear();
    return { pieces, first: this.pieces[0]?.number ?? 0 };
  }

  private open(): Open {
    let last = this.pieces.at(-1);
    if (!last || last.versions.length + last.ticks.length >= perPiece) {
      last = { number: (last?.number ?? 0) + 1, versions: [], ticks: [] };
      this.pieces.push(last);
    }
    this.changed.add(last);
    return last;
  }

  /** The older half falls away; what stood then is the base of the rest. */
  private forget(): void {
    const half = Math.floor(piecesMax / 2);
    const base = new Map<string, Version>();
    for (const { versions } of this.pieces.slice(0, half)) for (const version of versions) put(base, version);
    const [first, ...rest] = this.pieces.slice(half);
    if (!first) return;
    const merged = { ...first, versions: [...base.values(), ...first.versions] };
    this.changed.delete(first);
    this.changed.add(merged);
    this.pieces = [merged, ...rest];
  }
}

/** The last version of each object that is there. */
function put(state: Map<string, Version>, version: Version): void {
  const key = `${version.kind}/${version.uid}`;
  state.delete(key);
  if (version.object) state.set(key, version);
}
