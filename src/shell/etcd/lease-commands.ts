// etcdctl lease grant, revoke, timetolive, list, keep-alive.

import { decodeUtf8 } from '../../base/bytes.ts';
import { isList } from '../../base/json.ts';
import { argument, bare, type EtcdctlCommand, fromHex, headerFields, hex, listIn, print, textIn } from './command.ts';
import { decodeBytes } from './etcd-client.ts';

const grant: EtcdctlCommand = {
  name: 'lease grant',
  about: 'Creates leases',
  async run(call) {
    const ttl = argument(call, 0, 'lease grant command needs TTL argument');
    const answer = await call.client.call('/v3/lease/grant', { TTL: ttl });
    return print(call, {
      simple: `lease ${hex(answer.ID)} granted with TTL(${textIn(answer, 'TTL')}s)\n`,
      json: answer,
      fields: [...headerFields(answer), ['ID', bare(answer.ID)], ['TTL', bare(answer.TTL)]],
    });
  },
};

const revoke: EtcdctlCommand = {
  name: 'lease revoke',
  about: 'Revokes leases',
  async run(call) {
    const id = fromHex(argument(call, 0, 'lease revoke command needs 1 argument'), 'lease ID');
    const answer = await call.client.call('/v3/lease/revoke', { ID: id });
    return print(call, { simple: `lease ${hex(id)} revoked\n`, json: answer, fields: headerFields(answer) });
  },
};

const timeToLive: EtcdctlCommand = {
  name: 'lease timetolive',
  about: 'Get lease information',
  options: [{ name: 'keys', kind: 'switch', about: 'the keys that hang on it' }],
  async run(call) {
    const ID = fromHex(argument(call, 0, 'lease timetolive command needs lease ID as argument'), 'lease ID');
    const keys = call.options.has('keys');
    const answer = await call.client.call('/v3/lease/timetolive', { ID, ...(keys && { keys }) });
    const held = isList(answer.keys) ? answer.keys.map((key) => decodeUtf8(decodeBytes(key))) : [];
    const shown = keys ? `, attached keys([${held.join(' ')}])` : '';
    const simple =
      answer.TTL === '-1'
        ? `lease ${hex(ID)} already expired\n`
        : `lease ${hex(ID)} granted with TTL(${textIn(answer, 'grantedTTL')}s), remaining(${textIn(answer, 'TTL')}s)${shown}\n`;
    const fields = [
      ...headerFields(answer),
      ['ID', bare(ID)] as const,
      ['TTL', bare(answer.TTL)] as const,
      ['GrantedTTL', bare(answer.grantedTTL)] as const,
      ...held.map((key) => ['Key', key] as const),
    ];
    return print(call, { simple, json: answer, fields });
  },
};

const list: EtcdctlCommand = {
  name: 'lease list',
  about: 'List all active leases',
  async run(call) {
    const answer = await call.client.call('/v3/lease/leases', {});
    const ids = listIn(answer, 'leases').map(({ ID }) => ID);
    return print(call, {
      simple: `found ${ids.length} leases\n${ids.map((id) => `${hex(id)}\n`).join('')}`,
      json: answer,
      fields: [...headerFields(answer), ...ids.map((id) => ['ID', bare(id)] as const)],
    });
  },
};

const keepAlive: EtcdctlCommand = {
  name: 'lease keep-alive',
  about: 'Keeps leases alive (renew)',
  options: [{ name: 'once', kind: 'switch', about: 'one time alone' }],
  async run(call) {
    const id = fromHex(argument(call, 0, 'lease keep-alive command needs lease ID as argument'), 'lease ID');
    for (;;) {
      const answer = await call.client.call('/v3/lease/keepalive', { ID: id });
      const ttl = Number(answer.TTL ?? 0);
      if (ttl <= 0) {
        await call.out(`lease ${hex(id)} expired or revoked.\n`);
        return 0;
      }
      await call.out(`lease ${hex(id)} keepalived with TTL(${ttl})\n`);
      if (call.options.has('once')) return 0;
      await call.process.clock.sleep((ttl * 1000) / 3, call.process.cancel);
    }
  },
};

export const leaseCommands: readonly EtcdctlCommand[] = [grant, revoke, timeToLive, list, keepAlive];
