// How far a learner has come in a lesson: one step is played at a time, and what was done stays done.
import { beginStep, type CheckPorts, lookAt, type StepMemory } from './checks.ts';
import type { Lesson } from './lesson.ts';

/** Plain data, for storage. `step` is the number of steps that are done. */
export interface SavedProgress {
  readonly step: number;
}

export interface Progress {
  /** The step that is played; the number of steps when all are done. */
  readonly step: number;
  /** Checks of that step that have held. */
  readonly passed: ReadonlySet<number>;
  readonly done: boolean;
}

export class LessonPlay {
  private step: number;
  private memory: StepMemory | undefined;

  constructor(
    private readonly lesson: Lesson,
    saved: SavedProgress = { step: 0 },
  ) {
    this.step = Math.min(Math.max(0, Math.trunc(saved.step)), lesson.steps.length);
  }

  get progress(): Progress {
    const done = this.step >= this.lesson.steps.length;
    return { step: this.step, passed: this.memory?.passed ?? new Set(), done };
  }

  /** Goes back (or on) to a step, which begins anew. */
  goTo(step: number): void {
    this.step = Math.min(Math.max(0, step), this.lesson.steps.length);
    this.memory = undefined;
  }

  /** Looks at the checks of the step that is played. True: it is done, and the next one begins. */
  async look(ports: CheckPorts): Promise<boolean> {
    const { step } = this;
    const current = this.lesson.steps[step];
    if (!current) return false;
    const before = this.memory ?? (await beginStep(current, ports));
    const memory = await lookAt(current, before, ports);
    if (this.step !== step) return false; // the learner has gone elsewhere meanwhile
    this.memory = memory;
    if (memory.passed.size < current.checks.length) return false;
    this.goTo(step + 1);
    return true;
  }
}
