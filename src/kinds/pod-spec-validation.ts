// What upstream refuses in a pod's spec: names, images, ports, volumes, mounts, probes, policies. In its words and order.
import {
  duplicate,
  type FieldError,
  forbidden,
  invalid,
  notFound,
  notSupported,
  required,
} from '../api/field-error.ts';
import type { Container, ContainerPort, PodSpec, Probe, Volume, VolumeMount } from '../api/generated/types.ts';
import { dns1123Label, inRange, portName, portNumber, relaxedEnvironmentName, userId } from '../api/names.ts';
import { parseQuantity } from '../api/quantity.ts';
import { remember } from './share.ts';

/** Problems of a spec, with paths that begin at the spec itself: `containers[0].name`. */
const problemsOf = remember((spec: PodSpec): readonly FieldError[] => {
  const errors: FieldError[] = [];
  validateVolumes(spec.volumes ?? [], errors);
  const volumes = new Set((spec.volumes ?? []).map(({ name }) => name));
  if (!spec.containers?.length) errors.push(required('containers'));
  const names = new Set<string>();
  for (const [i, container] of (spec.containers ?? []).entries())
    validateContainer(container, `containers[${i}]`, { names, volumes }, errors);
  for (const [i, container] of (spec.initContainers ?? []).entries())
    validateContainer(container, `initContainers[${i}]`, { names, volumes }, errors);
  oneOf('restartPolicy', spec.restartPolicy, ['Always', 'Never', 'OnFailure'], errors);
  oneOf('dnsPolicy', spec.dnsPolicy, ['ClusterFirst', 'ClusterFirstWithHostNet', 'Default', 'None'], errors);
  const seconds = spec.activeDeadlineSeconds;
  if (seconds !== undefined)
    for (const text of inRange(seconds, 1, 2147483647)) errors.push(invalid('activeDeadlineSeconds', seconds, text));
  return errors;
});

export function validatePodSpec(spec: PodSpec | undefined, path: string, errors: FieldError[]): void {
  for (const error of problemsOf(spec ?? { containers: [] }))
    errors.push({ ...error, field: `${path}.${error.field}` });
}

function validateVolumes(volumes: readonly Volume[], errors: FieldError[]): void {
  const seen = new Set<string>();
  for (const [i, volume] of volumes.entries()) {
    const field = `volumes[${i}]`;
    if (!volume.name) errors.push(required(`${field}.name`));
    else {
      for (const text of dns1123Label(volume.name)) errors.push(invalid(`${field}.name`, volume.name, text));
      if (seen.has(volume.name)) errors.push(duplicate(`${field}.name`, volume.name));
    }
    seen.add(volume.name);
    if (volume.persistentVolumeClaim && !volume.persistentVolumeClaim.claimName)
      errors.push(required(`${field}.persistentVolumeClaim.claimName`));
    if (volume.hostPath && !volume.hostPath.path) errors.push(required(`${field}.hostPath.path`));
    if (volume.configMap && !volume.configMap.name) errors.push(required(`${field}.configMap.name`));
    if (volume.secret && !volume.secret.secretName) errors.push(required(`${field}.secret.secretName`));
  }
}

interface Known {
  readonly names: Set<string>;
  readonly volumes: ReadonlySet<string>;
}

function validateContainer(container: Container, field: string, known: Known, errors: FieldError[]): void {
  const { name } = container;
  if (!name) errors.push(required(`${field}.name`));
  else {
    for (const text of dns1123Label(name)) errors.push(invalid(`${field}.name`, name, text));
    if (known.names.has(name)) errors.push(duplicate(`${field}.name`, name));
    known.names.add(name);
  }
  if (!container.image) errors.push(required(`${field}.image`));
  else if (container.image.trim() !== container.image)
    errors.push(invalid(`${field}.image`, container.image, 'must not have leading or trailing whitespace'));
  validatePorts(container.ports ?? [], `${field}.ports`, errors);
  for (const [i, variable] of (container.env ?? []).entries()) {
    if (!variable.name) errors.push(required(`${field}.env[${i}].name`));
    else
      for (const text of relaxedEnvironmentName(variable.name))
        errors.push(invalid(`${field}.env[${i}].name`, variable.name, text));
  }
  validateMounts(container.volumeMounts ?? [], `${field}.volumeMounts`, known.volumes, errors);
  oneOf(`${field}.imagePullPolicy`, container.imagePullPolicy, ['Always', 'IfNotPresent', 'Never'], errors);
  validateResources(container, `${field}.resources`, errors);
  for (const key of ['runAsUser', 'runAsGroup'] as const) {
    const id = container.securityContext?.[key];
    if (id !== undefined)
      for (const text of userId(id)) errors.push(invalid(`${field}.securityContext.${key}`, id, text));
  }
  for (const key of ['livenessProbe', 'readinessProbe', 'startupProbe'] as const) {
    const probe = container[key];
    if (probe) validateProbe(probe, `${field}.${key}`, errors);
    if (probe && key !== 'readinessProbe' && (probe.successThreshold ?? 1) !== 1)
      errors.push(invalid(`${field}.${key}.successThreshold`, probe.successThreshold, 'must be 1'));
  }
}

function validatePorts(ports: readonly ContainerPort[], path: string, errors: FieldError[]): void {
  const names = new Set<string>();
  for (const [i, port] of ports.entries()) {
    const field = `${path}[${i}]`;
    if (port.name) {
      const texts = portName(port.name);
      for (const text of texts) errors.push(invalid(`${field}.name`, port.name, text));
      if (texts.length === 0 && names.has(port.name)) errors.push(duplicate(`${field}.name`, port.name));
      names.add(port.name);
    }
    if (!port.containerPort) errors.push(required(`${field}.containerPort`));
    else
      for (const text of portNumber(port.containerPort))
        errors.push(invalid(`${field}.containerPort`, port.containerPort, text));
    if (port.hostPort)
      for (const text of portNumber(port.hostPort)) errors.push(invalid(`${field}.hostPort`, port.hostPort, text));
    oneOf(`${field}.protocol`, port.protocol, ['SCTP', 'TCP', 'UDP'], errors);
  }
}

function validateMounts(
  mounts: readonly VolumeMount[],
  path: string,
  volumes: ReadonlySet<string>,
  errors: FieldError[],
): void {
  const paths = new Set<string>();
  for (const [i, mount] of mounts.entries()) {
    const field = `${path}[${i}]`;
    if (!mount.name) errors.push(required(`${field}.name`));
    else if (!volumes.has(mount.name)) errors.push(notFound(`${field}.name`, mount.name));
    if (!mount.mountPath) errors.push(required(`${field}.mountPath`));
    else if (paths.has(mount.mountPath)) errors.push(invalid(`${field}.mountPath`, mount.mountPath, 'must be unique'));
    paths.add(mount.mountPath);
  }
}

function validateResources({ resources }: Container, field: string, errors: FieldError[]): void {
  for (const [name, limit] of Object.entries(resources?.limits ?? {}))
    if (parseQuantity(limit).sign() < 0)
      errors.push(invalid(`${field}.limits[${name}]`, limit, 'must be greater than or equal to 0'));
  for (const [name, request] of Object.entries(resources?.requests ?? {})) {
    const quantity = parseQuantity(request);
    if (quantity.sign() < 0)
      errors.push(invalid(`${field}.requests[${name}]`, request, 'must be greater than or equal to 0'));
    const limit = resources?.limits?.[name];
    if (limit !== undefined && quantity.compare(parseQuantity(limit)) > 0)
      errors.push(invalid(`${field}.requests`, request, `must be less than or equal to ${name} limit of ${limit}`));
  }
}

function validateProbe(probe: Probe, field: string, errors: FieldError[]): void {
  let handlers = 0;
  for (const key of ['exec', 'httpGet', 'tcpSocket', 'grpc'] as const) {
    if (!probe[key]) continue;
    if (handlers++ > 0) errors.push(forbidden(`${field}.${key}`, 'may not specify more than 1 handler type'));
  }
  if (handlers === 0) errors.push(required(field, 'must specify a handler type'));
  for (const key of [
    'initialDelaySeconds',
    'timeoutSeconds',
    'periodSeconds',
    'successThreshold',
    'failureThreshold',
  ] as const) {
    const value = probe[key];
    if (value !== undefined && value < 0)
      errors.push(invalid(`${field}.${key}`, value, 'must be greater than or equal to 0'));
  }
}

function oneOf(field: string, value: string | undefined, supported: readonly string[], errors: FieldError[]): void {
  if (!value) errors.push(required(field));
  else if (!supported.includes(value)) errors.push(notSupported(field, value, supported));
}
