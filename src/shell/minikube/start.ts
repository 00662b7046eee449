// minikube start: makes a cluster, or starts one that was stopped.
import type { LocalCluster } from '../../api/clusters.ts';
import { DockerUnavailable } from '../../api/docker.ts';
import { ConnectionError, type KubePort } from '../../api/ports.ts';
import { enable, findAddon } from './addon.ts';
import {
  findCluster,
  kicbaseVersion,
  kubernetesVersion,
  type MinikubeCall,
  type MinikubeCommand,
  MinikubeExit,
  minikubeVersion,
} from './command.ts';
import { readConfig } from './config.ts';
import { createObject } from './create-object.ts';
import { writeContext } from './kubeconfig.ts';
import { systemObjects } from './system-objects.ts';
import { checkResources, checkVersion } from './validate.ts';

const runtime = 'containerd 2.1.4';
const readyTimeoutMs = 360_000;
const healthEveryMs = 500;
/** Milliseconds that the steps take which nothing here waits for otherwise. */
const stepMs = {
  select: 900,
  base: 600,
  download: 5200,
  create: 6300,
  restart: 2600,
  prepare: 4800,
  network: 900,
  verify: 2500,
};
const refusal = 'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?';

export const start: MinikubeCommand = {
  name: 'start',
  about: 'Starts a local Kubernetes cluster',
  options: [
    { name: 'nodes', short: 'n', kind: 'text', about: 'The total number of nodes to spin up (default 1)' },
    { name: 'driver', kind: 'text', about: 'Used to specify the driver to run Kubernetes in (docker)' },
    { name: 'kubernetes-version', kind: 'text', about: `The Kubernetes version (default ${kubernetesVersion})` },
    { name: 'cpus', kind: 'text', about: 'Number of CPUs allocated to Kubernetes' },
    { name: 'memory', kind: 'text', about: 'Amount of RAM to allocate to Kubernetes' },
    { name: 'addons', kind: 'list', about: 'Enable one or more addons, in a comma-separated format' },
    { name: 'container-runtime', kind: 'text', about: 'The container runtime to be used (containerd)' },
    { name: 'force', kind: 'switch', about: 'Force minikube to perform possibly dangerous operations' },
  ],
  async run(call) {
    const known = await findCluster(call);
    if (call.options.has('force'))
      await call.error(
        '❗  minikube skips various validations when --force is supplied; this may lead to unexpected behavior\n',
      );
    checkRuntime(settingOf(call, 'container-runtime'));
    await call.say('😄', `minikube ${minikubeVersion} on Debian 12`);
    await pause(call, stepMs.select);
    await chooseDriver(call, known);
    await checkResources(call, { memory: settingOf(call, 'memory'), cpus: settingOf(call, 'cpus') });
    const cluster = known ? await startAgain(call, known) : await startNew(call);
    await writeContext(call.process, cluster);
    const more = call.options.list('addons').flatMap((names) => names.split(','));
    const added = [...new Set(more)].filter((name) => !cluster.addons.includes(name));
    await call.out('    ▪ Using image gcr.io/k8s-minikube/storage-provisioner:v5\n');
    for (const name of added) await enable(call, cluster, findAddon(name, 'enable'));
    await call.say('🌟', `Enabled addons: ${[...cluster.addons, ...added].join(', ')}`);
    if (!known) for (const node of cluster.nodes.slice(1)) await sayWorker(call, cluster, node.name);
    await warnOfSkew(call, cluster);
    await call.say(
      '🏄',
      `Done! kubectl is now configured to use "${call.profile}" cluster and "default" namespace by default`,
    );
    return 0;
  },
};

function checkRuntime(asked = 'containerd'): void {
  if (asked === 'containerd') return;
  throw new MinikubeExit(
    `\n❌  Exiting due to MK_USAGE: Invalid Container Runtime: "${asked}": the simulator has containerd alone`,
    14,
  );
}

async function chooseDriver(call: MinikubeCall, known: LocalCluster | undefined): Promise<void> {
  const asked = settingOf(call, 'driver');
  if (asked !== undefined && asked !== 'docker')
    throw new MinikubeExit(
      `\n❌  Exiting due to DRV_UNSUPPORTED_OS: The driver '${asked}' is not supported on linux/amd64 here: the simulator has docker alone`,
      56,
    );
  const isUp = await call.docker.ping().then(
    () => true,
    (error) => {
      if (error instanceof DockerUnavailable) return false;
      throw error;
    },
  );
  if (!isUp && !asked && !known)
    throw new MinikubeExit(
      `👎  Unable to pick a default driver. Here is what was considered, in preference order:\n    ▪ docker: Not healthy: "docker version --format {{.Server.Os}}-{{.Server.Version}}:{{.Server.Platform.Name}}" exit status 1: ${refusal}\n    ▪ docker: Suggestion: Start the Docker service <https://minikube.sigs.k8s.io/docs/drivers/docker/>\n\n❌  Exiting due to PROVIDER_DOCKER_NOT_RUNNING: Found docker, but the docker service isn't running. Try restarting the docker service.`,
      69,
    );
  const why = known ? 'based on existing profile' : 'based on user configuration';
  await call.say('✨', known || asked ? `Using the docker driver ${why}` : 'Automatically selected the docker driver');
  if (!isUp)
    throw new MinikubeExit(
      `\n💣  Exiting due to PROVIDER_DOCKER_NOT_RUNNING: "docker version --format <no value>-<no value>:<no value>" exit status 1: ${refusal}\n💡  Suggestion: Start the Docker service\n📘  Documentation: https://minikube.sigs.k8s.io/docs/drivers/docker/`,
      69,
    );
  if (!known) await call.say('📌', 'Using Docker Desktop driver with root privileges');
}

async function startNew(call: MinikubeCall): Promise<LocalCluster> {
  const { profile } = call;
  const nodes = Number(settingOf(call, 'nodes') ?? 1);
  if (!Number.isInteger(nodes) || nodes < 1)
    throw new MinikubeExit('❌  Exiting due to MK_USAGE: --nodes must be at least 1', 14);
  const version = versionOf(settingOf(call, 'kubernetes-version'));
  await checkVersion(call, version);
  await call.say('👍', `Starting "${profile}" primary control-plane node in "${profile}" cluster`);
  await call.say('🚜', `Pulling base image ${kicbaseVersion} ...`);
  await pause(call, stepMs.base);
  const place = `${homeOf(call)}/.minikube/cache/preloaded-tarball`;
  if (!call.process.machine.files.exists(place)) {
    await call.say('💾', `Downloading Kubernetes ${version} preload ...`);
    await pause(call, stepMs.download);
    call.process.machine.files.makeDirectory(place, { parents: true });
  }
  const memory = settingOf(call, 'memory') ?? (nodes > 1 ? '3072MB' : '3900MB');
  await call.say(
    '🔥',
    `Creating docker container (CPUs=${settingOf(call, 'cpus') ?? 2}, Memory=${/^\d+$/.test(memory) ? `${memory}MB` : memory}) ...`,
  );
  await pause(call, stepMs.create);
  await call.say('📦', `Preparing Kubernetes ${version} on ${runtime} ...`);
  const cluster = await call.clusters.create({ name: profile, nodes, version });
  const kube = call.kube(cluster.server);
  await untilServed(call, kube);
  for (const object of systemObjects(version)) await createObject(kube, object);
  await pause(call, stepMs.prepare);
  await call.say('🔗', 'Configuring CNI (Container Networking Interface) ...');
  await pause(call, stepMs.network);
  await verify(call);
  return cluster;
}

/** Until the API server's pod runs: kubeadm waits for it. */
async function untilServed({ process }: MinikubeCall, kube: KubePort): Promise<void> {
  const until = process.clock.now() + readyTimeoutMs;
  while (process.clock.now() < until) {
    try {
      const { status } = await kube.request({ method: 'GET', path: '/healthz' });
      if (status === 200) return;
    } catch (error) {
      if (!(error instanceof ConnectionError)) throw error;
    }
    await process.clock.sleep(healthEveryMs, process.cancel);
  }
}

async function startAgain(call: MinikubeCall, known: LocalCluster): Promise<LocalCluster> {
  const { profile } = call;
  await call.say('👍', `Starting "${profile}" primary control-plane node in "${profile}" cluster`);
  await call.say('🚜', `Pulling base image ${kicbaseVersion} ...`);
  await pause(call, stepMs.base);
  await (known.running
    ? call.say('🏃', `Updating the running docker "${profile}" container ...`)
    : call.say('🔄', `Restarting existing docker container for "${profile}" ...`));
  await pause(call, stepMs.restart);
  await call.say('📦', `Preparing Kubernetes ${known.version} on ${runtime} ...`);
  const cluster = await call.clusters.start(profile);
  await pause(call, stepMs.prepare);
  await verify(call);
  return cluster;
}

async function verify(call: MinikubeCall): Promise<void> {
  await call.say('🔎', 'Verifying Kubernetes components...');
  if (!(await call.clusters.ready(call.profile, readyTimeoutMs)))
    throw new MinikubeExit(
      '\n❌  Exiting due to GUEST_START: failed to start node: wait 6m0s for node: waiting for node to be ready: WaitNodeCondition: context deadline exceeded',
      80,
    );
  await pause(call, stepMs.verify);
}

async function sayWorker(call: MinikubeCall, cluster: LocalCluster, node: string): Promise<void> {
  await call.out('\n');
  await call.say('👍', `Starting "${node}" worker node in "${cluster.name}" cluster`);
  await call.say('🚜', `Pulling base image ${kicbaseVersion} ...`);
  await call.say('🔥', 'Creating docker container (CPUs=2, Memory=3072MB) ...');
  await pause(call, stepMs.create);
  await call.say('🌐', `Found network options:\n    ▪ NO_PROXY=${cluster.nodes[0]?.ip ?? ''}`);
  await call.say(
    '📦',
    `Preparing Kubernetes ${cluster.version} on ${runtime} ...\n    ▪ env NO_PROXY=${cluster.nodes[0]?.ip ?? ''}`,
  );
  await call.say('🔎', 'Verifying Kubernetes components...');
}

/** One API server runs whatever version was asked for, and says so. */
async function warnOfSkew(call: MinikubeCall, { version }: LocalCluster): Promise<void> {
  if (version === kubernetesVersion) return;
  await call.out(
    `\n❗  /usr/local/bin/kubectl is version ${kubernetesVersion.slice(1)}, which may have incompatibilities with Kubernetes ${version.slice(1)}.\n    ▪ Want kubectl ${version}? Try 'minikube kubectl -- get pods -A'\n❗  The simulated cluster itself behaves as ${kubernetesVersion}.\n`,
  );
}

function versionOf(asked: string | undefined): string {
  if (asked === undefined || asked === 'stable' || asked === 'latest') return kubernetesVersion;
  const version = asked.startsWith('v') ? asked : `v${asked}`;
  if (/^v1\.\d+(\.\d+)?$/.test(version)) return version.split('.').length === 2 ? `${version}.0` : version;
  throw new MinikubeExit(`❌  Exiting due to MK_USAGE: Unable to parse "${asked}": invalid semantic version`, 14);
}

/** An option, or what `minikube config set` said. */
function settingOf({ options, process }: MinikubeCall, name: string): string | undefined {
  return options.text(name) ?? readConfig(process).get(name);
}

function homeOf({ process }: MinikubeCall): string {
  return process.env.get('HOME') ?? '/root';
}

function pause({ process }: MinikubeCall, ms: number): Promise<void> {
  return process.clock.sleep(ms, process.cancel);
}
