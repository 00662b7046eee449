// What `minikube start` refuses before it makes anything, unless --force says to go on.
import { type MinikubeCall, MinikubeExit } from './command.ts';

const oldestVersion = 'v1.28.0';
const newestVersion = 'v1.36.2';
const minimum = { memoryMb: 1800, cpus: 2 };
/** What Docker Desktop gives. */
const available = { cpus: 4 };

interface Reason {
  readonly id: string;
  readonly status: number;
  readonly sign?: string;
}

const tooOld: Reason = { id: 'K8S_OLD_UNSUPPORTED', status: 106 };
const tooNew: Reason = { id: 'K8S_NEW_UNSUPPORTED', status: 106 };
const littleMemory: Reason = { id: 'RSRC_INSUFFICIENT_REQ_MEMORY', status: 23, sign: '⛔' };
const fewCores: Reason = { id: 'RSRC_INSUFFICIENT_CORES', status: 29, sign: '⛔' };

export async function checkVersion(call: MinikubeCall, version: string): Promise<void> {
  const specified = version.slice(1);
  if (compare(version, newestVersion) > 0) {
    await call.error(
      `❗  Specified Kubernetes version ${specified} is newer than the newest supported version: ${newestVersion}. Use \`minikube config defaults kubernetes-version\` for details.\n❗  Specified Kubernetes version ${specified} not found in Kubernetes version list\n`,
    );
    await call.say('🤔', 'Searching the internet for Kubernetes version...');
    if (!call.options.has('force'))
      await call.error(
        '❗  Kubernetes version not found in GitHub version list. You can force a Kubernetes version via the --force flag\n',
      );
    await unlessForced(call, tooNew, `Kubernetes version ${specified} is not supported by this release of minikube`);
  }
  if (compare(version, oldestVersion) >= 0) return;
  await call.error(
    `❗  Specified Kubernetes version ${specified} is less than the oldest supported version: ${oldestVersion}. Use \`minikube config defaults kubernetes-version\` for details.\n`,
  );
  if (!call.options.has('force'))
    await call.error('❗  You can force an unsupported Kubernetes version via the --force flag\n');
  await unlessForced(call, tooOld, `Kubernetes ${specified} is not supported by this release of minikube`);
}

/** `memory` and `cpus` as they were asked for; `max` and `no-limit` always fit. */
export async function checkResources(
  call: MinikubeCall,
  { memory, cpus }: { readonly memory: string | undefined; readonly cpus: string | undefined },
): Promise<void> {
  const isFree = (text: string | undefined) => text === undefined || text === 'max' || text === 'no-limit';
  if (!isFree(memory)) {
    const asked = megabytesOf(memory ?? '');
    if (asked < minimum.memoryMb)
      await unlessForced(
        call,
        littleMemory,
        `Requested memory allocation ${asked}MiB is less than the usable minimum of ${minimum.memoryMb}MB`,
      );
  }
  if (isFree(cpus)) return;
  const count = Number(cpus);
  if (!Number.isInteger(count)) throw usage(`invalid argument "${cpus}" for "--cpus" flag: not a number of CPUs`);
  if (count < minimum.cpus)
    await unlessForced(
      call,
      fewCores,
      `Requested cpu count ${count} is less than the minimum allowed of ${minimum.cpus}`,
    );
  if (count > available.cpus)
    await unlessForced(
      call,
      fewCores,
      `Requested cpu count ${count} is greater than the available cpus of ${available.cpus}`,
    );
}

/** `4g`, `4096mb`, `4096`. */
function megabytesOf(text: string): number {
  const [, amount, unit = 'm'] = /^(\d+)([kmgt]?)b?$/i.exec(text) ?? [];
  if (amount === undefined) throw usage(`Unable to parse memory '${text}': invalid size: '${text}'`);
  const scale = { k: 1 / 1024, m: 1, g: 1024, t: 1024 ** 2 }[unit.toLowerCase() || 'm'] ?? 1;
  return Math.floor(Number(amount) * scale);
}

function usage(message: string): MinikubeExit {
  return new MinikubeExit(`\n❌  Exiting due to MK_USAGE: ${message}`, 14);
}

async function unlessForced(call: MinikubeCall, { id, status, sign = '❌' }: Reason, message: string): Promise<void> {
  const text = `\n${sign}  Exiting due to ${id}: ${message}`;
  if (!call.options.has('force')) throw new MinikubeExit(text, status);
  await call.error(`${text}\n`);
}

function compare(a: string, b: string): number {
  const [left, right] = [a, b].map((version) => version.slice(1).split('.').map(Number));
  const at = [0, 1, 2].find((part) => left?.[part] !== right?.[part]);
  return at === undefined ? 0 : (left?.[at] ?? 0) - (right?.[at] ?? 0);
}
