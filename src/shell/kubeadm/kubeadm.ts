// kubeadm on a cluster's machine: its version, bootstrap tokens, when certificates expire. What makes or changes
// clusters is not simulated, and says so.
import type { KubePort } from '../../api/ports.ts';
import type { Process, Program } from '../../api/program.ts';
import { describeOptions, OptionError, type OptionSpec, readOptions } from '../text/long-options.ts';
import { checkExpiration } from './certs.ts';
import { type KubeadmCall, KubeadmError } from './kubeadm-call.ts';
import { createToken, deleteToken, generateToken, listTokens } from './tokens.ts';

interface KubeadmCommand {
  /** E.g. `token create`. */
  readonly name: string;
  readonly about: string;
  readonly options: readonly OptionSpec[];
  run(call: KubeadmCall): Promise<number>;
}

/** Connects as the administrator whose kubeconfig that is. Throws KubeadmError. */
export type ConnectWith = (process: Process, kubeconfig: string) => KubePort;

const text = (name: string, about: string): OptionSpec => ({ name, kind: 'text', about });
const output: OptionSpec = { name: 'output', short: 'o', kind: 'text', about: 'Output format' };
const kubeconfig = text('kubeconfig', 'The kubeconfig file to use when talking to the cluster');

const commands: readonly KubeadmCommand[] = [
  { name: 'version', about: 'Print the version of kubeadm', options: [output], run: version },
  {
    name: 'token create',
    about: 'Create bootstrap tokens on the server',
    options: [
      kubeconfig,
      { name: 'print-join-command', kind: 'switch', about: 'Print the full kubeadm join flag to join the cluster' },
      text('ttl', 'The duration before the token is automatically deleted'),
      text('description', 'A human friendly description of how this token is used'),
      { name: 'groups', kind: 'list', about: 'Extra groups that this token will authenticate as' },
      { name: 'usages', kind: 'list', about: 'The ways in which this token can be used' },
    ],
    run: createToken,
  },
  { name: 'token list', about: 'List bootstrap tokens on the server', options: [kubeconfig], run: listTokens },
  { name: 'token delete', about: 'Delete bootstrap tokens on the server', options: [kubeconfig], run: deleteToken },
  { name: 'token generate', about: 'Generate and print a bootstrap token', options: [], run: generateToken },
  {
    name: 'certs check-expiration',
    about: 'Check certificates expiration for a Kubernetes cluster',
    options: [text('cert-dir', 'The path where to save the certificates'), kubeconfig],
    run: checkExpiration,
  },
];

const refused = ['init', 'join', 'reset', 'upgrade', 'config', 'kubeconfig', 'certs', 'token', 'completion', 'alpha'];

export function kubeadm(connect: ConnectWith): Program {
  return async (process) => {
    const [, first = '', second = '', ...rest] = process.argv;
    const command =
      commands.find(({ name }) => name === `${first} ${second}`) ?? commands.find(({ name }) => name === first);
    try {
      if (!command) return await unknown(process, [first, second].join(' ').trim());
      const words = command.name.includes(' ') ? rest : process.argv.slice(2);
      const given = readOptions(words, [
        ...command.options,
        { name: 'help', short: 'h', kind: 'switch', about: 'help' },
      ]);
      if (given.has('help')) {
        await process.stdout.write(
          `${command.about}.\n\nUsage:\n  kubeadm ${command.name} [flags]\n\nFlags:\n${describeOptions(command.options)}`,
        );
        return 0;
      }
      return await command.run({
        process,
        operands: given.operands,
        option: (name) => (given.list(name).length > 0 ? given.list(name).join(',') : undefined),
        has: (name) => given.has(name),
        kube: () => connect(process, given.text('kubeconfig') ?? '/etc/kubernetes/admin.conf'),
      });
    } catch (error) {
      if (!(error instanceof KubeadmError) && !(error instanceof OptionError)) throw error;
      const hint =
        error instanceof OptionError ? '\nTo see the stack trace of this error execute with --v=5 or higher' : '';
      await process.stderr.write(`${error.message}${hint}\n`);
      return 1;
    }
  };
}

async function unknown(process: Process, name: string): Promise<number> {
  const [first = ''] = name.split(' ');
  if (first === '' || first === 'help' || first === '--help' || first === '-h') {
    const rows = commands.map((command) => `  ${command.name.padEnd(24)}${command.about}\n`).join('');
    await process.stdout.write(`kubeadm: what of it is simulated\n\n${rows}`);
    return 0;
  }
  const why = refused.includes(first)
    ? `kubeadm ${name} is not simulated`
    : `unknown command ${JSON.stringify(first)} for "kubeadm"\nTo see the stack trace of this error execute with --v=5 or higher`;
  await process.stderr.write(`${refused.includes(first) ? '' : 'error: '}${why}\n`);
  return 1;
}

const facts = {
  major: '1',
  minor: '36',
  gitVersion: 'v1.36.2',
  gitCommit: '4e5c1c8b3a6d4e0f9b7a2c5d8e1f3a6b9c0d2e4f',
  gitTreeState: 'clean',
  buildDate: '2026-06-10T08:12:45Z',
  goVersion: 'go1.25.4',
  compiler: 'gc',
  platform: 'linux/amd64',
};

async function version(call: KubeadmCall): Promise<number> {
  const form = call.option('output') ?? '';
  const { out } = { out: (line: string) => call.process.stdout.write(`${line}\n`) };
  if (form === 'short') await out(facts.gitVersion);
  else if (form === 'json') await out(JSON.stringify({ clientVersion: facts }, null, 2));
  else if (form === '') {
    const fields = Object.entries(facts).map(
      ([name, value]) => `${name.charAt(0).toUpperCase()}${name.slice(1)}:"${value}"`,
    );
    await out(`kubeadm version: &version.Info{${fields.join(', ')}}`);
  } else throw new KubeadmError(`invalid output format: ${form}`);
  return 0;
}
