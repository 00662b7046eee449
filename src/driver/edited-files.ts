// The files of the learner that are open in the editor, and the programs that wait until they are closed there.
import type { Cancellation } from '../api/ports.ts';
import type { Answer, Driver } from './driver.ts';

export class EditedFiles {
  private readonly waiting = new Map<string, Set<Answer<void>>>();
  /** Hears of a file that should open in the editor. */
  onEdit: (path: string) => void = () => {};

  constructor(private readonly driver: Driver) {}

  /** Resolves once the file has been closed; rejects when the wait is cancelled. */
  edit(path: string, cancel: Cancellation): Promise<void> {
    const closed = this.driver.wait<void>((answer) => {
      const all = this.waiting.get(path) ?? new Set();
      this.waiting.set(path, all.add(answer));
      return () => all.delete(answer);
    }, cancel);
    this.onEdit(path);
    return closed;
  }

  close(path: string): void {
    const all = this.waiting.get(path);
    this.waiting.delete(path);
    for (const answer of all ?? []) answer.resolve();
  }
}
