// Programs that use CPU and memory on purpose: the images of the documentation on limits, and of tests of autoscaling.
import type { Socket } from '../../../api/network.ts';
import { parseQuantity, QuantityError } from '../../../api/quantity.ts';
import { decodeUtf8 } from '../../../base/bytes.ts';
import { httpListener } from '../../../base/http.ts';
import { busyboxPrograms } from './busybox-programs.ts';
import {
  defineImage,
  type ImageDefinition,
  type NativeContext,
  type NativeProgram,
  untilStopped,
} from './define-image.ts';
import { flagOf, text } from './web-server.ts';

const mebibyte = 1024 * 1024;
/** Filling memory goes that fast. */
const bytesPerMs = mebibyte;

/** Weatherhead's stress: `stress --vm 1 --vm-bytes 150M --vm-hang 1 --cpu 2 --timeout 60s`. */
const stress: NativeProgram = (context) => {
  const { argv, scope } = context;
  const count = (...names: readonly string[]): number => Number(option(argv, names) ?? 0) || 0;
  const cpus = count('cpu', 'c');
  const hogs = count('vm', 'm');
  const others = count('io', 'i') + count('hdd', 'd');
  if (cpus + hogs + others === 0) {
    context.stderr('stress: FAIL: [1] (244) nothing to do: no workers were asked for\n');
    context.exit(1);
    return { signal() {} };
  }
  const io = count('io', 'i');
  context.stdout(`stress: info: [1] dispatching hogs: ${cpus} cpu, ${io} io, ${hogs} vm, ${others - io} hdd\n`);
  context.use({ cores: cpus });
  const bytes = stressBytes(option(argv, ['vm-bytes']) ?? '256M');
  const hangs = option(argv, ['vm-hang']) !== undefined || argv.includes('--vm-keep');
  for (let hog = 0; hog < hogs; hog++) context.use({ cores: hangs ? 0.04 : 0.95 });
  scope.schedule(bytes / bytesPerMs, () => {
    for (let hog = 0; hog < hogs; hog++) context.use({ memoryBytes: bytes });
  });
  const ms = stressMs(option(argv, ['timeout', 't']));
  if (ms !== undefined)
    scope.schedule(ms, () => {
      context.stdout(`stress: info: [1] successful run completed in ${Math.round(ms / 1000)}s\n`);
      context.exit(0);
    });
  return untilStopped(context);
};

/** The Go program of the documentation, also in agnhost: `-cpus 2 -mem-total 150Mi -mem-alloc-size 10Mi -mem-alloc-sleep 1s`. */
export const goStress: NativeProgram = (context) => {
  const { argv, scope } = context;
  const log = (line: number, message: string): void => {
    const at = new Date(Math.floor(scope.now)).toISOString();
    const stamp = `${at.slice(5, 7)}${at.slice(8, 10)} ${at.slice(11, 23)}000`;
    context.stderr(`I${stamp}       1 main.go:${line}] ${message}\n`);
  };
  const total = quantityOf(flagOf(argv, 'mem-total') ?? '0');
  const chunk = quantityOf(flagOf(argv, 'mem-alloc-size') ?? '4Ki');
  const sleep = flagOf(argv, 'mem-alloc-sleep') ?? '1ms';
  const cpus = Number(flagOf(argv, 'cpus') ?? 0) || 0;
  log(
    26,
    `Allocating ${JSON.stringify(flagOf(argv, 'mem-total') ?? '0')} memory, in ${JSON.stringify(flagOf(argv, 'mem-alloc-size') ?? '4Ki')} chunks, with a ${sleep} sleep between allocations`,
  );
  for (let cpu = 0; cpu < cpus; cpu++) {
    log(39, 'Spawning a thread to consume CPU');
    context.use({ cores: 1 });
  }
  // In steps of no less than a tenth of a second, each of what would have been allocated by then.
  const sleepMs = Math.max(stressMs(sleep) ?? 1, 0.001);
  const stepMs = Math.max(sleepMs, 100);
  const stepBytes = chunk * (stepMs / sleepMs);
  const allocate = (held: number): void => {
    if (held >= total) {
      log(29, `Allocated ${JSON.stringify(flagOf(argv, 'mem-total') ?? '0')} memory`);
      return;
    }
    const bytes = Math.min(stepBytes, total - held);
    context.use({ memoryBytes: bytes });
    scope.schedule(stepMs, () => allocate(held + bytes));
  };
  allocate(0);
  return untilStopped(context);
};

/** Uses for a while what it is asked for over HTTP: `curl --data "millicores=300&durationSec=600" …:8080/ConsumeCPU`. */
const resourceConsumer: NativeProgram = (context) => {
  context.network.listen(
    8080,
    httpListener<Socket>((request, reply) => {
      const [path = '/', query = ''] = request.target.split('?');
      const form = new Map(
        `${query}&${decodeUtf8(request.body)}`.split('&').map((pair) => {
          const [name = '', value = ''] = pair.split('=');
          return [name, value] as const;
        }),
      );
      reply(consume(context, path, form));
    }),
  );
  return untilStopped(context);
};

function consume(context: NativeContext, path: string, form: ReadonlyMap<string, string>) {
  const seconds = Number(form.get('durationSec') ?? 0);
  const amounts: Readonly<Record<string, string>> = { '/ConsumeCPU': 'millicores', '/ConsumeMem': 'megabytes' };
  const name = Object.hasOwn(amounts, path) ? amounts[path] : undefined;
  if (name === undefined) return text('unknown function: ', 404);
  const amount = Number(form.get(name) ?? Number.NaN);
  if (!form.has(name) || !form.has('durationSec'))
    return text(`not given ${form.has(name) ? 'durationSec' : name}\n`, 400);
  if (!(amount >= 0) || !(seconds >= 0)) return text('incorrect function argument\n', 400);
  const stop = context.use(name === 'millicores' ? { cores: amount / 1000 } : { memoryBytes: amount * mebibyte });
  context.scope.schedule(seconds * 1000, stop);
  return text(`${path.slice(1)}\n${amount} ${name}\n${seconds} durationSec\n`);
}

/** The example of the walkthrough on autoscaling: PHP that adds up a million square roots for each request. */
const phpApache: NativeProgram = (context) => {
  context.network.listen(
    80,
    httpListener<Socket>((_, reply) =>
      context.work(pageCpuMs, () =>
        reply({ status: 200, headers: { 'content-type': 'text/html; charset=UTF-8' }, body: 'OK!' }),
      ),
    ),
  );
  return untilStopped(context);
};
const pageCpuMs = 29;

export const stressImages: readonly ImageDefinition[] = [
  defineImage({
    names: ['docker.io/polinux/stress'],
    sizeBytes: 4_041_495,
    programs: busyboxPrograms,
    usage: { idleMillicores: 0, memoryMebibytes: 1 },
    natives: { '/usr/local/bin/stress': stress },
  }),
  defineImage({
    names: ['docker.io/vish/stress'],
    sizeBytes: 1_558_791,
    entrypoint: ['/stress'],
    usage: { idleMillicores: 0, memoryMebibytes: 2 },
    natives: { '/stress': goStress },
  }),
  defineImage({
    names: ['registry.k8s.io/e2e-test-images/resource-consumer'],
    sizeBytes: 33_218_190,
    entrypoint: ['/consumer'],
    usage: { idleMillicores: 1, memoryMebibytes: 6 },
    natives: { '/consumer': resourceConsumer },
  }),
  defineImage({
    names: ['registry.k8s.io/hpa-example', 'k8s.gcr.io/hpa-example'],
    sizeBytes: 187_623_410,
    entrypoint: ['apache2-foreground'],
    usage: { idleMillicores: 0.5, memoryMebibytes: 12 },
    natives: { '/usr/local/bin/apache2-foreground': phpApache },
  }),
];

/** `--name value`, `--name=value` or `-n value`. */
function option(argv: readonly string[], names: readonly string[]): string | undefined {
  for (const name of names) {
    const found = flagOf(argv, name);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** `150M`: B, K, M, G, all binary. */
function stressBytes(size: string): number {
  const [, amount = '0', unit = 'B'] = /^(\d+)([BKMGbkmg]?)$/.exec(size) ?? [];
  return Number(amount) * 1024 ** Math.max(0, 'BKMG'.indexOf(unit.toUpperCase()));
}

const unitMs: Readonly<Record<string, number>> = { ms: 1, '': 1000, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

function stressMs(duration: string | undefined): number | undefined {
  const [, amount, unit = ''] = /^(\d+(?:\.\d+)?)(ms|[smhd]?)$/.exec(duration ?? '') ?? [];
  return amount === undefined ? undefined : Number(amount) * (unitMs[unit] ?? 1000);
}

function quantityOf(amount: string): number {
  try {
    return parseQuantity(amount).toNumber();
  } catch (error) {
    if (error instanceof QuantityError) return 0;
    throw error;
  }
}
