// `kubectl create deployment`

import type { JsonObject } from '../../../base/json.ts';
import type { Context } from '../../context.ts';
import { CommandError } from '../../errors.ts';
import { flag } from '../../flags.ts';
import { nameSuffix } from '../../name-suffix.ts';
import { generatorCommand } from './generator.ts';

export const createDeployment = generatorCommand({
  use: 'deployment NAME --image=image -- [COMMAND] [args...]',
  aliases: ['deploy'],
  short: 'Create a deployment with the specified name',
  example: `# A deployment of busybox
kubectl create deployment my-dep --image=busybox

# The same with a command
kubectl create deployment my-dep --image=busybox -- date

# Three replicas of nginx
kubectl create deployment my-dep --image=nginx --replicas=3

# A port that its containers listen on
kubectl create deployment my-dep --image=busybox --port=5701

# Several containers in each pod
kubectl create deployment my-dep --image=busybox:latest --image=ubuntu:latest --image=nginx`,
  flags: [
    flag.stringSlice('image', 'Images to run, one container for each.', { required: true }),
    flag.int32('port', 'The containerPort that this deployment exposes.', { default: '-1' }),
    flag.int32('replicas', 'Number of replicas to create.', { default: '1', shorthand: 'r' }),
  ],
  resource: { group: 'apps', version: 'v1', resource: 'deployments' },
  failure: 'failed to create deployment: ',
  build: buildDeployment,
});

function buildDeployment({ flags, args, process }: Context, name: string): JsonObject {
  const images = flags.strings('image');
  const command = args.slice(1);
  if (images.length > 1 && command.length > 0) {
    throw new CommandError('cannot specify multiple --image options and command');
  }
  const labels = { app: name };
  const port = flags.number('port');
  const containers = images.map((image, i) => ({
    name: containerName(image, process.clock.now()),
    image,
    ...(command.length > 0 ? { command } : {}),
    ...(i === 0 && port >= 0 ? { ports: [{ containerPort: port }] } : {}),
    resources: {},
  }));
  return {
    kind: 'Deployment',
    apiVersion: 'apps/v1',
    metadata: { name, labels },
    spec: {
      replicas: flags.number('replicas'),
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers } },
      strategy: {},
    },
    status: {},
  };
}

/** The image's last part without tag and digest; one that no container may be called gets another end. */
export function containerName(image: string, seed: number): string {
  const bare = (image.split('/').at(-1) ?? '').split(':')[0]?.split('@')[0] ?? '';
  if (!/[_.]/.test(bare)) return bare;
  return `${bare.replaceAll('_', '-').replaceAll('.', '-')}-${nameSuffix(seed)}`;
}
