// The list of crictl's subcommands.
import type { CrictlCommand } from './command.ts';
import { images, inspectImage, pull, removeImage } from './images.ts';
import { inspect, inspectPod } from './inspect.ts';
import { exec, logs, removeContainer, removePod, stop, stopPod } from './lifecycle.ts';
import { pods, ps, statistics } from './listing.ts';
import { refused } from './refused.ts';
import { info, version } from './runtime-facts.ts';

export const commands: readonly CrictlCommand[] = [
  ...[exec, images, inspect, inspectImage, inspectPod, logs, ps, pull, removeContainer, removeImage, removePod],
  ...[pods, stop, stopPod, info, statistics, version],
  ...refused,
];
