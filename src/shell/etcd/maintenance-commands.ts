// etcdctl snapshot save, defrag, alarm list and disarm, version.
import { concatBytes, encodeUtf8 } from '../../base/bytes.ts';
import { normalizePath } from '../../base/files.ts';
import {
  argument,
  bare,
  type EtcdctlCommand,
  type Field,
  headerFields,
  listIn,
  objectIn,
  print,
  textIn,
} from './command.ts';
import { decodeBytes, Unreachable } from './etcd-client.ts';
import { durationText, endpointsOf } from './member-commands.ts';

const snapshotSave: EtcdctlCommand = {
  name: 'snapshot save',
  about: 'Stores an etcd node backend snapshot to a given file',
  async run(call) {
    const path = argument(call, 0, 'snapshot save expects one argument');
    const answer = await call.client.call('/v3/maintenance/snapshot', {});
    const { files } = call.process.machine;
    files.writeFile(
      normalizePath(path, call.process.cwd),
      concatBytes([decodeBytes(objectIn(answer, 'result').blob), encodeUtf8('\n')]),
    );
    await call.out(`Snapshot saved at ${path}\nServer version 3.6.0\n`);
    return 0;
  },
};

const defrag: EtcdctlCommand = {
  name: 'defrag',
  about: 'Defragments the storage of the etcd members with given endpoints',
  options: [{ name: 'cluster', kind: 'switch', about: 'every member of the cluster' }],
  async run(call) {
    let failures = 0;
    for (const endpoint of await endpointsOf(call)) {
      const began = call.process.clock.now();
      try {
        await call.client.callAt(endpoint, '/v3/maintenance/defragment', {});
        const took = durationText(call.process.clock.now() - began);
        await call.out(`Finished defragmenting etcd member[${endpoint}]. took ${took}\n`);
      } catch (error) {
        if (!(error instanceof Unreachable)) throw error;
        failures++;
        const text = `Failed to defragment etcd member[${endpoint}] (context deadline exceeded)\n`;
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
      const answer = await call.client.call('/v3/maintenance/alarm', { action });
      const alarms = listIn(answer, 'alarms');
      const lines = alarms.map((alarm) => `memberID:${textIn(alarm, 'memberID')} alarm:${textIn(alarm, 'alarm')} \n`);
      const fields = alarms.flatMap((alarm): readonly Field[] => [
        ['MemberID', bare(alarm.memberID)],
        ['AlarmType', textIn(alarm, 'alarm')],
      ]);
      return print(call, { simple: lines.join(''), json: answer, fields: [...headerFields(answer), ...fields] });
    },
  };
}

const version: EtcdctlCommand = {
  name: 'version',
  about: 'Prints the version of etcdctl',
  async run(call) {
    await call.out('etcdctl version: 3.6.6\nAPI version: 3.6\n');
    return 0;
  },
};

export const maintenanceCommands: readonly EtcdctlCommand[] = [snapshotSave, defrag, alarmList, alarmDisarm, version];
