// Describes pods.
import { at, numberAt, objectAt, objectsAt, textAt } from '../../base/fields.ts';
import type { JsonObject } from '../../base/json.ts';
import { writeContainers, writeResources } from './containers.ts';
import { type DescribeClient, describer, searchEvents } from './describer.ts';
import type { DescriptionWriter } from './description-writer.ts';
import { rfc1123 } from './go-time.ts';
import { ageSince, writeController, writeLabels, writeMetadataMaps } from './metadata.ts';
import { writeSchedulingGroup, writeSpreadConstraints, writeTolerations } from './pod-template.ts';
import { writeVolumes } from './volumes.ts';

export const podDescriber = describer({
  group: '',
  kind: 'Pod',
  resource: ['/api/v1', 'pods'],
  events: podEvents,
  write: (w, pod, { now }) => writePod(w, pod, now),
});

/** Static pods' events carry the uid that the mirror annotation names. */
function podEvents(pod: JsonObject, client: DescribeClient): Promise<readonly JsonObject[]> {
  const annotations = objectAt(pod, 'metadata.annotations');
  const mirror = annotations?.['kubernetes.io/config.mirror'];
  const uid = typeof mirror === 'string' ? mirror : textAt(pod, 'metadata.uid');
  const [name, namespace] = [textAt(pod, 'metadata.name'), textAt(pod, 'metadata.namespace')];
  return searchEvents(client, { name, namespace, kind: '', uid });
}

function writePod(w: DescriptionWriter, pod: JsonObject, now: number): void {
  const spec = objectAt(pod, 'spec') ?? {};
  writePlace(w, pod, spec);
  writeMetadataMaps(w, pod);
  writePhase(w, pod, now);
  const seccomp = textAt(spec, 'securityContext.seccompProfile.type');
  w.optional(0, 'SeccompProfile', seccomp);
  if (seccomp === 'Localhost') {
    w.field(0, 'LocalhostProfile', textAt(spec, 'securityContext.seccompProfile.localhostProfile'));
  }
  writeAddresses(w, pod);
  writeController(w, pod);
  w.optional(0, 'NominatedNodeName', textAt(pod, 'status.nominatedNodeName'));
  const resources = objectAt(spec, 'resources');
  if (resources) {
    w.line(0, 'Resources:');
    writeResources(w, resources, 1);
  }
  writeAllContainers(w, pod);
  writeConditions(w, pod);
  writeVolumes(w, objectsAt(spec, 'volumes'), '');
  w.field(0, 'QoS Class', textAt(pod, 'status.qosClass') || 'BestEffort');
  writeLabels(w, 'Node-Selectors', spec, 'nodeSelector');
  writeTolerations(w, 'Tolerations', spec);
  writeSpreadConstraints(w, spec, '');
  writeSchedulingGroup(w, spec, '');
}

function writePlace(w: DescriptionWriter, pod: JsonObject, spec: JsonObject): void {
  w.field(0, 'Name', textAt(pod, 'metadata.name'));
  w.field(0, 'Namespace', textAt(pod, 'metadata.namespace'));
  w.optional(0, 'Priority', numberAt(spec, 'priority'));
  w.optional(0, 'Priority Class Name', textAt(spec, 'priorityClassName'));
  w.optional(0, 'Runtime Class Name', textAt(spec, 'runtimeClassName'));
  w.optional(0, 'Service Account', textAt(spec, 'serviceAccountName'));
  const node = textAt(spec, 'nodeName');
  w.field(0, 'Node', node === '' ? '<none>' : `${node}/${textAt(pod, 'status.hostIP')}`);
  const start = textAt(pod, 'status.startTime');
  if (start !== '') w.field(0, 'Start Time', rfc1123(start));
}

function writePhase(w: DescriptionWriter, pod: JsonObject, now: number): void {
  const phase = textAt(pod, 'status.phase');
  const deleted = textAt(pod, 'metadata.deletionTimestamp');
  if (deleted !== '' && phase !== 'Failed' && phase !== 'Succeeded') {
    w.field(0, 'Status', `Terminating (lasts ${ageSince(deleted, now)})`);
    w.field(0, 'Termination Grace Period', `${numberAt(pod, 'metadata.deletionGracePeriodSeconds') ?? 0}s`);
  } else w.field(0, 'Status', phase);
  w.optional(0, 'Reason', textAt(pod, 'status.reason'));
  w.optional(0, 'Message', textAt(pod, 'status.message'));
}

function writeAddresses(w: DescriptionWriter, pod: JsonObject): void {
  w.field(0, 'IP', textAt(pod, 'status.podIP'));
  const ips = objectsAt(pod, 'status.podIPs');
  w.line(0, ips.length === 0 ? 'IPs:\t<none>' : 'IPs:');
  for (const item of ips) w.field(1, 'IP', textAt(item, 'ip'));
}

function writeAllContainers(w: DescriptionWriter, pod: JsonObject): void {
  const sections = [
    { label: 'Init Containers', field: 'initContainers', statuses: 'initContainerStatuses', always: false },
    { label: 'Containers', field: 'containers', statuses: 'containerStatuses', always: true },
    {
      label: 'Ephemeral Containers',
      field: 'ephemeralContainers',
      statuses: 'ephemeralContainerStatuses',
      always: false,
    },
  ];
  for (const { label, field, statuses, always } of sections) {
    const containers = objectsAt(pod, `spec.${field}`);
    if (containers.length === 0 && !always) continue;
    writeContainers(w, { label, containers, statuses: objectsAt(pod, `status.${statuses}`), pod, space: '' });
  }
}

function writeConditions(w: DescriptionWriter, pod: JsonObject): void {
  const conditions = objectsAt(pod, 'status.conditions');
  const gates = objectsAt(pod, 'spec.readinessGates');
  if (gates.length > 0) w.write(0, 'Readiness Gates:\n  Type\tStatus\n');
  for (const gate of gates) {
    const type = textAt(gate, 'conditionType');
    const condition = conditions.find((item) => textAt(item, 'type') === type);
    w.line(1, `${type} \t${condition ? textAt(condition, 'status') : '<none>'} `);
  }
  if (conditions.length > 0) w.write(0, 'Conditions:\n  Type\tStatus\n');
  for (const condition of conditions) w.line(1, `${textAt(condition, 'type')} \t${String(at(condition, 'status'))} `);
}
