// Asks a container again and again whether it is well, as its health check says.
import type { DockerHealth, HealthCheck } from '../../api/docker.ts';
import type { Container } from '../node/runtime/container.ts';
import { execToEnd } from '../node/runtime/exec.ts';
import type { Scope } from '../sim/scope.ts';
import type { Work } from '../sim/work.ts';

export const defaultHealth = { intervalMs: 30_000, timeoutMs: 30_000, startPeriodMs: 0, retries: 3 } as const;

/** `tell` hears what came of each check. Ends with the container. */
export function* watchHealth(
  scope: Scope,
  container: Container,
  check: HealthCheck,
  tell: (health: DockerHealth) => void,
): Work<void> {
  const [how, ...words] = check.test;
  const argv = how === 'CMD-SHELL' ? ['/bin/sh', '-c', words.join(' ')] : words;
  const began = scope.now;
  let failures = 0;
  let wasHealthy = false;
  tell({ status: 'starting', failures });
  for (;;) {
    yield* scope.sleep(check.intervalMs);
    if (container.state !== 'running') return;
    const outcome = yield* execToEnd(scope, container, argv, check.timeoutMs);
    if (container.state !== 'running') return;
    const isWell = outcome.kind === 'exited' && outcome.code === 0;
    const early = !wasHealthy && scope.now - began < check.startPeriodMs;
    failures = isWell ? 0 : early ? failures : failures + 1;
    wasHealthy ||= isWell;
    if (isWell) tell({ status: 'healthy', failures });
    else if (failures >= check.retries) tell({ status: 'unhealthy', failures });
    else tell({ status: wasHealthy ? 'healthy' : 'starting', failures });
  }
}
