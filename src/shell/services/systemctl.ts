// systemctl and service: docker on the learner's machine; the kubelet, containerd and a control plane's own processes
// on a cluster's.
import type { DockerPort } from '../../api/docker.ts';
import type { MachinesPort, UnitName, UnitState } from '../../api/machines.ts';
import type { Process, Program } from '../../api/program.ts';
import { OptionError, type OptionSpec, type Options, readOptions } from '../text/long-options.ts';
import { type Unit, unitStatus } from './unit-status.ts';

export interface ServicePorts {
  docker(): DockerPort;
  machines(): MachinesPort;
}

export function systemctl(ports: ServicePorts): Program {
  return async (process) => {
    let given: Options;
    try {
      given = readOptions(process.argv.slice(1), options);
    } catch (error) {
      if (!(error instanceof OptionError)) throw error;
      await process.stderr.write(
        `systemctl: ${error.message.replace(/^unknown flag: (.*)/, "unrecognized option '$1'")}\n`,
      );
      return 1;
    }
    const [verb = 'list-units', ...names] = given.operands;
    const units = await unitsOf(process, ports);
    if (verb === 'daemon-reload') {
      await units.reload();
      return 0;
    }
    if (verb === 'list-units' || verb === 'list-unit-files') return list(process, units.all, given);
    if (!verbs.has(verb)) {
      await process.stderr.write(`Unknown command verb ${verb}.\n`);
      return 1;
    }
    if (names.length === 0) {
      await process.stderr.write('Too few arguments.\n');
      return 1;
    }
    let code = 0;
    for (const name of names) {
      const unit = units.all.find((each) => each.state.name === bare(name));
      const wish = { verb, now: given.has('now'), quiet: given.has('quiet'), lines: Number(given.text('lines') ?? 10) };
      const done = unit ? await control(process, unit, wish) : await missing(process, wish, bare(name));
      code = Math.max(code, done);
    }
    return code;
  };
}

export function service(ports: ServicePorts): Program {
  return async (process) => {
    const [, name = '', verb = ''] = process.argv;
    const unit = (await unitsOf(process, ports)).all.find((each) => each.state.name === bare(name));
    if (unit) return control(process, unit, { verb, now: false, quiet: false, lines: 10 });
    await process.stderr.write(`${name}: unrecognized service\n`);
    return 1;
  };
}

const options: readonly OptionSpec[] = [
  { name: 'now', kind: 'switch', about: 'Start or stop the unit in addition to enabling or disabling it' },
  { name: 'quiet', short: 'q', kind: 'switch', about: 'Suppress output' },
  { name: 'lines', short: 'n', kind: 'text', about: 'Number of journal entries to show' },
  { name: 'all', short: 'a', kind: 'switch', about: 'Show all units, also the inactive ones' },
  { name: 'failed', kind: 'switch', about: 'Shortcut for --state=failed' },
  { name: 'state', kind: 'text', about: 'List units with a LOAD, SUB or ACTIVE state' },
  { name: 'type', short: 't', kind: 'text', about: 'List units of a type' },
  { name: 'no-legend', kind: 'switch', about: 'Do not print column headers' },
  // There is no pager here, and nothing is shortened.
  { name: 'no-pager', kind: 'switch', about: 'Do not pipe output into a pager', idle: true },
  { name: 'full', short: 'l', kind: 'switch', about: 'Do not ellipsize unit names', idle: true },
];

interface Wish {
  readonly verb: string;
  readonly now: boolean;
  readonly quiet: boolean;
  /** Of the journal, in a status. */
  readonly lines: number;
}

const verbs = new Set([
  ...['start', 'stop', 'restart', 'reload-or-restart', 'try-restart', 'status', 'is-active', 'is-enabled', 'enable'],
  ...['disable', 'cat', 'is-failed', 'reset-failed'],
]);

function bare(name: string): string {
  return name.replace(/\.(service|socket)$/, '');
}

interface Units {
  readonly all: readonly Unit[];
  reload(): Promise<void>;
}

/** The machine's own. */
async function unitsOf({ machine, clock }: Process, { docker, machines }: ServicePorts): Promise<Units> {
  const node = /^node\/(.+)$/.exec(machine.id)?.[1];
  const port = machines();
  const states = node === undefined ? undefined : await port.units(node);
  if (node !== undefined && states)
    return {
      all: states.map((state) => ({
        state,
        journal: async () => (await port.journal(node)) ?? [],
        power: (on) => port.setUnit(node, state.name, on),
        enable: (on) => port.enableUnit(node, state.name, on),
      })),
      reload: () => port.reloadUnits(node),
    };
  const answers = docker()
    .ping()
    .then(
      () => true,
      () => false,
    );
  const state = { enabled: true, since: clock.now(), pid: 601, status: 0, stale: false };
  const unit: Unit = {
    state: { ...state, name: 'docker', state: (await answers) ? 'active' : 'inactive' },
    journal: async () => [],
    power: (on) => docker().power(on),
    enable: async () => {},
  };
  return { all: [unit], reload: async () => {} };
}

async function missing(process: Process, { verb, quiet }: Wish, name: string): Promise<number> {
  if (verb === 'is-active' || verb === 'is-failed') {
    if (!quiet) await process.stdout.write('inactive\n');
    return verb === 'is-active' ? 3 : 1;
  }
  if (verb === 'status') {
    await process.stderr.write(`Unit ${name}.service could not be found.\n`);
    return 4;
  }
  if (verb === 'cat') {
    await process.stderr.write(`No files found for ${name}.service.\n`);
    return 1;
  }
  const text =
    verb === 'enable' || verb === 'disable' || verb === 'is-enabled'
      ? `Failed to ${verb === 'is-enabled' ? 'get unit file state for' : `${verb} unit:`} ${verb === 'is-enabled' ? `${name}.service: No such file or directory` : `Unit file ${name}.service does not exist.`}`
      : `Failed to ${verb} ${name}.service: Unit ${name}.service not found.`;
  await process.stderr.write(`${text}\n`);
  return verb === 'enable' || verb === 'disable' || verb === 'is-enabled' ? 1 : 5;
}

async function control(process: Process, unit: Unit, { verb, now, quiet, lines }: Wish): Promise<number> {
  const { state } = unit;
  const say = async (text: string) => {
    if (!quiet) await process.stdout.write(text);
  };
  const isUp = state.state === 'active';
  switch (verb) {
    case 'start':
      await warnStale(process, state);
      if (!isUp) await unit.power(true);
      return 0;
    case 'stop':
      await warnStale(process, state);
      await unit.power(false);
      return 0;
    case 'restart':
    case 'reload-or-restart':
    case 'try-restart':
      await warnStale(process, state);
      if (verb === 'try-restart' && !isUp) return 0;
      await unit.power(false);
      await unit.power(true);
      return 0;
    case 'is-active':
      await say(`${state.state}\n`);
      return isUp ? 0 : 3;
    case 'is-failed':
      await say(`${state.state}\n`);
      return 1;
    case 'is-enabled':
      await say(state.enabled ? 'enabled\n' : 'disabled\n');
      return state.enabled ? 0 : 1;
    case 'enable':
    case 'disable':
      return enable(process, unit, { on: verb === 'enable', now });
    case 'cat':
      return showFiles(process, state.name);
    case 'reset-failed':
      return 0;
    default:
      await process.stdout.write(await unitStatus(process, unit, lines));
      return isUp ? 0 : 3;
  }
}

async function enable(
  process: Process,
  unit: Unit,
  { on, now }: { readonly on: boolean; readonly now: boolean },
): Promise<number> {
  const { name, enabled } = unit.state;
  const link = `/etc/systemd/system/multi-user.target.wants/${name}.service`;
  if (on && !enabled) await process.stderr.write(`Created symlink ${link} → /lib/systemd/system/${name}.service.\n`);
  if (!on && enabled) await process.stderr.write(`Removed "${link}".\n`);
  await unit.enable(on);
  if (now) await unit.power(on);
  return 0;
}

async function warnStale(process: Process, { name, stale }: Unit['state']): Promise<void> {
  if (!stale) return;
  await process.stderr.write(
    `Warning: The unit file, source configuration file or drop-ins of ${name}.service changed on disk. Run 'systemctl daemon-reload' to reload units.\n`,
  );
}

const unitFolder = '/usr/lib/systemd/system';

async function showFiles(process: Process, name: UnitName | 'docker'): Promise<number> {
  const { files } = process.machine;
  const paths = [`${unitFolder}/${name}.service`, `${unitFolder}/${name}.service.d/10-kubeadm.conf`];
  const there = paths.filter((path) => files.exists(path));
  if (there.length === 0) {
    await process.stderr.write(`No files found for ${name}.service.\n`);
    return 1;
  }
  await process.stdout.write(there.map((path) => `# ${path}\n${files.readText(path)}`).join('\n'));
  return 0;
}

async function list(process: Process, units: readonly Unit[], given: Options): Promise<number> {
  const type = given.text('type') ?? 'service';
  const wanted = given.has('failed') ? 'failed' : given.text('state');
  const shown = units.filter(({ state: { state } }) => {
    if (type !== 'service') return false;
    if (wanted !== undefined) return ['loaded', ...subStates[state]].includes(wanted);
    return given.has('all') || state !== 'inactive';
  });
  const rows = shown.map(({ state: { name, state } }) => {
    const [active, sub] = subStates[state];
    return `  ${`${name}.service`.padEnd(32)} loaded ${active.padEnd(10)} ${sub}\n`;
  });
  const legend = given.has('no-legend') ? '' : `  ${'UNIT'.padEnd(32)} LOAD   ACTIVE     SUB\n`;
  await process.stdout.write(legend + rows.join(''));
  return 0;
}

const subStates: Readonly<Record<UnitState['state'], readonly [string, string]>> = {
  active: ['active', 'running'],
  inactive: ['inactive', 'dead'],
  activating: ['activating', 'auto-restart'],
};
