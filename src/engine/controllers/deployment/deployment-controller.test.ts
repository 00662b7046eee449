import { describe, expect, test } from 'vitest';
import { deployments, pods, replicaSets } from '../../../api/generated/resources.ts';
import { type ControllerCluster, controllerCluster } from '../../testing/controller-cluster.ts';
import { garbageCollector } from '../garbage-collector/garbage-collector.ts';
import { replicaSetController } from '../replicaset/replicaset-controller.ts';
import { deploymentController } from './deployment-controller.ts';

const web = (extra = ''): string => `
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 3
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: nginx, image: 'nginx:1.27'}]}
${extra}`;

const image = (tag: string): object => ({
  spec: { template: { spec: { containers: [{ name: 'nginx', image: `nginx:${tag}` }] } } },
});

function start(): ControllerCluster {
  return controllerCluster([replicaSetController, deploymentController, garbageCollector]);
}

function sets(cluster: ControllerCluster): string {
  return cluster
    .list(replicaSets)
    .map(({ metadata, spec, status }) => {
      const revision = metadata?.annotations?.['deployment.kubernetes.io/revision'];
      return `${metadata?.name} revision ${revision}: ${status?.readyReplicas ?? 0}/${spec?.replicas}`;
    })
    .sort()
    .join('\n');
}

function conditions(cluster: ControllerCluster): string {
  const { status } = cluster.get(deployments, 'web', 'default');
  return (status?.conditions ?? [])
    .map(({ type, status: is, reason, message }) => `${type}=${is} ${reason}: ${message}`)
    .join('\n');
}

describe('the deployment controller', () => {
  test('brings up the pods of a new deployment', () => {
    const cluster = start();
    cluster.apply(web());
    cluster.run(3000);
    expect(sets(cluster)).toMatchInlineSnapshot(`"web-7d876db474 revision 1: 3/3"`);
    expect(conditions(cluster)).toMatchInlineSnapshot(`
      "Available=True MinimumReplicasAvailable: Deployment has minimum availability.
      Progressing=True NewReplicaSetAvailable: ReplicaSet "web-7d876db474" has successfully progressed."
    `);
    expect(cluster.get(deployments, 'web', 'default').status).toMatchObject({
      replicas: 3,
      readyReplicas: 3,
      availableReplicas: 3,
      updatedReplicas: 3,
      terminatingReplicas: 0,
      observedGeneration: 1,
    });
    expect(cluster.events('Deployment')).toMatchInlineSnapshot(
      `"Normal ScalingReplicaSet Deployment/web: Scaled up replica set web-7d876db474 from 0 to 3"`,
    );
  });

  test('replaces pods one by one within maxSurge and maxUnavailable', () => {
    const cluster = start();
    cluster.apply(web());
    cluster.run(3000);
    cluster.patch(deployments, 'web', image('1.28'));
    cluster.run(10_000);
    expect(sets(cluster)).toMatchInlineSnapshot(`
      "web-697578869 revision 2: 3/3
      web-7d876db474 revision 1: 0/0"
    `);
    expect(cluster.events('Deployment')).toMatchInlineSnapshot(`
      "Normal ScalingReplicaSet Deployment/web: Scaled up replica set web-7d876db474 from 0 to 3
      Normal ScalingReplicaSet Deployment/web: Scaled up replica set web-697578869 from 0 to 1
      Normal ScalingReplicaSet Deployment/web: Scaled down replica set web-7d876db474 from 3 to 2
      Normal ScalingReplicaSet Deployment/web: Scaled up replica set web-697578869 from 1 to 2
      Normal ScalingReplicaSet Deployment/web: Scaled down replica set web-7d876db474 from 2 to 1
      Normal ScalingReplicaSet Deployment/web: Scaled up replica set web-697578869 from 2 to 3
      Normal ScalingReplicaSet Deployment/web: Scaled down replica set web-7d876db474 from 1 to 0"
    `);
  });

  test('takes an old set up again when its template comes back, and keeps its history of revisions', () => {
    const cluster = start();
    cluster.apply(web());
    cluster.run(3000);
    cluster.patch(deployments, 'web', image('1.28'));
    cluster.run(10_000);
    cluster.patch(deployments, 'web', image('1.27'));
    cluster.run(10_000);
    expect(sets(cluster)).toMatchInlineSnapshot(`
      "web-697578869 revision 2: 0/0
      web-7d876db474 revision 3: 3/3"
    `);
    const histories = cluster
      .list(replicaSets)
      .map(({ metadata }) => metadata?.annotations?.['deployment.kubernetes.io/revision-history']);
    expect(histories).toContain('1');
  });

  test('with Recreate all old pods go before the first new one comes', () => {
    const cluster = start();
    cluster.apply(web('  strategy: {type: Recreate}'));
    cluster.run(3000);
    cluster.patch(deployments, 'web', image('1.28'));
    cluster.run(10_000);
    expect(cluster.events('Deployment')).toMatchInlineSnapshot(`
      "Normal ScalingReplicaSet Deployment/web: Scaled up replica set web-7d876db474 from 0 to 3
      Normal ScalingReplicaSet Deployment/web: Scaled down replica set web-7d876db474 from 3 to 0
      Normal ScalingReplicaSet Deployment/web: Scaled up replica set web-697578869 from 0 to 3"
    `);
  });

  test('says that a rollout is stuck once its deadline has passed', () => {
    const cluster = start();
    cluster.kubelet.running = false;
    cluster.apply(web('  progressDeadlineSeconds: 10'));
    cluster.run(15_000);
    expect(conditions(cluster)).toMatchInlineSnapshot(`
      "Available=False MinimumReplicasUnavailable: Deployment does not have minimum availability.
      Progressing=False ProgressDeadlineExceeded: ReplicaSet "web-7d876db474" has timed out progressing."
    `);
  });

  test('a paused deployment scales but does not roll out', () => {
    const cluster = start();
    cluster.apply(web());
    cluster.run(3000);
    cluster.patch(deployments, 'web', { spec: { paused: true, replicas: 4 } });
    cluster.patch(deployments, 'web', image('1.28'));
    cluster.run(3000);
    expect(sets(cluster)).toMatchInlineSnapshot(`"web-7d876db474 revision 1: 4/4"`);
    expect(conditions(cluster)).toContain('Progressing=Unknown DeploymentPaused: Deployment is paused');
  });

  test.each([
    ['Background', 0, 0],
    ['Foreground', 0, 0],
    ['Orphan', 1, 3],
  ] as const)('deleting it with %s leaves %i replica sets and %i pods', (policy, setsLeft, podsLeft) => {
    const cluster = start();
    cluster.apply(web());
    cluster.run(3000);
    cluster.remove(deployments, 'web', policy);
    cluster.run(10_000);
    expect(cluster.list(deployments)).toHaveLength(0);
    expect(cluster.list(replicaSets)).toHaveLength(setsLeft);
    expect(cluster.list(pods)).toHaveLength(podsLeft);
  });
});
