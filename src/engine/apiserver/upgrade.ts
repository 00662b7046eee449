// Requests that turn their connection into something else: streams of a kubelet's, and whatever those behind a proxy or
// an aggregated API speak.
import type { KubeRequest } from '../../api/ports.ts';
import type { ApiRequest } from '../../api/request.ts';
import { ApiError, apiError, serviceUnavailable } from '../../api/status.ts';
import { auditedChannels } from './audit/audited-channels.ts';
import type { ChannelInput, ChannelSink } from './channels.ts';
import { connectionOptions } from './connection-admission.ts';
import type { HttpServer } from './http-parts.ts';
import { asJson } from './json-edge.ts';
import { openChannels } from './kubelet-streams.ts';
import { LateInput } from './late-input.ts';
import { tunnelTo } from './proxy/proxy.ts';
import { requestAttributes } from './request-attributes.ts';
import { AnswersNeeded, RequestMemory } from './request-memory.ts';
import { requestUser } from './request-user.ts';
import { parseTarget, type ResourceRoute, routeOf } from './router.ts';

/** Opens the connection: at once, unless admission waits for an answer from outside. */
export function connectUpgrade(server: HttpServer, request: KubeRequest, sink: ChannelSink): ChannelInput {
  const input = new LateInput();
  const memory = new RequestMemory();
  const told = server.api.auditor ? auditedChannels(memory, sink) : sink;
  const attempt = (): void => {
    try {
      input.open(opened(server, request, { sink: told, memory }));
    } catch (error) {
      if (error instanceof AnswersNeeded) input.wait(error.ask(memory, attempt));
      else if (error instanceof ApiError) told.refused(error.code, { kind: 'json', value: asJson(error.status) });
      else throw error;
    }
  };
  attempt();
  return input;
}

function opened(
  server: HttpServer,
  request: KubeRequest,
  { sink, memory }: { readonly sink: ChannelSink; readonly memory: RequestMemory },
): ChannelInput {
  const { api, aggregator, proxy } = server;
  const { authorizer, registry } = api;
  const target = parseTarget(request.path);
  const route = routeOf(request.method, target);
  const remote = route.kind === 'resource' ? aggregator().find(route.group, route.version) : undefined;
  if (route.kind !== 'resource' || !(remote || speaksMore(route))) throw notUpgraded;
  const attributes = requestAttributes(request.method, route, target);
  const user = requestUser(api, { memory, route, request, attributes });
  memory.audit?.authorized(user, authorizer);
  authorizer.permit(user, attributes);
  const { kind: _, rest: _rest, ...about } = route;
  const call: ApiRequest = { ...about, user, userAgent: request.headers?.['user-agent'] ?? '' };
  if (remote) {
    if (!remote.available) throw serviceUnavailable('service unavailable');
    return aggregator().connection.tunnel(remote, { request, user }, sink);
  }
  if (route.group === '' && route.subresource === 'proxy') {
    const resource = registry.find('', route.version, route.resource);
    const options = resource && connectionOptions(resource, route, target);
    if (options) api.admitConnection(call, options, { memory, warn() {} });
    return tunnelTo(proxy, route, { request, call, sink });
  }
  return openChannels(proxy, { route, target, user, sink, memory });
}

const streams: ReadonlySet<string | undefined> = new Set(['exec', 'attach', 'portforward']);

function speaksMore({ group, resource, subresource }: ResourceRoute): boolean {
  return group === '' && (subresource === 'proxy' || (resource === 'pods' && streams.has(subresource)));
}

/** Nothing here speaks another protocol: whoever asks is to be answered as if it had not asked for one. */
const notUpgraded = apiError({ code: 426, reason: '', message: 'nothing to upgrade to' });
