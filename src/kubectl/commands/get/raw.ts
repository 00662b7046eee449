// `kubectl get --raw`: one request, the answer's text as it is.
import type { Context } from '../../context.ts';

export async function rawGet(context: Context): Promise<void> {
  const raw = context.flags.string('raw');
  context.out(await context.client().text({ path: raw, accept: 'application/json, */*' }));
}
