// etcdctl member list, add, promote, remove, update; move-leader.
import { isList, type JsonObject } from '../../base/json.ts';
import {
  argument,
  bare,
  type EtcdctlCall,
  type EtcdctlCommand,
  expectOperands,
  type Field,
  fromHex,
  headerFields,
  hex,
  listIn,
  objectIn,
  print,
  textIn,
} from './command.ts';
import { EtcdctlError } from './etcdctl-error.ts';
import { type Flag, parseProblem, text, toggle } from './flags.ts';
import { isSerializable } from './key-operations.ts';
import { peerUrlProblem } from './words.ts';

const consistency: Flag = text('consistency', 'linearizable (l) or serializable (s)', { initial: 'l' });

const memberList: EtcdctlCommand = {
  name: 'member list',
  about: 'Lists all members in the cluster',
  details: `With --write-out simple, one line a member with its fields between commas:
ID, Status, Name, Peer Addrs, Client Addrs, Is Learner.`,
  options: [consistency],
  async run(call) {
    // Of a value that is none, etcdctl tells what `get` has.
    const linearizable = !isSerializable(call.options.text('consistency'), 'l');
    const answer = await call.client.call('/v3/cluster/member/list', { ...(linearizable && { linearizable }) });
    const members = listIn(answer, 'members');
    const rows = members.map((member) => [
      hex(member.ID),
      textIn(member, 'name') === '' ? 'unstarted' : 'started',
      textIn(member, 'name'),
      urls(member, 'peerURLs').join(','),
      urls(member, 'clientURLs').join(','),
      String(member.isLearner === true),
    ]);
    return print(call, {
      simple: rows.map((row) => `${row.join(', ')}\n`).join(''),
      json: call.hex ? inHex(answer) : answer,
      message: ['MemberListResponse', answer],
      table: { headings: ['ID', 'Status', 'Name', 'Peer Addrs', 'Client Addrs', 'Is Learner'], rows },
      fields: [...headerFields(answer), ...members.flatMap(memberFields)],
    });
  },
};

/** Ids as text in hexadecimal, as -w json --hex has them; learners look like others there. */
function inHex(answer: JsonObject): JsonObject {
  const { cluster_id, member_id, raft_term } = objectIn(answer, 'header');
  return {
    header: { cluster_id: hex(cluster_id), member_id: hex(member_id), raft_term: raft_term ?? '0' },
    members: listIn(answer, 'members').map((member) => ({
      ID: hex(member.ID),
      name: textIn(member, 'name'),
      peerURLs: member.peerURLs ?? null,
      clientURLs: member.clientURLs ?? null,
    })),
  };
}

function memberFields(member: JsonObject): readonly Field[] {
  return [
    ['ID', bare(member.ID), 'id'],
    ['Name', textIn(member, 'name')],
    ...urls(member, 'peerURLs').map((url) => ['PeerURL', url] as const),
    ...urls(member, 'clientURLs').map((url) => ['ClientURL', url] as const),
    ['IsLearner', member.isLearner === true],
    undefined,
  ];
}

const memberAdd: EtcdctlCommand = {
  name: 'member add',
  use: '<memberName> [options]',
  about: 'Adds a member into the cluster',
  options: [text('peer-urls', 'where the others reach it, separated by commas'), toggle('learner', 'without a vote')],
  async run(call) {
    const name = argument(call, 0, 'member name not provided');
    if (call.operands.length > 1) {
      const guesses = call.operands.filter((word) => /^http/i.test(word));
      const meant = guesses.map((url) => `, did you mean --peer-urls=${url}`);
      throw new EtcdctlError(`too many arguments${meant.join('')}`, 128);
    }
    const peer = call.options.text('peer-urls') ?? '';
    if (peer === '') throw new EtcdctlError('member peer urls not provided', 128);
    const learner = call.options.has('learner') && { isLearner: true };
    const answer = await call.client.call('/v3/cluster/member/add', { peerURLs: peerUrls(peer), ...learner });
    const id = textIn(objectIn(answer, 'member'), 'ID');
    const cluster = listIn(answer, 'members').flatMap((member) => {
      const own = member.ID === id ? name : textIn(member, 'name');
      return urls(member, 'peerURLs').map((url) => `${own}=${url}`);
    });
    const settings = [
      `ETCD_NAME="${name}"`,
      `ETCD_INITIAL_CLUSTER="${cluster.join(',')}"`,
      `ETCD_INITIAL_ADVERTISE_PEER_URLS="${peer}"`,
      'ETCD_INITIAL_CLUSTER_STATE="existing"',
    ];
    const how = learner ? 'added as learner to' : 'added to';
    return printDone(call, answer, { id, how, rest: `\n${settings.join('\n')}\n` });
  },
};

interface Done {
  readonly id: string;
  /** E.g. `removed from`. */
  readonly how: string;
  readonly rest?: string;
}

/** `Member 8211f1d0f64f3269 removed from cluster ef37ad9dc622a7c4`. */
/** Throws EtcdctlError. */
function peerUrls(given: string): readonly string[] {
  const all = given.split(',');
  for (const url of all) {
    const problem = peerUrlProblem(url);
    if (problem) throw new EtcdctlError(problem);
  }
  return all;
}

function printDone(call: EtcdctlCall, answer: JsonObject, { id, how, rest = '' }: Done): Promise<number> {
  const wide = (value: unknown): string => hex(value).padStart(16);
  const simple = `Member ${wide(id)} ${how} cluster ${wide(objectIn(answer, 'header').cluster_id)}\n${rest}`;
  return print(call, { simple, json: answer, message: ['MemberAddResponse', answer] });
}

function memberId(call: EtcdctlCall): string {
  const [given = ''] = expectOperands(call, 1, 'member ID is not provided');
  return fromHex(given, 'bad member ID arg');
}

const memberRemove: EtcdctlCommand = {
  name: 'member remove',
  use: '<memberID>',
  about: 'Removes a member from the cluster',
  async run(call) {
    const id = memberId(call);
    return printDone(call, await call.client.call('/v3/cluster/member/remove', { ID: id }), {
      id,
      how: 'removed from',
    });
  },
};

const memberUpdate: EtcdctlCommand = {
  name: 'member update',
  use: '<memberID> [options]',
  about: 'Updates a member in the cluster',
  options: [text('peer-urls', 'where the others reach it, separated by commas')],
  async run(call) {
    const id = memberId(call);
    const peer = call.options.text('peer-urls') ?? '';
    if (peer === '') throw new EtcdctlError('member peer urls not provided', 128);
    const answer = await call.client.call('/v3/cluster/member/update', { ID: id, peerURLs: peerUrls(peer) });
    return printDone(call, answer, { id, how: 'updated in' });
  },
};

const memberPromote: EtcdctlCommand = {
  name: 'member promote',
  use: '<memberID>',
  about: 'Promotes a non-voting member in the cluster',
  details: 'A learner that has caught up with the leader gets its vote.',
  async run(call) {
    const id = memberId(call);
    return printDone(call, await call.client.call('/v3/cluster/member/promote', { ID: id }), {
      id,
      how: 'promoted in',
    });
  },
};

const moveLeader: EtcdctlCommand = {
  name: 'move-leader',
  use: '<transferee-member-id>',
  about: 'Transfers leadership to another etcd cluster member.',
  async run(call) {
    const [given = ''] = expectOperands(call, 1, 'move-leader command needs 1 argument');
    const problem = parseProblem(given, 16);
    if (problem) throw new EtcdctlError(problem, 128);
    const targetID = String(BigInt(`0x${given}`));
    for (const endpoint of call.client.settings.endpoints) {
      const status = await call.client.callAt(endpoint, '/v3/maintenance/status', {});
      const leader = objectIn(status, 'header').member_id;
      if (status.leader !== leader) continue;
      const moved = await call.client.callAt(endpoint, '/v3/maintenance/transfer-leadership', { targetID });
      const simple = `Leadership transferred from ${hex(leader)} to ${hex(targetID)}\n`;
      return print(call, { simple, json: moved, message: ['HeaderResponse', moved] });
    }
    throw new EtcdctlError(`no leader endpoint given at [${call.client.settings.endpoints.join(' ')}]`, 128);
  },
};

export function urls(member: JsonObject, key: string): readonly string[] {
  const value = member[key];
  return isList(value) ? value.map(String) : [];
}

export const memberCommands: readonly EtcdctlCommand[] = [
  memberList,
  memberAdd,
  memberPromote,
  memberRemove,
  memberUpdate,
  moveLeader,
];
