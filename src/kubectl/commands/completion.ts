// `kubectl completion`: scripts with which shells ask kubectl itself what a word can become.
import type { Command } from '../command.ts';
import { bashScript, fishScript, powershellScript, zshScript } from '../complete/scripts.ts';

const scripts: ReadonlyMap<string, string> = new Map([
  ['zsh', zshScript],
  ['fish', fishScript],
  ['powershell', powershellScript],
  ['bash', bashScript],
]);

export const completion: Command = {
  use: 'completion SHELL',
  completes: { kind: 'words', words: [...scripts.keys()] },
  long: `Print a script that lets a shell (bash, zsh, fish or powershell) complete kubectl's command lines.

 The shell must read it, once or whenever it starts.`,
  example: `# bash: for this shell, and for all to come
source <(kubectl completion bash)
echo 'source <(kubectl completion bash)' >> ~/.bashrc

# bash: for a short name too
alias k=kubectl
complete -o default -F __start_kubectl k

# zsh
source <(kubectl completion zsh)

# fish
kubectl completion fish | source

# powershell
kubectl completion powershell | Out-String | Invoke-Expression`,
  run: async (context) => {
    const [shell, ...more] = context.args;
    if (shell === undefined) throw context.usageError('Shell not specified.');
    if (more.length > 0) throw context.usageError('Too many arguments. Expected only the shell type.');
    const script = scripts.get(shell);
    if (script === undefined) throw context.usageError(`Unsupported shell type ${JSON.stringify(shell)}.`);
    context.out(script);
  },
};
