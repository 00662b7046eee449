// `kubectl kustomize`: prints what a kustomization makes.
import type { Command } from '../command.ts';
import type { Context } from '../context.ts';
import { CommandError } from '../errors.ts';
import { buildKustomization } from '../kustomize/build.ts';
import { formatYaml } from '../print/yaml.ts';

export const kustomize: Command = {
  use: 'kustomize DIR',
  long: 'Build a set of objects from the kustomization.yaml of a directory and print them.',
  example: '# The current directory\nkubectl kustomize\n\n# Another one\nkubectl kustomize /home/config/production',
  run: runKustomize,
};

async function runKustomize(context: Context): Promise<void> {
  if (context.args.length > 1) throw new CommandError('specify one path to kustomization.yaml');
  const objects = buildKustomization(context.process, context.args[0] ?? '.');
  context.out(objects.map(formatYaml).join('---\n'));
}
