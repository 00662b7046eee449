// The pods that a job makes, and the finalizer by which none of them vanishes uncounted.
import { jobs } from '../../../api/generated/resources.ts';
import type { Container, Job, Pod } from '../../../api/generated/types.ts';
import { controllerReference } from '../../../api/meta.ts';
import { podFromTemplate } from '../shared/pod-control.ts';
import { indexAnnotation } from './indexes.ts';

export const trackingFinalizer = 'batch.kubernetes.io/job-tracking';
export const failureCountAnnotation = 'batch.kubernetes.io/job-index-failure-count';
const indexVariable = 'JOB_COMPLETION_INDEX';
const prefixMax = 237;

export function isTracked(pod: Pod): boolean {
  return pod.metadata?.finalizers?.includes(trackingFinalizer) ?? false;
}

export const untrackPatch = { metadata: { '$deleteFromPrimitiveList/finalizers': [trackingFinalizer] } };

export function jobPod(job: Job, index: number | undefined, failures: number | undefined): Pod {
  const pod = podFromTemplate(job.spec?.template, job, controllerReference(job, jobs));
  const finalizers = [
    ...(pod.metadata?.finalizers ?? []).filter((each) => each !== trackingFinalizer),
    trackingFinalizer,
  ];
  const metadata = { ...pod.metadata, finalizers };
  if (index === undefined || !pod.spec) return { ...pod, metadata };
  const name = job.metadata?.name ?? '';
  const { containers, initContainers } = pod.spec;
  return {
    ...pod,
    metadata: {
      ...metadata,
      generateName: `${`${name}-${index}`.slice(0, prefixMax)}-`,
      labels: { ...metadata.labels, [indexAnnotation]: String(index) },
      annotations: {
        ...metadata.annotations,
        [indexAnnotation]: String(index),
        ...(failures === undefined ? {} : { [failureCountAnnotation]: String(failures) }),
      },
    },
    spec: {
      ...pod.spec,
      hostname: `${name}-${index}`,
      containers: containers.map(withIndexVariable),
      ...(initContainers && { initContainers: initContainers.map(withIndexVariable) }),
    },
  };
}

function withIndexVariable(container: Container): Container {
  if (container.env?.some(({ name }) => name === indexVariable)) return container;
  const fieldRef = { fieldPath: `metadata.labels['${indexAnnotation}']` };
  return { ...container, env: [...(container.env ?? []), { name: indexVariable, valueFrom: { fieldRef } }] };
}
