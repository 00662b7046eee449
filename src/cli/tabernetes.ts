// The command line program: `tabernetes serve | sh | kubectl`. Each command's code is loaded when it is called.
import process from 'node:process';

const usage = `tabernetes: a simulated Kubernetes v1.36 cluster

  tabernetes serve [options]        serve a cluster's API on loopback for any Kubernetes client
  tabernetes sh [FILE] [options]    a cluster and a shell in one; runs FILE, a script on standard input, or a prompt
  tabernetes kubectl ...            kubectl against the server of $KUBECONFIG or --server

'tabernetes COMMAND --help' tells the options.
`;

async function main(argv: readonly string[]): Promise<number> {
  const [command, ...rest] = argv;
  switch (command) {
    case 'serve':
      return (await import('./serve/serve.ts')).serve(rest);
    case 'sh':
      return (await import('./sh/sh.ts')).sh(rest);
    case 'kubectl':
      return (await import('./kubectl/kubectl.ts')).realKubectl(rest);
    case undefined:
    case 'help':
    case '--help':
    case '-h':
      process.stdout.write(usage);
      return command === undefined ? 2 : 0;
    default:
      process.stderr.write(`tabernetes: unknown command ${JSON.stringify(command)}\n\n${usage}`);
      return 2;
  }
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`tabernetes: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  },
);
