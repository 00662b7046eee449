// `kubectl create secret generic|docker-registry|tls`

import { configMapKey } from '../../../api/names.ts';
import type { Process } from '../../../api/program.ts';
import { decodeUtf8, encodeBase64, encodeUtf8 } from '../../../base/bytes.ts';
import { FileError, normalizePath } from '../../../base/files.ts';
import { quote } from '../../../base/go/quote.ts';
import type { JsonObject } from '../../../base/json.ts';
import { keyPairProblem } from '../../../kinds/secret-warnings.ts';
import type { Command } from '../../command.ts';
import type { Context } from '../../context.ts';
import { CommandError } from '../../errors.ts';
import { type Flag, flag } from '../../flags.ts';
import { formatJson } from '../../print/json.ts';
import { contentHash } from './content-hash.ts';
import { addFile, dataSourceFlags, goFileMessage, readDataSources } from './data-sources.ts';
import { generatorCommand } from './generator.ts';

type Data = Map<string, Uint8Array>;

export const createSecret: Command = {
  use: 'secret (docker-registry | generic | tls)',
  short: 'Create a secret using a specified subcommand',
  subcommands: [
    secretCommand({
      use: 'docker-registry NAME --docker-username=user --docker-password=password --docker-email=email [--docker-server=string] [--from-file=[key=]source] [--dry-run=server|client|none]',
      short: 'Create a secret for use with a Docker registry',
      example: `# From an account's name and password
kubectl create secret docker-registry my-secret --docker-server=registry.example --docker-username=amy --docker-password=PASSWORD

# From a file that docker login wrote
kubectl create secret docker-registry my-secret --from-file=path/to/.docker/config.json`,
      flags: [
        flag.string('docker-email', 'Email for Docker registry'),
        flag.string('docker-password', 'Password for Docker registry authentication'),
        flag.string('docker-server', 'Server location for Docker registry', { default: 'https://index.docker.io/v1/' }),
        flag.string('docker-username', 'Username for Docker registry authentication'),
        flag.stringSlice('from-file', 'File with the whole configuration; key and path, or the path alone.'),
      ],
      typeOf: () => 'kubernetes.io/dockerconfigjson',
      fill: fillRegistry,
    }),
    secretCommand({
      use: 'generic NAME [--type=string] [--from-file=[key=]source] [--from-literal=key1=value1] [--dry-run=server|client|none]',
      short: 'Create a secret from a local file, directory, or literal value',
      example: `# A key for each file of a folder
kubectl create secret generic my-secret --from-file=path/to/bar

# Literal values
kubectl create secret generic my-secret --from-literal=key1=supersecret --from-literal=key2=topsecret

# Lines key=value of a file
kubectl create secret generic my-secret --from-env-file=path/to/bar.env`,
      flags: [...dataSourceFlags, flag.string('type', 'The type of secret to create')],
      typeOf: ({ flags }) => flags.string('type'),
      fill: ({ process, flags }, data) =>
        readDataSources(process, flags, 'literals first', (key, bytes) => addKey(data, key, bytes)),
    }),
    secretCommand({
      use: 'tls NAME --cert=path/to/cert/file --key=path/to/key/file [--dry-run=server|client|none]',
      short: 'Create a TLS secret',
      example:
        '# A certificate and its key\nkubectl create secret tls tls-secret --cert=path/to/tls.crt --key=path/to/tls.key',
      flags: [
        flag.string('cert', 'Path to PEM encoded public key certificate.'),
        flag.string('key', 'Path to private key associated with given certificate.'),
      ],
      typeOf: () => 'kubernetes.io/tls',
      fill: fillTls,
    }),
  ],
};

interface SecretSpec {
  readonly use: string;
  readonly short: string;
  readonly example: string;
  readonly flags: readonly Flag[];
  readonly typeOf: (context: Context) => string;
  readonly fill: (context: Context, data: Data) => void;
}

function secretCommand({ use, short, example, flags, typeOf, fill }: SecretSpec): Command {
  return generatorCommand({
    use,
    short,
    example,
    flags: [...flags, flag.bool('append-hash', 'Append a hash of the content to the name.')],
    resource: { group: '', version: 'v1', resource: 'secrets' },
    failure: 'failed to create secret ',
    build: (context, name) => {
      const bytes: Data = new Map();
      fill(context, bytes);
      const data = Object.fromEntries([...bytes].map(([key, value]) => [key, encodeBase64(value)]));
      return secretObject({ name, type: typeOf(context), data, hashed: context.flags.bool('append-hash') });
    },
  });
}

function secretObject(secret: { name: string; type: string; data: JsonObject; hashed: boolean }): JsonObject {
  const { name, type, data } = secret;
  const end = secret.hashed ? `-${contentHash({ kind: 'Secret', type, name, data })}` : '';
  return {
    kind: 'Secret',
    apiVersion: 'v1',
    metadata: { name: `${name}${end}` },
    ...(Object.keys(data).length > 0 ? { data } : {}),
    ...(type === '' ? {} : { type }),
  };
}

function addKey(data: Data, key: string, bytes: Uint8Array): void {
  const problems = configMapKey(key);
  if (problems.length > 0) {
    throw new CommandError(`${quote(key)} is not valid key name for a Secret ${problems.join(';')}`);
  }
  if (data.has(key)) throw new CommandError(`cannot add key ${key}, another key by that name already exists`);
  data.set(key, bytes);
}

function fillRegistry({ process, flags }: Context, data: Data): void {
  const files = flags.strings('from-file');
  const text = (name: string) => flags.string(`docker-${name}`);
  const [username, password, email, server] = [text('username'), text('password'), text('email'), text('server')];
  if (files.length === 0 && (username === '' || password === '' || server === '')) {
    throw new CommandError(
      'either --from-file or the combination of --docker-username, --docker-password and --docker-server is required',
    );
  }
  for (const source of files) {
    const keyed = source.includes('=') ? source : `.dockerconfigjson=${source}`;
    addFile(process, keyed, (key, bytes) => addKey(data, key, bytes));
  }
  if (files.length > 0) return;
  const auth = encodeBase64(encodeUtf8(`${username}:${password}`));
  const entry = { username, password, ...(email === '' ? {} : { email }), auth };
  data.set('.dockerconfigjson', encodeUtf8(formatJson({ auths: { [server]: entry } }, { indent: '' })));
}

function fillTls({ process, flags }: Context, data: Data): void {
  const [certificate, key] = [flags.string('cert'), flags.string('key')];
  if (certificate === '' || key === '') throw new CommandError('key and cert must be specified');
  const bytes = readPem(process, certificate);
  const keyBytes = readPem(process, key);
  const problem = keyPairProblem(decodeUtf8(bytes), decodeUtf8(keyBytes));
  if (problem !== undefined) throw new CommandError(problem);
  data.set('tls.crt', bytes);
  data.set('tls.key', keyBytes);
}

function readPem(process: Process, path: string): Uint8Array {
  try {
    return process.machine.files.readFile(normalizePath(path, process.cwd));
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    throw new CommandError(`Cannot read file ${path}, open ${path}: ${goFileMessage(error)}`);
  }
}
