// etcdctl member list, add, remove; endpoint status and health; move-leader.
import { isList, type JsonObject } from '../../base/json.ts';
import type { OptionSpec } from '../text/long-options.ts';
import {
  argument,
  bare,
  type EtcdctlCall,
  type EtcdctlCommand,
  type Field,
  fromHex,
  headerFields,
  hex,
  listIn,
  objectIn,
  print,
  textIn,
} from './command.ts';
import { EtcdctlError, Unreachable } from './etcd-client.ts';
import { humanBytes } from './print-table.ts';

const memberList: EtcdctlCommand = {
  name: 'member list',
  about: 'Lists all members in the cluster',
  async run(call) {
    const answer = await call.client.call('/v3/cluster/member/list', { linearizable: true });
    const members = listIn(answer, 'members');
    const rows = members.map((member) => [
      hex(member.ID),
      textIn(member, 'name') === '' ? 'unstarted' : 'started',
      textIn(member, 'name'),
      urls(member, 'peerURLs'),
      urls(member, 'clientURLs'),
      String(member.isLearner === true),
    ]);
    return print(call, {
      simple: rows.map((row) => `${row.join(', ')}\n`).join(''),
      json: answer,
      table: { headings: ['ID', 'Status', 'Name', 'Peer Addrs', 'Client Addrs', 'Is Learner'], rows },
      fields: [...headerFields(answer), ...members.flatMap(memberFields)],
    });
  },
};

function memberFields(member: JsonObject): readonly Field[] {
  return [
    ['ID', bare(member.ID)],
    ['Name', textIn(member, 'name')],
    ['PeerURL', urls(member, 'peerURLs')],
    ['ClientURL', urls(member, 'clientURLs')],
    ['IsLearner', member.isLearner === true],
  ];
}

const memberAdd: EtcdctlCommand = {
  name: 'member add',
  about: 'Adds a member into the cluster',
  options: [
    { name: 'peer-urls', kind: 'text', about: 'where the others reach it' },
    { name: 'learner', kind: 'switch', about: 'without a vote' },
  ],
  async run(call) {
    const name = argument(call, 0, 'member name not provided');
    const peer = call.options.text('peer-urls');
    if (peer === undefined) throw new EtcdctlError('member peer urls not provided', 128);
    const learner = call.options.has('learner') && { isLearner: true };
    const answer = await call.client.call('/v3/cluster/member/add', { peerURLs: peer.split(','), ...learner });
    const id = textIn(objectIn(answer, 'member'), 'ID');
    const cluster = listIn(answer, 'members').map((member) => {
      const own = member.ID === id ? name : textIn(member, 'name');
      return `${own}=${urls(member, 'peerURLs')}`;
    });
    const settings = [
      `ETCD_NAME="${name}"`,
      `ETCD_INITIAL_CLUSTER="${cluster.join(',')}"`,
      `ETCD_INITIAL_ADVERTISE_PEER_URLS="${peer}"`,
      'ETCD_INITIAL_CLUSTER_STATE="existing"',
    ];
    const added = `Member ${hex(id)} added to cluster ${hex(objectIn(answer, 'header').cluster_id)}`;
    return print(call, { simple: `${added}\n\n${settings.join('\n')}\n`, json: answer, fields: headerFields(answer) });
  },
};

const memberRemove: EtcdctlCommand = {
  name: 'member remove',
  about: 'Removes a member from the cluster',
  async run(call) {
    const id = fromHex(argument(call, 0, 'member ID is not provided'), 'member ID');
    const answer = await call.client.call('/v3/cluster/member/remove', { ID: id });
    const cluster = hex(objectIn(answer, 'header').cluster_id);
    const simple = `Member ${hex(id)} removed from cluster ${cluster}\n`;
    return print(call, { simple, json: answer, fields: headerFields(answer) });
  },
};

const memberPromote: EtcdctlCommand = {
  name: 'member promote',
  about: 'Promotes a non-voting member in the cluster',
  async run(call) {
    const id = fromHex(argument(call, 0, 'member ID is not provided'), 'member ID');
    const answer = await call.client.call('/v3/cluster/member/promote', { ID: id });
    const simple = `Member ${hex(id)} promoted in cluster ${hex(objectIn(answer, 'header').cluster_id)}\n`;
    return print(call, { simple, json: answer, fields: headerFields(answer) });
  },
};

const everyMember: OptionSpec = { name: 'cluster', kind: 'switch', about: 'ask every member of the cluster' };

/** The endpoints that were named, or with --cluster those of all members. */
export async function endpointsOf(call: EtcdctlCall): Promise<readonly string[]> {
  if (!call.options.has('cluster')) return call.client.settings.endpoints;
  const answer = await call.client.call('/v3/cluster/member/list', {});
  return listIn(answer, 'members').map((member) => urls(member, 'clientURLs'));
}

const endpointStatus: EtcdctlCommand = {
  name: 'endpoint status',
  about: 'Prints out the status of endpoints specified in `--endpoints` flag',
  options: [everyMember],
  async run(call) {
    const found: { readonly endpoint: string; readonly status: JsonObject }[] = [];
    let failed = false;
    for (const endpoint of await endpointsOf(call)) {
      try {
        found.push({ endpoint, status: await call.client.callAt(endpoint, '/v3/maintenance/status', {}) });
      } catch (error) {
        failed = true;
        const message = error instanceof Error ? error.message : String(error);
        await call.process.stderr.write(`Failed to get the status of endpoint ${endpoint} (${message})\n`);
      }
    }
    const rows = found.map(({ endpoint, status }) => statusRow(endpoint, status));
    await print(call, {
      simple: rows.map((row) => `${row.join(', ')}\n`).join(''),
      json: found.map(({ endpoint, status }) => ({ Endpoint: endpoint, Status: status })),
      table: { headings: statusHeadings, rows },
      fields: found.flatMap(({ endpoint, status }) => statusFields(endpoint, status)),
    });
    return failed ? 1 : 0;
  },
};

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
    '',
    'false',
  ];
}

function statusFields(endpoint: string, status: JsonObject): readonly Field[] {
  return [
    ...headerFields(status),
    ['Version', textIn(status, 'version')],
    ['DBSize', bare(status.dbSize)],
    ['DBSizeInUse', bare(status.dbSizeInUse)],
    ['Leader', bare(status.leader)],
    ['IsLearner', status.isLearner === true],
    ['RaftIndex', bare(status.raftIndex)],
    ['RaftTerm', bare(status.raftTerm)],
    ['RaftAppliedIndex', bare(status.raftAppliedIndex)],
    ['Endpoint', endpoint],
  ];
}

const endpointHashKv: EtcdctlCommand = {
  name: 'endpoint hashkv',
  about: 'Prints the KV history hash for each endpoint in --endpoints',
  options: [everyMember],
  async run(call) {
    const found: { readonly endpoint: string; readonly answer: JsonObject }[] = [];
    for (const endpoint of await endpointsOf(call))
      found.push({ endpoint, answer: await call.client.callAt(endpoint, '/v3/maintenance/hash', {}) });
    const rows = found.map(({ endpoint, answer }) => [
      endpoint,
      textIn(answer, 'hash'),
      textIn(answer, 'hash_revision'),
    ]);
    return print(call, {
      simple: rows.map((row) => `${row.join(', ')}\n`).join(''),
      json: found.map(({ endpoint, answer }) => ({ Endpoint: endpoint, HashKV: answer })),
      table: { headings: ['Endpoint', 'Hash', 'Hash Revision'], rows },
      fields: found.flatMap(({ endpoint, answer }) => [
        ...headerFields(answer),
        ['Hash', bare(answer.hash)],
        ['CompactRevision', bare(answer.compact_revision)],
        ['HashRevision', bare(answer.hash_revision)],
        ['Endpoint', endpoint],
      ]),
    });
  },
};

const endpointHealth: EtcdctlCommand = {
  name: 'endpoint health',
  about: 'Checks the healthiness of endpoints specified in `--endpoints` flag',
  options: [everyMember],
  async run(call) {
    const { clock } = call.process;
    const checks: { readonly endpoint: string; readonly took: string; readonly error: string }[] = [];
    for (const endpoint of await endpointsOf(call)) {
      const began = clock.now();
      let error = '';
      try {
        await call.client.callAt(endpoint, '/v3/kv/range', { key: 'aGVhbHRo' });
        const { alarms } = await call.client.callAt(endpoint, '/v3/maintenance/alarm', { action: 'GET' });
        if (isList(alarms)) error = 'Active Alarm(s): NOSPACE ';
      } catch (thrown) {
        if (thrown instanceof Unreachable) await clock.sleep(call.client.settings.timeoutMs, call.process.cancel);
        error =
          thrown instanceof Unreachable || !(thrown instanceof Error) ? 'context deadline exceeded' : thrown.message;
      }
      checks.push({ endpoint, took: durationText(clock.now() - began), error });
    }
    const line = ({ endpoint, took, error }: (typeof checks)[number]): string =>
      error === ''
        ? `${endpoint} is healthy: successfully committed proposal: took = ${took}\n`
        : `${endpoint} is unhealthy: failed to commit proposal: ${error}\n`;
    await print(call, {
      simple: checks.map(line).join(''),
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
    });
    if (checks.some(({ error }) => error !== '')) throw new EtcdctlError('unhealthy cluster');
    return 0;
  },
};

/** As Go writes durations, to the microsecond. */
export function durationText(ms: number): string {
  const text = (value: number): string => String(Number(value.toFixed(6)));
  return ms < 1000 ? `${text(ms)}ms` : `${text(ms / 1000)}s`;
}

const moveLeader: EtcdctlCommand = {
  name: 'move-leader',
  about: 'Transfers leadership to another etcd cluster member',
  async run(call) {
    const target = fromHex(argument(call, 0, 'move-leader command needs 1 argument'), 'member ID');
    for (const endpoint of call.client.settings.endpoints) {
      const status = await call.client.callAt(endpoint, '/v3/maintenance/status', {});
      const leader = objectIn(status, 'header').member_id;
      if (status.leader !== leader) continue;
      await call.client.callAt(endpoint, '/v3/maintenance/transfer-leadership', { targetID: target });
      await call.out(`Leadership transferred from ${hex(leader)} to ${hex(target)}\n`);
      return 0;
    }
    throw new EtcdctlError(`no leader endpoint given at [${call.client.settings.endpoints.join(' ')}]`, 128);
  },
};

function urls(member: JsonObject, key: string): string {
  const value = member[key];
  return isList(value) ? value.join(',') : '';
}

export const memberCommands: readonly EtcdctlCommand[] = [
  memberList,
  memberAdd,
  memberPromote,
  memberRemove,
  endpointStatus,
  endpointHashKv,
  endpointHealth,
  moveLeader,
];
