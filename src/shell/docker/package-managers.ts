// Package managers as image builds call them: they install what is asked for in name only, and take their time.
import type { Process, Program } from '../../api/program.ts';
import { isObject } from '../../base/json.ts';

/** `npm install`: empty modules for what package.json depends on. */
export const npm: Program = async (process) => {
  const [, verb = '', ...words] = process.argv;
  if (verb === '--version' || verb === '-v') {
    await process.stdout.write('10.8.2\n');
    return 0;
  }
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

/** Outside of what runs as a container's first program. */
export const node: Program = async (process) => {
  const [, first = ''] = process.argv;
  if (first === '--version' || first === '-v') {
    await process.stdout.write('v20.19.5\n');
    return 0;
  }
  await process.stderr.write(
    `node: the simulator serves scripts that a container starts with, and does not run ${first || 'scripts'} here\n`,
  );
  return 1;
};

function install(process: Process, names: readonly string[]): void {
  for (const name of names) {
    const bare = name.replace(/(.)@.*$/, '$1');
    const place = `${process.cwd === '/' ? '' : process.cwd}/node_modules/${bare}/package.json`;
    process.machine.files.writeFile(place, `${JSON.stringify({ name: bare })}\n`, { parents: true });
  }
}

async function unknown(process: Process, program: string, verb: string): Promise<number> {
  await process.stderr.write(`${program}: the simulator does not run '${program} ${verb}'\n`);
  return 1;
}

function dependencies(process: Process, production: boolean): readonly string[] {
  const place = `${process.cwd === '/' ? '' : process.cwd}/package.json`;
  const { files } = process.machine;
  if (!files.exists(place)) return [];
  try {
    const manifest: unknown = JSON.parse(files.readText(place));
    if (!isObject(manifest)) return [];
    const { dependencies: own, devDependencies: developing } = manifest;
    return [
      ...(isObject(own) ? Object.keys(own) : []),
      ...(!production && isObject(developing) ? Object.keys(developing) : []),
    ];
  } catch {
    return [];
  }
}
