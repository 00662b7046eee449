// The list of minikube's subcommands. To add one: write its file, add its line.

import { addonsDisable, addonsEnable, addonsList } from './addons.ts';
import type { MinikubeCommand } from './command.ts';
import { configGet, configSet, configUnset, configView, profile } from './config.ts';
import { dashboard } from './dashboard.ts';
import { ip, kubectl, logs, profileList, status, updateContext, version } from './facts.ts';
import { imageBuild, imageList, imageLoad } from './image.ts';
import { nodeAdd, nodeDelete, nodeList, nodeStart, nodeStop } from './node.ts';
import { service } from './service.ts';
import { ssh } from './ssh.ts';
import { start } from './start.ts';
import { deleteCluster, stop } from './stop.ts';
import { tunnel } from './tunnel.ts';

export const commands: readonly MinikubeCommand[] = [
  ...[start, status, stop, deleteCluster, dashboard, service, tunnel],
  ...[addonsList, addonsEnable, addonsDisable, ip, ssh, kubectl, nodeAdd, nodeDelete, nodeList],
  ...[nodeStart, nodeStop, logs, profileList, updateContext, version],
  ...[profile, configGet, configSet, configUnset, configView, imageBuild, imageList, imageLoad],
];
