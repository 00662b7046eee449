// What checking a value against a schema has found.
import type { SchemaProblem } from './schema-problems.ts';

/** Problems, each sentence once, and how many checks went well: it decides which alternative is told of. */
export class Findings {
  readonly problems: SchemaProblem[] = [];
  matches = 0;

  add(...problems: readonly SchemaProblem[]): void {
    for (const problem of problems)
      if (!this.problems.some(({ sentence }) => sentence === problem.sentence)) this.problems.push(problem);
  }

  merge(other: Findings): void {
    this.add(...other.problems);
    this.matches += other.matches;
  }
}
