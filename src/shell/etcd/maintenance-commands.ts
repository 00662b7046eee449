// etcdctl snapshot save, defrag, alarm list and disarm, downgrade, version.
import { normalizePath } from '../../base/files.ts';
import type { JsonObject } from '../../base/json.ts';
import {
  bare,
  type EtcdctlCall,
  type EtcdctlCommand,
  expectOperands,
  type Field,
  headerFields,
  listIn,
  objectIn,
  print,
  textIn,
} from './command.ts';
import { endpointsOf, everyMember } from './endpoint-commands.ts';
import { decodeBytes } from './etcd-client.ts';
import { EtcdctlError } from './etcdctl-error.ts';
import { etcdctlVersion, logLine } from './log-line.ts';
import { durationText, humanBytes } from './words.ts';

const snapshotSave: EtcdctlCommand = {
  name: 'snapshot save',
  use: '<filename>',
  about: 'Stores an etcd node backend snapshot to a given file',
  async run(call) {
    const [path = ''] = expectOperands(call, 1, 'snapshot save expects one argument <filename>');
    const { client, process } = call;
    const { clock, stderr } = process;
    const { endpoints } = client.settings;
    const [endpoint = ''] = endpoints;
    const log = (caller: string, msg: string, fields: JsonObject = {}): Promise<void> =>
      stderr.write(logLine({ level: 'info', atMs: clock.now(), caller, msg, fields }));
    const logClient = (line: number, msg: string): Promise<void> => {
      const caller = `v3@v${etcdctlVersion}/maintenance.go:${line}`;
      return stderr.write(logLine({ level: 'info', atMs: clock.now(), logger: 'client', caller, msg }));
    };
    if (endpoints.length !== 1) {
      const all = endpoints.join(' ');
      throw new EtcdctlError(`snapshot must be requested to one selected node, not multiple [${all}]`, interrupted);
    }
    const place = normalizePath(path, process.cwd);
    if (!process.machine.files.exists(place.replace(/\/[^/]*$/, '') || '/')) {
      const why = `open ${path}.part: no such file or directory`;
      throw new EtcdctlError(`could not open ${path}.part (${why})`, interrupted);
    }
    await log('snapshot/v3_snapshot.go:83', 'created temporary db file', { path: `${path}.part` });
    const began = clock.now();
    await logClient(236, 'opened snapshot stream; downloading');
    const answer = await received(call);
    await log('snapshot/v3_snapshot.go:96', 'fetching snapshot', { endpoint });
    const content = decodeBytes(objectIn(answer, 'result').blob);
    await logClient(302, 'completed snapshot read; closing');
    await log('snapshot/v3_snapshot.go:111', 'fetched snapshot', {
      endpoint,
      size: humanBytes(content.length),
      took: durationText(clock.now() - began),
      'etcd-version': '3.6.0',
    });
    process.machine.files.writeFile(place, content);
    await log('snapshot/v3_snapshot.go:121', 'saved', { path });
    await call.out(`Snapshot saved at ${path}\nServer version 3.6.0\n`);
    return 0;
  },
};

/** Throws EtcdctlError. */
async function received({ client, process }: EtcdctlCall): Promise<JsonObject> {
  try {
    return await client.receive('/v3/maintenance/snapshot', {});
  } catch (error) {
    if (!(error instanceof EtcdctlError)) throw error;
    const caller = `v3@v${etcdctlVersion}/maintenance.go:304`;
    const msg = 'failed to receive from snapshot stream; closing';
    const fields = { error: error.message };
    const atMs = process.clock.now();
    await process.stderr.write(logLine({ level: 'warn', atMs, logger: 'client', caller, msg, fields }));
    throw new EtcdctlError(error.message, interrupted);
  }
}

/** The status of a snapshot that could not be saved. */
const interrupted = 5;

const defrag: EtcdctlCommand = {
  name: 'defrag',
  about: 'Defragments the storage of the etcd members with given endpoints',
  options: [everyMember],
  async run(call) {
    let failures = 0;
    for (const endpoint of await endpointsOf(call)) {
      const began = call.process.clock.now();
      try {
        await call.client.callAt(endpoint, '/v3/maintenance/defragment', {});
        const took = durationText(call.process.clock.now() - began);
        await call.out(`Finished defragmenting etcd member[${endpoint}]. took ${took}\n`);
      } catch (error) {
        if (!(error instanceof EtcdctlError)) throw error;
        failures++;
        const took = durationText(call.process.clock.now() - began);
        const text = `Failed to defragment etcd member[${endpoint}]. took ${took}. (${error.message})\n`;
        await call.process.stderr.write(text);
      }
    }
    return failures > 0 ? 1 : 0;
  },
};

const alarmList = alarmCommand('list', 'Lists all alarms', 'GET');
const alarmDisarm = alarmCommand('disarm', 'Disarms all alarms', 'DEACTIVATE');

function alarmCommand(name: string, about: string, action: string): EtcdctlCommand {
  return {
    name: `alarm ${name}`,
    about,
    async run(call) {
      expectOperands(call, 0, `alarm ${name} command accepts no arguments`);
      const answer = await call.client.call('/v3/maintenance/alarm', { action });
      const alarms = listIn(answer, 'alarms');
      const lines = alarms.map((alarm) => `memberID:${textIn(alarm, 'memberID')} alarm:${textIn(alarm, 'alarm')} \n`);
      const fields = alarms.flatMap((alarm): readonly Field[] => [
        ['MemberID', bare(alarm.memberID), 'id'],
        ['AlarmType', textIn(alarm, 'alarm'), 'raw'],
        undefined,
      ]);
      const json = { ...answer, ...(alarms.length > 0 && { alarms: alarms.map((alarm) => ({ ...alarm, alarm: 1 })) }) };
      const message = ['AlarmResponse', answer] as const;
      return print(call, { simple: lines.join(''), json, message, fields: [...headerFields(answer), ...fields] });
    },
  };
}

const downgradeValidate = downgradeCommand('validate', 'Validate downgrade capability before starting downgrade');
const downgradeEnable = downgradeCommand('enable', 'Start a downgrade action to cluster');
const downgradeCancel = downgradeCommand('cancel', 'Cancel the ongoing downgrade action to cluster');

function downgradeCommand(name: string, about: string): EtcdctlCommand {
  const takes = name === 'cancel' ? 0 : 1;
  return {
    name: `downgrade ${name}`,
    ...(takes > 0 && { use: '<TARGET_VERSION>' }),
    about,
    async run(call) {
      const [version, second] = call.operands;
      if (takes > 0 && version === undefined) throw new EtcdctlError('TARGET_VERSION not provided', 128);
      if (takes > 0 && second !== undefined) throw new EtcdctlError('too many arguments', 128);
      if (takes > 0 && version === '') throw new EtcdctlError('target version not provided', 128);
      const request = { action: name.toUpperCase(), ...(takes > 0 && { version: version ?? '' }) };
      const answer = await call.client.call('/v3/maintenance/downgrade', request);
      const simple = `Downgrade ${name} success, cluster version ${textIn(answer, 'version')}\n`;
      return print(call, { simple, json: answer, message: ['DowngradeResponse', answer] });
    },
  };
}

const version: EtcdctlCommand = {
  name: 'version',
  about: 'Prints the version of etcdctl',
  isLocal: true,
  async run(call) {
    await call.out(`etcdctl version: ${etcdctlVersion}\nAPI version: 3.6\n`);
    return 0;
  },
};

export const maintenanceCommands: readonly EtcdctlCommand[] = [
  snapshotSave,
  defrag,
  alarmList,
  alarmDisarm,
  downgradeValidate,
  downgradeEnable,
  downgradeCancel,
  version,
];
