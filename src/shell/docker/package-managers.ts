// Package managers as image builds call them: they install what is asked for in name only, and take their time.
import type { Process, Program } from '../../api/program.ts';
import { isObject, type JsonObject } from '../../base/json.ts';

/** `npm install`: empty modules for what package.json depends on. */
export const npm: Program = async (process) => {
  const [, verb = '', ...words] = process.argv;
  if (verb === '--version' || verb === '-v') {
    await process.stdout.write('10.8.2\n');
    return 0;
  }
  if (verb === 'start' || verb === 'test' || verb === 'run') return runScript(process, verb === 'run' ? words : [verb]);
  if (!['install', 'i', 'ci', 'add'].includes(verb)) return unknown(process, 'npm', verb);
  const production = words.some((word) => /^--(production|omit=dev|only=production)$/.test(word));
  const names = [...dependencies(process, production), ...words.filter((word) => !word.startsWith('-'))];
  install(process, names);
  await process.clock.sleep(1800 + 40 * names.length, process.cancel);
  const packages = (count: number): string => `${count} package${count === 1 ? '' : 's'}`;
  const added = names.length === 0 ? 'up to date' : `added ${packages(names.length)}`;
  await process.stdout.write(
    `\n${added}, and audited ${packages(names.length + 1)} in 2s\n\nfound 0 vulnerabilities\n`,
  );
  return 0;
};

export const yarn: Program = async (process) => {
  const [, verb = 'install'] = process.argv;
  if (verb !== 'install' && !verb.startsWith('-')) return unknown(process, 'yarn', verb);
  install(process, dependencies(process, process.argv.includes('--production')));
  await process.clock.sleep(1900, process.cancel);
  await process.stdout.write('yarn install v1.22.22\nsuccess Saved lockfile.\nDone in 1.92s.\n');
  return 0;
};

/** `apk add NAME…`: says that it did. */
export const apk: Program = async (process) => {
  const [, ...words] = process.argv;
  const [verb = '', ...names] = words.filter((word) => !word.startsWith('-'));
  if (verb !== 'add' && verb !== 'update' && verb !== 'upgrade') return unknown(process, 'apk', verb);
  await process.clock.sleep(900, process.cancel);
  for (const [at, name] of names.entries())
    await process.stdout.write(`(${at + 1}/${names.length}) Installing ${name} (simulated: no files)\n`);
  await process.stdout.write(`OK: ${8 + names.length} MiB in ${15 + names.length} packages\n`);
  return 0;
};

function install(process: Process, names: readonly string[]): void {
  for (const name of names) {
    const bare = name.replace(/(.)@.*$/, '$1');
    const place = `${process.cwd === '/' ? '' : process.cwd}/node_modules/${bare}/package.json`;
    process.machine.files.writeFile(place, `${JSON.stringify({ name: bare })}\n`, { parents: true });
  }
}

/** `npm start`, `npm run NAME`: what package.json says, by a shell; signals go on to it. */
async function runScript(process: Process, [name = '', ...rest]: readonly string[]): Promise<number> {
  const { name: own = '', version = '', scripts } = manifestOf(process);
  const line = isObject(scripts) && Object.hasOwn(scripts, name) ? scripts[name] : undefined;
  if (typeof line !== 'string') {
    await process.stderr.write(`npm error Missing script: "${name}"\n`);
    return 1;
  }
  const text = [line, ...rest.filter((word) => word !== '--')].join(' ');
  await process.stdout.write(`\n> ${String(own)}@${String(version)} ${name}\n> ${text}\n\n`);
  const { env, cwd, stdin, stdout, stderr, terminal } = process;
  const child = await process.spawn({ argv: ['sh', '-c', `exec ${text}`], env, cwd, stdin, stdout, stderr, terminal });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.onSignal(signal, () => child.signal(signal));
  return child.wait();
}

function manifestOf(process: Process): JsonObject {
  const place = `${process.cwd === '/' ? '' : process.cwd}/package.json`;
  const { files } = process.machine;
  try {
    const manifest: unknown = files.exists(place) ? JSON.parse(files.readText(place)) : {};
    return isObject(manifest) ? manifest : {};
  } catch {
    return {}; // what npm itself says of a broken file is left out
  }
}

async function unknown(process: Process, program: string, verb: string): Promise<number> {
  await process.stderr.write(`${program}: the simulator does not run '${program} ${verb}'\n`);
  return 1;
}

function dependencies(process: Process, production: boolean): readonly string[] {
  const { dependencies: own, devDependencies: developing } = manifestOf(process);
  return [
    ...(isObject(own) ? Object.keys(own) : []),
    ...(!production && isObject(developing) ? Object.keys(developing) : []),
  ];
}
