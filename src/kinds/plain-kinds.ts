// Kinds whose only rules are a status of their own, a generation, or both.
import { specGeneration } from './generation.ts';
import { defineKind, type Kind, type StoredObject } from './kind.ts';

/** A status that users do not write through the object itself. */
const withStatus = {
  prepareForCreate: (object: StoredObject): StoredObject => ({ ...object, status: {} }),
  prepareForUpdate: (object: StoredObject, old: StoredObject): StoredObject => {
    const { status: _, ...rest } = object;
    return old.status === undefined ? rest : { ...rest, status: old.status };
  },
};

export const plainKinds: readonly Kind[] = [
  defineKind({ group: 'policy', kind: 'PodDisruptionBudget', ...specGeneration, ...withStatus }),
  defineKind({ group: 'networking.k8s.io', kind: 'NetworkPolicy', ...specGeneration }),
  defineKind({ group: 'networking.k8s.io', kind: 'IngressClass', ...specGeneration }),
  defineKind({ group: 'networking.k8s.io', kind: 'ServiceCIDR', ...withStatus }),
  defineKind({ group: 'flowcontrol.apiserver.k8s.io', kind: 'FlowSchema', ...specGeneration, ...withStatus }),
  defineKind({
    group: 'flowcontrol.apiserver.k8s.io',
    kind: 'PriorityLevelConfiguration',
    ...specGeneration,
    ...withStatus,
  }),
  defineKind({ group: 'certificates.k8s.io', kind: 'CertificateSigningRequest', ...withStatus }),
  defineKind({ group: '', kind: 'ResourceQuota', ...withStatus }),
  defineKind({ group: 'apiextensions.k8s.io', kind: 'CustomResourceDefinition', ...specGeneration, ...withStatus }),
  defineKind({ group: 'storage.k8s.io', kind: 'VolumeAttachment', ...withStatus }),
  defineKind({ group: 'resource.k8s.io', kind: 'ResourceClaim', ...withStatus }),
  defineKind({ group: 'scheduling.k8s.io', kind: 'PriorityClass', generationPart: () => 1 }),
];
