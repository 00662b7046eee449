// docker build: sends the context's files and the Dockerfile's instructions, and shows how it goes on.

import { encodeUtf8 } from '../../base/bytes.ts';
import { type DirectorySnapshot, type FileSnapshot, snapshotDirectory } from '../../base/file-snapshot.ts';
import { FileError, normalizePath } from '../../base/files.ts';
import { BuildProgress } from './build-progress.ts';
import { type DockerCall, type DockerCommand, DockerCommandError, option } from './command.ts';
import { ignoredBy, readDockerfile } from './dockerfile.ts';
import { dockerfileWarnings } from './dockerfile-warnings.ts';

export const build: DockerCommand = {
  name: 'build',
  operands: 'PATH | URL | -',
  about: 'Start a build',
  min: 1,
  max: 1,
  options: [
    option.list('tag', 'Image identifier (format: "[registry/]repository[:tag]")', 't'),
    option.text('file', 'Name of the Dockerfile (default: "PATH/Dockerfile")', 'f'),
    option.list('build-arg', 'Set build-time variables'),
    option.text('target', 'Set the target build stage to build'),
    option.flag('no-cache', 'Do not use cache when building the image'),
    option.flag('quiet', 'Suppress the build output and print image ID on success', 'q'),
    option.text('progress', 'Set type of progress output ("auto", "plain", "tty")'),
    // The one builder here is the daemon itself, which keeps what it builds.
    { ...option.flag('load', 'Load the image into the local images (always done here)'), idle: true },
    option.flag('pull', 'Always attempt to pull all referenced images'),
  ],
  async run(call) {
    const { docker, options, process } = call;
    await docker.ping();
    const request = prepare(call);
    const mode = options.text('progress') ?? 'auto';
    const style = mode === 'tty' || (mode === 'auto' && process.terminal) ? 'tty' : 'plain';
    const progress = new BuildProgress({
      style: options.has('quiet') ? 'quiet' : style,
      write: (text) => process.stderr.write(text),
      now: () => process.clock.now(),
      source: request.source,
    });
    const running = await docker.build(request);
    process.cancel.onCancel(() => running.cancel());
    await progress.begin();
    for (let event = await running.next(); event; event = await running.next()) {
      await progress.show(event);
      if (event.kind === 'failed') return 1;
      if (event.kind === 'built' && options.has('quiet')) await call.out(`${event.image.id}\n`);
    }
    const warnings = options.has('quiet') ? [] : dockerfileWarnings(request.instructions);
    if (warnings.length > 0) {
      const found = `${warnings.length} warning${warnings.length === 1 ? '' : 's'} found (use docker --debug to expand)`;
      await call.error(`\n ${found}:\n${warnings.map((text) => ` - ${text}\n`).join('')}`);
    }
    return 0;
  },
};

function prepare({ options, process }: DockerCall) {
  const [path = '.'] = options.operands;
  if (path === '-' || /^(https?|git):/.test(path))
    throw new DockerCommandError(`ERROR: the simulator builds from directories, not from ${path}`);
  const { files } = process.machine;
  const root = normalizePath(path, process.cwd);
  if (!files.exists(root) || files.stat(root).kind !== 'directory')
    throw new DockerCommandError(`ERROR: unable to prepare context: path "${path}" not found`);
  const given = options.text('file');
  const place = given === undefined ? normalizePath('Dockerfile', root) : normalizePath(given, process.cwd);
  if (!files.exists(place))
    throw new DockerCommandError(
      'ERROR: failed to build: failed to solve: failed to read dockerfile: open Dockerfile: no such file or directory',
    );
  const source = files.readText(place);
  const instructions = readDockerfile(source);
  if ('message' in instructions)
    throw new DockerCommandError(`ERROR: failed to build: failed to solve: ${instructions.message}`);
  const args = Object.fromEntries(
    options.list('build-arg').map((pair) => {
      const at = pair.indexOf('=');
      return at < 0 ? [pair, process.env.get(pair) ?? ''] : [pair.slice(0, at), pair.slice(at + 1)];
    }),
  );
  return {
    instructions,
    source,
    dockerfileBytes: encodeUtf8(source).length,
    context: contextOf(process, root),
    args,
    tags: options.list('tag'),
    target: options.text('target'),
    noCache: options.has('no-cache'),
    pull: options.has('pull'),
  };
}

function contextOf(process: DockerCall['process'], root: string): DirectorySnapshot {
  const { files } = process.machine;
  const node = files.stat(root);
  if (node.kind !== 'directory') throw new FileError('ENOTDIR', root);
  const ignoreFile = normalizePath('.dockerignore', root);
  const patterns = files.exists(ignoreFile) ? files.readText(ignoreFile).split('\n') : [];
  return without(snapshotDirectory(node), '', ignoredBy(patterns));
}

function without(directory: DirectorySnapshot, path: string, ignored: (path: string) => boolean): DirectorySnapshot {
  const entries = directory.entries.flatMap(([name, node]): readonly (readonly [string, FileSnapshot])[] => {
    const at = path === '' ? name : `${path}/${name}`;
    if (node.kind === 'directory') {
      const kept = without(node, at, ignored);
      return ignored(at) && kept.entries.length === 0 ? [] : [[name, kept]];
    }
    return ignored(at) ? [] : [[name, node]];
  });
  return { ...directory, entries };
}
