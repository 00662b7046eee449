// minikube docker-env: variables that make docker speak to the cluster's own daemon, so that what it builds is there for
// pods without a registry.
import { emitYaml } from '../../base/yaml-emit.ts';
import { type MinikubeCall, type MinikubeCommand, MinikubeExit, needRunning } from './command.ts';

const names = ['DOCKER_TLS_VERIFY', 'DOCKER_HOST', 'DOCKER_CERT_PATH', 'MINIKUBE_ACTIVE_DOCKERD'];

/** How a shell sets and unsets a variable. */
interface ShellForm {
  readonly set: readonly [before: string, between: string, after: string];
  readonly unset: readonly [before: string, after: string];
  readonly hint: (what: string, command: string) => string;
}

const bash: ShellForm = {
  set: ['export ', '="', '"\n'],
  unset: ['unset ', ';\n'],
  hint: (what, command) => `\n# ${what}\n# eval $(${command})\n`,
};

const shells: Readonly<Record<string, ShellForm>> = {
  bash,
  fish: {
    set: ['set -gx ', ' "', '";\n'],
    unset: ['set -e ', ';\n'],
    hint: (what, command) => `\n# ${what}\n# ${command} | source\n`,
  },
  powershell: {
    set: ['$Env:', ' = "', '"\n'],
    unset: ['Remove-Item Env:\\\\', '\n'],
    hint: (what, command) => `# ${what}\n# & ${command} --shell powershell | Invoke-Expression\n`,
  },
  cmd: {
    set: ['SET ', '=', '\n'],
    unset: ['SET ', '=\n'],
    hint: (what, command) => `REM ${what}\nREM @FOR /f "tokens=*" %i IN ('${command} --shell cmd') DO @%i\n`,
  },
  emacs: {
    set: ['(setenv "', '" "', '")\n'],
    unset: ['(setenv "', '" nil)\n'],
    hint: (what, command) =>
      `;; ${what}\n;; (with-temp-buffer (shell-command "${command}" (current-buffer)) (eval-buffer))\n`,
  },
  tcsh: {
    set: ['setenv ', ' "', '";\n'],
    unset: ['unsetenv ', ';\n'],
    hint: (what, command) => `\n: "${what}"\n: eval \`${command}\`\n`,
  },
  none: { set: ['', '=', '\n'], unset: ['', '\n'], hint: () => '' },
};

export const dockerEnv: MinikubeCommand = {
  name: 'docker-env',
  about: "Provides instructions to point your terminal's docker-cli to the Docker Engine inside minikube",
  options: [
    { name: 'unset', short: 'u', kind: 'switch', about: 'Unset variables instead of setting them' },
    { name: 'shell', kind: 'text', about: 'Force environment to be configured for a specified shell' },
    { name: 'output', short: 'o', kind: 'text', about: "One of 'text', 'yaml' or 'json', with --shell none" },
    // With containerd minikube itself takes both as given: its daemon is reached by ssh alone. Keys are nowhere asked for.
    { name: 'ssh-host', kind: 'switch', about: 'Use SSH connection instead of HTTPS (port 2376)', idle: true },
    { name: 'ssh-add', kind: 'switch', about: 'Add SSH identity key to SSH authentication agent', idle: true },
  ],
  async run(call) {
    const shell = shellOf(call);
    const form = Object.hasOwn(shells, shell) ? (shells[shell] ?? bash) : bash;
    if (call.options.has('unset')) {
      const [before, after] = form.unset;
      const document = shell === 'none' ? inDocument(call, names, names) : undefined;
      await call.out(document ?? names.map((name) => before + name + after).join(''));
      return 0;
    }
    const { name, sshPort } = await needRunning(call);
    const values = { DOCKER_HOST: `ssh://docker@127.0.0.1:${sshPort}`, MINIKUBE_ACTIVE_DOCKERD: name };
    await call.error(
      '❗  Using the docker-env command with the containerd runtime is a highly experimental feature, please provide feedback or contribute to make it better\n',
    );
    const pairs = Object.entries(values);
    const lines = pairs.map(([key, value]) => `${key}=${value}`);
    const document = shell === 'none' ? inDocument(call, values, lines) : undefined;
    const [before, between, after] = form.set;
    const script = pairs.map(([key, value]) => before + key + between + value + after).join('');
    const command = `minikube -p ${name} docker-env --ssh-host --ssh-add`;
    await call.out(document ?? script + form.hint("To point your shell to minikube's docker-daemon, run:", command));
    return 0;
  },
};

/** `--shell`, or what `$SHELL` names. */
function shellOf({ options, process }: MinikubeCall): string {
  return options.text('shell') || process.env.get('SHELL')?.replace(/.*\//, '') || 'bash';
}

/** What -o makes of it; undefined: it was not asked for. */
function inDocument(
  { options }: MinikubeCall,
  value: Readonly<Record<string, string>> | readonly string[],
  lines: readonly string[],
): string | undefined {
  switch (options.text('output') ?? '') {
    case '':
      return undefined;
    case 'text':
      return lines.map((line) => `${line}\n`).join('');
    case 'json':
      return `${JSON.stringify(value)}\n`;
    case 'yaml':
      return emitYaml(value);
    default:
      throw new MinikubeExit(
        "\n❌  Exiting due to INTERNAL_OUTPUT_USAGE: error: --output must be 'text', 'yaml' or 'json'",
        14,
      );
  }
}
