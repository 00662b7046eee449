// MutatingWebhookConfigurations: webhooks that change objects, one after the other.
import type { MutatingWebhook, MutatingWebhookConfiguration } from '../../../../api/generated/types.ts';
import { applyJsonPatch } from '../../../../api/patch/json-patch.ts';
import { PatchError } from '../../../../api/patch/patch-error.ts';
import { internalError } from '../../../../api/status.ts';
import { equal, isList, isObject, type JsonObject, type JsonValue } from '../../../../base/json.ts';
import type { StoredObject } from '../../../../kinds/kind.ts';
import { AnswersNeeded } from '../../request-memory.ts';
import type { ServedResource } from '../../served-resource.ts';
import { shownIn } from '../admission-request.ts';
import type { AdmissionPlugin, Attributes } from '../plugin.ts';
import type { Verdict } from './webhook-review.ts';
import { consult, failed, invocationOf, webhookSource } from './webhooks.ts';

const name = 'MutatingAdmissionWebhook';

const hooksOf = webhookSource<MutatingWebhook>(
  'mutatingwebhookconfigurations.admissionregistration.k8s.io',
  (object) => object as MutatingWebhookConfiguration, // edge: an object of that resource
);

export const mutatingWebhooks: AdmissionPlugin = {
  name,
  takesParts: true,
  admit: (object, attributes) => dispatch(object, attributes) ?? object,
  validate(object, attributes) {
    if (attributes.operation === 'delete') dispatch(object, attributes);
  },
};

function dispatch(object: StoredObject | undefined, attributes: Attributes): StoredObject | undefined {
  const hooks = hooksOf(attributes.lookups);
  if (hooks.length === 0) return object;
  const rounds = attributes.reinvocation.of(name);
  if (object) rounds.begin(object);
  let admitted = object;
  for (const hook of hooks) {
    const invocation = invocationOf(hook, attributes, admitted);
    if (!invocation || rounds.skips(hook.key)) continue;
    const said = consult(invocation, attributes, { object: admitted, mutating: true });
    if (said && 'ask' in said) throw new AnswersNeeded([said]);
    const changed = said && patched(hook.webhook, { attributes, matched: invocation.matched, object: admitted }, said);
    if (changed && !equal(changed, admitted)) {
      admitted = changed;
      rounds.changed();
    }
    if (hook.webhook.reinvocationPolicy === 'IfNeeded') rounds.comesAgain(hook.key);
  }
  if (admitted) rounds.end(admitted);
  return admitted;
}

interface Case {
  readonly attributes: Attributes;
  readonly matched: ServedResource;
  readonly object: StoredObject | undefined;
}

/** The object with the webhook's patch; undefined: there is none. */
function patched(webhook: MutatingWebhook, about: Case, { patch, patchType }: Verdict): StoredObject | undefined {
  if (patch === undefined) return undefined;
  const operations = parsed(patch);
  if (!isList(operations)) return failed(webhook, 'received undecodable patch in webhook response: it is no list');
  if (operations.length === 0) return undefined;
  const { attributes, matched, object } = about;
  if (!object) {
    const text = `admission webhook ${JSON.stringify(webhook.name)} attempted to modify the object, which is not supported for this operation`;
    throw internalError(text);
  }
  if (patchType !== 'JSONPatch') return failed(webhook, `unsupported patch type ${JSON.stringify(patchType)}`);
  const result = applied(shownIn(attributes, matched, object) ?? {}, operations);
  return attributes.view ? attributes.view.restore(object, result) : attributes.restore(matched, result);
}

function applied(object: JsonObject, operations: JsonValue): JsonObject {
  try {
    const result = applyJsonPatch(object, operations);
    return isObject(result) ? result : object;
  } catch (error) {
    if (!(error instanceof PatchError)) throw error;
    throw internalError(error.message);
  }
}

function parsed(text: string): JsonValue {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
