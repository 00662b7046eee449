// The Pod Template section of workloads, and the scheduling fields that pods and templates share.
import { numberAt, objectAt, objectsAt, textAt } from '../../base/fields.ts';
import type { JsonObject } from '../../base/json.ts';
import { writeContainers } from './containers.ts';
import type { DescriptionWriter } from './description-writer.ts';
import { formatLabelSelector } from './label-selector.ts';
import { writeAnnotations, writeColumn, writeLabels } from './metadata.ts';
import { writeVolumes } from './volumes.ts';

export function writePodTemplate(w: DescriptionWriter, template: JsonObject | undefined): void {
  w.line(0, 'Pod Template:');
  if (!template) {
    w.write(1, '<unset>');
    return;
  }
  const spec = objectAt(template, 'spec') ?? {};
  const annotations = objectAt(template, 'metadata.annotations');
  writeLabels(w, '  Labels', template, 'metadata.labels');
  if (annotations && Object.keys(annotations).length > 0) {
    writeAnnotations(w, '  Annotations', template, 'metadata.annotations');
  }
  w.optional(1, 'Service Account', textAt(spec, 'serviceAccountName'));
  const init = objectsAt(spec, 'initContainers');
  if (init.length > 0) writeContainers(w, { label: 'Init Containers', containers: init, space: '  ' });
  writeContainers(w, { label: 'Containers', containers: objectsAt(spec, 'containers'), space: '  ' });
  writeVolumes(w, objectsAt(spec, 'volumes'), '  ');
  writeSpreadConstraints(w, spec, '  ');
  w.optional(1, 'Priority Class Name', textAt(spec, 'priorityClassName'));
  writeLabels(w, '  Node-Selectors', spec, 'nodeSelector');
  writeTolerations(w, '  Tolerations', spec);
  writeSchedulingGroup(w, spec, '  ');
}

export function writeTolerations(w: DescriptionWriter, title: string, spec: JsonObject): void {
  const tolerations = [...objectsAt(spec, 'tolerations')].sort(byText('key'));
  writeColumn(w, title, tolerations.map(tolerationText));
}

export function writeSpreadConstraints(w: DescriptionWriter, spec: JsonObject, space: string): void {
  const constraints = [...objectsAt(spec, 'topologySpreadConstraints')].sort(byText('topologyKey'));
  if (constraints.length === 0) return;
  w.write(0, `${space}Topology Spread Constraints:\t`);
  for (const [i, constraint] of constraints.entries()) {
    const selector = objectAt(constraint, 'labelSelector');
    const skew = `when max skew ${numberAt(constraint, 'maxSkew') ?? 0} is exceeded`;
    const head = `${textAt(constraint, 'topologyKey')}:${textAt(constraint, 'whenUnsatisfiable')} ${skew}`;
    const forSelector = selector ? ` for selector ${formatLabelSelector(selector)}` : '';
    w.line(0, `${i === 0 ? '' : `${space}\t`}${head}${forSelector}`);
  }
}

export function writeSchedulingGroup(w: DescriptionWriter, spec: JsonObject, space: string): void {
  const group = objectAt(spec, 'schedulingGroup');
  if (!group) return;
  w.line(0, `${space}SchedulingGroup:`);
  w.field(1, 'PodGroupName', textAt(group, 'podGroupName'));
}

/** `node.kubernetes.io/not-ready:NoExecute op=Exists for 300s` */
function tolerationText(toleration: JsonObject): string {
  const [key, value, effect] = [textAt(toleration, 'key'), textAt(toleration, 'value'), textAt(toleration, 'effect')];
  let text = key;
  if (value !== '') text += `=${value}`;
  if (effect !== '') text += `:${effect}`;
  if (textAt(toleration, 'operator') === 'Exists' && value === '') text += `${text === '' ? '' : ' '}op=Exists`;
  const seconds = numberAt(toleration, 'tolerationSeconds');
  return seconds === undefined ? text : `${text} for ${seconds}s`;
}

function byText(field: string): (a: JsonObject, b: JsonObject) => number {
  return (a, b) => {
    const [left, right] = [textAt(a, field), textAt(b, field)];
    return left < right ? -1 : left > right ? 1 : 0;
  };
}
