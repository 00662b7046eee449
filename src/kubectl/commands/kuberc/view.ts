// `kubectl kuberc view`: the kuberc file as an object; offers to make one when there is none.
import type { Command } from '../../command.ts';
import type { Context } from '../../context.ts';
import { CommandError } from '../../errors.ts';
import { kubercFile, readKuberc, saveKuberc } from '../../kuberc/file.ts';
import { parsePreference } from '../../kuberc/parse.ts';
import { type Preference, preferenceObject } from '../../kuberc/preference.ts';
import { objectFormats, objectPrinter, printFlags } from '../../print/printer.ts';
import { readLine } from '../../read-line.ts';

export const view: Command = {
  use: 'view',
  short: 'Display the current kuberc configuration',
  long: 'Display the kuberc file in the output format that you choose.',
  example: `# As YAML
kubectl kuberc view

# As JSON
kubectl kuberc view --output json

# Another file
kubectl kuberc view --kuberc /path/to/kuberc`,
  flags: printFlags(objectFormats, 'yaml'),
  run: async (context) => {
    const file = kubercFile(context.process, context.flags.string('kuberc'));
    if (!file) throw new CommandError('KUBERC is disabled via KUBERC=off environment variable');
    const read = readKuberc(context.process, file);
    if ('text' in read) print(context, parsePreference(read.text));
    else if (!read.missing) throw new CommandError(`error reading kuberc file: ${read.problem}`);
    else if (file.explicit) throw new CommandError(`kuberc file not found at ${file.path}`);
    else {
      context.out(`kuberc file not found at ${file.path}\n`);
      context.out('Would you like to generate a default kuberc file with recommended options? (y/N): ');
      await context.output.flush();
      const answer = await readLine(context.process.stdin);
      if (answer.trim().toLowerCase() === 'y') context.out(saveKuberc(context.process, file, recommended));
      else if (answer.trim() !== '') print(context, parsePreference(''));
    }
  },
};

const recommended: Preference = {
  defaults: [
    { command: 'apply', options: [{ name: 'server-side', default: 'true' }] },
    { command: 'delete', options: [{ name: 'interactive', default: 'true' }] },
  ],
  aliases: undefined,
  policy: '',
  allowlist: undefined,
};

function print(context: Context, { defaults = [], aliases = [], ...rest }: Preference): void {
  const object = preferenceObject({ ...rest, defaults, aliases });
  context.out(objectPrinter(context, { typed: true }).print(object));
}
