// The list of docker's subcommands. To add one: write its file, add its line.
import { build } from './build.ts';
import type { DockerCommand } from './command.ts';
import { exec } from './exec.ts';
import { images } from './images.ts';
import { inspect } from './inspect.ts';
import { kill, restart, rm, rmi, start, stop } from './lifecycle.ts';
import { login, logout } from './login.ts';
import { logs } from './logs.ts';
import { ps } from './ps.ts';
import { create, run } from './run.ts';
import { pull, push, tag } from './transfer.ts';
import { info, version } from './version.ts';

export const commands: readonly DockerCommand[] = [
  ...[build, create, exec, images, info, inspect, kill, login, logout, logs, ps, pull, push],
  ...[restart, rm, rmi, run, start, stop, tag, version],
];
