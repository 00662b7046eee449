// What mutating and validating webhooks share: which of them a request goes to, and asking one.
import type { MutatingWebhook, ObjectMeta, ValidatingWebhook } from '../../../../api/generated/types.ts';
import { badRequest } from '../../../../api/status.ts';
import type { JsonObject } from '../../../../base/json.ts';
import type { StoredObject } from '../../../../kinds/kind.ts';
import { ExpressionError } from '../../../../kinds/policies/policy-compiler.ts';
import type { Question } from '../../request-memory.ts';
import { bundleProblem } from '../../secure-dialer.ts';
import type { ServedResource } from '../../served-resource.ts';
import { admissionRequest, refusal, shownIn } from '../admission-request.ts';
import type { AdmissionLookups, Attributes } from '../plugin.ts';
import { type CompiledFrame, compileFrame, conditionsHold, subjectOf } from '../policies/policy-evaluation.ts';
import { isExempt, matchedResource } from '../request-matching.ts';
import { perVersion } from '../version-cache.ts';
import type { CallResult } from './call-result.ts';
import { webhookAddress } from './webhook-address.ts';
import { callWebhook } from './webhook-call.ts';
import {
  callFailed,
  deniedBy,
  InvalidAnswer,
  reviewOf,
  reviewVersion,
  type Verdict,
  verdictOf,
} from './webhook-review.ts';

/** One webhook of a configuration. */
export interface Hook<W extends ValidatingWebhook | MutatingWebhook> {
  /** Of the configuration as it is; changes with it. */
  readonly key: string;
  readonly webhook: W;
  /** Whose webhook it is. */
  readonly configuration: string;
  readonly conditions: CompiledFrame;
}

/** A webhook that a request goes to. */
export interface Invocation<W extends ValidatingWebhook | MutatingWebhook> {
  readonly hook: Hook<W>;
  readonly matched: ServedResource;
}

interface Configuration<W> {
  readonly metadata?: ObjectMeta | undefined;
  readonly webhooks?: readonly W[] | undefined;
}

/** All webhooks of one sort of configurations, in the order of the configurations' names. */
export function webhookSource<W extends ValidatingWebhook | MutatingWebhook>(
  resource: string,
  asConfiguration: (object: StoredObject) => Configuration<W>,
): (lookups: AdmissionLookups) => readonly Hook<W>[] {
  return perVersion((lookups) =>
    lookups.list(resource).flatMap((object) => {
      const { metadata, webhooks = [] } = asConfiguration(object);
      return webhooks.map((webhook, i) => ({
        key: `${metadata?.uid} ${metadata?.resourceVersion} ${i}`,
        webhook,
        configuration: metadata?.name ?? '',
        conditions: compileFrame(webhook),
      }));
    }),
  );
}

/** Whether a request goes to a webhook. Throws ApiError where that cannot be said. */
export function invocationOf<W extends ValidatingWebhook | MutatingWebhook>(
  hook: Hook<W>,
  attributes: Attributes,
  object: StoredObject | undefined,
): Invocation<W> | undefined {
  if (isExempt(attributes)) return undefined;
  const { webhook, conditions } = hook;
  const matched = matchedResource({ ...webhook, rules: webhook.rules ?? [] }, attributes, object);
  if (!matched) return undefined;
  if (conditions.conditions.length === 0) return { hook, matched };
  const subject = subjectOf(attributes, matched, { object, param: undefined });
  try {
    return conditionsHold(conditions.conditions, conditions.compiler.activation(subject))
      ? { hook, matched }
      : undefined;
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    if (webhook.failurePolicy === 'Ignore') return undefined;
    throw refusal(attributes, object, error.message);
  }
}

/** What a webhook said; a Question where it has not been asked; undefined where its silence is ignored. */
export function consult<W extends ValidatingWebhook | MutatingWebhook>(
  { hook, matched }: Invocation<W>,
  attributes: Attributes,
  { object, mutating }: { readonly object: StoredObject | undefined; readonly mutating: boolean },
): Verdict | Question | undefined {
  const { webhook } = hook;
  const { memory, dryRun, reinvocation } = attributes;
  if (!memory) return undefined; // the server's own requests wait for nobody
  if (dryRun && webhook.sideEffects !== 'None' && webhook.sideEffects !== 'NoneOnDryRun')
    throw badRequest(`admission webhook ${JSON.stringify(webhook.name)} does not support dry run`);
  const version = reviewVersion(webhook.admissionReviewVersions);
  if (version === undefined) {
    const text = 'webhook does not accept known AdmissionReview versions (v1, v1beta1)';
    return failed(webhook, `could not create admission objects: ${text}`);
  }
  const unusable = bundleProblem(webhook.clientConfig.caBundle);
  if (unusable !== undefined) return failed(webhook, `could not get REST client: ${unusable}`);
  const key = [hook.key, reinvocation.second, subjectKey(attributes, object)].join(' ');
  const uid = memory.keep(`${key} uid`, () => attributes.webhooks.scope.random('apiserver/webhooks').uuid());
  const result = memory.answer(key) as CallResult | undefined; // edge: what the question below was answered with
  if (!result)
    return {
      key,
      ask: question(webhook, attributes, { review: reviewed(attributes, matched, { object, uid, version }), mutating }),
    };
  if ('problem' in result) return failed(webhook, `failed to call webhook: ${result.problem}`);
  try {
    const verdict = verdictOf(result.review, { uid, version, mutating });
    for (const text of verdict.warnings) attributes.warn(text);
    for (const [name, value] of Object.entries(verdict.annotations))
      attributes.annotate(`${webhook.name}/${name}`, value);
    if (!verdict.allowed) throw deniedBy(webhook.name, verdict.status);
    return verdict;
  } catch (error) {
    if (!(error instanceof InvalidAnswer)) throw error;
    return failed(webhook, `received invalid webhook response: ${error.message}`);
  }
}

/** Refuses the request, or lets it pass where the webhook's failures are to be ignored. */
export function failed({ name, failurePolicy }: ValidatingWebhook | MutatingWebhook, reason: string): undefined {
  if (failurePolicy === 'Ignore') return undefined;
  throw callFailed(name, reason);
}

/** A question is asked anew when the object has changed in storage meanwhile. */
function subjectKey(
  { operation, subresource, old, name, namespace }: Attributes,
  object: StoredObject | undefined,
): string {
  const own = object?.metadata?.name ?? name;
  return [operation, subresource, namespace, own, old?.metadata?.uid, old?.metadata?.resourceVersion].join('/');
}

function reviewed(
  attributes: Attributes,
  matched: ServedResource,
  about: { readonly object: StoredObject | undefined; readonly uid: string; readonly version: string },
): JsonObject {
  const { dryRun, options, ...request } = admissionRequest(attributes, matched, about.object);
  return reviewOf(about.version, {
    uid: about.uid,
    ...request,
    object: shownIn(attributes, matched, about.object),
    oldObject: shownIn(attributes, matched, attributes.old),
    dryRun: dryRun ?? false,
    options: options ?? null,
  });
}

function question(
  { name, clientConfig, timeoutSeconds = 10, failurePolicy }: ValidatingWebhook | MutatingWebhook,
  { webhooks, lookups, operation }: Attributes,
  { review, mutating }: { readonly review: JsonObject; readonly mutating: boolean },
): Question['ask'] {
  const { scope, tally } = webhooks;
  const call = {
    name,
    type: mutating ? 'admit' : 'validating',
    operation: operation.toUpperCase(),
    ignorable: failurePolicy === 'Ignore',
  } as const;
  return (answered) => {
    const since = scope.now;
    return callWebhook(
      webhooks,
      { address: webhookAddress(clientConfig, lookups), timeoutSeconds, review },
      (result: CallResult) => {
        tally.add(call, result, scope.now - since);
        answered(result);
      },
    );
  };
}
