// A probe in one line: what it does and how often.
import { at, numberAt, objectAt, textAt, textsAt } from '../../base/fields.ts';
import type { JsonObject } from '../../base/json.ts';

/** `http-get http://:8080/healthz delay=5s timeout=1s period=10s #success=1 #failure=3` */
export function describeProbe(probe: JsonObject): string {
  const number = (field: string) => numberAt(probe, field) ?? 0;
  const timing =
    `delay=${number('initialDelaySeconds')}s timeout=${number('timeoutSeconds')}s period=${number('periodSeconds')}s ` +
    `#success=${number('successThreshold')} #failure=${number('failureThreshold')}`;
  return `${probeAction(probe)} ${timing}`;
}

function probeAction(probe: JsonObject): string {
  const exec = objectAt(probe, 'exec');
  if (exec) return `exec [${textsAt(exec, 'command').join(' ')}]`;
  const http = objectAt(probe, 'httpGet');
  if (http) return `http-get ${httpUrl(http)}`;
  const tcp = objectAt(probe, 'tcpSocket');
  if (tcp) return `tcp-socket ${textAt(tcp, 'host')}:${String(at(tcp, 'port') ?? '')}`;
  const grpc = objectAt(probe, 'grpc');
  if (grpc) return `grpc <pod>:${numberAt(grpc, 'port') ?? 0} ${textAt(grpc, 'service')}`;
  return 'unknown';
}

function httpUrl(http: JsonObject): string {
  const host = textAt(http, 'host');
  const port = String(at(http, 'port') ?? '');
  const authority = `${host.includes(':') ? `[${host}]` : host}:${port}`;
  const path = textAt(http, 'path');
  const escaped = encodeURI(path).replaceAll('?', '%3F').replaceAll('#', '%23').replaceAll('%25', '%25');
  const scheme = textAt(http, 'scheme').toLowerCase();
  const slash = escaped !== '' && !escaped.startsWith('/') ? '/' : '';
  return `${scheme === '' ? '' : `${scheme}:`}//${authority}${slash}${escaped}`;
}
