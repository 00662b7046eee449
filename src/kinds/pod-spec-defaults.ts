// What upstream fills in for a pod's spec: in templates, and some more in pods themselves.
import type {
  Container,
  DownwardAPIVolumeFile,
  PodSpec,
  PodTemplateSpec,
  Probe,
  ResourceRequirements,
  Volume,
} from '../api/generated/types.ts';
import { withoutDisabled } from './disabled-pod-fields.ts';
import { change, changeAll, fill, fillZero, remember } from './share.ts';
import { sourceDefaults } from './volume-source-defaults.ts';

/** Defaults of every pod spec, in a template or in a pod. */
export const podSpecDefaults = remember((given: PodSpec): PodSpec => {
  let spec = fillZero(withoutDisabled(given), {
    dnsPolicy: 'ClusterFirst',
    restartPolicy: 'Always',
    schedulerName: 'default-scheduler',
  });
  spec = fill(spec, { securityContext: {}, terminationGracePeriodSeconds: 30 });
  if (spec.serviceAccountName !== undefined && spec.serviceAccount !== spec.serviceAccountName)
    spec = { ...spec, serviceAccount: spec.serviceAccountName };
  else if (spec.serviceAccount !== undefined && !spec.serviceAccountName)
    spec = { ...spec, serviceAccountName: spec.serviceAccount };
  spec = change(spec, 'containers', (list) => changeAll(list, containerDefaults));
  spec = change(spec, 'initContainers', (list) => changeAll(list, containerDefaults));
  spec = change(spec, 'ephemeralContainers', (list) => changeAll(list, containerDefaults));
  return change(spec, 'volumes', (list) => changeAll(list, volumeDefaults));
});

/** Defaults that only a pod has, over those of its spec. */
export const podDefaults = remember((given: PodSpec): PodSpec => {
  let spec = podSpecDefaults(given);
  spec = change(spec, 'containers', (list) => changeAll(list, requestsFromLimits));
  spec = change(spec, 'initContainers', (list) => changeAll(list, requestsFromLimits));
  spec = change(spec, 'resources', withRequests);
  spec = fill(spec, { enableServiceLinks: true });
  if (!spec.hostNetwork) return spec;
  spec = change(spec, 'containers', (list) => changeAll(list, hostPorts));
  return change(spec, 'initContainers', (list) => changeAll(list, hostPorts));
});

/** A workload's template with the defaults of its spec. */
export function templateDefaults(template: PodTemplateSpec): PodTemplateSpec {
  const whole = template.metadata && template.spec ? template : { metadata: {}, ...template };
  return change(whole, 'spec', podSpecDefaults);
}

const component = '[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*';
const referenceShape = new RegExp(
  `^(?:[A-Za-z0-9.-]+(?::\\d+)?/)?${component}(?:/${component})*(?::[\\w][\\w.-]{0,127})?(?:@[^@]+)?$`,
);

/** The tag of an image's reference: `latest` without one, empty where a digest pins it or it is no reference. */
function imageTag(image: string): string {
  if (image.includes('@') || !referenceShape.test(image)) return '';
  const name = image.slice(image.lastIndexOf('/') + 1);
  const colon = name.indexOf(':');
  return colon < 0 ? 'latest' : name.slice(colon + 1);
}

function containerDefaults<C extends Omit<Container, 'name'>>(given: C): C {
  let container: Omit<Container, 'name'> = fillZero(given, {
    imagePullPolicy: imageTag(given.image ?? '') === 'latest' ? 'Always' : 'IfNotPresent',
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
  } as Partial<C>); // edge: a container's own fields
  container = fill(container, { resources: {} });
  container = change(container, 'ports', (ports) => changeAll(ports, (port) => fillZero(port, { protocol: 'TCP' })));
  container = change(container, 'env', (env) =>
    changeAll(env, (variable) =>
      change(variable, 'valueFrom', (from) =>
        change(change(from, 'fieldRef', fieldReference), 'fileKeyRef', (file) => fill(file, { optional: false })),
      ),
    ),
  );
  container = change(container, 'livenessProbe', probeDefaults);
  container = change(container, 'readinessProbe', probeDefaults);
  container = change(container, 'startupProbe', probeDefaults);
  container = change(container, 'lifecycle', (lifecycle) =>
    change(
      change(lifecycle, 'postStart', (handler) => change(handler, 'httpGet', httpGetDefaults)),
      'preStop',
      (handler) => change(handler, 'httpGet', httpGetDefaults),
    ),
  );
  return container as C; // edge: only fields of a container were touched
}

function fieldReference<R extends { readonly apiVersion?: string | undefined }>(reference: R): R {
  return reference.apiVersion ? reference : { ...reference, apiVersion: 'v1' };
}

function probeDefaults(given: Probe): Probe {
  let probe = fillZero(given, { timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 });
  probe = change(probe, 'httpGet', httpGetDefaults);
  return change(probe, 'grpc', (grpc) => fill(grpc, { service: '' }));
}

function httpGetDefaults<A extends { readonly path?: string | undefined; readonly scheme?: string | undefined }>(
  action: A,
): A {
  return fillZero(action, { path: '/', scheme: 'HTTP' } as Partial<A>); // edge: an action's own fields
}

function requestsFromLimits(container: Container): Container {
  return change(container, 'resources', withRequests);
}

function withRequests(resources: ResourceRequirements): ResourceRequirements {
  if (!resources.limits) return resources;
  const requests = fill(resources.requests ?? {}, resources.limits);
  return requests === resources.requests ? resources : { ...resources, requests };
}

function hostPorts(container: Container): Container {
  return change(container, 'ports', (ports) =>
    changeAll(ports, (port) => (port.hostPort ? port : { ...port, hostPort: port.containerPort })),
  );
}

function volumeDefaults(given: Volume): Volume {
  if (Object.keys(given).length <= 1) return { ...given, emptyDir: {} };
  let volume = change(sourceDefaults(given), 'secret', (secret) => fill(secret, { defaultMode: 0o644 }));
  volume = change(volume, 'configMap', (map) => fill(map, { defaultMode: 0o644 }));
  volume = change(volume, 'downwardAPI', (api) => change(fill(api, { defaultMode: 0o644 }), 'items', fieldItems));
  volume = change(volume, 'image', (image) =>
    fillZero(image, { pullPolicy: imageTag(image.reference ?? '') === 'latest' ? 'Always' : 'IfNotPresent' }),
  );
  volume = change(volume, 'ephemeral', (ephemeral) =>
    change(ephemeral, 'volumeClaimTemplate', (claim) =>
      change(claim, 'spec', (spec) => fill(spec, { volumeMode: 'Filesystem' })),
    ),
  );
  return change(volume, 'projected', (projected) =>
    change(fill(projected, { defaultMode: 0o644 }), 'sources', (sources) =>
      changeAll(sources, (source) =>
        change(
          change(source, 'serviceAccountToken', (token) => fill(token, { expirationSeconds: 3600 })),
          'downwardAPI',
          (api) => change(api, 'items', fieldItems),
        ),
      ),
    ),
  );
}

function fieldItems(items: readonly DownwardAPIVolumeFile[]): readonly DownwardAPIVolumeFile[] {
  return changeAll(items, (item) => change(item, 'fieldRef', fieldReference));
}
