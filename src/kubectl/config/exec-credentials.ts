// Credential plugins: a user of the kubeconfig may name a program that prints a token or a client certificate.
import { ConnectionError } from '../../api/ports.ts';
import type { Writer } from '../../api/program.ts';
import { concatBytes, decodeUtf8, encodeBase64, encodeUtf8 } from '../../base/bytes.ts';
import { objectAt, objectsAt, textAt, textsAt } from '../../base/fields.ts';
import { isObject, type JsonObject } from '../../base/json.ts';
import { CommandError } from '../errors.ts';
import { type Parent, runExternal } from '../external-program.ts';
import { type PluginPolicy, pluginRefusal } from '../kuberc/plugin-policy.ts';
import type { KubeconfigEntry } from './kubeconfig.ts';

/** As `users[].user.exec` has it. */
export interface ExecPlugin {
  readonly apiVersion: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: readonly { readonly name: string; readonly value: string }[];
  readonly interactiveMode: string;
  readonly installHint: string;
}

export interface ExecCredentials {
  readonly token?: string;
  readonly clientCertificate?: { readonly data: string };
  readonly clientKey?: { readonly data: string };
}

/** The plugin of a user. Throws what is wrong with its settings. */
export function execPluginOf(user: KubeconfigEntry | undefined, userName: string): ExecPlugin | undefined {
  const exec = objectAt(user, 'exec');
  if (!exec) return undefined;
  const apiVersion = textAt(exec, 'apiVersion');
  const interactiveMode = textAt(exec, 'interactiveMode');
  const wrong = (text: string): Error => new CommandError(text);
  if (textAt(exec, 'command') === '')
    throw wrong(`command must be specified for ${userName} to use exec authentication plugin`);
  if (apiVersion === '') throw wrong(`apiVersion must be specified for ${userName} to use exec authentication plugin`);
  if (interactiveMode === '' && apiVersion === 'client.authentication.k8s.io/v1')
    throw wrong(`interactiveMode must be specified for ${userName} to use exec authentication plugin`);
  return {
    apiVersion,
    command: textAt(exec, 'command'),
    args: textsAt(exec, 'args'),
    env: objectsAt(exec, 'env').map((item) => ({ name: textAt(item, 'name'), value: textAt(item, 'value') })),
    interactiveMode: interactiveMode || 'IfAvailable',
    installHint: textAt(exec, 'installHint'),
  };
}

/** Runs the plugin. `readsInput`: the command itself does. Throws ConnectionError: no request goes without. */
export async function runExecPlugin(
  parent: Parent,
  plugin: ExecPlugin,
  { readsInput, policy }: { readonly readsInput: boolean; readonly policy: PluginPolicy | undefined },
): Promise<ExecCredentials> {
  const refusal = policy && pluginRefusal(parent.process, policy, plugin.command);
  if (refusal !== undefined) throw failed(refusal);
  const interactive = isInteractive(parent, plugin, readsInput);
  const info = { kind: 'ExecCredential', apiVersion: plugin.apiVersion, spec: { interactive } };
  const env = new Map(parent.process.env);
  for (const { name, value } of plugin.env) env.set(name, value);
  env.set('KUBERNETES_EXEC_INFO', JSON.stringify(info));
  const pieces: Uint8Array[] = [];
  const stdout: Writer = {
    write: async (data) => void pieces.push(typeof data === 'string' ? encodeUtf8(data) : data),
  };
  const ended = await runExternal(parent, [plugin.command, ...plugin.args], { stdout, env });
  if ('problem' in ended) {
    const hint = plugin.installHint ? `\n\n${plugin.installHint}\n` : '';
    throw failed(`exec: executable ${plugin.command} not found${hint}`);
  }
  if (ended.exitCode !== 0) throw failed(`exec: executable ${plugin.command} failed with exit code ${ended.exitCode}`);
  return readCredentials(decodeUtf8(concatBytes(pieces)), plugin.apiVersion);
}

function failed(why: string): Error {
  return new ConnectionError(`getting credentials: ${why}`);
}

function isInteractive({ process }: Parent, { interactiveMode }: ExecPlugin, reads: boolean): boolean {
  const isTerminal = process.terminal !== undefined;
  if (interactiveMode === 'Never') return false;
  if (interactiveMode === 'IfAvailable') return isTerminal && !reads;
  const why = reads
    ? 'standard input is unavailable: used by stdin resource manifest reader'
    : isTerminal
      ? ''
      : 'standard input is not a terminal';
  if (why) throw failed(`exec plugin cannot support interactive mode: ${why}`);
  return true;
}

function readCredentials(text: string, apiVersion: string): ExecCredentials {
  const answer = parsed(text);
  const version = textAt(answer, 'apiVersion');
  if (version !== apiVersion)
    throw failed(`exec plugin is configured to use API version ${apiVersion}, plugin returned version ${version}`);
  const status = objectAt(answer, 'status');
  if (!status) throw failed("exec plugin didn't return a status field");
  const [token, certificate, key] = ['token', 'clientCertificateData', 'clientKeyData'].map((name) =>
    textAt(status, name),
  );
  if (!token && !certificate && !key) throw failed("exec plugin didn't return a token or cert/key pair");
  if ((certificate === '') !== (key === '')) throw failed('exec plugin returned only certificate or key, not both');
  const data = (pem = ''): { readonly data: string } => ({ data: encodeBase64(encodeUtf8(pem)) });
  return {
    ...(token && { token }),
    ...(certificate && { clientCertificate: data(certificate), clientKey: data(key) }),
  };
}

function parsed(text: string): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    const first = text.trimStart().charAt(0);
    const why = first ? `invalid character '${first}' looking for beginning of value` : 'unexpected end of JSON input';
    throw failed(`decoding stdout: couldn't get version/kind; json parse error: ${why}`);
  }
  if (isObject(value)) return value;
  throw failed("decoding stdout: couldn't get version/kind; json parse error: json: cannot unmarshal into an object");
}
