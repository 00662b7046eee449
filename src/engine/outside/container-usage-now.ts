// What a container uses at this moment, and what runs in it.
import { type ContainerProcess, type ContainerStats, DockerError } from '../../api/docker.ts';
import type { HostedContainer } from './docker-container.ts';

const machineMemoryBytes = 16 * 1024 ** 3;

export function statsOf({ id, name, container, running, request }: HostedContainer): ContainerStats {
  const { usage } = container;
  return {
    id,
    name,
    cpuShare: running ? (usage?.coresNow ?? 0) : 0,
    memoryBytes: running ? (usage?.memoryBytes ?? 0) : 0,
    memoryLimitBytes: running ? (request.memoryBytes ?? machineMemoryBytes) : 0,
    processes: running ? 1 : 0,
  };
}

/** The first process; what it has started is not known. */
export function processesOf({ id, container, running, createdAt }: HostedContainer): readonly ContainerProcess[] {
  if (!running) throw new DockerError(`container ${id} is not running`);
  const pid = 2000 + (Math.floor(createdAt / 1000) % 30_000);
  const { userName, startedAt, argv } = container;
  return [{ user: userName || String(container.config.user.uid), pid, startedAt, command: argv.join(' ') }];
}
