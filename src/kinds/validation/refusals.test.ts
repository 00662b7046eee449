// What manifests are refused for, in upstream's words and order.
import { describe, expect, test } from 'vitest';
import { refusalOf, refusalOfChange } from '../testing/refusal.ts';

/** A pod with these lines in its spec. */
function pod(spec: string): string {
  return `apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n${indented(spec)}`;
}

/** A deployment of one container with these lines in its spec. */
function deployment(spec: string, labels = '{app: a}'): string {
  const template = `template: {metadata: {labels: ${labels}}, spec: {containers: [{name: c, image: nginx}]}}`;
  return `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: d}\nspec:\n${indented(spec)}\n  ${template}`;
}

function indented(text: string): string {
  return text.replace(/^/gm, '  ');
}

describe('a pod', () => {
  test('that is plain is fine', () => {
    expect(refusalOf(pod('containers: [{name: c, image: nginx}]'))).toBe('fine');
  });

  test.each([
    ['containers: []', 'spec.containers: Required value'],
    ['{}', 'spec.containers: Required value'],
    ['containers: [{name: c, image: ""}]', 'spec.containers[0].image: Required value'],
    ['containers: [{name: c, image: a}, {name: c, image: b}]', 'spec.containers[1].name: Duplicate value: "c"'],
    [
      'containers: [{name: c, image: a, imagePullPolicy: Sometimes}]',
      'spec.containers[0].imagePullPolicy: Unsupported value: "Sometimes": supported values: "Always", "IfNotPresent", "Never"',
    ],
    [
      'containers: [{name: c, image: a, ports: [{containerPort: 99999, name: waytoolongportname}]}]',
      'spec.containers[0].ports[0].name: Invalid value: "waytoolongportname": must be no more than 15 characters\nspec.containers[0].ports[0].containerPort: Invalid value: 99999: must be between 1 and 65535, inclusive',
    ],
    [
      'containers: [{name: c, image: a, resources: {requests: {cpu: 2}, limits: {cpu: 1}}}]',
      'spec.containers[0].resources.requests: Invalid value: "2": must be less than or equal to cpu limit of 1',
    ],
    [
      'containers: [{name: c, image: a, livenessProbe: {periodSeconds: 1}}]',
      'spec.containers[0].livenessProbe: Required value: must specify a handler type',
    ],
    [
      'containers: [{name: c, image: a, volumeMounts: [{name: v, mountPath: /x}]}]',
      'spec.containers[0].volumeMounts[0].name: Not found: "v"',
    ],
    [
      'containers: [{name: c, image: a, env: [{name: A, valueFrom: {}}]}]',
      'spec.containers[0].env[0].valueFrom: Invalid value: "": must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`',
    ],
    [
      'containers: [{name: c, image: a}]\nrestartPolicy: Maybe',
      'spec.restartPolicy: Unsupported value: "Maybe": supported values: "Always", "OnFailure", "Never"',
    ],
    [
      'containers: [{name: c, image: a}]\nvolumes: [{name: v, emptyDir: {}, hostPath: {path: /x}}]',
      'spec.volumes[0].hostPath: Forbidden: may not specify more than 1 volume type',
    ],
    [
      'containers: [{name: c, image: a}]\ntolerations: [{operator: Equal}]',
      'spec.tolerations[0].operator: Invalid value: "Equal": operator must be Exists when `key` is empty, which means "match all values and all keys"',
    ],
    [
      'containers: [{name: c, image: a, securityContext: {privileged: true, allowPrivilegeEscalation: false}}]',
      'spec.containers[0].securityContext: Invalid value: {"Capabilities":null,"Privileged":true,"SELinuxOptions":null,"WindowsOptions":null,"RunAsUser":null,"RunAsGroup":null,"RunAsNonRoot":null,"ReadOnlyRootFilesystem":null,"AllowPrivilegeEscalation":false,"ProcMount":null,"SeccompProfile":null,"AppArmorProfile":null}: cannot set `allowPrivilegeEscalation` to false and `privileged` to true',
    ],
  ])('with %s is refused', (spec, refusal) => {
    expect(refusalOf(pod(spec))).toBe(refusal);
  });

  test('may change its image and nothing else', () => {
    const before = pod('containers: [{name: c, image: a}]\nnodeSelector: {color: purple}');
    expect(refusalOfChange(before, pod('containers: [{name: c, image: b}]\nnodeSelector: {color: purple}'))).toBe(
      'fine',
    );
    expect(refusalOfChange(before, pod('containers: [{name: c, image: a}, {name: d, image: a}]'))).toBe(
      'spec.containers: Forbidden: pod updates may not add or remove containers',
    );
    const other = pod('containers: [{name: c, image: a}]\nnodeSelector: {color: purple, kubernetes.io/os: linux}');
    expect(refusalOfChange(before, other)).toMatchInlineSnapshot(`
      "spec: Forbidden: pod updates may not change fields other than \`spec.containers[*].image\`,\`spec.initContainers[*].image\`,\`spec.activeDeadlineSeconds\`,\`spec.tolerations\` (only additions to existing tolerations),\`spec.terminationGracePeriodSeconds\` (allow it to be set to 1 if it was previously negative)
      @@ -40,7 +40,8 @@
        "ActiveDeadlineSeconds": null,
        "DNSPolicy": "ClusterFirst",
        "NodeSelector": {
      -  "color": "purple"
      +  "color": "purple",
      +  "kubernetes.io/os": "linux"
        },
        "ServiceAccountName": "",
        "AutomountServiceAccountToken": null,
      "
    `);
  });
});

describe('a deployment', () => {
  test.each([
    ['selector: {matchLabels: {app: a}}', 'fine'],
    [
      'replicas: -3\nselector: {matchLabels: {app: a}}',
      'spec.replicas: Invalid value: -3: must be greater than or equal to 0',
    ],
    ['selector: {}', 'spec.selector: Invalid value: {}: empty selector is invalid for deployment'],
    [
      'replicas: 1',
      'spec.selector: Required value\nspec.template.metadata.labels: Invalid value: {"app":"a"}: `selector` does not match template `labels`',
    ],
    [
      'selector: {matchLabels: {app: a}}\nstrategy: {type: Recreate, rollingUpdate: {maxSurge: 1}}',
      "spec.strategy.rollingUpdate: Forbidden: may not be specified when strategy `type` is 'Recreate'",
    ],
    [
      'selector: {matchLabels: {app: a}}\nstrategy: {type: Slow}',
      'spec.strategy: Unsupported value: {"Type":"Slow","RollingUpdate":null}: supported values: "Recreate", "RollingUpdate"',
    ],
  ])('with %s: %s', (spec, refusal) => {
    expect(refusalOf(deployment(spec))).toBe(refusal);
  });

  test('keeps its selector', () => {
    const change = refusalOfChange(
      deployment('selector: {matchLabels: {app: a}}'),
      deployment('selector: {matchLabels: {app: z}}', '{app: z}'),
    );
    expect(change).toBe('spec.selector: Invalid value: {"matchLabels":{"app":"z"}}: field is immutable');
  });
});

const named = (apiVersion: string, kind: string, rest: string) =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: x}\n${rest}`;

describe('other kinds', () => {
  test.each([
    // Services
    [
      named('v1', 'Service', 'spec: {type: Weird, ports: [{port: 0}, {port: 70000}]}'),
      'spec.ports[0].name: Required value\nspec.ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive\nspec.ports[0].targetPort: Invalid value: 0: must be between 1 and 65535, inclusive\nspec.ports[1].name: Required value\nspec.ports[1].port: Invalid value: 70000: must be between 1 and 65535, inclusive\nspec.ports[1].targetPort: Invalid value: 70000: must be between 1 and 65535, inclusive\nspec.type: Unsupported value: "Weird": supported values: "ClusterIP", "ExternalName", "LoadBalancer", "NodePort"',
    ],
    [named('v1', 'Service', 'spec: {type: ExternalName}'), 'spec.externalName: Required value'],
    // Jobs
    [
      named('batch/v1', 'Job', 'spec: {template: {spec: {containers: [{name: c, image: a}]}}}'),
      'spec.template.spec.restartPolicy: Required value: valid values: "OnFailure", "Never"',
    ],
    [
      named(
        'batch/v1',
        'CronJob',
        'spec: {schedule: "61 * * * *", jobTemplate: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: c, image: a}]}}}}}',
      ),
      'spec.schedule: Invalid value: "61 * * * *": end of range (61) above maximum (59): 61',
    ],
    // Data
    [
      named('v1', 'Secret', 'type: kubernetes.io/basic-auth'),
      'data[username]: Required value\ndata[password]: Required value',
    ],
    // Storage
    [
      named('v1', 'PersistentVolumeClaim', 'spec: {accessModes: [Any]}'),
      'spec.accessModes: Unsupported value: "Any": supported values: "ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"\nspec.resources[storage]: Required value',
    ],
    [
      named('v1', 'PersistentVolume', 'spec: {capacity: {storage: 1Gi}}'),
      'spec.accessModes: Required value\nspec: Required value: must specify a volume type',
    ],
    // Roles
    [
      named('rbac.authorization.k8s.io/v1', 'Role', 'rules: [{apiGroups: [""], resources: [pods], verbs: []}]'),
      'rules[0].verbs: Required value: verbs must contain at least one value',
    ],
    // Nodes
    [
      named('v1', 'Node', 'spec: {taints: [{key: a, effect: Nope}]}'),
      'metadata.taints[0].effect: Unsupported value: "Nope": supported values: "NoSchedule", "PreferNoSchedule", "NoExecute"',
    ],
    // Networking
    [
      named(
        'networking.k8s.io/v1',
        'Ingress',
        'spec: {rules: [{host: 1.2.3.4, http: {paths: [{path: a, pathType: Exact, backend: {}}]}}]}',
      ),
      'spec.rules[0].host: Invalid value: "1.2.3.4": must be a DNS name, not an IP address\nspec.rules[0].http.paths[0].path: Invalid value: "a": must be an absolute path\nspec.rules[0].http.paths[0].backend: Invalid value: "": resource or service backend is required',
    ],
    [
      named('networking.k8s.io/v1', 'IngressClass', 'spec: {controller: a.b/c, parameters: {kind: P, name: p}}'),
      'fine',
    ],
    // Policies
    [
      named(
        'autoscaling/v2',
        'HorizontalPodAutoscaler',
        'spec: {minReplicas: 3, maxReplicas: 2, scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: d}}',
      ),
      'spec.maxReplicas: Invalid value: 2: must be greater than or equal to `minReplicas`',
    ],
    [
      named('scheduling.k8s.io/v1', 'PriorityClass', 'value: 2000000000'),
      'value: Forbidden: maximum allowed value of a user defined priority is 1000000000',
    ],
  ])('%s', (yaml, refusal) => {
    expect(refusalOf(yaml)).toBe(refusal);
  });
});

describe('a node', () => {
  const node = (metadata: string, rest: string) =>
    `apiVersion: v1\nkind: Node\nmetadata: {name: one${metadata}}\n${rest}`;
  const annotated = (name: string, value: string) =>
    node(`, annotations: {scheduler.alpha.kubernetes.io/${name}: '${value}'}`, '');

  test.each([
    [node('', 'status: {declaredFeatures: [A, B/c, C]}'), 'fine'],
    [
      node('', 'status: {declaredFeatures: [B, A, A]}'),
      'status.declaredFeatures[1]: Invalid value: "A": list must be sorted alphabetically\nstatus.declaredFeatures[2]: Duplicate value: "A"',
    ],
    [
      node('', 'status: {declaredFeatures: [a]}'),
      'status.declaredFeatures[0]: Invalid value: "a": invalid feature name "a": must start with an UpperCamelCase segment, with subsequent segments separated by \'/\' (e.g., MyFeature or MyFeature/mySubFeature), and contain only alphanumeric characters and slashes',
    ],
    [
      node('', 'status: {nodeInfo: {swap: {capacity: 0}}}'),
      'metadata.nodeSwapStatus.capacity: Invalid value: 0: must be greater than zero',
    ],
    [
      annotated('taints', '[{"Key": "a", "effect": "b"}]'),
      'metadata.annotations.scheduler.alpha.kubernetes.io/taints[0].effect: Unsupported value: "b": supported values: "NoSchedule", "PreferNoSchedule", "NoExecute"',
    ],
    [
      annotated('taints', '['),
      'metadata.annotations: Invalid value: "scheduler.alpha.kubernetes.io/taints": unexpected end of JSON input',
    ],
    [
      annotated('preferAvoidPods', '[]'),
      'metadata.annotations.AvoidPods: Invalid value: "scheduler.alpha.kubernetes.io/preferAvoidPods": json: cannot unmarshal array into Go value of type v1.AvoidPods',
    ],
    [
      annotated('preferAvoidPods', '{"preferAvoidPods": [{}]}'),
      'metadata.annotations.scheduler.alpha.kubernetes.io/preferAvoidPods[0].PodSignature: Required value',
    ],
    [node('', 'spec: {configSource: {}}'), 'fine'],
  ])('%s', (yaml, refusal) => {
    expect(refusalOf(yaml)).toBe(refusal);
  });

  test('keeps its ranges', () => {
    const features = (list: string) => node('', `spec: {podCIDRs: [10.0.0.0/24]}\nstatus: {declaredFeatures: ${list}}`);
    expect(refusalOfChange(features('[A]'), node('', 'spec: {taints: [{key: a}]}'))).toMatchInlineSnapshot(`
      "metadata.taints[0].effect: Required value
      spec.podCIDRs: Forbidden: node updates may not change podCIDR except from "" to valid"
    `);
  });
});
