// The pod security standards: what each check says, in which versions, and what a namespace's labels mean.
import { describe, expect, test } from 'vitest';
import { fieldErrorText } from '../../../../api/field-error.ts';
import type { PodSpec } from '../../../../api/generated/types.ts';
import { existingPodWarnings } from './existing-pods.ts';
import { policyOf, policyText } from './pod-policy.ts';
import { detailText, violations } from './violations.ts';

const latest = Number.POSITIVE_INFINITY;

function baseline(spec: Partial<PodSpec>, minor = latest, annotations = {}): string {
  const whole = { containers: [{ name: 'a' }], ...spec };
  return detailText(violations({ spec: whole, annotations }, { level: 'baseline', minor }));
}

const safe = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ['ALL'] },
  runAsNonRoot: true,
  seccompProfile: { type: 'RuntimeDefault' },
};

function restricted(spec: Partial<PodSpec>, context: object = {}, minor = latest): string {
  const whole = { containers: [{ name: 'a', securityContext: { ...safe, ...context } }], ...spec };
  return detailText(violations({ spec: whole, annotations: {} }, { level: 'restricted', minor }));
}

function context(securityContext: object): Partial<PodSpec> {
  return { containers: [{ name: 'a', securityContext }] };
}

describe('baseline', () => {
  test('each check says what is wrong', () => {
    const said = [
      baseline({ securityContext: { appArmorProfile: { type: 'Unconfined' } } }),
      baseline({}, latest, { 'container.apparmor.security.beta.kubernetes.io/a': 'unconfined' }),
      baseline(context({ capabilities: { add: ['NET_RAW', 'SYS_ADMIN', 'CHOWN'] } })),
      baseline({ hostNetwork: true, hostPID: true }),
      baseline({ volumes: [{ name: 'v', hostPath: { path: '/' } }] }),
      baseline({ containers: [{ name: 'a', ports: [{ containerPort: 1, hostPort: 80 }] }] }),
      baseline({ containers: [{ name: 'a', livenessProbe: { httpGet: { host: 'x', port: 1 } } }] }),
      baseline(context({ privileged: true })),
      baseline(context({ procMount: 'Unmasked' })),
      baseline({ securityContext: { seLinuxOptions: { type: 'spc_t', user: 'u', role: 'r' } } }),
      baseline(context({ seccompProfile: { type: 'Unconfined' } })),
      baseline({ securityContext: { sysctls: [{ name: 'kernel.msgmax', value: '1' }] } }),
      baseline(context({ windowsOptions: { hostProcess: true } })),
    ];
    expect(said.join('\n')).toMatchInlineSnapshot(`
      "forbidden AppArmor profile (pod must not set AppArmor profile type to "Unconfined")
      forbidden AppArmor profile (annotation must not set AppArmor profile type to "container.apparmor.security.beta.kubernetes.io/a="unconfined"")
      non-default capabilities (container "a" must not include "NET_RAW", "SYS_ADMIN" in securityContext.capabilities.add)
      host namespaces (hostNetwork=true, hostPID=true)
      hostPath volumes (volume "v")
      hostPort (container "a" uses hostPort 80)
      probe or lifecycle host (container "a" uses probe or lifecycle host "x")
      privileged (container "a" must not set securityContext.privileged=true)
      procMount (container "a" must not set securityContext.procMount to "Unmasked")
      seLinuxOptions (pod set forbidden securityContext.seLinuxOptions: type "spc_t"; user may not be set; role may not be set)
      seccompProfile (container "a" must not set securityContext.seccompProfile.type to "Unconfined")
      forbidden sysctls (kernel.msgmax)
      hostProcess (container "a" must not set securityContext.windowsOptions.hostProcess=true)"
    `);
  });

  test('checks are those of the version', () => {
    const sysctl = { securityContext: { sysctls: [{ name: 'net.ipv4.tcp_rmem', value: '1' }] } };
    expect([31, 32, latest].map((minor) => baseline(sysctl, minor))).toEqual([
      'forbidden sysctls (net.ipv4.tcp_rmem)',
      '',
      '',
    ]);
    const probe = { containers: [{ name: 'a', livenessProbe: { tcpSocket: { host: 'x', port: 1 } } }] };
    expect(baseline(probe, 33)).toBe('');
    const engine = { securityContext: { seLinuxOptions: { type: 'container_engine_t' } } };
    expect([baseline(engine, 30) !== '', baseline(engine, 31)]).toEqual([true, '']);
    const masked = context({ procMount: 'Unmasked' });
    expect([34, 35].map((minor) => baseline({ ...masked, hostUsers: false }, minor) === '')).toEqual([false, true]);
    const annotation = { 'seccomp.security.alpha.kubernetes.io/pod': 'unconfined' };
    expect(baseline({}, 18, annotation)).toBe(
      'seccompProfile (forbidden annotation seccomp.security.alpha.kubernetes.io/pod="unconfined")',
    );
  });
});

describe('restricted', () => {
  test('each check says what is wrong', () => {
    const said = [
      restricted({}),
      restricted({ containers: [{ name: 'a' }, { name: 'b' }] }),
      restricted({}, { capabilities: { drop: ['ALL'], add: ['CHOWN', 'NET_BIND_SERVICE'] } }),
      restricted({
        volumes: [
          { name: 'v', hostPath: { path: '/' } },
          { name: 'n', nfs: { path: '/', server: 's' } },
        ],
      }),
      restricted({}, { runAsNonRoot: false }),
      restricted({ securityContext: { runAsUser: 0 } }),
      restricted({ securityContext: { seccompProfile: { type: 'Unconfined' } } }),
      restricted({ os: { name: 'windows' } }, { capabilities: undefined, seccompProfile: undefined }),
      restricted({ hostUsers: false }, { runAsNonRoot: undefined, runAsUser: 0 }),
      restricted({ volumes: [{ name: 'i', image: { reference: 'x' } }] }),
    ];
    expect(said.join('\n')).toMatchInlineSnapshot(`
      "
      allowPrivilegeEscalation != false (containers "a", "b" must set securityContext.allowPrivilegeEscalation=false), unrestricted capabilities (containers "a", "b" must set securityContext.capabilities.drop=["ALL"]), runAsNonRoot != true (pod or containers "a", "b" must set securityContext.runAsNonRoot=true), seccompProfile (pod or containers "a", "b" must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost")
      unrestricted capabilities (container "a" must not include "CHOWN" in securityContext.capabilities.add)
      restricted volume types (volumes "v", "n" use restricted volume types "hostPath", "nfs")
      runAsNonRoot != true (container "a" must not set securityContext.runAsNonRoot=false)
      runAsUser=0 (pod must not set runAsUser=0)
      seccompProfile (pod must not set securityContext.seccompProfile.type to "Unconfined")


      "
    `);
  });

  test('before 1.22 capabilities are baseline’s', () => {
    const bare = { capabilities: { add: ['SYS_TIME'] } };
    expect(restricted({}, bare, 21)).toBe(
      'non-default capabilities (container "a" must not include "SYS_TIME" in securityContext.capabilities.add)',
    );
  });
});

const prefix = 'pod-security.kubernetes.io/';

test.each<[Record<string, string>, string]>([
  [{}, 'privileged:latest privileged:latest'],
  // Warnings follow what is enforced, unless the labels say something of them.
  [{ enforce: 'restricted' }, 'restricted:latest restricted:latest'],
  [{ enforce: 'restricted', 'enforce-version': 'v1.30' }, 'restricted:v1.30 restricted:v1.30'],
  [{ enforce: 'restricted', 'enforce-version': 'v1.30', 'warn-version': 'v1.31' }, 'restricted:v1.30 restricted:v1.31'],
  [{ enforce: 'baseline', warn: 'privileged' }, 'baseline:latest privileged:latest'],
  // What makes no sense is refused to the strictest, and not warned of.
  [{ enforce: 'strict', warn: 'loud' }, 'restricted:latest privileged:latest'],
  [{ enforce: 'baseline', 'enforce-version': '1.30' }, 'baseline:latest baseline:latest'],
])('labels %j mean %s', (given, expected) => {
  const labels = Object.fromEntries(Object.entries(given).map(([key, value]) => [prefix + key, value]));
  const { enforce, warn } = policyOf(labels);
  expect(`${policyText(enforce)} ${policyText(warn)}`).toBe(expected);
});

test('labels that make no sense are told of', () => {
  const labels = { [`${prefix}enforce`]: 'strict', [`${prefix}warn-version`]: 'v2' };
  expect(policyOf(labels).problems.map(fieldErrorText)).toEqual([
    'metadata.labels[pod-security.kubernetes.io/enforce]: Invalid value: "strict": must be one of privileged, baseline, restricted',
    'metadata.labels[pod-security.kubernetes.io/warn-version]: Invalid value: "v2": must be "latest" or "v1.x"',
  ]);
});

test('pods that are there are counted by what is wrong with them', () => {
  const pod = (name: string, spec: Partial<PodSpec>) => ({
    metadata: { name },
    spec: { containers: [{ name: 'a' }], ...spec },
  });
  const pods = [
    pod('b', { hostNetwork: true }),
    pod('a', { hostNetwork: true }),
    pod('c', { hostPID: true }),
    pod('d', {}),
  ];
  expect(existingPodWarnings('n', pods, { level: 'baseline', minor: latest })).toMatchInlineSnapshot(`
    [
      "existing pods in namespace "n" violate the new PodSecurity enforce level "baseline:latest"",
      "a (and 2 other pods): host namespaces",
    ]
  `);
});
