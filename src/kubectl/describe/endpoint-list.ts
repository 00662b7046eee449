// The ready addresses of endpoint slices on one line, as services and ingresses show them.
import { at, listAt, numberAt, objectsAt, textAt, textsAt } from '../../base/fields.ts';
import type { JsonObject } from '../../base/json.ts';

const shownMax = 3;

/** `10.0.0.1:80,10.0.0.2:80,10.0.0.3:80 + 2 more...` for the port of this name; `<none>` without slices. */
export function endpointList(slices: readonly JsonObject[], portName: string): string {
  if (slices.length === 0) return '<none>';
  const ready: string[] = [];
  let more = false;
  for (const slice of slices) {
    const endpoints = objectsAt(slice, 'endpoints');
    const ports = objectsAt(slice, 'ports').filter((port) => textAt(port, 'name') === portName);
    const suffixes =
      listAt(slice, 'ports').length === 0 ? [undefined] : ports.map((port) => numberAt(port, 'port') ?? 0);
    for (const port of suffixes) {
      for (const endpoint of endpoints) {
        if (ready.length >= shownMax) more = true; // As upstream, also when the one that follows is not ready.
        if (at(endpoint, 'conditions.ready') === false) continue;
        const host = textsAt(endpoint, 'addresses')[0] ?? '';
        ready.push(port === undefined ? host : joinHostPort(host, port));
      }
    }
  }
  const shown = ready.slice(0, shownMax).join(',');
  return more ? `${shown} + ${ready.length - shownMax} more...` : shown;
}

export function joinHostPort(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
