// Groups of the Kubernetes community: definitions in them need an approval.
import type { CustomResourceDefinition } from '../../api/generated/types.ts';

export const approvalAnnotation = 'api-approved.kubernetes.io';

/** What the annotation of a definition says. */
export interface Approval {
  readonly state: 'approved' | 'bypassed' | 'missing' | 'invalid';
  readonly reason: string;
}

/** Whether definitions in a group need an approval. */
export function isProtectedGroup(group: string): boolean {
  return /(^|\.)(k8s\.io|kubernetes\.io)$/.test(group);
}

/** How a definition stands. */
export function approvalOf({ metadata }: CustomResourceDefinition): Approval {
  const text = metadata?.annotations?.[approvalAnnotation] ?? '';
  const see = 'see https://github.com/kubernetes/enhancements/pull/1111';
  const rule = `protected groups must have approval annotation ${JSON.stringify(approvalAnnotation)}`;
  if (text === '') return { state: 'missing', reason: `${rule}, ${see}` };
  if (text.startsWith('unapproved')) return { state: 'bypassed', reason: `not approved: ${JSON.stringify(text)}` };
  if (/^[a-zA-Z][-+.a-zA-Z0-9]*:\/\/[^/\s]+/.test(text)) return { state: 'approved', reason: `approved in ${text}` };
  return { state: 'invalid', reason: `${rule} with either a URL or a reason starting with "unapproved", ${see}` };
}
