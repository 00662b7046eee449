// etcdctl endpoint status, health, hashkv.
import { isList, type JsonObject } from '../../base/json.ts';
import {
  bare,
  type EtcdctlCall,
  type EtcdctlCommand,
  type Field,
  headerFields,
  hex,
  listIn,
  objectIn,
  print,
  textIn,
} from './command.ts';
import { encodeKey } from './etcd-client.ts';
import { EtcdctlError } from './etcdctl-error.ts';
import { type Flag, number, toggle } from './flags.ts';
import { urls } from './member-commands.ts';
import { durationText, humanBytes } from './words.ts';

export const everyMember: Flag = toggle('cluster', 'ask every member of the cluster');

/** The endpoints that were named, or with --cluster those of all members. */
export async function endpointsOf(call: EtcdctlCall): Promise<readonly string[]> {
  if (!call.options.has('cluster')) return call.client.settings.endpoints;
  try {
    const answer = await call.client.call('/v3/cluster/member/list', { linearizable: true });
    return listIn(answer, 'members').flatMap((member) => urls(member, 'clientURLs'));
  } catch (error) {
    if (!(error instanceof EtcdctlError)) throw error;
    throw new EtcdctlError(`failed to fetch endpoints from etcd cluster member list: ${error.message}`);
  }
}

const endpointStatus: EtcdctlCommand = {
  name: 'endpoint status',
  about: 'Prints out the status of endpoints specified in `--endpoints` flag',
  details: `With --write-out simple, one line an endpoint with its fields between commas:
endpoint, ID, version, storage version, db size, in use, percentage not in use, quota, is leader, is learner, raft term,
raft index, raft applied index, errors, downgrade target version, downgrade enabled.`,
  options: [everyMember],
  async run(call) {
    const { found, failure } = await askAll(call, { path: '/v3/maintenance/status', what: 'status' });
    const rows = found.map(({ endpoint, answer }) => statusRow(endpoint, answer));
    await print(call, {
      simple: rows.map((row) => `${row.join(', ')}\n`).join(''),
      json: found.length === 0 ? null : found.map(({ endpoint, answer }) => ({ Endpoint: endpoint, Status: answer })),
      table: { headings: statusHeadings, rows },
      fields: found.flatMap(({ endpoint, answer }) => statusFields(endpoint, answer)),
    });
    return failure === undefined ? 0 : 1;
  },
};

interface Question {
  readonly path: string;
  /** What is asked for, in words. */
  readonly what: string;
  readonly request?: JsonObject;
}

/** Asks every endpoint, tells of those that do not answer. */
async function askAll(call: EtcdctlCall, { path, what, request = {} }: Question) {
  const found: { readonly endpoint: string; readonly answer: JsonObject }[] = [];
  let failure: string | undefined;
  for (const endpoint of await endpointsOf(call)) {
    try {
      found.push({ endpoint, answer: await call.client.callAt(endpoint, path, request) });
    } catch (error) {
      if (!(error instanceof EtcdctlError)) throw error;
      failure = error.message;
      await call.process.stderr.write(`Failed to get the ${what} of endpoint ${endpoint} (${failure})\n`);
    }
  }
  return { found, failure };
}

const statusHeadings = [
  'Endpoint',
  'ID',
  'Version',
  'Storage Version',
  'DB Size',
  'In Use',
  'Percentage Not In Use',
  'Quota',
  'Is Leader',
  'Is Learner',
  'Raft Term',
  'Raft Index',
  'Raft Applied Index',
  'Errors',
  'Downgrade Target Version',
  'Downgrade Enabled',
];

function statusRow(endpoint: string, status: JsonObject): readonly string[] {
  const size = Number(status.dbSize ?? 0);
  const used = Number(status.dbSizeInUse ?? 0);
  const id = objectIn(status, 'header').member_id;
  return [
    endpoint,
    hex(id),
    textIn(status, 'version'),
    textIn(status, 'storageVersion'),
    humanBytes(size),
    humanBytes(used),
    `${100 - Math.floor((used * 100) / Math.max(size, 1))}%`,
    humanBytes(Number(status.dbSizeQuota ?? 0)),
    String(status.leader === id),
    String(status.isLearner === true),
    textIn(status, 'raftTerm'),
    textIn(status, 'raftIndex'),
    textIn(status, 'raftAppliedIndex'),
    isList(status.errors) ? status.errors.join(', ') : '',
    textIn(objectIn(status, 'downgradeInfo'), 'targetVersion'),
    String(objectIn(status, 'downgradeInfo').enabled === true),
  ];
}

function statusFields(endpoint: string, status: JsonObject): readonly Field[] {
  const downgrade = objectIn(status, 'downgradeInfo');
  return [
    ...headerFields(status),
    ['Version', textIn(status, 'version')],
    ['StorageVersion', textIn(status, 'storageVersion')],
    ['DBSize', bare(status.dbSize)],
    ['DBSizeInUse', bare(status.dbSizeInUse)],
    ['DBSizeQuota', bare(status.dbSizeQuota)],
    ['Leader', bare(status.leader)],
    ['IsLearner', status.isLearner === true],
    ['RaftIndex', bare(status.raftIndex)],
    ['RaftTerm', bare(status.raftTerm)],
    ['RaftAppliedIndex', bare(status.raftAppliedIndex)],
    ['Errors', `[${isList(status.errors) ? status.errors.join(' ') : ''}]`, 'raw'],
    ['Endpoint', endpoint],
    ['DowngradeTargetVersion', textIn(downgrade, 'targetVersion')],
    ['DowngradeEnabled', downgrade.enabled === true],
    undefined,
  ];
}

const endpointHashKv: EtcdctlCommand = {
  name: 'endpoint hashkv',
  about: 'Prints the KV history hash for each endpoint in --endpoints',
  options: [everyMember, number('rev', 'up to which revision (default: the last)')],
  async run(call) {
    const revision = Number(call.options.text('rev') ?? 0);
    const request = { ...(revision > 0 && { revision: String(revision) }) };
    const { found, failure } = await askAll(call, { path: '/v3/maintenance/hashkv', what: 'hash', request });
    const rows = found.map(({ endpoint, answer }) => [
      endpoint,
      textIn(answer, 'hash'),
      textIn(answer, 'hash_revision'),
    ]);
    await print(call, {
      simple: rows.map((row) => `${row.join(', ')}\n`).join(''),
      json: found.length === 0 ? null : found.map(({ endpoint, answer }) => ({ Endpoint: endpoint, HashKV: answer })),
      table: { headings: ['Endpoint', 'Hash', 'Hash Revision'], rows },
      fields: found.flatMap(({ endpoint, answer }): readonly Field[] => [
        ...headerFields(answer),
        ['Endpoint', endpoint],
        ['Hash', bare(answer.hash)],
        ['HashRevision', bare(answer.hash_revision)],
        undefined,
      ]),
    });
    if (failure !== undefined) throw new EtcdctlError(failure);
    return 0;
  },
};

const endpointHealth: EtcdctlCommand = {
  name: 'endpoint health',
  about: 'Checks the healthiness of endpoints specified in `--endpoints` flag',
  options: [everyMember],
  async run(call) {
    const { clock } = call.process;
    const endpoints = await endpointsOf(call);
    const checks = await Promise.all(
      endpoints.map(async (endpoint): Promise<Check> => {
        const began = clock.now();
        const error = await problemAt(call, endpoint);
        return { endpoint, took: durationText(clock.now() - began), error };
      }),
    );
    if (call.form === 'simple') await tellHealth(call, checks);
    else
      await print(call, {
        simple: '',
        json: checks.map(({ endpoint, took, error }) => ({
          endpoint,
          health: error === '',
          took,
          ...(error && { error }),
        })),
        table: {
          headings: ['Endpoint', 'Health', 'Took', 'Error'],
          rows: checks.map(({ endpoint, took, error }) => [endpoint, String(error === ''), took, error]),
        },
        fields: checks.flatMap(({ endpoint, took, error }): readonly Field[] => [
          ['Endpoint', endpoint],
          ['Health', error === ''],
          ['Took', took, 'raw'],
          ['Error', error, 'raw'],
          undefined,
        ]),
      });
    if (checks.some(({ error }) => error !== '')) throw new EtcdctlError('unhealthy cluster');
    return 0;
  },
};

interface Check {
  readonly endpoint: string;
  readonly took: string;
  /** Empty: it is well. */
  readonly error: string;
}

/** Who is well is told on standard output, who is not on standard error. */
async function tellHealth(call: EtcdctlCall, checks: readonly Check[]): Promise<void> {
  for (const { endpoint, took, error } of checks) {
    if (error === '') await call.out(`${endpoint} is healthy: successfully committed proposal: took = ${took}\n`);
    else await call.process.stderr.write(`${endpoint} is unhealthy: failed to commit proposal: ${error}\n`);
  }
}

async function problemAt(call: EtcdctlCall, endpoint: string): Promise<string> {
  const client = call.client.named('client');
  try {
    await client.callAt(endpoint, '/v3/kv/range', { key: encodeKey('health') });
  } catch (error) {
    if (!(error instanceof EtcdctlError)) throw error;
    if (!error.message.endsWith('permission denied')) return error.message;
  }
  try {
    const { alarms } = await client.callAt(endpoint, '/v3/maintenance/alarm', { action: 'GET' });
    return isList(alarms) && alarms.length > 0 ? `Active Alarm(s): ${alarms.map(() => 'NOSPACE ').join('')}` : '';
  } catch (error) {
    if (!(error instanceof EtcdctlError)) throw error;
    return 'Unable to fetch the alarm list';
  }
}

export const endpointCommands: readonly EtcdctlCommand[] = [endpointHealth, endpointHashKv, endpointStatus];
