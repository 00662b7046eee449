// docker images: the local images, newest first.

import { humanAge } from '../../base/human-age.ts';
import { humanSize } from '../../base/human-size.ts';
import { type DockerCommand, namesOf, option, passesFilters, shortId } from './command.ts';
import { listOptions, printList } from './list.ts';

export const images: DockerCommand = {
  name: 'images',
  operands: '[REPOSITORY[:TAG]]',
  about: 'List images',
  min: 0,
  max: 1,
  options: [option.flag('all', 'Show all images', 'a'), ...listOptions],
  async run(call) {
    const { docker, options, process } = call;
    const [wanted] = options.operands;
    const now = process.clock.now();
    const dangling = (value: string, tags: number): boolean => (tags === 0) === (value === 'true' || value === '1');
    const rows = (await docker.images())
      .filter((image) =>
        passesFilters(options.list('filter'), {
          dangling: (value) => dangling(value, image.tags.length),
          reference: (value) =>
            namesOf(image).some(({ repository, tag }) => repository === value || `${repository}:${tag}` === value),
          label: (value) =>
            Object.entries(image.config.labels).some(([key, held]) => key === value || `${key}=${held}` === value),
        }),
      )
      .flatMap((image) =>
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
    return printList(call, rows, { columns, id: 'ID', type: '*formatter.imageContext' });
  },
};

const columns = { REPOSITORY: 'Repository', TAG: 'Tag', 'IMAGE ID': 'ID', CREATED: 'CreatedSince', SIZE: 'Size' };
