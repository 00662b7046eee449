// The parameters of the API's operations, and the media types of what they read and answer.
import type { JsonObject } from '../../base/json.ts';
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
  const [type, description] = queryParameters[name];
  const [plain = name] = name.split('/');
  return parameter({ name: plain, in: 'query', description, type }, version);
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
  allowWatchBookmarks: [
    'boolean',
    'Asks for events of type BOOKMARK in a watch, which come whenever the server thinks fit. Has no effect without a watch.',
  ],
  command: ['string', 'What to run in the container, one argument each time; no shell reads it.'],
  'container/attach': ['string', 'The container to attach to. Where a pod has only one, it is that one.'],
  'container/exec': ['string', 'The container to run the command in. Where a pod has only one, it is that one.'],
  'container/log': ['string', 'The container whose log is read. Where a pod has only one, it is that one.'],
  continue: [
    'string',
    'What an earlier list of the same query answered as its continue token, to get the next part of it. A token that has become too old is answered with 410 (Expired) and, where possible, with another one.',
  ],
  dryRun: ['string', 'What is only tried: with All, every step is carried out except for storing the result.'],
  fieldManager: [
    'string',
    'The name under which the changed fields are noted in managedFields: up to 128 printable characters.',
  ],
  'fieldManager/apply': [
    'string',
    'The name under which the changed fields are noted in managedFields: up to 128 printable characters. Applying demands it; other patches do not.',
  ],
  fieldSelector: ['string', 'A selector of objects by their fields. Without it, all are selected.'],
  fieldValidation: [
    'string',
    'What becomes of unknown and duplicate fields. Ignore: they are dropped. Warn: they are dropped with a warning each. Strict: the request fails and names them.',
  ],
  follow: ['boolean', 'Whether the answer goes on with what the container writes from now on.'],
  force: ['boolean', 'Whether applying takes over fields that other managers own. Not allowed with other patches.'],
  gracePeriodSeconds: [
    'integer',
    'The seconds that the object has before it is deleted; 0 is at once. Without it, what the object or its type says.',
  ],
  ignoreStoreReadErrorWithClusterBreakingPotential: [
    'boolean',
    'Whether an object that cannot be read from storage is deleted all the same, without finalizers or admission. May break the cluster.',
  ],
  insecureSkipTLSVerifyBackend: ['boolean', 'Whether the certificate of the kubelet that has the log goes unchecked.'],
  labelSelector: ['string', 'A selector of objects by their labels. Without it, all are selected.'],
  limit: [
    'integer',
    'The most objects that one answer lists; if there are more, it has a continue token. All parts together show the state at one moment. Not for watches.',
  ],
  limitBytes: ['integer', 'The most bytes of the log that are answered; the last line may be cut.'],
  orphanDependents: ['boolean', 'Deprecated: use propagationPolicy. Whether dependents stay.'],
  'path/node': ['string', 'The path of the request that is passed on to the node.'],
  'path/pod': ['string', 'The path of the request that is passed on to the pod.'],
  'path/service': ['string', 'The path of the request that is passed on to the service, with its query.'],
  ports: ['integer', 'The ports to forward; needed with WebSockets.'],
  pretty: ['string', "Whether JSON is indented. Without it, only for curl, wget and browsers, by the client's name."],
  previous: ['boolean', 'Whether the log is that of the container before it was started again.'],
  propagationPolicy: [
    'string',
    'What becomes of dependents. Orphan: they stay. Background: they are deleted afterwards. Foreground: they are deleted first.',
  ],
  resourceVersion: ['string', 'How recent what is answered has to be.'],
  resourceVersionMatch: ['string', 'How resourceVersion counts in lists: Exact or NotOlderThan.'],
  sendInitialEvents: [
    'boolean',
    'Whether a watch begins with an event for each object that is there, and a bookmark after the last of them. Demands resourceVersionMatch=NotOlderThan.',
  ],
  shardSelector: [
    'string',
    'An expression that selects a part of all objects by a hash of their uid or namespace, as in shardRange(object.metadata.uid, "0x0", "0x8000000000000000"). Alpha.',
  ],
  sinceSeconds: ['integer', 'The age in seconds of the oldest lines that are answered.'],
  'stderr/attach': ['boolean', 'Whether what the container writes to standard error is passed on. Default: true.'],
  'stderr/exec': ['boolean', 'Whether what the command writes to standard error is passed on.'],
  'stdin/attach': ['boolean', 'Whether the container gets standard input. Default: false.'],
  'stdin/exec': ['boolean', 'Whether the command gets standard input. Default: false.'],
  'stdout/attach': ['boolean', 'Whether what the container writes to standard output is passed on. Default: true.'],
  'stdout/exec': ['boolean', 'Whether what the command writes to standard output is passed on.'],
  stream: ['string', 'Which of what the container writes is answered: All, Stdout or Stderr. Default: All.'],
  tailLines: ['integer', 'The number of last lines that are answered. Without it, all.'],
  timeoutSeconds: ['integer', 'The seconds after which a list or a watch ends.'],
  timestamps: ['boolean', 'Whether each line begins with its time.'],
  'tty/attach': ['boolean', 'Whether the container has a terminal. Default: false.'],
  'tty/exec': ['boolean', 'Whether the command gets a terminal. Default: false.'],
  watch: ['boolean', 'Whether changes are answered as they come instead of a list.'],
} as const satisfies Readonly<Record<string, readonly [type: string, text: string]>>;
