// A cluster without a page: for scripts, tests and tools of others, in Node and in browsers.
import type { KubePort } from '../api/ports.ts';
import { type Session, startSession } from '../driver/session.ts';
import { isProfile, profileNames } from '../engine/profiles.ts';
import * as host from '../host.ts';

/** What a cluster is started with; all of it is optional. */
export interface ClusterOptions {
  /** `3-node` (the default), `minikube`, `ha`, `cloud` or `bare`. */
  readonly profile?: string | undefined;
  /** The same seed and the same commands: the same bytes. Default 1. */
  readonly seed?: number | undefined;
  /** Virtual milliseconds since the Unix epoch. Default: 2026-01-01T09:00:00Z. */
  readonly startsAt?: number | undefined;
}

/** How a command ended, and what it printed. */
export interface RanCommand {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

const startsAt = Date.UTC(2026, 0, 1, 9, 0, 0);

/**
 * A running cluster, and a machine with kubectl in front of it. Time is virtual: it passes at full speed while a
 * command runs, and stands still between them. One thing at a time: wait for a call before the next.
 *
 *     const cluster = await startCluster({ seed: 7 })
 *     await cluster.run('kubectl create deployment web --image=nginx:1.27')
 *     const { stdout } = await cluster.run('kubectl rollout status deployment/web')
 */
export class Cluster {
  constructor(private readonly session: Session) {}

  /** Virtual milliseconds since the Unix epoch. */
  get now(): number {
    return this.session.driver.simulation.now;
  }

  /** Runs a line of shell, all with one shell. */
  async run(line: string): Promise<RanCommand> {
    const { driver } = this.session;
    const shell = await driver.runUntil(this.session.shell());
    return driver.runUntil(shell.capture(() => this.session.input({ kind: 'line', text: line })));
  }

  /** Lets cluster time pass. */
  async sleep(ms: number): Promise<void> {
    await this.session.driver.runFor(ms);
  }

  /** Writes a file of the learner's machine, e.g. `/home/learner/web.yaml`. */
  async writeFile(path: string, text: string): Promise<void> {
    await this.session.driver.runUntil(this.session.input({ kind: 'save', path, text }));
  }

  /** One call of the Kubernetes API, e.g. `{ method: 'GET', path: '/api/v1/pods' }`. */
  readonly request: KubePort['request'] = (request, cancel) =>
    this.session.driver.runUntil(this.session.kubePort.request(request, cancel));
}

/** Starts a cluster and brings it to Ready. Rejects when there is no such profile. */
export async function startCluster(options: ClusterOptions = {}): Promise<Cluster> {
  const { profile = '3-node', seed = 1 } = options;
  if (!isProfile(profile)) throw new Error(`there is no profile "${profile}": use one of ${profileNames.join(', ')}`);
  return new Cluster(await startSession({ profile, seed, startsAt: options.startsAt ?? startsAt, host }));
}
