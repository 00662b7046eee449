// ~/.docker/config.json: whom the client is logged in as, by registry.
import type { Process } from '../../api/program.ts';
import { decodeBase64, decodeUtf8, encodeBase64, encodeUtf8 } from '../../base/bytes.ts';
import { isObject } from '../../base/json.ts';

const hubKey = 'https://index.docker.io/v1/';

export interface Account {
  readonly user: string;
  readonly password: string;
}

/** Where an image's name leads to. */
export function registryOf(image: string): string {
  const [first = '', ...rest] = image.split('/');
  return rest.length > 0 && (/[.:]/.test(first) || first === 'localhost') ? first : 'docker.io';
}

/** By registry; Docker Hub is `docker.io`. */
export function readAccounts(process: Process): Map<string, Account> {
  const accounts = new Map<string, Account>();
  const { files } = process.machine;
  const place = configFile(process);
  if (!files.exists(place)) return accounts;
  const auths = parse(files.readText(place));
  for (const [key, value] of Object.entries(auths)) {
    const auth =
      isObject(value) && typeof value.auth === 'string' ? decodeUtf8(decodeBase64(value.auth) ?? new Uint8Array()) : '';
    const at = auth.indexOf(':');
    if (at > 0)
      accounts.set(key === hubKey ? 'docker.io' : key, { user: auth.slice(0, at), password: auth.slice(at + 1) });
  }
  return accounts;
}

export function writeAccounts(process: Process, accounts: ReadonlyMap<string, Account>): void {
  const auths = Object.fromEntries(
    [...accounts].map(([registry, { user, password }]) => [
      registry === 'docker.io' ? hubKey : registry,
      { auth: encodeBase64(encodeUtf8(`${user}:${password}`)) },
    ]),
  );
  const text = JSON.stringify({ auths }, undefined, '\t');
  process.machine.files.writeFile(configFile(process), text, { parents: true, mode: 0o600 });
}

export function configFile(process: Process): string {
  return `${process.env.get('HOME') ?? '/root'}/.docker/config.json`;
}

function parse(text: string) {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) && isObject(value.auths) ? value.auths : {};
  } catch {
    return {};
  }
}
