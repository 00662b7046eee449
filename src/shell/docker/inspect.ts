// docker inspect: containers, images, volumes and networks as JSON; a part of what the real one shows.
import type { DockerContainer, DockerImage, DockerMount } from '../../api/docker.ts';
import { type DockerCall, type DockerCommand, option } from './command.ts';
import { fillInspectTemplate } from './template.ts';

export const formatOption = option.text('format', 'Format output using a Go template', 'f');

export const inspect: DockerCommand = {
  name: 'inspect',
  operands: 'NAME|ID [NAME|ID...]',
  about: 'Return low-level information on Docker objects',
  min: 1,
  options: [formatOption, option.text('type', 'Only inspect objects of the given type')],
  run: (call) =>
    inspectEach(call, async (name) => {
      const type = call.options.text('type');
      const container = type === 'image' ? undefined : await call.docker.findContainer(name);
      if (container) return ofContainer(container);
      const image = type === 'container' ? undefined : await call.docker.findImage(name);
      return image ? ofImage(image) : { missing: `error: no such object: ${name}` };
    }),
};

export const inspectContainer: DockerCommand = {
  ...inspect,
  name: 'container inspect',
  operands: 'CONTAINER [CONTAINER...]',
  about: 'Display detailed information on one or more containers',
  options: [formatOption],
  run: (call) =>
    inspectEach(call, async (name) => {
      const container = await call.docker.findContainer(name);
      return container ? ofContainer(container) : `No such container: ${name}`;
    }),
};

export const inspectImage: DockerCommand = {
  ...inspect,
  name: 'image inspect',
  operands: 'IMAGE [IMAGE...]',
  about: 'Display detailed information on one or more images',
  options: [formatOption],
  run: (call) =>
    inspectEach(call, async (name) => {
      const image = await call.docker.findImage(name);
      const full = /[:@]/.test(name.slice(name.lastIndexOf('/') + 1)) ? name : `${name}:latest`;
      return image ? ofImage(image) : `No such image: ${full}`;
    }),
};

/** Shows each that `find` has; a text is what the daemon says instead. */
export async function inspectEach(
  { options, out, error }: DockerCall,
  find: (name: string) => Promise<object | string>,
): Promise<number> {
  const found: object[] = [];
  const missing: string[] = [];
  for (const name of options.operands) {
    const object = await find(name);
    if (typeof object === 'string') missing.push(`Error response from daemon: ${object}\n`);
    else if ('missing' in object) missing.push(`${object.missing}\n`);
    else found.push(object);
  }
  const template = options.text('format');
  if (template === undefined) await out(`${JSON.stringify(found, undefined, 4)}\n`);
  else if (template === 'json') for (const object of found) await out(`${JSON.stringify(object)}\n`);
  else {
    for (const object of found) await out(`${fillInspectTemplate(template, object)}\n`);
    if (missing.length > 0 && found.length === 0) await out('\n');
  }
  for (const text of missing) await error(text);
  return missing.length > 0 ? 1 : 0;
}

function ofContainer(container: DockerContainer): object {
  const [path = '', ...args] = container.argv;
  const ports = Object.fromEntries(
    container.ports.map(({ containerPort, hostIp, hostPort }) => [
      `${containerPort}/tcp`,
      [{ HostIp: hostIp, HostPort: String(hostPort) }],
    ]),
  );
  const networks = Object.fromEntries(
    container.endpoints.map(({ network, ip, gateway, aliases }) => [
      network,
      {
        Aliases: aliases.length > 0 ? aliases : null,
        Gateway: gateway,
        IPAddress: ip,
        IPPrefixLen: ip === '' ? 0 : 16,
      },
    ]),
  );
  const { restart, health } = container;
  return {
    Id: container.id,
    Created: time(container.createdAt),
    Path: path,
    Args: args,
    State: {
      Status: container.state,
      Running: container.state === 'running' || container.state === 'paused',
      Paused: container.state === 'paused',
      Restarting: container.state === 'restarting',
      ExitCode: container.exitCode,
      StartedAt: time(container.startedAt),
      FinishedAt: container.state === 'exited' ? time(container.finishedAt) : time(0),
      ...(health ? { Health: { Status: health.status, FailingStreak: health.failures } } : {}),
    },
    Image: container.imageId,
    Name: `/${container.name}`,
    RestartCount: container.restartCount,
    HostConfig: {
      NetworkMode: container.endpoints[0]?.network ?? 'none',
      RestartPolicy: { Name: restart.name, MaximumRetryCount: restart.retriesMax },
      AutoRemove: container.removeOnExit,
    },
    Mounts: container.mounts.map(ofMount),
    Config: {
      Hostname: container.id.slice(0, 12),
      User: container.user,
      Env: container.env,
      Cmd: args,
      Image: container.image,
      WorkingDir: container.workingDir,
      Labels: container.labels,
    },
    NetworkSettings: { IPAddress: container.ip, Ports: ports, Networks: networks },
  };
}

function ofMount({ kind, source = '', target, readOnly }: DockerMount): object {
  return {
    Type: kind,
    ...(kind === 'volume' ? { Name: source, Source: `/var/lib/docker/volumes/${source}/_data` } : { Source: source }),
    Destination: target,
    ...(kind === 'volume' ? { Driver: 'local' } : {}),
    Mode: kind === 'volume' ? 'z' : '',
    RW: !readOnly,
    Propagation: kind === 'bind' ? 'rprivate' : '',
  };
}

function ofImage(image: DockerImage): object {
  const { config } = image;
  return {
    Id: image.id,
    RepoTags: image.tags,
    RepoDigests: image.digests,
    Created: time(image.createdAt),
    Config: {
      User: config.user,
      ExposedPorts: Object.fromEntries(config.ports.map((port) => [port, {}])),
      Env: config.env,
      Cmd: config.command ?? null,
      Volumes: config.volumes ? Object.fromEntries(config.volumes.map((path) => [path, {}])) : null,
      Entrypoint: config.entrypoint ?? null,
      WorkingDir: config.workingDir,
      Labels: config.labels,
    },
    Architecture: 'amd64',
    Os: 'linux',
    Size: image.sizeBytes,
  };
}

function time(at: number): string {
  return at === 0 ? '0001-01-01T00:00:00Z' : new Date(Math.floor(at)).toISOString();
}
