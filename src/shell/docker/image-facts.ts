// docker history, search, commit, save and load: where images come from and where they go besides registries.

import { concatBytes } from '../../base/bytes.ts';
import { normalizePath } from '../../base/files.ts';
import { humanAge } from '../../base/human-age.ts';
import { humanSize } from '../../base/human-size.ts';
import { type DockerCall, type DockerCommand, DockerCommandError, option, shortId } from './command.ts';
import { readDockerfile } from './dockerfile.ts';
import { printList } from './list.ts';

const createdByMax = 45;

export const history: DockerCommand = {
  name: 'history',
  operands: 'IMAGE',
  about: 'Show the history of an image',
  min: 1,
  max: 1,
  options: [
    option.flag('quiet', 'Only show image IDs', 'q'),
    option.flag('no-trunc', "Don't truncate output"),
    option.text('format', 'Format output using a Go template'),
  ],
  async run(call) {
    const { docker, options, process } = call;
    const [name = ''] = options.operands;
    const layers = await docker.history(name);
    const image = await docker.findImage(name);
    const whole = options.has('no-trunc');
    const rows = layers.map(({ createdAt, createdBy, sizeBytes, comment }, at) => ({
      ID: at > 0 ? '<missing>' : whole ? (image?.id ?? '') : shortId(image?.id ?? ''),
      CreatedSince: `${humanAge(process.clock.now() - createdAt)} ago`,
      CreatedBy: whole || createdBy.length <= createdByMax ? createdBy : `${createdBy.slice(0, createdByMax - 1)}…`,
      Size: humanSize(sizeBytes),
      Comment: comment,
    }));
    const columns = {
      IMAGE: 'ID',
      CREATED: 'CreatedSince',
      'CREATED BY': 'CreatedBy',
      SIZE: 'Size',
      COMMENT: 'Comment',
    };
    return printList(call, rows, { columns, id: 'ID', type: '*image.historyContext' });
  },
};

export const search: DockerCommand = {
  name: 'search',
  operands: 'TERM',
  about: 'Search Docker Hub for images',
  min: 1,
  max: 1,
  options: [
    option.text('limit', 'Max number of search results'),
    option.flag('no-trunc', "Don't truncate output"),
    option.text('format', 'Pretty-print search using a Go template'),
  ],
  async run(call) {
    const [text = ''] = call.options.operands;
    const found = await call.docker.search(text);
    const rows = found.slice(0, Number(call.options.text('limit') ?? 25)).map(({ name, official }) => ({
      Name: name,
      Description: official ? 'Docker Official Image' : '',
      StarCount: '0',
      IsOfficial: official ? '[OK]' : '',
    }));
    const columns = { NAME: 'Name', DESCRIPTION: 'Description', STARS: 'StarCount', OFFICIAL: 'IsOfficial' };
    return printList(call, rows, { columns, id: 'Name', type: '*search.searchContext' });
  },
};

export const commit: DockerCommand = {
  name: 'commit',
  operands: 'CONTAINER [REPOSITORY[:TAG]]',
  about: "Create a new image from a container's changes",
  min: 1,
  max: 2,
  options: [
    option.text('message', 'Commit message', 'm'),
    option.list('change', 'Apply Dockerfile instruction to the created image', 'c'),
  ],
  notSimulated: ['author'],
  async run({ docker, options, out }) {
    const [name = '', tag] = options.operands;
    const changes = options.list('change').flatMap((line) => {
      const read = readDockerfile(`FROM scratch\n${line}`);
      if ('message' in read) throw new DockerCommandError(`Error response from daemon: ${read.message}`);
      return read.slice(1);
    });
    await out(`${await docker.commit(name, { tag, message: options.text('message') ?? '', changes })}\n`);
    return 0;
  },
};

export const save: DockerCommand = {
  name: 'save',
  operands: 'IMAGE [IMAGE...]',
  about: 'Save one or more images to a tar archive (streamed to STDOUT by default)',
  min: 1,
  options: [option.text('output', 'Write to a file, instead of STDOUT', 'o')],
  async run({ docker, options, process }) {
    const path = options.text('output');
    if (path === undefined && process.terminal)
      throw new DockerCommandError('cowardly refusing to save to a terminal. Use the -o flag or redirect');
    const archive = await docker.save(options.operands);
    if (path === undefined) await process.stdout.write(archive);
    else process.machine.files.writeFile(normalizePath(path, process.cwd), archive);
    return 0;
  },
};

export const load: DockerCommand = {
  name: 'load',
  operands: '',
  about: 'Load an image from a tar archive or STDIN',
  min: 0,
  max: 0,
  options: [
    option.text('input', 'Read from tar archive file, instead of STDIN', 'i'),
    option.flag('quiet', 'Suppress the load output', 'q'),
  ],
  async run(call) {
    const archive = await archiveOf(call);
    for (const line of await call.docker.load(archive)) await call.out(`${line}\n`);
    return 0;
  },
};

async function archiveOf({ options, process }: DockerCall): Promise<Uint8Array> {
  const path = options.text('input');
  if (path !== undefined) {
    const { files } = process.machine;
    const place = normalizePath(path, process.cwd);
    if (!files.exists(place)) throw new DockerCommandError(`open ${path}: no such file or directory`);
    return files.readFile(place);
  }
  if (process.terminal) throw new DockerCommandError('requested load from stdin, but stdin is empty');
  const pieces: Uint8Array[] = [];
  for (let bytes = await process.stdin.read(); bytes; bytes = await process.stdin.read()) pieces.push(bytes);
  return concatBytes(pieces);
}
