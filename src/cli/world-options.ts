// Options that `serve` and `sh` share: which world to make.
import type { ParseArgsConfig } from 'node:util';
import { isProfile, type ProfileName, profileNames } from '../engine/profiles.ts';

/** For node:util's parseArgs. */
export const worldFlags = {
  profile: { type: 'string', default: '3-node' },
  nodes: { type: 'string' },
  'control-planes': { type: 'string' },
  seed: { type: 'string' },
  help: { type: 'boolean', short: 'h', default: false },
} as const satisfies ParseArgsConfig['options'];

export const worldFlagsHelp = `  --profile NAME        ${profileNames.join(', ')} (default 3-node)
  --nodes N             how many workers
  --control-planes N    how many control plane nodes: 1, 3 or 5
  --seed S              the same seed makes the same world (default 1)`;

export interface WorldChoice {
  readonly profile: ProfileName;
  readonly workers: number | undefined;
  readonly controlPlanes: number | undefined;
  readonly seed: number;
}

/** The user's mistakes are thrown as errors whose message can be shown. */
export function worldChoice(values: {
  readonly profile: string;
  readonly nodes?: string | undefined;
  readonly 'control-planes'?: string | undefined;
  readonly seed?: string | undefined;
}): WorldChoice {
  if (!isProfile(values.profile))
    throw new Error(`unknown profile ${JSON.stringify(values.profile)}: it is one of ${profileNames.join(', ')}`);
  const controlPlanes = wholeNumber('--control-planes', values['control-planes']);
  if (controlPlanes !== undefined && ![1, 3, 5].includes(controlPlanes))
    throw new Error(`--control-planes: there can be 1, 3 or 5, not ${controlPlanes}`);
  return {
    profile: values.profile,
    workers: wholeNumber('--nodes', values.nodes),
    controlPlanes,
    seed: wholeNumber('--seed', values.seed) ?? 1,
  };
}

export function wholeNumber(flag: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d{1,9}$/.test(text)) throw new Error(`${flag}: ${JSON.stringify(text)} is not a whole number`);
  return Number(text);
}
