// `kubectl config set` and `unset`: one value by its path, e.g. contexts.minikube.namespace.

import { decodeBase64, encodeBase64, encodeUtf8 } from '../../../base/bytes.ts';
import type { JsonValue } from '../../../base/json.ts';
import type { Command } from '../../command.ts';
import type { EntryKind } from '../../config/store.ts';
import type { Context } from '../../context.ts';
import { CommandError } from '../../errors.ts';
import { parseBool } from '../../flag-values.ts';
import { flag } from '../../flags.ts';
import { checkCount, storeOf } from './shared.ts';

const fields: Readonly<Record<EntryKind, readonly string[]>> = {
  clusters: [
    'server',
    'tls-server-name',
    'insecure-skip-tls-verify',
    'certificate-authority',
    'certificate-authority-data',
    'proxy-url',
    'disable-compression',
  ],
  contexts: ['cluster', 'user', 'namespace'],
  users: [
    'client-certificate',
    'client-certificate-data',
    'client-key',
    'client-key-data',
    'token',
    'tokenFile',
    'as',
    'as-uid',
    'username',
    'password',
  ],
};

const set: Command = {
  use: 'set PROPERTY_NAME PROPERTY_VALUE',
  short: 'Set an individual value in a kubeconfig file',
  long: 'Set an individual value in a kubeconfig file.\n\n PROPERTY_NAME is a path with dots: clusters.NAME.server, contexts.NAME.namespace, current-context. PROPERTY_VALUE is the new value; certificate data is base64.',
  example: '# Set the server of the cluster my-cluster\nkubectl config set clusters.my-cluster.server https://1.2.3.4',
  flags: [flag.bool('set-raw-bytes', 'Write the value of a data field as it is, without base64 decoding.')],
  run: async (context) => {
    checkCount(context, set, 2);
    const [name = '', value = ''] = context.args;
    if (value === '') throw new CommandError('you cannot use set to unset a property');
    if (name === '') throw new CommandError('you must specify a property');
    change(context, name, value);
    context.out(`Property ${JSON.stringify(name)} set.\n`);
  },
};

const unset: Command = {
  use: 'unset PROPERTY_NAME',
  short: 'Unset an individual value in a kubeconfig file',
  long: 'Unset an individual value in a kubeconfig file.\n\n PROPERTY_NAME is a path with dots.',
  example: '# Unset the current-context\nkubectl config unset current-context',
  run: async (context) => {
    checkCount(context, unset, 1);
    const [name = ''] = context.args;
    if (name === '') throw new CommandError('you must specify a property');
    change(context, name, undefined);
    context.out(`Property ${JSON.stringify(name)} unset.\n`);
  },
};

/** `contexts.my.context.namespace` → contexts · my.context · namespace */
function change(context: Context, path: string, value: string | undefined): void {
  const store = storeOf(context);
  if (path === 'current-context') {
    store.setCurrentContext(value ?? '');
    return;
  }
  const [top = '', ...rest] = path.split('.');
  const kind = top === 'clusters' || top === 'contexts' || top === 'users' ? top : undefined;
  if (!kind) throw new CommandError(`unable to parse ${path} after [] at api.Config`);
  if (value === undefined && rest.length === 0) {
    for (const name of store.merged()[kind].keys()) store.removeEntry(kind, name);
    return;
  }
  const field = rest.length > 1 && fields[kind].includes(rest.at(-1) ?? '') ? rest.at(-1) : undefined;
  const name = (field === undefined ? rest : rest.slice(0, -1)).join('.');
  const old = store.merged()[kind].get(name);
  if (value === undefined && field === undefined) {
    store.removeEntry(kind, name);
    return;
  }
  if (field === undefined) {
    if (rest.length < 2) throw new CommandError(`can't set a map to a value: map[]`);
    throw new CommandError(`unable to parse one or more field values of ${path}`);
  }
  if (value === undefined && !old) throw new CommandError(`current map key \`${name}\` is invalid`);
  const { [field]: _, ...others } = old ?? {};
  store.setEntry(
    kind,
    name,
    value === undefined ? others : { ...others, [field]: propertyValue(context, field, value) },
  );
}

function propertyValue(context: Context, field: string, value: string): JsonValue {
  if (field === 'insecure-skip-tls-verify' || field === 'disable-compression') return parseBool(value);
  if (!field.endsWith('-data')) return value;
  if (context.flags.bool('set-raw-bytes')) return encodeBase64(encodeUtf8(value));
  const bytes = decodeBase64(value);
  if (bytes) return encodeBase64(bytes);
  const at = /^[A-Za-z0-9+/\r\n]*/.exec(value)?.[0].length;
  throw new CommandError(`error decoding input value: illegal base64 data at input byte ${at}`);
}

export const propertyCommands: readonly Command[] = [set, unset];
