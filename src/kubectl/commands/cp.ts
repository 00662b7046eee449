// `kubectl cp`: copies files to and from a container with the container's own tar.
import { encodeUtf8 } from '../../base/bytes.ts';
import type { JsonObject } from '../../base/json.ts';
import { packTar } from '../../base/tar.ts';
import type { Command } from '../command.ts';
import type { Context } from '../context.ts';
import { CommandError, ExitError } from '../errors.ts';
import { flag } from '../flags.ts';
import { chooseExecContainer, podToExec } from '../pod-target.ts';
import { type LocalStreams, runJoined } from '../remote-streams.ts';
import { localEntries, localKind } from './cp/local.ts';
import { joinPaths, type Place, parentOf, parseSpec, remotePrefix, withoutEndSlash } from './cp/places.ts';
import { TarReceiver, unpackTo } from './cp/receive.ts';

export const cp: Command = {
  use: 'cp <file-spec-src> <file-spec-dest>',
  completes: { kind: 'copies' },
  long: 'Copy files and directories to and from containers. The container needs a tar program.',
  example: `# A local directory to a pod
kubectl cp /tmp/foo_dir some-pod:/tmp/bar_dir

# A local file to a certain container
kubectl cp /tmp/foo some-pod:/tmp/bar -c some-container

# A file of a pod in another namespace to here
kubectl cp some-namespace/some-pod:/tmp/foo /tmp/bar`,
  flags: [
    flag.string('container', 'Container name. Default: the annotated one, or the first.', { shorthand: 'c' }),
    flag.bool('no-preserve', 'Ownership and permissions are not kept in the container.'),
    flag.int('retries', 'How often to try again when copying from a container breaks off; negative: without end.'),
  ],
  run: runCp,
};

async function runCp(context: Context): Promise<void> {
  const [first, second, ...more] = context.args;
  if (first === undefined || second === undefined || more.length > 0) {
    throw new CommandError('source and destination are required');
  }
  const [from, to] = [parseSpec(first), parseSpec(second)];
  if (from.pod !== '' && to.pod !== '') throw new CommandError('one of src or dest must be a local file specification');
  if (from.path === '' || to.path === '') throw new CommandError('filepath can not be empty');
  if (from.pod !== '') return download(context, from, to.path);
  if (to.pod !== '') return upload(context, from.path, to);
  throw new CommandError('one of src or dest must be a remote file specification');
}

async function upload(context: Context, source: string, to: Place): Promise<void> {
  if (!localKind(context.process, source)) throw new CommandError(`${source} doesn't exist in local filesystem`);
  const intoFolder = await isRemoteFolder(context, to);
  const base = withoutEndSlash(source).split('/').at(-1) ?? '';
  const target = intoFolder ? joinPaths(to.path, base) : to.path;
  const archive = packTar(localEntries(context.process, source, target.split('/').at(-1) ?? ''));
  const keep = context.flags.bool('no-preserve') ? ['--no-same-permissions', '--no-same-owner'] : [];
  const folder = parentOf(target);
  const command = ['tar', ...keep, '-xmf', '-', ...(folder === '' ? [] : ['-C', folder])];
  let sent = false;
  const code = await execute(context, to, {
    command,
    streams: {
      read: async () => {
        if (sent) return undefined;
        sent = true;
        return archive;
      },
      out: (bytes) => context.out(bytes),
      err: (bytes) => context.err(bytes),
    },
  });
  if (code !== 0) await failed(context, code);
}

async function isRemoteFolder(context: Context, to: Place): Promise<boolean> {
  const streams = { read: async () => undefined, out: () => {}, err: () => {} };
  try {
    return (await execute(context, to, { command: ['test', '-d', to.path], streams, quiet: true })) === 0;
  } catch {
    return false; // whatever it was, copying itself will meet it again and say it
  }
}

async function download(context: Context, from: Place, target: string): Promise<void> {
  const receiver = new TarReceiver();
  const retries = context.flags.number('retries');
  for (let retry = 0; !receiver.isWhole; retry++) {
    if (retry > 0 && retries >= 0 && retry > retries) {
      context.out(`Dropping out copy after ${retries} retries\n`);
      break;
    }
    const received = receiver.bytes.length;
    if (retry > 0) context.out(`Resuming copy at ${received} bytes, retry ${retry}/${retries}\n`);
    const code = await execute(context, from, {
      command: packCommand(from.path, { retries, from: retry === 0 ? 0 : received + 1 }),
      streams: {
        read: async () => undefined,
        out: (bytes) => receiver.take(bytes),
        // Upstream shows what the remote tar complains about on standard output.
        err: (bytes) => context.out(bytes),
      },
    });
    // When the archive is whole, upstream has ended before it hears of tar's exit code.
    if (code !== 0 && !receiver.isWhole) await failed(context, code);
  }
  unpackTo(context, receiver.bytes, { from, prefix: remotePrefix(from.path), target });
}

/** With --retries a copy can go on in the middle: the container's shell leaves out what is here already. */
function packCommand(path: string, { retries, from }: { readonly retries: number; readonly from: number }) {
  if (retries === 0) return ['tar', 'cf', '-', path];
  return ['sh', '-c', `tar cf - '${path.replaceAll("'", "'\\''")}' | tail -c+${from}`];
}

async function failed(context: Context, code: number): Promise<never> {
  await context.output.flush();
  context.err(encodeUtf8(`command terminated with exit code ${code}\n`));
  throw new ExitError(code);
}

interface Remote {
  readonly command: readonly string[];
  readonly streams: LocalStreams;
  readonly quiet?: boolean;
}

async function execute(context: Context, place: Place, remote: Remote): Promise<number> {
  const ns = place.ns || context.namespace().ns;
  const pod: JsonObject = await podToExec(context, ns, place.pod);
  const container = chooseExecContainer(context, pod, {
    named: context.flags.string('container'),
    quiet: remote.quiet ?? false,
  });
  const { command, streams } = remote;
  const stdin = command.includes('-xmf');
  return runJoined(
    context,
    { subresource: 'exec', ns, pod: place.pod, container, command, stdin, tty: false },
    streams,
  );
}
