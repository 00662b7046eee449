// Manifests that leave out what their schema requires are refused or let through, never tripped over.
import { expect, test } from 'vitest';
import { parseYaml } from '../../api/yaml.ts';
import { isList, isObject, type JsonValue } from '../../base/json.ts';
import { refusalOf, refusalOfChange } from '../testing/refusal.ts';

const pod = `{
  volumes: [
    {name: a, hostPath: {path: /x, type: ""}}, {name: b, nfs: {server: s, path: /p}}, {name: c, iscsi: {targetPortal: t, iqn: iqn.2020-01.a, lun: 1, initiatorName: iqn.2020-01.b}},
    {name: d, projected: {sources: [{serviceAccountToken: {path: p}}, {configMap: {name: m, items: [{key: k, path: p}]}}, {downwardAPI: {items: [{path: q, fieldRef: {fieldPath: metadata.name}}]}}]}},
    {name: e, csi: {driver: d}}, {name: f, ephemeral: {volumeClaimTemplate: {spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}}},
    {name: g, azureDisk: {diskName: d, diskURI: u}}, {name: h, fc: {targetWWNs: [a], lun: 1}}, {name: i, flexVolume: {driver: d, options: {a: b}}}, {name: j, image: {reference: r}}, {name: k, gitRepo: {repository: r}}],
  containers: [{name: c, image: i, ports: [{containerPort: 1, hostPort: 2}], env: [{name: A, valueFrom: {resourceFieldRef: {resource: limits.cpu}}}, {name: B, valueFrom: {configMapKeyRef: {name: m, key: k}}}, {name: C, valueFrom: {fileKeyRef: {volumeName: v, path: p, key: k}}}],
    volumeMounts: [{name: a, mountPath: /m, subPath: s}], volumeDevices: [{name: b, devicePath: /d}], livenessProbe: {httpGet: {port: 80, httpHeaders: [{name: a, value: b}]}}, readinessProbe: {grpc: {port: 1}}, startupProbe: {tcpSocket: {port: 1}},
    lifecycle: {preStop: {sleep: {seconds: 1}}}, resources: {claims: [{name: x}], limits: {cpu: 1}}, resizePolicy: [{resourceName: cpu, restartPolicy: NotRequired}], securityContext: {seccompProfile: {type: RuntimeDefault}, appArmorProfile: {type: RuntimeDefault}}}],
  tolerations: [{key: k, operator: Exists}], hostAliases: [{ip: 1.2.3.4, hostnames: [a]}], dnsConfig: {options: [{name: a}]}, readinessGates: [{conditionType: a}], schedulingGates: [{name: a}], resourceClaims: [{name: x}], os: {name: linux}, imagePullSecrets: [{name: a}],
  topologySpreadConstraints: [{maxSkew: 1, topologyKey: k, whenUnsatisfiable: DoNotSchedule, labelSelector: {matchExpressions: [{key: a, operator: In, values: [b]}]}}],
  affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchExpressions: [{key: a, operator: In, values: [b]}], matchFields: [{key: metadata.name, operator: In, values: [b]}]}]}, preferredDuringSchedulingIgnoredDuringExecution: [{weight: 1, preference: {matchExpressions: [{key: a, operator: Exists}]}}]},
    podAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{topologyKey: k}], preferredDuringSchedulingIgnoredDuringExecution: [{weight: 1, podAffinityTerm: {topologyKey: k}}]}},
  securityContext: {sysctls: [{name: a, value: b}], seccompProfile: {type: Localhost, localhostProfile: p}}}`;

const rule = '{operations: [CREATE], apiGroups: [""], apiVersions: [v1], resources: [pods]}';
const hook =
  '{name: a.b.c, admissionReviewVersions: [v1], sideEffects: None, clientConfig: {service: {name: s, namespace: nn, path: /p}}, matchConditions: [{name: a, expression: "true"}], rules: [' +
  `${rule}]}`;

const manifests = [
  ['v1', 'Pod', `spec: ${pod}`],
  [
    'apps/v1',
    'Deployment',
    `spec: {selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, spec: {containers: [{name: a}]}}}`,
  ],
  [
    'apps/v1',
    'StatefulSet',
    `spec: {serviceName: s, volumeClaimTemplates: [{metadata: {name: a}, spec: {accessModes: [ReadWriteOnce]}}], selector: {matchLabels: {a: b}}, template: {spec: {}}}`,
  ],
  [
    'apps/v1',
    'DaemonSet',
    `spec: {updateStrategy: {type: RollingUpdate, rollingUpdate: {maxSurge: 1}}, selector: {matchLabels: {a: b}}, template: {spec: {}}}`,
  ],
  [
    'batch/v1',
    'Job',
    'spec: {completionMode: Indexed, completions: 2, template: {spec: {}}, podFailurePolicy: {rules: [{action: FailJob, onExitCodes: {operator: In, values: [1]}}, {action: Count, onPodConditions: [{type: a, status: "True"}]}]}, successPolicy: {rules: [{succeededIndexes: "0"}]}}',
  ],
  ['batch/v1', 'CronJob', 'spec: {schedule: "* * * * *", jobTemplate: {spec: {template: {spec: {}}}}}'],
  [
    'v1',
    'Service',
    'spec: {ports: [{port: 1, name: a, targetPort: 2}], externalIPs: [1.2.3.4], loadBalancerSourceRanges: [10.0.0.0/8], sessionAffinityConfig: {clientIP: {timeoutSeconds: 1}}}',
  ],
  [
    'networking.k8s.io/v1',
    'Ingress',
    'spec: {defaultBackend: {resource: {kind: k, name: nn}}, tls: [{hosts: [a.b], secretName: s}], rules: [{host: a.b, http: {paths: [{path: /, pathType: Exact, backend: {service: {name: s, port: {number: 1}}}}]}}]}',
  ],
  [
    'networking.k8s.io/v1',
    'IngressClass',
    'spec: {controller: a.b/c, parameters: {kind: k, name: nn, scope: Cluster}}',
  ],
  [
    'networking.k8s.io/v1',
    'NetworkPolicy',
    'spec: {podSelector: {}, ingress: [{ports: [{port: 1, endPort: 2}], from: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16]}}]}], egress: [{to: [{podSelector: {}}]}]}',
  ],
  [
    'v1',
    'PersistentVolume',
    'spec: {capacity: {storage: 1Gi}, accessModes: [ReadWriteOnce], local: {path: /x}, nodeAffinity: {required: {nodeSelectorTerms: [{matchExpressions: [{key: a, operator: Exists}]}]}}, claimRef: {name: a}}',
  ],
  [
    'v1',
    'PersistentVolume',
    'spec: {capacity: {storage: 1Gi}, accessModes: [ReadWriteOnce], csi: {driver: d, volumeHandle: h, nodePublishSecretRef: {name: a, namespace: b}}}',
  ],
  [
    'v1',
    'PersistentVolumeClaim',
    'spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}, dataSource: {kind: K, name: nn, apiGroup: g}, dataSourceRef: {kind: K, name: nn, apiGroup: g}}',
  ],
  [
    'storage.k8s.io/v1',
    'StorageClass',
    'provisioner: p\nparameters: {a: b}\nallowedTopologies: [{matchLabelExpressions: [{key: a, values: [b]}]}]',
  ],
  [
    'autoscaling/v2',
    'HorizontalPodAutoscaler',
    'spec: {maxReplicas: 2, scaleTargetRef: {kind: K, name: nn, apiVersion: a/b}, behavior: {scaleUp: {policies: [{type: Pods, value: 1, periodSeconds: 1}]}}, metrics: [{type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 1}}}, {type: Object, object: {describedObject: {kind: K, name: nn}, metric: {name: m}, target: {type: Value, value: 1}}}, {type: External, external: {metric: {name: m}, target: {type: Value, value: 1}}}]}',
  ],
  [
    'policy/v1',
    'PodDisruptionBudget',
    'spec: {minAvailable: 1, selector: {matchExpressions: [{key: a, operator: Exists}]}}',
  ],
  ['rbac.authorization.k8s.io/v1', 'Role', 'rules: [{verbs: [get], apiGroups: [""], resources: [pods]}]'],
  [
    'rbac.authorization.k8s.io/v1',
    'ClusterRole',
    'rules: [{verbs: [get], nonResourceURLs: [/a]}]\naggregationRule: {clusterRoleSelectors: [{matchLabels: {a: b}}]}',
  ],
  [
    'rbac.authorization.k8s.io/v1',
    'RoleBinding',
    'roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: r}\nsubjects: [{kind: User, name: u, apiGroup: rbac.authorization.k8s.io}]',
  ],
  [
    'v1',
    'ResourceQuota',
    'spec: {hard: {cpu: 1}, scopeSelector: {matchExpressions: [{scopeName: PriorityClass, operator: In, values: [a]}]}}',
  ],
  [
    'v1',
    'LimitRange',
    'spec: {limits: [{type: Container, max: {cpu: 1}, min: {cpu: 1}, maxLimitRequestRatio: {cpu: 2}}]}',
  ],
  ['scheduling.k8s.io/v1', 'PriorityClass', 'value: 1'],
  [
    'node.k8s.io/v1',
    'RuntimeClass',
    'handler: h\noverhead: {podFixed: {cpu: 1}}\nscheduling: {tolerations: [{key: a, operator: Exists}]}',
  ],
  ['v1', 'Node', 'spec: {taints: [{key: a, effect: NoSchedule}], podCIDRs: [10.0.0.0/24]}'],
  [
    'discovery.k8s.io/v1',
    'EndpointSlice',
    'addressType: IPv4\nendpoints: [{addresses: [10.0.0.1], hints: {forZones: [{name: a}]}}]\nports: [{port: 1, name: a}]',
  ],
  ['v1', 'Endpoints', 'subsets: [{addresses: [{ip: 10.0.0.1}], ports: [{port: 1}]}]'],
  ['coordination.k8s.io/v1', 'Lease', 'spec: {holderIdentity: a, leaseDurationSeconds: 1}'],
  [
    'certificates.k8s.io/v1',
    'CertificateSigningRequest',
    'spec: {request: YQ==, signerName: a.b/c, usages: [client auth]}',
  ],
  [
    'flowcontrol.apiserver.k8s.io/v1',
    'FlowSchema',
    'spec: {priorityLevelConfiguration: {name: p}, distinguisherMethod: {type: ByUser}, rules: [{subjects: [{kind: User, user: {name: u}}, {kind: ServiceAccount, serviceAccount: {name: a, namespace: b}}], resourceRules: [{verbs: [get], apiGroups: [""], resources: [pods], namespaces: [a]}], nonResourceRules: [{verbs: [get], nonResourceURLs: [/a]}]}]}',
  ],
  [
    'flowcontrol.apiserver.k8s.io/v1',
    'PriorityLevelConfiguration',
    'spec: {type: Limited, limited: {limitResponse: {type: Queue, queuing: {queues: 1}}}}',
  ],
  ['admissionregistration.k8s.io/v1', 'ValidatingWebhookConfiguration', `webhooks: [${hook}]`],
  ['admissionregistration.k8s.io/v1', 'MutatingWebhookConfiguration', `webhooks: [${hook}]`],
  [
    'admissionregistration.k8s.io/v1',
    'ValidatingAdmissionPolicy',
    `spec: {failurePolicy: Fail, paramKind: {apiVersion: v1, kind: ConfigMap}, matchConstraints: {resourceRules: [${rule}]}, matchConditions: [{name: a, expression: "true"}], variables: [{name: a, expression: "1"}], validations: [{expression: "true"}], auditAnnotations: [{key: a, valueExpression: "'a'"}]}`,
  ],
  [
    'admissionregistration.k8s.io/v1',
    'ValidatingAdmissionPolicyBinding',
    `spec: {policyName: p, validationActions: [Deny], paramRef: {name: a, parameterNotFoundAction: Deny}, matchResources: {resourceRules: [${rule}]}}`,
  ],
  [
    'apiextensions.k8s.io/v1',
    'CustomResourceDefinition',
    'spec: {group: a.b, scope: Namespaced, names: {plural: xs, kind: X}, versions: [{name: v1, served: true, storage: true, additionalPrinterColumns: [{name: a, type: string, jsonPath: .a}], selectableFields: [{jsonPath: .a}], subresources: {scale: {specReplicasPath: .spec.r, statusReplicasPath: .status.r}}, schema: {openAPIV3Schema: {type: object, properties: {a: {type: string}}}}}]}',
  ],
  [
    'apiregistration.k8s.io/v1',
    'APIService',
    'spec: {group: a.b, version: v1, groupPriorityMinimum: 1, versionPriority: 1, service: {name: a, namespace: b}}',
  ],
] as const;

test.each(manifests)('%s %s without any one of its fields', (apiVersion, kind, rest) => {
  const whole = { apiVersion, kind, metadata: { name: 'x' }, ...parsed(rest) };
  const yaml = JSON.stringify(whole);
  for (const part of without(whole)) {
    if (!('kind' in part) || !('apiVersion' in part) || !('metadata' in part)) continue;
    const text = JSON.stringify(part);
    expect(() => refusalOf(text), text).not.toThrow();
    // Telling how two pods differ takes long.
    if (kind !== 'Pod') expect(() => refusalOfChange(yaml, text), text).not.toThrow();
  }
});

type Fields = Record<string, JsonValue>;

function parsed(text: string): Fields {
  const { value } = parseYaml(text);
  return isObject(value) ? { ...value } : {};
}

/** The value without one field or item, everywhere in turn. */
function without(value: Fields): readonly Fields[] {
  return Object.entries(value).flatMap(([key, inner]) => {
    const { [key]: _, ...others } = value;
    return [others, ...smaller(inner).map((part): Fields => ({ ...value, [key]: part }))];
  });
}

function smaller(value: JsonValue): readonly JsonValue[] {
  if (isList(value))
    return value.flatMap((item, i) => smaller(item).map((part) => value.map((one, j) => (j === i ? part : one))));
  return isObject(value) ? without({ ...value }) : [];
}
