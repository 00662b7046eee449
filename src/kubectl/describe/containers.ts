// The Containers sections of pods and pod templates.

import { at, entriesAt, flagAt, listAt, numberAt, objectAt, objectsAt, textAt, textsAt } from '../../base/fields.ts';
import { quote } from '../../base/go/quote.ts';
import type { JsonObject } from '../../base/json.ts';
import { writeEnvironment } from './container-environment.ts';
import type { DescriptionWriter } from './description-writer.ts';
import { rfc1123 } from './go-time.ts';
import { describeProbe } from './probe.ts';

export interface ContainersSection {
  readonly label: string;
  readonly containers: readonly JsonObject[];
  readonly statuses?: readonly JsonObject[];
  /** The pod whose fields environment variables refer to; left out in templates. */
  readonly pod?: JsonObject;
  /** Spaces before the section's label: two in a template. */
  readonly space: string;
}

export function writeContainers(w: DescriptionWriter, section: ContainersSection): void {
  const none = section.containers.length === 0 ? ' <none>' : '';
  w.line(0, `${section.space}${section.label}:${none}`);
  for (const container of section.containers) {
    const name = textAt(container, 'name');
    const status = section.statuses?.findLast((item) => textAt(item, 'name') === name);
    w.line(1, `${section.space === '' ? '' : ' '}${name}:`);
    writeIdentity(w, container, status);
    writeLines(w, 'Command', textsAt(container, 'command'));
    writeLines(w, 'Args', textsAt(container, 'args'));
    if (status) writeState(w, status);
    writeResources(w, objectAt(container, 'resources'), 2);
    for (const [label, field] of probes) {
      const probe = objectAt(container, field);
      if (probe) w.field(2, label, describeProbe(probe));
    }
    writeEnvironment(w, container, section.pod);
    writeMounts(w, container);
  }
}

const probes = [
  ['Liveness', 'livenessProbe'],
  ['Readiness', 'readinessProbe'],
  ['Startup', 'startupProbe'],
] as const;

/** Limits and requests, sorted by name. */
export function writeResources(w: DescriptionWriter, resources: JsonObject | undefined, level: number): void {
  for (const [label, field] of [
    ['Limits', 'limits'],
    ['Requests', 'requests'],
  ] as const) {
    const amounts = entriesAt(resources, field);
    if (amounts.length > 0) w.line(level, `${label}:`);
    for (const [name, amount] of amounts) w.field(level + 1, name, amount);
  }
}

function writeIdentity(w: DescriptionWriter, container: JsonObject, status: JsonObject | undefined): void {
  if (status) w.field(2, 'Container ID', textAt(status, 'containerID'));
  w.field(2, 'Image', textAt(container, 'image'));
  if (status) w.field(2, 'Image ID', textAt(status, 'imageID'));
  const ports = objectsAt(container, 'ports');
  writePorts(w, 'Port', ports, 'containerPort');
  writePorts(w, 'Host Port', ports, 'hostPort');
  const seccomp = textAt(container, 'securityContext.seccompProfile.type');
  w.optional(2, 'SeccompProfile', seccomp);
  if (seccomp === 'Localhost') {
    w.field(3, 'LocalhostProfile', textAt(container, 'securityContext.seccompProfile.localhostProfile'));
  }
}

function writePorts(w: DescriptionWriter, label: string, ports: readonly JsonObject[], field: string): void {
  const texts = ports.map((port) => {
    const name = textAt(port, 'name');
    return `${numberAt(port, field) ?? 0}/${textAt(port, 'protocol')}${name === '' ? '' : ` (${name})`}`;
  });
  if (texts.length > 1) w.field(2, `${label}s`, texts.join(', '));
  else w.field(2, label, texts[0] ?? '<none>');
}

function writeLines(w: DescriptionWriter, label: string, words: readonly string[]): void {
  if (words.length > 0) w.line(2, `${label}:`);
  for (const word of words) for (const line of word.split('\n')) w.line(3, line);
}

function writeState(w: DescriptionWriter, status: JsonObject): void {
  writeOneState(w, 'State', objectAt(status, 'state'));
  const last = objectAt(status, 'lastState');
  if (last && objectAt(last, 'terminated')) writeOneState(w, 'Last State', last);
  w.field(2, 'Ready', flagAt(status, 'ready') ? 'True' : 'False');
  w.field(2, 'Restart Count', numberAt(status, 'restartCount') ?? 0);
}

function writeOneState(w: DescriptionWriter, label: string, state: JsonObject | undefined): void {
  const running = objectAt(state, 'running');
  const terminated = objectAt(state, 'terminated');
  if (running) {
    w.field(2, label, 'Running');
    w.field(3, 'Started', rfc1123(textAt(running, 'startedAt')));
  } else if (terminated && !objectAt(state, 'waiting')) {
    w.field(2, label, 'Terminated');
    w.optional(3, 'Reason', textAt(terminated, 'reason'));
    w.optional(3, 'Message', textAt(terminated, 'message'));
    w.field(3, 'Exit Code', numberAt(terminated, 'exitCode') ?? 0);
    const signal = numberAt(terminated, 'signal') ?? 0;
    if (signal > 0) w.field(3, 'Signal', signal);
    w.field(3, 'Started', rfc1123(textAt(terminated, 'startedAt')));
    w.field(3, 'Finished', rfc1123(textAt(terminated, 'finishedAt')));
  } else {
    w.field(2, label, 'Waiting');
    w.optional(3, 'Reason', textAt(state, 'waiting.reason'));
  }
}

function writeMounts(w: DescriptionWriter, container: JsonObject): void {
  const mounts = sortBy(objectsAt(container, 'volumeMounts'), 'mountPath');
  const none = mounts.length === 0 ? '\t<none>' : '';
  w.line(2, `Mounts:${none}`);
  for (const mount of mounts) {
    const flags = [flagAt(mount, 'readOnly') ? 'ro' : 'rw'];
    if (textAt(mount, 'subPath') !== '') flags.push(`path=${quote(textAt(mount, 'subPath'))}`);
    w.line(3, `${textAt(mount, 'mountPath')} from ${textAt(mount, 'name')} (${flags.join(',')})`);
  }
  if (listAt(container, 'volumeDevices').length === 0) return;
  w.line(2, `Devices:${none}`);
  for (const device of sortBy(objectsAt(container, 'volumeDevices'), 'devicePath')) {
    w.line(3, `${textAt(device, 'devicePath')} from ${textAt(device, 'name')}`);
  }
}

function sortBy(items: readonly JsonObject[], field: string): readonly JsonObject[] {
  return [...items].sort((a, b) => {
    const [left, right] = [String(at(a, field)), String(at(b, field))];
    return left < right ? -1 : left > right ? 1 : 0;
  });
}
