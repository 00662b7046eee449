// `kubectl api-versions`: every group version that the server serves.

import { byBytes } from '../../base/text-order.ts';
import type { Command } from '../command.ts';
import { CommandError, UnreachableError } from '../errors.ts';

export const apiVersions: Command = {
  use: 'api-versions',
  example: '# Print the supported API versions\nkubectl api-versions',
  run: async (context) => {
    if (context.args.length > 0) throw context.usageError(`unexpected arguments: [${context.args.join(' ')}]`);
    const groups = await context
      .mapper()
      .groups()
      .catch((error: unknown) => {
        if (!(error instanceof UnreachableError)) throw error;
        throw new CommandError(`couldn't get available api versions from server: ${error.message}`);
      });
    const versions = groups.flatMap(({ name, versions }) =>
      versions.map(({ version }) => (name === '' ? version : `${name}/${version}`)),
    );
    context.out(
      [...versions]
        .sort(byBytes)
        .map((version) => `${version}\n`)
        .join(''),
    );
  },
};
