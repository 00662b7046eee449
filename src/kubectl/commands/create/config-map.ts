// `kubectl create configmap`

import { configMapKey } from '../../../api/names.ts';
import { decodeUtf8, encodeBase64, encodeUtf8 } from '../../../base/bytes.ts';
import { quote } from '../../../base/go/quote.ts';
import { equal, type JsonObject } from '../../../base/json.ts';
import type { Context } from '../../context.ts';
import { CommandError } from '../../errors.ts';
import { flag } from '../../flags.ts';
import { contentHash } from './content-hash.ts';
import { dataSourceFlags, readDataSources } from './data-sources.ts';
import { generatorCommand } from './generator.ts';

export const createConfigMap = generatorCommand({
  use: 'configmap NAME [--from-file=[key=]source] [--from-literal=key1=value1] [--dry-run=server|client|none]',
  aliases: ['cm'],
  short: 'Create a config map from a local file, directory or literal value',
  example: `# A key for each file of a directory
kubectl create configmap my-config --from-file=path/to/bar

# Keys of one's own
kubectl create configmap my-config --from-file=key1=/path/to/bar/file1.txt --from-literal=key2=value2

# A key for each line of a file of key=value
kubectl create configmap my-config --from-env-file=path/to/foo.env`,
  flags: [...dataSourceFlags, flag.bool('append-hash', 'Append a hash of the content to the name.')],
  resource: { group: '', version: 'v1', resource: 'configmaps' },
  failure: 'failed to create configmap: ',
  build: buildConfigMap,
});

function buildConfigMap({ flags, process }: Context, name: string): JsonObject {
  const data = new Map<string, string>();
  const binary = new Map<string, string>();
  readDataSources(process, flags, 'files first', (key, bytes) => {
    checkKey(key, name, { data, binary });
    const text = decodeUtf8(bytes);
    if (equal([...encodeUtf8(text)], [...bytes])) data.set(key, text);
    else binary.set(key, encodeBase64(bytes));
  });
  const fields = {
    ...(data.size > 0 ? { data: Object.fromEntries(data) } : {}),
    ...(binary.size > 0 ? { binaryData: Object.fromEntries(binary) } : {}),
  };
  const hashed = flags.bool('append-hash')
    ? `${name}-${contentHash({ kind: 'ConfigMap', name, data: {}, ...fields })}`
    : name;
  return { kind: 'ConfigMap', apiVersion: 'v1', metadata: { name: hashed }, ...fields };
}

function checkKey(
  key: string,
  name: string,
  present: { readonly data: ReadonlyMap<string, string>; readonly binary: ReadonlyMap<string, string> },
): void {
  const problems = configMapKey(key);
  if (problems.length > 0) {
    throw new CommandError(`${quote(key)} is not a valid key name for a ConfigMap: ${problems.join(',')}`);
  }
  const where = present.data.has(key) ? 'Data' : present.binary.has(key) ? 'BinaryData' : '';
  if (where !== '') {
    const again = `another key by that name already exists in ${where} for ConfigMap ${quote(name)}`;
    throw new CommandError(`cannot add key ${quote(key)}, ${again}`);
  }
}
