// `kubectl get --raw`: one request, the answer's text as it is.
import type { Context } from '../../context.ts';
import { rawPath } from '../../raw-request.ts';

export async function rawGet(context: Context): Promise<void> {
  const path = rawPath(context);
  context.out(await context.client().text({ path, accept: 'application/json, */*' }));
}
