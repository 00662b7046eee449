// Containers of a pod: the main ones, init containers and ephemeral ones.
import {
  duplicate,
  type FieldError,
  forbidden,
  invalid,
  notFound,
  notSupported,
  required,
  tooMany,
} from '../../api/field-error.ts';
import type {
  Container,
  ContainerPort,
  ContainerResizePolicy,
  EphemeralContainer,
  PodSpec,
} from '../../api/generated/types.ts';
import { dns1123Label, portName, portNumber } from '../../api/names.ts';
import { complain, forbidSet, oneOf, require, requireName } from './checks.ts';
import { validateEnvironment, validateEnvironmentSources } from './container-environment.ts';
import { type Volumes, validateDevices, validateMounts } from './container-mounts.ts';
import { type HandlerContext, validateHandlers } from './probes.ts';
import { validateContainerResources } from './resources.ts';
import { validateSecurityContext } from './security-context.ts';

const pullPolicies = ['Always', 'IfNotPresent', 'Never'];
const protocols = ['SCTP', 'TCP', 'UDP'];

/** The main containers, then init containers, then ephemeral ones. */
export function validateContainers(
  errors: FieldError[],
  field: string,
  { spec, volumes }: { readonly spec: PodSpec; readonly volumes: Volumes },
): void {
  const claims = new Set((spec.resourceClaims ?? []).map(({ name }) => name));
  const handlers = { gracePeriodSeconds: spec.terminationGracePeriodSeconds, os: spec.os?.name };
  const context: Context = { spec, volumes, claims, handlers };
  validateMain(errors, `${field}.containers`, context);
  validateInit(errors, `${field}.initContainers`, context);
  validateEphemeral(errors, `${field}.ephemeralContainers`, context);
}

interface Context {
  readonly spec: PodSpec;
  readonly volumes: Volumes;
  readonly claims: ReadonlySet<string>;
  readonly handlers: HandlerContext;
}

function validateMain(errors: FieldError[], field: string, context: Context): void {
  const containers = context.spec.containers ?? [];
  if (containers.length === 0) errors.push(required(field));
  const names = new Set<string>();
  for (const [i, container] of containers.entries()) {
    const at = `${field}[${i}]`;
    validateCommon(errors, at, container, context);
    if (names.has(container.name)) errors.push(duplicate(`${at}.name`, container.name));
    names.add(container.name);
    validateHandlers(errors, at, { container, context: context.handlers });
    validateRestartPolicy(errors, at, container);
  }
  validateHostPorts(errors, containers, (i) => `${field}[${i}]`);
}

const onlySidecars = 'may not be set for init containers without restartPolicy=Always';

function validateInit(errors: FieldError[], field: string, context: Context): void {
  const names = new Set((context.spec.containers ?? []).map(({ name }) => name));
  for (const [i, container] of (context.spec.initContainers ?? []).entries()) {
    const at = `${field}[${i}]`;
    validateCommon(errors, at, container, context);
    validateRestartPolicy(errors, at, container);
    if (names.has(container.name)) errors.push(duplicate(`${at}.name`, container.name));
    else if (container.name) names.add(container.name);
    validateHostPorts(errors, [container], () => `${field}[0]`);
    if (container.restartPolicy === 'Always') {
      validateHandlers(errors, at, { container, context: context.handlers });
      continue;
    }
    for (const name of ['lifecycle', 'livenessProbe', 'readinessProbe', 'startupProbe'] as const)
      forbidSet(errors, `${at}.${name}`, container[name], onlySidecars);
    for (const [j, { restartPolicy }] of (container.resizePolicy ?? []).entries())
      if (restartPolicy === 'RestartContainer') {
        const detail = "must not be set to 'RestartContainer' for non-sidecar initContainers";
        errors.push(invalid(`${at}.resizePolicy[${j}].restartPolicy`, restartPolicy, detail));
      }
  }
}

function validateEphemeral(errors: FieldError[], field: string, context: Context): void {
  const { containers = [], initContainers = [], ephemeralContainers = [] } = context.spec;
  const others = new Set([...containers, ...initContainers].map(({ name }) => name));
  const names = new Set(others);
  for (const [i, container] of ephemeralContainers.entries()) {
    const at = `${field}[${i}]`;
    validateCommon(errors, at, container, context);
    validateImageSpaces(errors, at, container);
    if (names.has(container.name)) errors.push(duplicate(`${at}.name`, container.name));
    names.add(container.name);
    const target = container.targetContainerName;
    if (target && !others.has(target)) errors.push(notFound(`${at}.targetContainerName`, target));
    validateEphemeralFields(errors, at, container);
  }
}

const notEphemeral = 'cannot be set for an Ephemeral Container';

function validateEphemeralFields(errors: FieldError[], field: string, container: EphemeralContainer): void {
  const { ports, resources, resizePolicy, livenessProbe, readinessProbe, startupProbe, lifecycle } = container;
  const { restartPolicy } = container;
  const asked = Object.keys(resources ?? {}).length > 0 ? resources : undefined;
  const refused = { ports, resources: asked, resizePolicy, restartPolicy, livenessProbe, readinessProbe, startupProbe };
  for (const [name, value] of Object.entries({ ...refused, lifecycle }))
    forbidSet(errors, `${field}.${name}`, value, notEphemeral);
  for (const [i, { subPath, subPathExpr }] of (container.volumeMounts ?? []).entries()) {
    if (subPath) errors.push(forbidden(`${field}.volumeMounts[${i}].subPath`, notEphemeral));
    if (subPathExpr) errors.push(forbidden(`${field}.volumeMounts[${i}].subPathExpr`, notEphemeral));
  }
}

/** Images of pods, not of templates, may not have spaces around them. */
export function validateImageSpaces(
  errors: FieldError[],
  field: string,
  { image = '' }: { readonly image?: string | undefined },
): void {
  if (image.trim() !== image)
    errors.push(invalid(`${field}.image`, image, 'must not have leading or trailing whitespace'));
}

function validateCommon(
  errors: FieldError[],
  field: string,
  container: Container | EphemeralContainer,
  context: Context,
): void {
  const { spec, volumes, claims } = context;
  requireName(errors, `${field}.name`, { name: container.name, valid: dns1123Label });
  require(errors, `${field}.image`, container.image);
  const policies = ['File', 'FallbackToLogsOnError'];
  oneOf(errors, `${field}.terminationMessagePolicy`, container.terminationMessagePolicy, policies);
  validatePorts(errors, `${field}.ports`, container.ports ?? []);
  validateEnvironment(errors, `${field}.env`, container.env ?? []);
  validateEnvironmentSources(errors, `${field}.envFrom`, container.envFrom ?? []);
  validateMounts(errors, `${field}.volumeMounts`, { container, volumes });
  validateDevices(errors, `${field}.volumeDevices`, { container, volumes });
  oneOf(errors, `${field}.imagePullPolicy`, container.imagePullPolicy, pullPolicies);
  validateContainerResources(errors, `${field}.resources`, { resources: container.resources, claims });
  validateResizePolicy(errors, `${field}.resizePolicy`, { policies: container.resizePolicy ?? [], spec });
  const hostUsers = spec.hostUsers !== false;
  validateSecurityContext(errors, `${field}.securityContext`, { context: container.securityContext, hostUsers });
}

function validatePorts(errors: FieldError[], field: string, ports: readonly ContainerPort[]): void {
  const names = new Set<string>();
  for (const [i, { name, containerPort, hostPort, protocol }] of ports.entries()) {
    const at = `${field}[${i}]`;
    if (name) {
      const complaints = portName(name);
      complain(errors, `${at}.name`, name, complaints);
      if (complaints.length === 0 && names.has(name)) errors.push(duplicate(`${at}.name`, name));
      else if (complaints.length === 0) names.add(name);
    }
    if (!containerPort) errors.push(required(`${at}.containerPort`));
    else complain(errors, `${at}.containerPort`, containerPort, portNumber(containerPort));
    if (hostPort) complain(errors, `${at}.hostPort`, hostPort, portNumber(hostPort));
    oneOf(errors, `${at}.protocol`, protocol, protocols);
  }
}

/** No two containers may want the same port of the node. */
function validateHostPorts(errors: FieldError[], containers: readonly Container[], at: (i: number) => string): void {
  const taken = new Set<string>();
  for (const [i, { ports = [] }] of containers.entries())
    for (const [j, { hostPort, hostIP = '', protocol = '' }] of ports.entries()) {
      if (!hostPort) continue;
      const key = `${protocol}/${hostIP}/${hostPort}`;
      if (taken.has(key)) errors.push(duplicate(`${at(i)}.ports[${j}].hostPort`, key));
      taken.add(key);
    }
}

function validateResizePolicy(
  errors: FieldError[],
  field: string,
  { policies, spec }: { readonly policies: readonly ContainerResizePolicy[]; readonly spec: PodSpec },
): void {
  const seen = new Set<string>();
  for (const [i, { resourceName, restartPolicy }] of policies.entries()) {
    if (seen.has(resourceName)) errors.push(duplicate(`${field}[${i}]`, resourceName));
    seen.add(resourceName);
    oneOf(errors, field, resourceName, ['cpu', 'memory']);
    oneOf(errors, field, restartPolicy, ['NotRequired', 'RestartContainer']);
    if (spec.restartPolicy === 'Never' && restartPolicy !== 'NotRequired')
      errors.push(invalid(field, restartPolicy, "must be 'NotRequired' when pod `restartPolicy` is 'Never'"));
  }
}

function validateRestartPolicy(errors: FieldError[], field: string, container: Container): void {
  const { restartPolicy, restartPolicyRules: rules = [] } = container;
  const policies = ['Always', 'Never', 'OnFailure'];
  if (restartPolicy === undefined) {
    if (rules.length === 0) return;
    errors.push(required(`${field}.restartPolicy`, 'must specify restartPolicy when restart rules are used'));
  } else if (!policies.includes(restartPolicy))
    errors.push(notSupported(`${field}.restartPolicy`, restartPolicy, policies));
  if (rules.length > 20) errors.push(tooMany(`${field}.restartPolicyRules`, rules.length, 20));
  for (const [i, { action, exitCodes }] of rules.entries()) {
    const at = `${field}.restartPolicyRules[${i}]`;
    const actions = ['Restart', 'RestartAllContainers'];
    if (!actions.includes(action)) errors.push(notSupported(`${at}.action`, action, actions));
    if (!exitCodes) errors.push(required(`${at}.exitCodes`, 'must be specified'));
    else if (!['In', 'NotIn'].includes(exitCodes.operator))
      errors.push(notSupported(`${at}.exitCodes.operator`, exitCodes.operator, ['In', 'NotIn']));
    const values = exitCodes?.values?.length ?? 0;
    if (values > 255) errors.push(tooMany(`${at}.exitCodes.values`, values, 255));
  }
}
