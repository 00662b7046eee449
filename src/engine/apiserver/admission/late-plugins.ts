// The admission plugins that go by what users make: limits, quotas, policies, webhooks, namespaces' labels.
import { limitRanger } from './limit-ranger.ts';
import type { AdmissionPlugin } from './plugin.ts';
import { podResizeValidator } from './pod-resize-validator.ts';
import { podSecurity } from './pod-security.ts';
import { mutatingPolicies } from './policies/mutating-policies.ts';
import { validatingPolicies } from './policies/validating-policies.ts';
import { resourceQuota } from './resource-quota.ts';
import { mutatingWebhooks } from './webhooks/mutating-webhooks.ts';
import { validatingWebhooks } from './webhooks/validating-webhooks.ts';

export const latePlugins: readonly AdmissionPlugin[] = [
  limitRanger,
  podSecurity,
  podResizeValidator,
  mutatingPolicies,
  mutatingWebhooks,
  validatingPolicies,
  validatingWebhooks,
  resourceQuota,
];
