// docker inspect: containers and images as JSON; a part of what the real one shows.
import type { DockerContainer, DockerImage } from '../../api/docker.ts';
import { type DockerCommand, DockerCommandError, option } from './command.ts';

export const inspect: DockerCommand = {
  name: 'inspect',
  operands: 'NAME|ID [NAME|ID...]',
  about: 'Return low-level information on Docker objects',
  min: 1,
  options: [
    option.text('format', 'Format output using a Go template', 'f'),
    option.text('type', 'Only inspect objects of the given type'),
  ],
  async run({ docker, options, out, error }) {
    const found: object[] = [];
    let status = 0;
    for (const name of options.operands) {
      const container = options.text('type') === 'image' ? undefined : await docker.findContainer(name);
      const image = container ? undefined : await docker.findImage(name);
      if (container) found.push(ofContainer(container));
      else if (image) found.push(ofImage(image));
      else {
        await error(`error: no such object: ${name}\n`);
        status = 1;
      }
    }
    const template = options.text('format');
    if (template === undefined) await out(`${JSON.stringify(found, undefined, 4)}\n`);
    else for (const object of found) await out(`${fill(template, object)}\n`);
    return status;
  },
};

function ofContainer(container: DockerContainer) {
  const [path = '', ...args] = container.argv;
  const ports = Object.fromEntries(
    container.ports.map(({ containerPort, hostIp, hostPort }) => [
      `${containerPort}/tcp`,
      [{ HostIp: hostIp, HostPort: String(hostPort) }],
    ]),
  );
  return {
    Id: container.id,
    Created: time(container.createdAt),
    Path: path,
    Args: args,
    State: {
      Status: container.state,
      Running: container.state === 'running',
      ExitCode: container.exitCode,
      StartedAt: time(container.startedAt),
      FinishedAt: container.state === 'exited' ? time(container.finishedAt) : '0001-01-01T00:00:00Z',
    },
    Image: container.imageId,
    Name: `/${container.name}`,
    Config: { Hostname: container.id.slice(0, 12), Env: container.env, Cmd: args, Image: container.image },
    NetworkSettings: { IPAddress: container.ip, Ports: ports, Networks: { bridge: { IPAddress: container.ip } } },
  };
}

function ofImage(image: DockerImage) {
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

/** `{{.State.Status}}`, `{{json .Config}}`, `{{.NetworkSettings.IPAddress}}`. */
function fill(template: string, object: object): string {
  return template.replace(/\{\{\s*(json\s+)?(\.[\w.]*)\s*\}\}|\{\{([^}]*)\}\}/g, (_, json, path, other) => {
    if (other !== undefined) throw new DockerCommandError(`the simulator's docker does not know {{${other}}} here`, 64);
    let value: unknown = object;
    for (const name of String(path).split('.').filter(Boolean)) {
      if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name))
        throw new DockerCommandError(`template parsing error: template: :1: map has no entry for key "${name}"`, 64);
      value = Object.entries(value).find(([key]) => key === name)?.[1];
    }
    if (json) return JSON.stringify(value);
    return Array.isArray(value) ? `[${value.join(' ')}]` : String(value);
  });
}
