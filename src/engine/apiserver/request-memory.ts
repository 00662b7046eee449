// What one request has found out, kept while it waits for an answer from outside: a webhook's.
//
//   carry out ─▶ an answer is missing ─▶ AnswersNeeded ─▶ ask, wait ─▶ carry out again, from the start, with the answer
//
// So everything between a request and its writes stays plain calls, and what was decided before the wait is looked at
// again afterwards, as upstream does when an object has changed meanwhile.
import type { Stop } from '../sim/scope.ts';
import { perform, type Work } from '../sim/work.ts';
import type { AuditRecord } from './audit/audit-record.ts';

/** A question to somebody outside. */
export interface Question {
  /** The same question has the same key. */
  readonly key: string;
  ask(answered: (answer: unknown) => void): Stop;
}

/** A request that always finds its objects changed is given up. */
const attemptsMax = 20;

export class RequestMemory {
  /** Counts how often the request has been begun. */
  attempt = 0;
  /** Where it is noted; undefined: nobody audits it. */
  audit: AuditRecord | undefined;
  /** Few: most requests keep one or two, and are over at once. */
  private readonly kept: { readonly key: string; readonly value: unknown }[] = [];

  /** The same value in every attempt, e.g. a new object's uid. */
  keep<T>(key: string, make: () => T): T {
    const known = this.find(key);
    if (known) return known.value as T; // edge: what was kept under a key is what its maker made
    const value = make();
    this.learn(key, value);
    return value;
  }

  /** The answer to a question, once there is one. */
  answer(key: string): unknown {
    return this.find(key)?.value;
  }

  learn(key: string, value: unknown): void {
    this.kept.push({ key, value });
  }

  private find(key: string): { readonly value: unknown } | undefined {
    for (const one of this.kept) if (one.key === key) return one;
    return undefined;
  }
}

/** The request cannot go on without these answers. */
export class AnswersNeeded extends Error {
  override name = 'AnswersNeeded';

  constructor(private readonly questions: readonly Question[]) {
    super('answers from outside are needed');
  }

  /** Waits for the answers. */
  answers(memory: RequestMemory): Work<void> {
    return perform<void>((settle) => this.ask(memory, () => settle.value(undefined)));
  }

  /** Asks everybody at once; `done` when all have answered. Returns how to give up. */
  ask(memory: RequestMemory, done: () => void): Stop {
    if (++memory.attempt > attemptsMax) throw new Error('a request waits for answers from outside again and again');
    let missing = this.questions.length;
    const stops = this.questions.map(({ key, ask }) =>
      ask((answer) => {
        memory.learn(key, answer);
        if (--missing === 0) done();
      }),
    );
    return () => {
      for (const stop of stops) stop();
    };
  }
}
