// HorizontalPodAutoscalers as autoscaling/v1 shows them: a CPU percentage, and annotations for all that v1 has no field for.
//
//   v2 metrics: [cpu 80 %, memory 70 %]  ─▶  v1 targetCPUUtilizationPercentage: 80
//                                            autoscaling.alpha.kubernetes.io/metrics: [{"type":"Resource",…memory…}]
import { isList, isObject, type JsonObject, type JsonValue } from '../../base/json.ts';
import type { StoredObject } from '../../kinds/kind.ts';
import { remember } from '../../kinds/share.ts';
import type { Conversion } from './conversion.ts';
import { asJson, asStored } from './json-edge.ts';

const prefix = 'autoscaling.alpha.kubernetes.io/';
const metricsKey = `${prefix}metrics`;
const currentKey = `${prefix}current-metrics`;
const conditionsKey = `${prefix}conditions`;
const behaviorKey = `${prefix}behavior`;
const keys = [metricsKey, currentKey, conditionsKey, behaviorKey];

/** Between autoscaling/v2, which is stored, and autoscaling/v1. */
export const autoscalerConversion: Conversion = {
  fromStored: remember((stored: StoredObject): StoredObject => asStored(toOldVersion(asJson(stored)))),
  toStored: (object) => asStored(toNewVersion(asJson(object))),
};

function toOldVersion(autoscaler: JsonObject): JsonObject {
  const { metrics, behavior, ...spec } = part(autoscaler, 'spec');
  const { currentMetrics, conditions, ...status } = part(autoscaler, 'status');
  const cpu = objects(metrics).find(isCpuShare);
  const others = objects(metrics).filter((metric) => !isCpuShare(metric));
  const percentage = cpu && part(part(cpu, 'resource'), 'target').averageUtilization;
  const seen = objects(currentMetrics);
  const now = seen.map((metric) => part(metric, 'resource')).find(({ name }) => name === 'cpu');
  const share = now && part(now, 'current').averageUtilization;
  const added = new Map<string, JsonValue>();
  if (others.length > 0)
    added.set(
      metricsKey,
      others.map((metric) => oldMetric(metric, 'target')),
    );
  if (seen.length > 0)
    added.set(
      currentKey,
      seen.map((metric) => oldMetric(metric, 'current')),
    );
  if (objects(conditions).length > 0) added.set(conditionsKey, conditions ?? []);
  if (isObject(behavior)) added.set(behaviorKey, behavior);
  return {
    ...withAnnotations(autoscaler, added),
    apiVersion: 'autoscaling/v1',
    spec: { ...spec, ...(percentage !== undefined && { targetCPUUtilizationPercentage: percentage }) },
    ...(autoscaler.status !== undefined && {
      status: { ...status, ...(share !== undefined && { currentCPUUtilizationPercentage: share }) },
    }),
  };
}

function toNewVersion(autoscaler: JsonObject): JsonObject {
  const annotations = part(part(autoscaler, 'metadata'), 'annotations');
  const { targetCPUUtilizationPercentage: percentage, ...spec } = part(autoscaler, 'spec');
  const { currentCPUUtilizationPercentage: share, ...status } = part(autoscaler, 'status');
  const target = { type: 'Utilization', averageUtilization: percentage ?? 0 };
  const cpu = { type: 'Resource', resource: { name: 'cpu', target } };
  const others = objects(parsed(annotations[metricsKey])).map((metric) => newMetric(metric, 'target'));
  const metrics = percentage === undefined ? others : [...others, cpu];
  const seen = objects(parsed(annotations[currentKey])).map((metric) => newMetric(metric, 'current'));
  const now = { type: 'Resource', resource: { name: 'cpu', current: { averageUtilization: share ?? 0 } } };
  const current = seen.length > 0 || share === undefined ? seen : [now];
  const conditions = objects(parsed(annotations[conditionsKey]));
  const behavior = parsed(annotations[behaviorKey]);
  return {
    ...withAnnotations(autoscaler, new Map()),
    apiVersion: 'autoscaling/v2',
    spec: { ...spec, ...(metrics.length > 0 && { metrics }), ...(isObject(behavior) && { behavior }) },
    ...(autoscaler.status !== undefined && {
      status: {
        ...status,
        ...(current.length > 0 && { currentMetrics: current }),
        ...(conditions.length > 0 && { conditions }),
      },
    }),
  };
}

function isCpuShare({ type, resource }: JsonObject): boolean {
  if (type !== 'Resource' || !isObject(resource) || resource.name !== 'cpu') return false;
  return part(resource, 'target').averageUtilization !== undefined;
}

/** What is wanted (`target`) or what is (`current`). */
type Way = 'target' | 'current';

/** `{"type":"Pods","pods":{…}}` keeps its details in the field named after its type. */
function detailsKey({ type }: JsonObject): string {
  const name = typeof type === 'string' ? type : '';
  return name.charAt(0).toLowerCase() + name.slice(1);
}

function oldMetric(metric: JsonObject, way: Way): JsonObject {
  const key = detailsKey(metric);
  const { metric: identity, describedObject, [way]: amounts, ...kept } = part(metric, key);
  const { name, selector } = isObject(identity) ? identity : {};
  const { value, averageValue, averageUtilization } = isObject(amounts) ? amounts : {};
  const isAboutObject = key === 'object';
  return {
    type: metric.type ?? '',
    [key]: {
      ...kept,
      ...(describedObject !== undefined && { target: describedObject }),
      ...(name !== undefined && { metricName: name }),
      ...(selector !== undefined && { [key === 'external' ? 'metricSelector' : 'selector']: selector }),
      ...(value !== undefined && { [`${way}Value`]: value }),
      ...(isAboutObject && value === undefined && { [`${way}Value`]: '0' }),
      ...(averageValue !== undefined && { [isAboutObject ? 'averageValue' : `${way}AverageValue`]: averageValue }),
      ...(averageUtilization !== undefined && { [`${way}AverageUtilization`]: averageUtilization }),
    },
  };
}

function newMetric(metric: JsonObject, way: Way): JsonObject {
  const key = detailsKey(metric);
  const details = part(metric, key);
  const value = details[`${way}Value`];
  const averageValue = details[key === 'object' ? 'averageValue' : `${way}AverageValue`];
  const averageUtilization = details[`${way}AverageUtilization`];
  const selector = details.selector ?? details.metricSelector;
  const type = averageUtilization !== undefined ? 'Utilization' : averageValue !== undefined ? 'AverageValue' : 'Value';
  const amounts = {
    ...(way === 'target' && { type }),
    ...(averageUtilization !== undefined && { averageUtilization }),
    ...(averageValue !== undefined && { averageValue }),
    ...(value !== undefined && (way === 'current' || type === 'Value') && { value }),
  };
  return {
    type: metric.type ?? '',
    [key]: {
      ...(details.name !== undefined && { name: details.name }),
      ...(details.container !== undefined && { container: details.container }),
      ...(key === 'object' && { describedObject: details.target ?? {} }),
      ...(details.metricName !== undefined && {
        metric: { name: details.metricName, ...(selector !== undefined && { selector }) },
      }),
      [way]: amounts,
    },
  };
}

/** The object without the annotations of this conversion, and with others. */
function withAnnotations(object: JsonObject, added: ReadonlyMap<string, JsonValue>): JsonObject {
  const { annotations, ...metadata } = part(object, 'metadata');
  const kept = Object.entries(isObject(annotations) ? annotations : {}).filter(([key]) => !keys.includes(key));
  const texts = [...added].map(([key, value]): [string, JsonValue] => [key, JSON.stringify(value)]);
  const all = Object.fromEntries([...kept, ...texts]);
  return { ...object, metadata: { ...metadata, ...(Object.keys(all).length > 0 && { annotations: all }) } };
}

/** Anybody may write anything into an annotation: what is no JSON counts as absent. */
function parsed(text: JsonValue | undefined): JsonValue | undefined {
  try {
    const value: JsonValue = JSON.parse(typeof text === 'string' ? text : 'null');
    return value;
  } catch {
    return undefined;
  }
}

function part(object: JsonObject, key: string): JsonObject {
  const value = Object.hasOwn(object, key) ? object[key] : undefined;
  return isObject(value) ? value : {};
}

function objects(value: JsonValue | undefined): readonly JsonObject[] {
  return isList(value) ? value.filter(isObject) : [];
}
