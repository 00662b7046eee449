// MutatingWebhookConfigurations: webhooks that change objects, one after the other.
import type { MutatingWebhook, MutatingWebhookConfiguration } from '../../../../api/generated/types.ts';
import { jsonProblem } from '../../../../api/json-problem.ts';
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
import { consult, failed, type Hook, invocationOf, webhookSource } from './webhooks.ts';

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
  for (const [index, hook] of hooks.entries()) {
    const invocation = invocationOf(hook, attributes, admitted);
    if (!invocation || rounds.skips(hook.key)) continue;
    const note = annotator(hook, attributes, `round_${attributes.reinvocation.second ? 1 : 0}_index_${index}`);
    const said = note.whileAsking(() => consult(invocation, attributes, { object: admitted, mutating: true }));
    if (said && 'ask' in said) throw new AnswersNeeded([said]);
    if (!said && attributes.memory) note.failedOpen();
    const changed = said && patched(hook.webhook, { attributes, matched: invocation.matched, object: admitted }, said);
    const mutated = changed !== undefined && !equal(changed, admitted);
    note.mutated(mutated);
    if (said?.patch) note.patch(said.patch);
    if (mutated) {
      admitted = changed;
      rounds.changed();
    }
    if (hook.webhook.reinvocationPolicy === 'IfNeeded') rounds.comesAgain(hook.key);
  }
  if (admitted) rounds.end(admitted);
  return admitted;
}

/** What a request's audit event says of one webhook. */
function annotator(
  { configuration, webhook: { name: webhook } }: Hook<MutatingWebhook>,
  to: Attributes,
  place: string,
) {
  const mutated = (is: boolean): void =>
    to.annotate(`mutation.webhook.admission.k8s.io/${place}`, JSON.stringify({ configuration, webhook, mutated: is }));
  return {
    mutated,
    /** It has not answered, and that does not matter. */
    failedOpen: () => to.annotate(`failed-open.mutation.webhook.admission.k8s.io/${place}`, webhook),
    patch(text: string) {
      const patch = parsed(text);
      const told = JSON.stringify({ configuration, webhook, patch, patchType: 'JSONPatch' });
      to.annotate(`patch.webhook.admission.k8s.io/${place}`, told, 'Request');
    },
    /** One that refuses has changed nothing. */
    whileAsking<T>(ask: () => T): T {
      try {
        return ask();
      } catch (error) {
        mutated(false);
        throw error;
      }
    },
  };
}

interface Case {
  readonly attributes: Attributes;
  readonly matched: ServedResource;
  readonly object: StoredObject | undefined;
}

/** The object with the webhook's patch; undefined: there is none. */
function patched(webhook: MutatingWebhook, about: Case, { patch, patchType }: Verdict): StoredObject | undefined {
  if (patch === undefined) return undefined;
  const problem = undecodable(patch);
  if (problem !== undefined) return failed(webhook, `received undecodable patch in webhook response: ${problem}`);
  const operations = parsed(patch);
  if (!isList(operations)) return undefined; // null is no operation
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

/** Why a text is no JSON patch, in Go's words. */
function undecodable(text: string): string | undefined {
  const problem = jsonProblem(text);
  if (problem) return problem.message;
  const value: JsonValue = JSON.parse(text);
  if (isList(value) || value === null) return undefined;
  const what = isObject(value) ? 'object' : typeof value === 'boolean' ? 'bool' : typeof value;
  return `json: cannot unmarshal ${what} into Go value of type jsonpatch.Patch`;
}

function parsed(text: string): JsonValue {
  return undecodable(text) === undefined ? JSON.parse(text) : null;
}
