// The outside world as data: a tiny internet whose hosts answer HTTP, so that pods have something to reach.
import type { Listener, Socket } from '../../api/network.ts';
import { type HttpHandler, httpListener } from '../../base/http.ts';
import type { Scope } from '../sim/scope.ts';

const sites: readonly { readonly name: string; readonly ip: string; readonly page: string }[] = [
  {
    name: 'example.com',
    ip: '93.184.215.14',
    page: '<!doctype html>\n<html>\n<head><title>Example Domain</title></head>\n<body>\n<h1>Example Domain</h1>\n</body>\n</html>\n',
  },
  {
    name: 'example.org',
    ip: '93.184.215.15',
    page: '<!doctype html>\n<html>\n<head><title>Example Domain</title></head>\n<body>\n<h1>Example Domain</h1>\n</body>\n</html>\n',
  },
  {
    name: 'kubernetes.io',
    ip: '147.75.40.148',
    page: '<!doctype html>\n<html>\n<head><title>Kubernetes</title></head>\n<body>\n<h1>Production-Grade Container Orchestration</h1>\n</body>\n</html>\n',
  },
];

/** Addresses by name. */
export const outsideNames: ReadonlyMap<string, readonly string[]> = new Map(
  sites.flatMap(({ name, ip }) => [
    [name, [ip]],
    [`www.${name}`, [ip]],
  ]),
);

/** What listens there. TLS is not simulated: only port 80 answers. */
export function outsideHosts(
  _scope: Scope,
): readonly { readonly name: string; readonly ip: string; readonly port: number; readonly listener: Listener }[] {
  return sites.map(({ name, ip, page }) => {
    const handler: HttpHandler<Socket> = (_request, reply) =>
      reply({ status: 200, headers: { 'Content-Type': 'text/html; charset=utf-8' }, body: page });
    return { name, ip, port: 80, listener: httpListener(handler) };
  });
}
