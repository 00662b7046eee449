// What is to happen and when: a binary heap of tasks ordered by (time, sequence).

/** One thing to do at one virtual instant. Runs to completion; a cancelled one is passed over. */
export interface Task {
  /** Milliseconds since the Unix epoch, virtual. */
  readonly at: number;
  /** Breaks ties: earlier scheduled, earlier run. */
  readonly sequence: number;
  /** The trace step that this task goes back to; see trace.ts. */
  readonly cause: number;
  /** Whose task it is: one that has stopped has nothing done any more. */
  readonly owner: { readonly live: boolean };
  /** Undefined once cancelled or run. */
  run: (() => void) | undefined;
}

function before(a: Task, b: Task): boolean {
  return a.at < b.at || (a.at === b.at && a.sequence < b.sequence);
}

export class TaskQueue {
  private heap: Task[] = [];
  private cancelled = 0;

  get size(): number {
    return this.heap.length - this.cancelled;
  }

  push(task: Task): void {
    const heap = this.heap;
    let at = heap.length;
    heap.push(task);
    while (at > 0) {
      const up = (at - 1) >> 1;
      const parent = heap[up];
      if (parent === undefined || before(parent, task)) break;
      heap[at] = parent;
      at = up;
    }
    heap[at] = task;
  }

  /** The next task that is not cancelled, left in place. */
  peek(): Task | undefined {
    for (;;) {
      const first = this.heap[0];
      if (first === undefined || (first.run !== undefined && first.owner.live)) return first;
      if (first.run === undefined) this.cancelled--;
      this.takeFirst();
    }
  }

  pop(): Task | undefined {
    const first = this.peek();
    if (first) this.takeFirst();
    return first;
  }

  /** Takes a task back. When most of the heap is cancelled tasks, sweeps them out. */
  cancel(task: Task): void {
    if (task.run === undefined) return;
    task.run = undefined;
    if (++this.cancelled < 1024 || this.cancelled * 2 < this.heap.length) return;
    const live = this.heap.filter((item) => item.run !== undefined && item.owner.live);
    this.heap = [];
    this.cancelled = 0;
    for (const item of live) this.push(item);
  }

  private takeFirst(): void {
    const heap = this.heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let at = 0;
    for (;;) {
      let down = 2 * at + 1;
      let child = heap[down];
      if (child === undefined) break;
      const right = heap[down + 1];
      if (right !== undefined && before(right, child)) {
        child = right;
        down++;
      }
      if (before(last, child)) break;
      heap[at] = child;
      at = down;
    }
    heap[at] = last;
  }
}
