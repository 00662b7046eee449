// Language images: perl computes the digits of pi of the Job example; python serves files.
import { debianPrograms } from './busybox-programs.ts';
import { defineImage, type ImageDefinition, type NativeContext, type NativeProgram } from './define-image.ts';
import { text, webServer } from './web-server.ts';

const digitsMax = 5000;

/** `perl -Mbignum=bpi -wle 'print bpi(2000)'`; other scripts are not run. */
const perl: NativeProgram = (context) => {
  const digits = /bpi\((\d+)\)/.exec(context.argv.join(' '))?.[1];
  if (digits === undefined) return unsupported(context, 'perl');
  context.stdout(`${pi(Math.min(Number(digits), digitsMax))}\n`);
  context.scope.schedule(4000, () => context.exit(0));
  return { signal() {} };
};

/** `python -m http.server [PORT]`; other scripts are not run. */
const python: NativeProgram = (context) => {
  const { argv } = context;
  if (!argv.includes('http.server')) return unsupported(context, argv[0] ?? 'python');
  const port = Number(argv.at(-1)) || 8000;
  return webServer({
    port: () => port,
    begin: ({ stdout }) => stdout(`Serving HTTP on 0.0.0.0 port ${port} (http://0.0.0.0:${port}/) ...\n`),
    answer: ({ target }, { files }) => {
      const path = target.split('?')[0] ?? '/';
      const node = files().exists(path) ? files().stat(path) : undefined;
      if (!node) return text('Error response: File not found\n', 404);
      return text(node.kind === 'directory' ? `${files().list(path).join('\n')}\n` : files().readText(path));
    },
  })(context);
};

export const languages: readonly ImageDefinition[] = [
  defineImage({
    names: ['docker.io/library/perl'],
    sizeBytes: 336_374_010,
    usage: { idleMillicores: 1000, memoryMebibytes: 40 },
    command: ['perl', '-de0'],
    programs: debianPrograms,
    natives: { '/usr/local/bin/perl': perl },
  }),
  defineImage({
    names: ['docker.io/library/python'],
    sizeBytes: 45_233_820,
    usage: { idleMillicores: 0.3, memoryMebibytes: 18 },
    command: ['python3'],
    programs: debianPrograms,
    natives: { '/usr/local/bin/python': python, '/usr/local/bin/python3': python },
  }),
];

function unsupported(context: NativeContext, program: string): ReturnType<NativeProgram> {
  context.stderr(`${program}: the simulator does not run this program's scripts\n`);
  context.exit(1);
  return { signal() {} };
}

/** That many digits of pi, the 3 included, by Machin's formula in whole numbers. */
function pi(digits: number): string {
  const scale = 10n ** BigInt(digits + 10);
  const arctan = (x: bigint): bigint => {
    let sum = 0n;
    let power = scale / x;
    for (let k = 1n; power !== 0n; k += 4n) {
      sum += power / k;
      power /= x * x;
      sum -= power / (k + 2n);
      power /= x * x;
    }
    return sum;
  };
  const text = String(16n * arctan(5n) - 4n * arctan(239n));
  return `3.${text.slice(1, digits)}`;
}
