// crictl's subcommands that are not simulated: each says so.
import { type CrictlCommand, fatal } from './command.ts';

const names = [
  'attach',
  'create',
  'port-forward',
  'run',
  'runp',
  'start',
  'update',
  'config',
  'checkpoint',
  'events',
  'statsp',
  'metricsp',
  'imagefsinfo',
  'runtime-config',
  'completion',
];

export const refused: readonly CrictlCommand[] = names.map((name) => ({
  names: [name],
  about: 'Not simulated',
  options: [],
  operandsEnd: true,
  run: (call) => Promise.reject(fatal(call, `crictl ${name} is not simulated`)),
}));
