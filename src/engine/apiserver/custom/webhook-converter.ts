// Custom resources whose versions a webhook converts: asks it with a ConversionReview, and remembers what it made.
//
//   stored as v1, asked for as v2 ─▶ not made yet: AnswersNeeded ─▶ the webhook answers ─▶ carried out again, now it is
import type { CustomResourceConversion } from '../../../api/generated/types.ts';
import { apiError } from '../../../api/status.ts';
import { isList, isObject, type JsonObject, type JsonValue } from '../../../base/json.ts';
import type { StoredObject } from '../../../kinds/kind.ts';
import type { AdmissionLookups } from '../admission/plugin.ts';
import type { CallResult } from '../admission/webhooks/call-result.ts';
import { webhookAddress } from '../admission/webhooks/webhook-address.ts';
import { type CallParts, callWebhook } from '../admission/webhooks/webhook-call.ts';
import type { Converter } from '../conversion.ts';
import { asJson, asStored } from '../json-edge.ts';
import { AnswersNeeded } from '../request-memory.ts';

/** How conversion webhooks are reached. */
export interface ConversionParts {
  readonly call: CallParts;
  readonly lookups: Pick<AdmissionLookups, 'get'>;
}

const group = 'apiextensions.k8s.io';
const timeoutSeconds = 30;
/** Objects that are no stored ones: bodies of requests on their way. */
const bodiesMax = 200;

export class WebhookConverter implements Converter {
  /** What stored objects become, by version; and what went wrong, to be told once. */
  private readonly made = new WeakMap<StoredObject, Map<string, StoredObject>>();
  private readonly bodies = new Map<string, StoredObject>();
  private readonly problems = new Map<string, string>();

  constructor(
    private readonly parts: ConversionParts,
    private readonly webhook: NonNullable<CustomResourceConversion['webhook']>,
  ) {}

  learn(object: StoredObject, converted: StoredObject): void {
    const known = this.made.get(object) ?? new Map<string, StoredObject>();
    this.made.set(object, known.set(converted.apiVersion ?? '', converted));
  }

  convert(objects: readonly StoredObject[], apiVersion: string): readonly StoredObject[] {
    const converted = objects.map((object) => this.known(object, apiVersion));
    const missing = objects.filter((_, i) => converted[i] === undefined);
    const [first] = missing;
    if (first) this.ask(first, missing, apiVersion);
    return converted.filter((one) => one !== undefined);
  }

  private known(object: StoredObject, apiVersion: string): StoredObject | undefined {
    if (object.apiVersion === apiVersion) return object;
    return this.made.get(object)?.get(apiVersion) ?? this.bodies.get(bodyKey(object, apiVersion));
  }

  private ask(first: StoredObject, objects: readonly StoredObject[], apiVersion: string): never {
    const key = bodyKey(first, apiVersion);
    const problem = this.problems.get(key);
    if (problem !== undefined) {
      this.problems.delete(key);
      throw apiError({ code: 500, reason: '', message: problem });
    }
    const about = { objects, apiVersion, from: `${first.apiVersion}, Kind=${first.kind}` };
    throw new AnswersNeeded([
      {
        key: `convert ${key}`,
        ask: (answered) => {
          const uid = this.parts.call.scope.random('apiserver/webhooks').uuid();
          return this.call(about, uid, (result) => {
            const wrong = this.take(about, uid, result);
            if (wrong !== undefined) this.problems.set(key, wrong);
            answered(true);
          });
        },
      },
    ]);
  }

  private call({ objects, apiVersion }: Asked, uid: string, done: (result: CallResult) => void): () => void {
    const { clientConfig, conversionReviewVersions } = this.webhook;
    const version = conversionReviewVersions.find((one) => one === 'v1' || one === 'v1beta1') ?? 'v1';
    const review = {
      kind: 'ConversionReview',
      apiVersion: `${group}/${version}`,
      request: { uid, desiredAPIVersion: apiVersion, objects: objects.map(asJson) },
    };
    const address = webhookAddress(clientConfig ?? {}, this.parts.lookups);
    return callWebhook(this.parts.call, { address, timeoutSeconds, review }, done);
  }

  /** Keeps what was answered; returns what is wrong with it. */
  private take(about: Asked, uid: string, result: CallResult): string | undefined {
    const { objects, apiVersion, from } = about;
    const failed = `conversion webhook for ${from}`;
    if ('problem' in result) return `${failed} failed: ${result.problem}`;
    const answer = convertedBy(result.review, uid);
    if (typeof answer === 'string') return `${failed} failed: ${answer}`;
    if (answer.length !== objects.length)
      return `${failed} returned ${answer.length} objects, expected ${objects.length}`;
    for (const [i, object] of objects.entries()) {
      const converted = merged(object, answer[i] ?? null, apiVersion);
      if (typeof converted === 'string') return `${failed} returned invalid ${converted.replace('%d', String(i))}`;
      this.learn(object, converted);
      this.bodies.set(bodyKey(object, apiVersion), converted);
    }
    for (const key of this.bodies.keys()) if (this.bodies.size > bodiesMax) this.bodies.delete(key);
    return undefined;
  }
}

interface Asked {
  readonly objects: readonly StoredObject[];
  readonly apiVersion: string;
  /** The version and kind of what is converted. */
  readonly from: string;
}

function bodyKey(object: StoredObject, apiVersion: string): string {
  return `${apiVersion} ${JSON.stringify(object)}`;
}

/** The converted objects, or why there are none. */
function convertedBy(review: JsonObject, uid: string): readonly JsonValue[] | string {
  const { response, apiVersion, kind } = review;
  const got = `${String(apiVersion)}, Kind=${String(kind)}`;
  if (apiVersion !== `${group}/v1beta1` && got !== `${group}/v1, Kind=ConversionReview`)
    return `expected webhook response of ${group}/v1, Kind=ConversionReview, got ${got}`;
  if (!isObject(response)) return 'no response provided';
  if (apiVersion === `${group}/v1` && response.uid !== uid)
    return `expected response.uid=${JSON.stringify(uid)}, got ${JSON.stringify(response.uid ?? '')}`;
  const { result, convertedObjects } = response;
  const { status = '', message } = isObject(result) ? result : {};
  if (status !== 'Success')
    return typeof message === 'string' && message !== ''
      ? message
      : `response.result.status was '${String(status)}', not 'Success'`;
  return isList(convertedObjects) ? convertedObjects : [];
}

/** A converted object with the original's metadata, of which a webhook may change labels and annotations alone. */
function merged(original: StoredObject, value: JsonValue, apiVersion: string): StoredObject | string {
  if (!isObject(value)) return 'converted object at index %d: it is no object';
  const converted = asStored(value);
  const wrong = 'converted object at index %d: invalid';
  if (converted.apiVersion !== apiVersion)
    return `${wrong} groupVersion (expected ${apiVersion}, received ${converted.apiVersion ?? ''})`;
  if (converted.kind !== original.kind)
    return `${wrong} kind (expected ${original.kind}, received ${converted.kind ?? ''})`;
  const { labels: _, annotations: __, ...kept } = original.metadata ?? {};
  if (!isObject(value.metadata))
    return 'metadata of converted object at index %d: missing metadata in converted object';
  for (const name of ['name', 'namespace', 'uid'] as const) {
    const [before, after] = [original.metadata?.[name] ?? '', converted.metadata?.[name] ?? ''];
    if (before === after) continue;
    const place = `metadata.${name}: Invalid value: ${JSON.stringify(after)}`;
    return `metadata of converted object at index %d: ${place}: field is immutable`;
  }
  const { labels, annotations } = converted.metadata ?? {};
  return { ...converted, metadata: { ...kept, ...(labels && { labels }), ...(annotations && { annotations }) } };
}
