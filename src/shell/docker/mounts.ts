// The two ways to say what a container sees of the machine: `-v SOURCE:TARGET:ro` and `--mount type=…,source=…`.
import type { DockerMount } from '../../api/docker.ts';
import { normalizePath } from '../../base/files.ts';

interface Reading {
  /** What relative paths begin from. */
  readonly cwd: string;
  fail(message: string): never;
}

/** A path is bound, a name is a volume's; a target alone gets a volume without a name. */
export function readVolume(text: string, { cwd, fail }: Reading): DockerMount {
  const parts = text.split(':');
  const [first = '', second, modes = ''] = parts;
  if (parts.length > 3) return fail(`invalid volume specification: '${text}'`);
  const [source, target] = second === undefined ? [undefined, first] : [first, second];
  if (!target.startsWith('/'))
    return fail(
      `Error response from daemon: invalid volume specification: '${text}': invalid mount config for type "volume": invalid mount path: '${target}' mount path must be absolute`,
    );
  if (source === '') return fail(`invalid spec: ${text}: empty section between colons`);
  const readOnly = modes.split(',').includes('ro');
  const isPath = source !== undefined && /^[./~]/.test(source);
  if (isPath) return { kind: 'bind', source: normalizePath(source, cwd), target, readOnly };
  return { kind: 'volume', source, target, readOnly };
}

export function readMount(text: string, { cwd, fail }: Reading): DockerMount {
  const fields = new Map(
    text.split(',').map((pair) => {
      const at = pair.indexOf('=');
      return at < 0 ? [pair, 'true'] : [pair.slice(0, at), pair.slice(at + 1)];
    }),
  );
  const kind = fields.get('type') ?? 'volume';
  const source = fields.get('source') ?? fields.get('src');
  const target = fields.get('target') ?? fields.get('dst') ?? fields.get('destination');
  const readOnly = (fields.get('readonly') ?? fields.get('ro') ?? 'false') !== 'false';
  if (kind !== 'bind' && kind !== 'volume' && kind !== 'tmpfs')
    return fail(`Error response from daemon: invalid mount config for type "${kind}": mount type unknown`);
  if (target === undefined) return fail(`invalid argument "${text}" for "--mount" flag: target is required`);
  if (kind !== 'bind') return { kind, source: kind === 'tmpfs' ? undefined : source, target, readOnly };
  if (source === undefined)
    return fail('Error response from daemon: invalid mount config for type "bind": field Source must not be empty');
  return { kind, source: normalizePath(source, cwd), target, readOnly, mustExist: true };
}
