// From a regular expression to a program of a machine that is in many places at once.
//
//   a+b  ─▶  0: a   1: split 0 2   2: b   3: match
import { type Assertion, type CharacterSet, fail, type RegexpNode } from './regexp-syntax.ts';

/** `split`: goes on at both places, the first one first. */
export type Instruction =
  | { readonly kind: 'set'; readonly set: CharacterSet }
  | { readonly kind: 'assert'; readonly what: Assertion }
  | { readonly kind: 'split'; first: number; second: number }
  | { readonly kind: 'jump'; to: number }
  /** A group begins (slot 2n) or ends (2n + 1) here. */
  | { readonly kind: 'save'; readonly slot: number }
  | { readonly kind: 'match' };

const instructionsMax = 50_000;

/** Throws GoRegexpError where the program would be too long. */
export function compileRegexp(node: RegexpNode, pattern: string): readonly Instruction[] {
  const program: Instruction[] = [];
  emit(node);
  program.push({ kind: 'match' });
  return program;

  function push<T extends Instruction>(instruction: T): T {
    if (program.length >= instructionsMax) fail('expression too large', pattern);
    program.push(instruction);
    return instruction;
  }

  function emit(one: RegexpNode): void {
    switch (one.kind) {
      case 'empty':
        return;
      case 'set':
        push({ kind: 'set', set: one.set });
        return;
      case 'assert':
        push({ kind: 'assert', what: one.what });
        return;
      case 'sequence':
        for (const part of one.parts) emit(part);
        return;
      case 'choice':
        emitChoice(one.options);
        return;
      case 'capture':
        push({ kind: 'save', slot: 2 * one.group });
        emit(one.part);
        push({ kind: 'save', slot: 2 * one.group + 1 });
        return;
      case 'repeat':
        emitRepeat(one);
    }
  }

  function emitChoice(options: readonly RegexpNode[]): void {
    const ends: { to: number }[] = [];
    for (const [i, option] of options.entries()) {
      if (i === options.length - 1) {
        emit(option);
        break;
      }
      const split = push({ kind: 'split', first: program.length + 1, second: 0 });
      emit(option);
      ends.push(push({ kind: 'jump', to: 0 }));
      split.second = program.length;
    }
    for (const end of ends) end.to = program.length;
  }

  function emitRepeat({ part, min, max, greedy }: RegexpNode & { readonly kind: 'repeat' }): void {
    for (let i = 0; i < min; i++) emit(part);
    if (max === undefined) {
      const split = fork(greedy);
      emit(part);
      push({ kind: 'jump', to: split.at });
      split.leave(program.length);
      return;
    }
    const forks = [];
    for (let i = min; i < max; i++) {
      forks.push(fork(greedy));
      emit(part);
    }
    for (const { leave } of forks) leave(program.length);
  }

  /** Once more, or on: which comes first is a matter of greed. */
  function fork(greedy: boolean): { readonly at: number; leave(to: number): void } {
    const at = program.length;
    const split = push({ kind: 'split', first: at + 1, second: at + 1 });
    return {
      at,
      leave(to) {
        if (greedy) split.second = to;
        else split.first = to;
      },
    };
  }
}
