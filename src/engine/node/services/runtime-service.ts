// The container runtime as systemd runs it: while it is stopped nothing starts or ends by it, but what runs runs on.
import type { UnitState } from '../../../api/machines.ts';
import type { Scope } from '../../sim/scope.ts';
import type { Runtime } from '../runtime/runtime.ts';
import type { Journal } from './journal.ts';

const title = 'containerd container runtime';
const pid = 301;

export class RuntimeService {
  private since: number;
  enabled = true;

  constructor(
    private readonly scope: Scope,
    private readonly runtime: Runtime,
    private readonly journal: Journal,
  ) {
    this.since = scope.now;
  }

  get runs(): boolean {
    return this.runtime.stoppedAt === undefined;
  }

  get shown(): UnitState {
    const { enabled, since } = this;
    return {
      name: 'containerd',
      state: this.runs ? 'active' : 'inactive',
      enabled,
      since,
      pid,
      status: 0,
      stale: false,
    };
  }

  start(): void {
    if (this.runs) return;
    this.runtime.stoppedAt = undefined;
    this.since = this.scope.now;
    this.journal.systemd('containerd', `Started containerd.service - ${title}.`);
  }

  stop(): void {
    if (!this.runs) return;
    this.runtime.stoppedAt = this.scope.now;
    this.since = this.scope.now;
    this.journal.systemd('containerd', `Stopping containerd.service - ${title}...`);
    this.journal.systemd('containerd', 'containerd.service: Deactivated successfully.');
    this.journal.systemd('containerd', `Stopped containerd.service - ${title}.`);
  }
}
