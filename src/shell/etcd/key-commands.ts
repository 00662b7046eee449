// etcdctl get, put, del, compaction.
import { type EtcdctlCommand, expectOperands, print } from './command.ts';
import { EtcdctlError } from './etcdctl-error.ts';
import { parseProblem, toggle } from './flags.ts';
import {
  delFields,
  delOptions,
  delRequest,
  getFields,
  getOptions,
  getRequest,
  putFields,
  putOptions,
  putRequest,
  simpleDel,
  simpleGet,
  simplePut,
} from './key-operations.ts';

const get: EtcdctlCommand = {
  name: 'get',
  use: '[options] <key> [range_end]',
  about: 'Gets the key or a range of keys',
  options: getOptions,
  async run(call) {
    const { options, form, hex } = call;
    const answer = await call.client.call('/v3/kv/range', getRequest(call));
    if (options.has('count-only') && form !== 'fields')
      throw new EtcdctlError('--count-only is only for `--write-out=fields`', 128);
    const valueOnly = options.has('print-value-only');
    if (valueOnly && form !== 'simple')
      throw new EtcdctlError('print-value-only is only for `--write-out=simple`', 128);
    const simple = simpleGet(answer, { hex, valueOnly });
    return print(call, { simple, json: answer, fields: getFields(answer), message: ['RangeResponse', answer] });
  },
};

const put: EtcdctlCommand = {
  name: 'put',
  use: '[options] <key> <value> (<value> can also be given from stdin)',
  about: 'Puts the given key into the store',
  details: `What follows the key is the value; without it, the value is what comes on standard input.
A value that begins with '-' would be taken for a flag: put -- before it. The same goes for keys.

  put <key> -- <value>
  put -- <key> <value>`,
  options: putOptions,
  async run(call) {
    const answer = await call.client.call('/v3/kv/put', await putRequest(call));
    const simple = simplePut(answer, call);
    return print(call, { simple, json: answer, fields: putFields(answer), message: ['PutResponse', answer] });
  },
};

const del: EtcdctlCommand = {
  name: 'del',
  use: '[options] <key> [range_end]',
  about: 'Removes the specified key or range of keys [key, range_end)',
  options: delOptions,
  async run(call) {
    const answer = await call.client.call('/v3/kv/deleterange', await delRequest(call));
    const simple = simpleDel(answer, call);
    return print(call, { simple, json: answer, fields: delFields(answer), message: ['DeleteRangeResponse', answer] });
  },
};

const compaction: EtcdctlCommand = {
  name: 'compaction',
  use: '[options] <revision>',
  about: 'Compacts the event history in etcd',
  options: [toggle('physical', 'wait until it is done on the disk')],
  async run(call) {
    const [revision = ''] = expectOperands(call, 1, 'compaction command needs 1 argument');
    const problem = parseProblem(revision, 10);
    if (problem) throw new EtcdctlError(problem);
    const physical = call.options.has('physical') && { physical: true };
    await call.client.call('/v3/kv/compaction', { revision, ...physical });
    await call.out(`compacted revision ${revision}\n`);
    return 0;
  },
};

export const keyCommands: readonly EtcdctlCommand[] = [get, put, del, compaction];
