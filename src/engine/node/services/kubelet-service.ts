// The kubelet as systemd runs it: started, stopped, and started again ten seconds after it has failed.
import type { UnitState } from '../../../api/machines.ts';
import type { FileTree } from '../../../base/files.ts';
import type { Scope, Stop } from '../../sim/scope.ts';
import { kubeletVersion } from '../kubelet/node-object.ts';
import type { Journal } from './journal.ts';
import {
  defaultSettings,
  dropInPath,
  type KubeletProblem,
  type KubeletSettings,
  kubeletSettings,
} from './kubelet-unit.ts';

export interface KubeletServiceOptions {
  readonly scope: Scope;
  readonly files: FileTree;
  readonly journal: Journal;
  /** Starts the process itself, and ends it. */
  run(settings: KubeletSettings, pid: number): void;
  end(): void;
}

const restartMs = 10_000;
const firstPid = 812;
/** Process numbers from one start to the next. */
const pidStep = 1371;
const title = 'kubelet: The Kubernetes Node Agent';

export class KubeletService {
  private state: UnitState['state'] = 'inactive';
  private since: number;
  private pid = firstPid;
  private status = 0;
  private restarts = 0;
  private stopTimer: Stop | undefined;
  enabled = true;
  /** The unit's file as systemd has read it; undefined: nobody has looked at the disk yet. */
  private unit: string | undefined;

  constructor(private readonly options: KubeletServiceOptions) {
    this.since = options.scope.now;
  }

  get runs(): boolean {
    return this.state === 'active';
  }

  get shown(): UnitState {
    const { state, enabled, since, pid, status } = this;
    return { name: 'kubelet', state, enabled, since, pid, status, stale: this.fileNow() !== this.unit };
  }

  /** Somebody uses the disk from now on: what lies there counts, once it is read. */
  diskIsUsed(): void {
    if (this.unit === undefined) this.reload();
  }

  /** Reads the unit's file again. */
  reload(): void {
    this.unit = this.fileNow();
  }

  start(): void {
    if (this.state === 'active') return;
    this.stopTimer?.();
    this.restarts = 0;
    this.attempt();
  }

  stop(): void {
    this.stopTimer?.();
    if (this.state === 'inactive') return;
    const { journal } = this.options;
    journal.systemd('kubelet', `Stopping kubelet.service - ${title}...`);
    if (this.state === 'active') this.options.end();
    journal.systemd('kubelet', 'kubelet.service: Deactivated successfully.');
    journal.systemd('kubelet', `Stopped kubelet.service - ${title}.`);
    this.become('inactive');
  }

  /** The machine loses power. */
  lose(): void {
    this.stopTimer?.();
    if (this.state === 'active') this.options.end();
    this.become('inactive');
  }

  private attempt(): void {
    const { files, journal } = this.options;
    this.pid += pidStep;
    const settings = this.unit === undefined ? defaultSettings : kubeletSettings(files, this.unit);
    journal.systemd('kubelet', `Started kubelet.service - ${title}.`);
    if ('status' in settings) {
      this.fail(settings);
      return;
    }
    this.become('active');
    this.status = 0;
    this.log('I', 'server.go:529', 'Kubelet version', { kubeletVersion });
    this.log('I', 'server.go:531', 'Golang settings', { GOGC: '', GOMAXPROCS: '', GOTRACEBACK: '' });
    for (const field of settings.ignored)
      this.log('W', 'configfiles.go:90', 'Field of the configuration is not simulated', { field });
    this.options.run(settings, this.pid);
    this.log('I', 'server.go:1261', 'Started kubelet', {});
  }

  private fail({ status, text }: KubeletProblem): void {
    const { journal, scope } = this.options;
    if (status === 203) {
      journal.systemd('kubelet', `kubelet.service: Unable to locate executable '${text}': No such file or directory`);
      journal.systemd('kubelet', `kubelet.service: Failed at step EXEC spawning ${text}: No such file or directory`);
    } else this.log('E', 'run.go:72', 'command failed', { err: text });
    const code = status === 203 ? '203/EXEC' : '1/FAILURE';
    journal.systemd('kubelet', `kubelet.service: Main process exited, code=exited, status=${code}`);
    journal.systemd('kubelet', "kubelet.service: Failed with result 'exit-code'.");
    this.status = status;
    this.become('activating');
    this.stopTimer = scope.schedule(restartMs, () => {
      journal.systemd('kubelet', `kubelet.service: Scheduled restart job, restart counter is at ${++this.restarts}.`);
      this.attempt();
    });
  }

  private become(state: UnitState['state']): void {
    this.state = state;
    this.since = this.options.scope.now;
  }

  private fileNow(): string | undefined {
    const { files } = this.options;
    return files.exists(dropInPath) ? files.readText(dropInPath) : this.unit;
  }

  private log(severity: 'I' | 'W' | 'E', source: string, message: string, fields: Record<string, string>): void {
    this.options.journal.klog({ unit: 'kubelet', pid: this.pid, severity, source, message, fields });
  }
}
