// Mutating admission may run twice: what a later plugin changed, an earlier one may want to see.
//
//   first round:  a (IfNeeded) ─▶ b changes the object ─▶ …      second round:  in-tree plugins ─▶ a again
import { equal } from '../../../base/json.ts';
import type { StoredObject } from '../../../kinds/kind.ts';

/** One request's two rounds. */
export class Reinvocation {
  /** Whether a second round is due. */
  needed = false;
  /** Whether this is it. */
  second = false;
  /** Made with the first: most requests meet no policy and no webhook. */
  private plugins: Map<string, PluginRounds> | undefined;

  /** What one plugin notes of its rounds. */
  of(plugin: string): PluginRounds {
    this.plugins ??= new Map();
    const known = this.plugins.get(plugin) ?? new PluginRounds(this);
    this.plugins.set(plugin, known);
    return known;
  }
}

/** The rounds of one plugin's policies or webhooks, by their keys. */
export class PluginRounds {
  private readonly invoked = new Set<string>();
  private readonly due = new Set<string>();
  private output: StoredObject | undefined;

  constructor(private readonly request: Reinvocation) {}

  begin(object: StoredObject): void {
    if (this.request.second && this.output !== undefined && !equal(this.output, object)) this.requireInvoked();
  }

  end(object: StoredObject): void {
    this.output = object;
  }

  /** In the second round only those come again that asked for it and for which something has changed. */
  skips(key: string): boolean {
    return this.request.second && !this.due.has(key);
  }

  /** The object has been changed: those that came before may come again. */
  changed(): void {
    this.requireInvoked();
    this.request.needed = true;
  }

  /** Notes one that would come again. */
  comesAgain(key: string): void {
    this.invoked.add(key);
  }

  private requireInvoked(): void {
    for (const key of this.invoked) this.due.add(key);
    this.invoked.clear();
  }
}
