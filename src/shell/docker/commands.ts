// The list of docker's subcommands. To add one: write its file, add its line (and one in groups.ts where it has a group).
import { build } from './build.ts';
import type { DockerCommand } from './command.ts';
import { diff, port, stats, top } from './container-facts.ts';
import { copy } from './copy.ts';
import { exec } from './exec.ts';
import { commit, history, load, save, search } from './image-facts.ts';
import { images } from './images.ts';
import { inspect, inspectContainer, inspectImage } from './inspect.ts';
import { kill, pause, rename, restart, rm, rmi, start, stop, unpause, wait } from './lifecycle.ts';
import { login, logout } from './login.ts';
import { logs } from './logs.ts';
import { networkCommands } from './network.ts';
import { containerPrune, imagePrune, systemDf, systemPrune } from './prune.ts';
import { ps } from './ps.ts';
import { create, run } from './run.ts';
import { pull, push, tag } from './transfer.ts';
import { info, version } from './version.ts';
import { volumeCommands } from './volume.ts';

export const commands: readonly DockerCommand[] = [
  ...[build, commit, copy, create, diff, exec, history, images, info, inspect, kill, load, login, logout, logs],
  ...[pause, port, ps, pull, push, rename, restart, rm, rmi, run, save, search, start, stats, stop, tag, top],
  ...[unpause, version, wait, containerPrune, imagePrune, inspectContainer, inspectImage, systemDf, systemPrune],
  ...networkCommands,
  ...volumeCommands,
];
