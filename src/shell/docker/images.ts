// docker images: the local images, newest first.
import { type DockerCommand, fillTemplate, humanAge, humanSize, namesOf, option, shortId, table } from './command.ts';

export const images: DockerCommand = {
  name: 'images',
  operands: '[REPOSITORY[:TAG]]',
  about: 'List images',
  min: 0,
  max: 1,
  options: [
    option.flag('all', 'Show all images', 'a'),
    option.flag('quiet', 'Only show image IDs', 'q'),
    option.flag('no-trunc', "Don't truncate output"),
    option.text('format', 'Format output using a Go template'),
  ],
  async run({ docker, options, process, out }) {
    const [wanted] = options.operands;
    const now = process.clock.now();
    const rows = (await docker.images()).flatMap((image) =>
      namesOf(image)
        .filter(
          ({ repository, tag }) => wanted === undefined || wanted === repository || wanted === `${repository}:${tag}`,
        )
        .map(({ repository, tag }) => ({
          Repository: repository,
          Tag: tag,
          ID: options.has('no-trunc') ? image.id : shortId(image.id),
          CreatedSince: `${humanAge(now - image.createdAt)} ago`,
          Size: humanSize(image.sizeBytes),
        })),
    );
    const template = options.text('format');
    if (options.has('quiet')) await out(rows.map(({ ID }) => `${ID}\n`).join(''));
    else if (template !== undefined && template !== 'table')
      await out(rows.map((row) => `${fillTemplate(template, row)}\n`).join(''));
    else
      await out(
        table([['REPOSITORY', 'TAG', 'IMAGE ID', 'CREATED', 'SIZE'], ...rows.map((row) => Object.values(row))]),
      );
    return 0;
  },
};
