// `kubectl create ingress`
import type { JsonObject } from '../../../base/json.ts';
import type { Context } from '../../context.ts';
import { CommandError } from '../../errors.ts';
import { flag } from '../../flags.ts';
import { generatorCommand } from './generator.ts';

export const createIngress = generatorCommand({
  use: 'ingress NAME --rule=host/path=service:port[,tls[=secret]] ',
  aliases: ['ing'],
  short: 'Create an ingress with the specified name',
  example: `# Requests for foo.com/bar go to svc1:8080, with TLS
kubectl create ingress simple --rule="foo.com/bar=svc1:8080,tls=my-cert"

# All paths below / of one host
kubectl create ingress catch-all --class=otheringress --rule="foo.com/*=svc:8080"`,
  flags: [
    flag.stringArray('annotation', 'Annotation of the ingress, as annotation=value'),
    flag.string('class', 'Ingress Class to be used'),
    flag.string('default-backend', 'Service for all other requests, as svcname:port'),
    flag.stringArray('rule', "Rule as host/path=service:port[,tls=secretname]. A path that ends in '*' is a prefix."),
  ],
  resource: { group: 'networking.k8s.io', version: 'v1', resource: 'ingresses' },
  failure: 'failed to create ingress: ',
  build: buildIngress,
});

const rulePattern = /^[\w*.-]*\/.*=[\w-]+:[\w-]+(,tls=?([\w-]+)?)?/;

function buildIngress({ flags }: Context, name: string): JsonObject {
  const [rules, fallback] = [flags.strings('rule'), flags.string('default-backend')];
  if (fallback === '' && rules.length === 0) {
    throw new CommandError(
      'not enough information provided: every ingress has to either specify a default-backend (which catches all traffic) or a list of rules (which catch specific paths)',
    );
  }
  for (const rule of rules) {
    if (rulePattern.test(rule)) continue;
    throw new CommandError(`rule ${rule} is invalid and should be in format host/path=svcname:svcport[,tls[=secret]]`);
  }
  const annotations = Object.fromEntries(flags.strings('annotation').map(splitAnnotation));
  if (fallback !== '' && fallback.split(':').length !== 2) {
    throw new CommandError('default-backend should be in format servicename:serviceport');
  }
  const className = flags.string('class');
  const tls = tlsRules(rules);
  const hosts = hostRules(rules);
  return {
    kind: 'Ingress',
    apiVersion: 'networking.k8s.io/v1',
    metadata: { name, ...(Object.keys(annotations).length > 0 ? { annotations } : {}) },
    spec: {
      ...(className === '' ? {} : { ingressClassName: className }),
      ...(fallback === '' ? {} : { defaultBackend: backend(fallback) }),
      ...(tls.length > 0 ? { tls } : {}),
      ...(hosts.length > 0 ? { rules: hosts } : {}),
    },
    status: { loadBalancer: {} },
  };
}

function splitAnnotation(written: string): readonly [string, string] {
  const equals = written.indexOf('=');
  if (equals < 0) {
    throw new CommandError(`annotation ${written} is invalid and should be in format key=[value]`);
  }
  return [written.slice(0, equals), written.slice(equals + 1)];
}

/** One entry for each secret; hosts that share it stand together. */
function tlsRules(rules: readonly string[]): readonly JsonObject[] {
  const entries: { hosts: string[]; secret: string }[] = [];
  const seen = new Set<string>();
  for (const rule of rules) {
    const [path = '', tls, ...more] = rule.split(',');
    const host = path.split('/')[0] ?? '';
    if (tls === undefined || more.length > 0 || seen.has(host)) continue;
    seen.add(host);
    const secret = tls.split('=')[1] ?? '';
    const same = entries.find((entry) => entry.secret === secret);
    if (same) same.hosts.push(host);
    else if (secret !== '' || host !== '') entries.push({ hosts: host === '' ? [] : [host], secret });
  }
  return entries.map(({ hosts, secret }) => ({
    ...(hosts.length > 0 ? { hosts } : {}),
    ...(secret === '' ? {} : { secretName: secret }),
  }));
}

function hostRules(rules: readonly string[]): readonly JsonObject[] {
  const byHost = new Map<string, JsonObject[]>();
  for (const rule of rules) {
    const target = rule.split(',')[0] ?? '';
    const slash = target.indexOf('/');
    const host = target.slice(0, slash);
    const [path = '', service = ''] = target.slice(slash).split('=');
    const prefix = path.endsWith('*');
    const entry = {
      path: prefix ? path.slice(0, -1) : path,
      pathType: prefix ? 'Prefix' : 'Exact',
      backend: backend(service),
    };
    byHost.set(host, [...(byHost.get(host) ?? []), entry]);
  }
  return [...byHost].map(([host, paths]) => ({ ...(host === '' ? {} : { host }), http: { paths } }));
}

function backend(written: string): JsonObject {
  const [name = '', port = ''] = written.split(':');
  return { service: { name, port: /^[+-]?\d+$/.test(port) ? { number: Number(port) } : { name: port } } };
}
