// What `-k` names: a kustomization, built by code that is loaded only then.
import type { Context } from '../context.ts';
import { klogLine } from '../klog.ts';

export async function readKustomization(context: Context, folder: string): Promise<string> {
  const { kustomizationText } = await context.loadCode(() => import('../kustomize/build.ts'));
  return kustomizationText(context.process, folder, {
    warn: (line) => context.err(`${line}\n`),
    log: (line) => context.err(klogLine(context.process, 'I', 'log.go:244', line)),
  });
}
