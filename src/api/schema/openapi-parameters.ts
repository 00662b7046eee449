// The parameters of the API's operations, and the media types of what they read and answer.
import type { JsonObject } from '../../base/json.ts';
import { parameterTexts } from '../generated/parameter-texts.ts';
import type { OpenApiVersion } from './openapi-schemas.ts';

/** Where several share a name, what tells them apart follows: `fieldManager/apply`. */
export type ParameterName = keyof typeof queryParameters | 'path/path';

const json = 'application/json';
const yaml = 'application/yaml';
export const builtInTypes = [json, yaml, 'application/vnd.kubernetes.protobuf'] as const;
export const customTypes = [json, yaml] as const;
export const bodyTypes = ['*/*'] as const;
export const strategicPatch = 'application/strategic-merge-patch+json';
export const patchTypes = [
  'application/json-patch+json',
  'application/merge-patch+json',
  strategicPatch,
  'application/apply-patch+yaml',
] as const;

export const listParameters: readonly ParameterName[] = [
  'allowWatchBookmarks',
  'continue',
  'fieldSelector',
  'labelSelector',
  'limit',
  'resourceVersion',
  'resourceVersionMatch',
  'sendInitialEvents',
  'shardSelector',
  'timeoutSeconds',
  'watch',
];
export const writeParameters: readonly ParameterName[] = ['dryRun', 'fieldManager', 'fieldValidation'];
export const deleteParameters: readonly ParameterName[] = [
  'dryRun',
  'gracePeriodSeconds',
  'ignoreStoreReadErrorWithClusterBreakingPotential',
  'orphanDependents',
  'propagationPolicy',
];
export const logParameters: readonly ParameterName[] = [
  'container/log',
  'follow',
  'insecureSkipTLSVerifyBackend',
  'limitBytes',
  'previous',
  'sinceSeconds',
  'stream',
  'tailLines',
  'timestamps',
];

interface Connection {
  readonly methods: readonly ('get' | 'put' | 'post' | 'delete' | 'options' | 'head' | 'patch')[];
  readonly parameters: readonly ParameterName[];
}

const anyMethod = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch'] as const;

/** Of subresources that connect a client with something else, by the kind of their options. */
export const connectParameters: Readonly<Record<string, Connection>> = {
  PodAttachOptions: {
    methods: ['get', 'post'],
    parameters: ['container/attach', 'stderr/attach', 'stdin/attach', 'stdout/attach', 'tty/attach'],
  },
  PodExecOptions: {
    methods: ['get', 'post'],
    parameters: ['command', 'container/exec', 'stderr/exec', 'stdin/exec', 'stdout/exec', 'tty/exec'],
  },
  PodPortForwardOptions: { methods: ['get', 'post'], parameters: ['ports'] },
  NodeProxyOptions: { methods: anyMethod, parameters: ['path/node'] },
  PodProxyOptions: { methods: anyMethod, parameters: ['path/pod'] },
  ServiceProxyOptions: { methods: anyMethod, parameters: ['path/service'] },
};

/** A parameter of the query. */
export function queryParameter(name: ParameterName, version: OpenApiVersion): JsonObject {
  if (name === 'path/path') return pathParameter('path', 'path to the resource', version);
  const [plain = name] = name.split('/');
  const description = parameterTexts[name] ?? parameterTexts[plain] ?? '';
  return parameter({ name: plain, in: 'query', description, type: queryParameters[name] }, version);
}

/** A part of the path. */
export function pathParameter(name: string, description: string, version: OpenApiVersion): JsonObject {
  return parameter({ name, in: 'path', description, type: 'string', required: true }, version);
}

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly description: string;
  readonly type: string;
  readonly required?: true;
}

function parameter({ type, required, ...rest }: Parameter, version: OpenApiVersion): JsonObject {
  const must = required ? { required } : {};
  if (version === 3) return { ...rest, ...must, schema: { type, uniqueItems: true } };
  const { description, ...place } = rest;
  return { uniqueItems: true, type, description, ...place, ...must };
}

const queryParameters = {
  allowWatchBookmarks: 'boolean',
  command: 'string',
  'container/attach': 'string',
  'container/exec': 'string',
  'container/log': 'string',
  continue: 'string',
  dryRun: 'string',
  fieldManager: 'string',
  'fieldManager/apply': 'string',
  fieldSelector: 'string',
  fieldValidation: 'string',
  follow: 'boolean',
  force: 'boolean',
  gracePeriodSeconds: 'integer',
  ignoreStoreReadErrorWithClusterBreakingPotential: 'boolean',
  insecureSkipTLSVerifyBackend: 'boolean',
  labelSelector: 'string',
  limit: 'integer',
  limitBytes: 'integer',
  orphanDependents: 'boolean',
  'path/node': 'string',
  'path/pod': 'string',
  'path/service': 'string',
  ports: 'integer',
  pretty: 'string',
  previous: 'boolean',
  propagationPolicy: 'string',
  resourceVersion: 'string',
  resourceVersionMatch: 'string',
  sendInitialEvents: 'boolean',
  shardSelector: 'string',
  sinceSeconds: 'integer',
  'stderr/attach': 'boolean',
  'stderr/exec': 'boolean',
  'stdin/attach': 'boolean',
  'stdin/exec': 'boolean',
  'stdout/attach': 'boolean',
  'stdout/exec': 'boolean',
  stream: 'string',
  tailLines: 'integer',
  timeoutSeconds: 'integer',
  timestamps: 'boolean',
  'tty/attach': 'boolean',
  'tty/exec': 'boolean',
  watch: 'boolean',
} as const satisfies Readonly<Record<string, string>>;
