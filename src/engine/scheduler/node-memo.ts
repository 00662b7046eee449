// What was found out about nodes for one pod template, valid until the node changes: identical pods ask once.
import type { Rejection } from './rejection.ts';

/**
 * Parallel arrays indexed by a node's slot.
 *
 *   slot         0      1      2
 *   generation   17     4      9      equal to the node's: the rest holds
 *   verdict      ok     taint  ok
 *   score        173    –      181    weighted sum of the scores that need no normalizing
 *   raw[0]       0      –      1      scores that do, one array a plugin
 */
export class NodeMemo {
  private generations: Float64Array = new Float64Array(0);
  private scored: Float64Array = new Float64Array(0);
  readonly verdicts: (Rejection | undefined)[] = [];
  scores: Float64Array = new Float64Array(0);
  private readonly rows: Float64Array[] = [];
  private readonly varying = new Set<number>();
  private epoch = 0;

  /** Whether the verdict of this slot holds for that generation; if not, the caller now fills it in. */
  knowsVerdict(slot: number, generation: number): boolean {
    if (slot >= this.generations.length) this.grow(slot);
    if (this.generations[slot] === generation) return true;
    this.generations[slot] = generation;
    return false;
  }

  knowsScore(slot: number, generation: number): boolean {
    if (slot >= this.scored.length) this.grow(slot);
    if (this.scored[slot] === generation) return true;
    this.scored[slot] = generation;
    return false;
  }

  /** Forgets the scores when something outside of single nodes that they depend on has changed. */
  useEpoch(epoch: number): void {
    if (this.epoch === epoch) return;
    this.epoch = epoch;
    this.scored.fill(0);
  }

  /** The scores of one plugin, by slot; as long as `scores` is. */
  raw(plugin: number): Float64Array {
    const row = this.rows[plugin];
    if (row && row.length === this.scores.length) return row;
    const made = enlarged(row ?? new Float64Array(0), this.scores.length);
    this.rows[plugin] = made;
    return made;
  }

  /** Notes a plugin's score of one node. */
  setRaw(plugin: number, slot: number, score: number): void {
    this.raw(plugin)[slot] = score;
    if (score !== 0) this.varying.add(plugin);
  }

  /** Whether the plugin has given every node 0 so far. */
  isUniform(plugin: number): boolean {
    return !this.varying.has(plugin);
  }

  private grow(slot: number): void {
    const length = Math.max(64, slot + 1, this.generations.length * 2);
    this.generations = enlarged(this.generations, length);
    this.scored = enlarged(this.scored, length);
    this.scores = enlarged(this.scores, length);
  }
}

function enlarged(array: Float64Array, length: number): Float64Array {
  const larger = new Float64Array(length);
  larger.set(array);
  return larger;
}
