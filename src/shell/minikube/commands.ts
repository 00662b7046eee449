// The list of minikube's subcommands. To add one: write its file, add its line.

import { addonsDisable, addonsEnable, addonsList } from './addons.ts';
import type { MinikubeCommand } from './command.ts';
import { configGet, configSet, configUnset, configView, profile } from './config.ts';
import { dashboard } from './dashboard.ts';
import { dockerEnv } from './docker-env.ts';
import { ip, kubectl, logs, profileList, updateCheck, updateContext, version } from './facts.ts';
import { copy, mount, sshKey } from './files.ts';
import { imageBuild, imageList, imageLoad, imagePull, imageRemove } from './image.ts';
import { nodeAdd, nodeDelete, nodeList, nodeStart, nodeStop } from './node.ts';
import { pause, unpause } from './pause.ts';
import { service } from './service.ts';
import { ssh } from './ssh.ts';
import { start } from './start.ts';
import { status } from './status.ts';
import { deleteCluster, stop } from './stop.ts';
import { tunnel } from './tunnel.ts';

export const commands: readonly MinikubeCommand[] = [
  ...[start, status, stop, deleteCluster, dashboard, service, tunnel],
  ...[addonsList, addonsEnable, addonsDisable, ip, ssh, kubectl, nodeAdd, nodeDelete, nodeList],
  ...[nodeStart, nodeStop, logs, profileList, updateContext, version],
  ...[profile, configGet, configSet, configUnset, configView, imageBuild, imageList, imageLoad],
  ...[imagePull, imageRemove, dockerEnv, copy, mount, sshKey, pause, unpause, updateCheck],
];
