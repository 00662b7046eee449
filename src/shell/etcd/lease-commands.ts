// etcdctl lease grant, revoke, timetolive, list, keep-alive.

import { decodeUtf8 } from '../../base/bytes.ts';
import { isList, type JsonObject } from '../../base/json.ts';
import {
  bare,
  type EtcdctlCommand,
  expectOperands,
  type Field,
  flatHeader,
  fromHex,
  headerFields,
  hex,
  listIn,
  objectIn,
  print,
  textIn,
} from './command.ts';
import { decodeBytes } from './etcd-client.ts';
import { EtcdctlError } from './etcdctl-error.ts';
import { parseProblem, toggle } from './flags.ts';

/** The status of what etcd does not answer, where the client does not ask within a time of its own. */
const badConnection = 2;

/** Digits of a lease's id. */
const width = 16;

function leaseId(text: string): string {
  return fromHex(text, 'bad lease ID arg', 'ParseInt');
}

/** Throws what went wrong, with what was to be done before it. */
async function told(what: string, answer: Promise<JsonObject>): Promise<JsonObject> {
  try {
    return await answer;
  } catch (error) {
    throw error instanceof EtcdctlError ? new EtcdctlError(`${what} (${error.message})`) : error;
  }
}

function leaseFields(answer: JsonObject): readonly Field[] {
  return [...headerFields(answer), ['ID', bare(answer.ID), 'lease'], ['TTL', bare(answer.TTL)]];
}

/** Go's client has the header's fields in its own of these answers, and finds nothing else to write as a message. */
function headerMessage(answer: JsonObject): readonly ['ResponseHeader', JsonObject] {
  return ['ResponseHeader', objectIn(answer, 'header')];
}

function unsupported(answer: JsonObject): EtcdctlError {
  const header = Object.entries(objectIn(answer, 'header')).map(([name, value]) => `${name}:${value} `);
  return new EtcdctlError(
    `marshal unsupported for type clientv3.LeaseRevokeResponse ({${header.join('')} {} [] 0})`,
    4,
  );
}

const grant: EtcdctlCommand = {
  name: 'lease grant',
  use: '<ttl>',
  about: 'Creates leases',
  async run(call) {
    const [ttl = ''] = expectOperands(call, 1, 'lease grant command needs TTL argument');
    const problem = parseProblem(ttl, 10);
    if (problem) throw new EtcdctlError(`bad TTL (${problem})`, 128);
    const answer = await told('failed to grant lease', call.client.call('/v3/lease/grant', { TTL: ttl }));
    return print(call, {
      simple: `lease ${hex(answer.ID, width)} granted with TTL(${textIn(answer, 'TTL')}s)\n`,
      json: { ...flatHeader(answer), Error: '' },
      message: headerMessage(answer),
      fields: leaseFields(answer),
    });
  },
};

const revoke: EtcdctlCommand = {
  name: 'lease revoke',
  use: '<leaseID>',
  about: 'Revokes leases',
  async run(call) {
    const [given = ''] = expectOperands(call, 1, 'lease revoke command needs 1 argument');
    const ID = leaseId(given);
    const answer = await told('failed to revoke lease', call.client.call('/v3/lease/revoke', { ID }));
    if (call.form === 'protobuf') throw unsupported(answer);
    return print(call, { simple: `lease ${hex(ID, width)} revoked\n`, json: answer, fields: headerFields(answer) });
  },
};

const timeToLive: EtcdctlCommand = {
  name: 'lease timetolive',
  use: '<leaseID> [options]',
  about: 'Get lease information',
  options: [toggle('keys', 'the keys that hang on it')],
  async run(call) {
    const [given = ''] = expectOperands(call, 1, 'lease timetolive command needs lease ID as argument');
    const ID = leaseId(given);
    const keys = call.options.has('keys');
    const answer = await call.client.call('/v3/lease/timetolive', { ID, ...(keys && { keys }) });
    const held = isList(answer.keys) ? answer.keys : [];
    const names = held.map((key) => decodeUtf8(decodeBytes(key)));
    const shown = keys ? `, attached keys([${names.join(' ')}])` : '';
    const id = `lease ${hex(ID, width)}`;
    return print(call, {
      simple:
        answer.TTL === '-1'
          ? `${id} already expired\n`
          : `${id} granted with TTL(${bare(answer.grantedTTL)}s), remaining(${bare(answer.TTL)}s)${shown}\n`,
      message: headerMessage(answer),
      json: {
        ...flatHeader({ header: answer.header ?? null }),
        id: ID,
        ttl: String(bare(answer.TTL)),
        'granted-ttl': String(bare(answer.grantedTTL)),
        keys: held.length > 0 ? held : null,
      },
      fields: [
        ...leaseFields({ ...answer, ID }),
        ['GrantedTTL', bare(answer.grantedTTL)],
        ...names.map((key) => ['Key', key] as const),
      ],
    });
  },
};

const list: EtcdctlCommand = {
  name: 'lease list',
  about: 'List all active leases',
  async run(call) {
    const answer = await call.client.call('/v3/lease/leases', {});
    const ids = listIn(answer, 'leases').map(({ ID }) => textIn({ ID: ID ?? 0 }, 'ID'));
    return print(call, {
      simple: `found ${ids.length} leases\n${ids.map((id) => `${hex(id, width)}\n`).join('')}`,
      message: headerMessage(answer),
      json: { ...flatHeader({ header: answer.header ?? null }), leases: ids.map((id) => ({ id })) },
      fields: [...headerFields(answer), ...ids.map((id) => ['ID', bare(id), 'lease'] as const)],
    });
  },
};

const keepAlive: EtcdctlCommand = {
  name: 'lease keep-alive',
  use: '[options] <leaseID>',
  about: 'Keeps leases alive (renew)',
  options: [toggle('once', 'one time alone')],
  async run(call) {
    const [given = ''] = expectOperands(call, 1, 'lease keep-alive command needs lease ID as argument');
    const ID = leaseId(given);
    const once = call.options.has('once');
    for (;;) {
      const answer = objectIn(await call.client.call('/v3/lease/keepalive', { ID }), 'result');
      const ttl = Number(bare(answer.TTL));
      if (ttl <= 0) {
        if (once) throw new EtcdctlError('etcdserver: requested lease not found', badConnection);
        await call.out(`lease ${hex(ID, width)} expired or revoked.\n`);
        return 0;
      }
      await print(call, {
        simple: `lease ${hex(ID, width)} keepalived with TTL(${ttl})\n`,
        json: flatHeader(answer),
        message: headerMessage(answer),
        fields: leaseFields(answer),
      });
      if (once) return 0;
      await call.process.clock.sleep((ttl * 1000) / 3, call.process.cancel);
    }
  },
};

export const leaseCommands: readonly EtcdctlCommand[] = [grant, revoke, timeToLive, list, keepAlive];
