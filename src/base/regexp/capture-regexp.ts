// What the groups of a regular expression matched. As in run-regexp, every place goes on at once; each also knows where
// the groups that it came through began and ended.
import type { Instruction } from './compile-regexp.ts';
import { holds, inSet } from './run-regexp.ts';

/** By slot: 0 and 1 are the whole match, 2n and 2n + 1 a group's beginning and end. */
type Slots = readonly (number | undefined)[];

interface Place {
  readonly at: number;
  readonly slots: Slots;
}

/** In the order of preference. */
interface Places {
  readonly places: Place[];
  readonly seen: Set<number>;
}

/** The leftmost match's text, then that of each group; '' for one that took no part. */
export function captureRegexp(program: readonly Instruction[], text: string): readonly string[] | undefined {
  let current: Place[] = [];
  let found: Slots | undefined;
  for (let at = 0; ; ) {
    const seen = new Set(current.map((place) => place.at));
    if (!found) follow(program, { places: current, seen }, { at: 0, slots: [at] }, { text, at });
    if (current.length === 0 && found) break;
    const code = text.codePointAt(at);
    const after = at + (code !== undefined && code > 0xffff ? 2 : 1);
    const next: Places = { places: [], seen: new Set() };
    for (const place of current) {
      const instruction = program[place.at];
      if (instruction?.kind === 'match') {
        found = withSlot(place.slots, 1, at);
        break; // what the expression prefers less does not count any more
      }
      if (instruction?.kind === 'set' && code !== undefined && inSet(instruction.set, code))
        follow(program, next, { at: place.at + 1, slots: place.slots }, { text, at: after });
    }
    if (code === undefined) break;
    current = next.places;
    at = after;
  }
  return found && textsOf(found, groupsOf(program), text);
}

/** Adds a place and all that it leads to without a character, each once, in the order of preference. */
function follow(
  program: readonly Instruction[],
  known: Places,
  from: Place,
  { text, at }: { readonly text: string; readonly at: number },
): void {
  const waiting = [from];
  for (let place = waiting.pop(); place; place = waiting.pop()) {
    const instruction = program[place.at];
    if (!instruction || known.seen.has(place.at)) continue;
    known.seen.add(place.at);
    const { slots } = place;
    const next = place.at + 1;
    if (instruction.kind === 'jump') waiting.push({ at: instruction.to, slots });
    else if (instruction.kind === 'split')
      waiting.push({ at: instruction.second, slots }, { at: instruction.first, slots });
    else if (instruction.kind === 'save') waiting.push({ at: next, slots: withSlot(slots, instruction.slot, at) });
    else if (instruction.kind !== 'assert') known.places.push(place);
    else if (holds(instruction.what, text, at)) waiting.push({ at: next, slots });
  }
}

function withSlot(slots: Slots, slot: number, at: number): Slots {
  const made = [...slots];
  made[slot] = at;
  return made;
}

function groupsOf(program: readonly Instruction[]): number {
  return Math.max(0, ...program.map((instruction) => (instruction.kind === 'save' ? instruction.slot >> 1 : 0)));
}

function textsOf(slots: Slots, groups: number, text: string): readonly string[] {
  return Array.from({ length: groups + 1 }, (_, group) => text.slice(slots[2 * group] ?? 0, slots[2 * group + 1] ?? 0));
}
