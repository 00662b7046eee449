// Reviews: may somebody do something, what may they do, who are they. Answered at once, never stored.
import { aggregateText, type FieldError, invalid as invalidField, Verbatim } from '../../api/field-error.ts';
import { parseFieldSelector } from '../../api/field-selector.ts';
import type {
  NonResourceAttributes,
  PolicyRule,
  ResourceAttributes,
  SubjectAccessReviewSpec,
} from '../../api/generated/types.ts';
import type { UserInfo } from '../../api/request.ts';
import { parseSelector } from '../../api/selectors.ts';
import { badRequest, invalid } from '../../api/status.ts';
import { isList, isObject, type JsonObject, type JsonValue } from '../../base/json.ts';
import { formatTime } from '../../base/time.ts';
import type { StoredObject } from '../../kinds/kind.ts';
import { persisted } from '../../kinds/persisted.ts';
import { accessSelectorErrors } from '../../kinds/validation/access-selectors.ts';
import type { Attributes, Authorizer } from './authorizer.ts';
import { asJson, asStored } from './json-edge.ts';
import { withManagedFields } from './managed-fields/show.ts';
import { noteManager, type Operation, type Outcome } from './operation.ts';

/** The handler of a review resource; undefined for other resources. */
export function reviewHandler(
  authorizer: Authorizer,
  resource: string,
): ((operation: Operation) => Outcome) | undefined {
  switch (resource) {
    case 'selfsubjectaccessreviews':
      return (operation) => accessReview(operation, authorizer, operation.request.user);
    case 'subjectaccessreviews':
    case 'localsubjectaccessreviews':
      return (operation) => accessReview(operation, authorizer, subjectOf(specOf(operation)));
    case 'selfsubjectrulesreviews':
      return (operation) => rulesReview(operation, authorizer);
    case 'selfsubjectreviews':
      return (operation) => answer(operation, { userInfo: userInfoOf(operation.request.user) });
    case 'tokenreviews':
      return tokenReview;
    default:
      return undefined;
  }
}

function tokenReview(operation: Operation): Outcome {
  const { spec } = bodyOf(operation);
  const asked = isObject(spec) ? spec : {};
  const token = typeof asked.token === 'string' ? asked.token : '';
  if (token === '') throw badRequest('token is required for TokenReview in authentication');
  const wanted = isList(asked.audiences) && asked.audiences.length > 0 ? asked.audiences.map(String) : undefined;
  const found = operation.server.authenticator.checkToken(token, wanted);
  if ('problem' in found) return answer(operation, { user: {}, error: found.problem });
  return answer(operation, { authenticated: true, user: userInfoOf(found.user), audiences: found.audiences });
}

function accessReview(operation: Operation, authorizer: Authorizer, user: UserInfo): Outcome {
  const { resource, request } = operation;
  const spec = specOf(operation);
  const errors = [
    ...specErrors(spec, resource.resource !== 'selfsubjectaccessreviews'),
    ...metadataErrors(operation),
    ...(resource.namespaced ? localErrors(spec, request.namespace) : []),
  ];
  if (errors.length > 0) throw invalid({ group: resource.group, kind: '' }, '', errors);
  const attributes = attributesOf(spec);
  const reason = authorizer.reason(user, attributes);
  const unread = unreadSelectors(spec.resourceAttributes ?? {});
  const status = { allowed: authorizer.allows(user, attributes), ...(reason && { reason }) };
  return answer(operation, { ...status, ...(unread.length > 0 && { evaluationError: aggregateText(unread) }) });
}

function specErrors(
  { resourceAttributes, nonResourceAttributes, user, groups }: SubjectAccessReviewSpec,
  aboutOthers: boolean,
): readonly FieldError[] {
  const errors: FieldError[] = [];
  if (resourceAttributes && nonResourceAttributes)
    errors.push(
      invalidField(
        'spec.nonResourceAttributes',
        internalPath(nonResourceAttributes),
        'cannot be specified in combination with resourceAttributes',
      ),
    );
  if (!resourceAttributes && !nonResourceAttributes) {
    const text = 'exactly one of nonResourceAttributes or resourceAttributes must be specified';
    errors.push(invalidField('spec.resourceAttributes', null, text));
  }
  if (resourceAttributes) errors.push(...accessSelectorErrors(resourceAttributes));
  if (aboutOthers && !user && !groups?.length)
    errors.push(invalidField('spec.user', '', 'at least one of user or group must be specified'));
  return errors;
}

/** Paths as upstream shows them in refusals: by its own names. */
function internalPath({ path = '', verb = '' }: NonResourceAttributes): JsonObject {
  return { Path: path, Verb: verb };
}

/** Reviews are nobody's but who asks: they have no names. */
function metadataErrors(operation: Operation): readonly FieldError[] {
  const { resource } = operation;
  const { metadata } = bodyOf(operation);
  const { namespace, ...own } = keptOf(metadata);
  if (Object.values(own).every((value) => value === null || value === '')) return [];
  const detail = resource.namespaced ? 'must be empty except for namespace' : 'must be empty';
  const { name, generateName, ...others } = own;
  const place = resource.namespaced ? { namespace: operation.request.namespace ?? '' } : {};
  const whole = { ...(name && { name }), ...(generateName && { generateName }), ...place, ...others };
  const noted = asStored({ metadata: whole });
  noteManager(operation, noted, undefined, asStored(bodyOf(operation)));
  return [invalidField('metadata', new Verbatim(JSON.stringify(withManagedFields(asJson(noted)).metadata)), detail)];
}

/** What of the metadata of something new counts. */
function keptOf(metadata: JsonValue | undefined): JsonObject {
  if (!isObject(metadata)) return {};
  const { managedFields, selfLink, deletionTimestamp, deletionGracePeriodSeconds, ...kept } = metadata;
  return persisted('meta.v1.ObjectMeta', kept);
}

/** Local reviews are about resources of their namespace. */
function localErrors(
  { resourceAttributes, nonResourceAttributes }: SubjectAccessReviewSpec,
  namespace: string | undefined,
): readonly FieldError[] {
  const errors: FieldError[] = [];
  const { namespace: asked = '' } = resourceAttributes ?? {};
  if (resourceAttributes && asked !== namespace)
    errors.push(invalidField('spec.resourceAttributes.namespace', asked, 'must match metadata.namespace'));
  if (nonResourceAttributes) {
    const shown = internalPath(nonResourceAttributes);
    errors.push(invalidField('spec.nonResourceAttributes', shown, 'disallowed on this kind of request'));
  }
  return errors;
}

/** Selectors that nobody can read count as none, and the answer tells. */
function unreadSelectors({ fieldSelector, labelSelector }: ResourceAttributes): readonly string[] {
  const texts: string[] = [];
  const look = (
    name: string,
    selector: { readonly rawSelector?: string | undefined } | undefined,
    parse: (text: string) => unknown,
  ) => {
    try {
      if (selector?.rawSelector) parse(selector.rawSelector);
    } catch {
      texts.push(`spec.resourceAttributes.${name} ignored due to parse error`);
    }
  };
  look('fieldSelector', fieldSelector, parseFieldSelector);
  look('labelSelector', labelSelector, parseSelector);
  return texts;
}

/** Requirements of one value each, as the text that they stand for. */
function selectorText(selector: ResourceAttributes['fieldSelector']): string | undefined {
  if (!selector) return undefined;
  const { rawSelector = '', requirements = [] } = selector;
  if (rawSelector !== '') return rawSelector;
  return requirements
    .filter(({ operator, values }) => operator === 'In' && values?.length === 1)
    .map(({ key, values }) => `${key}=${values?.[0]}`)
    .join(',');
}

function attributesOf({ resourceAttributes, nonResourceAttributes }: SubjectAccessReviewSpec): Attributes {
  if (nonResourceAttributes)
    return { kind: 'path', verb: nonResourceAttributes.verb ?? '', path: nonResourceAttributes.path ?? '' };
  const asked = resourceAttributes ?? {};
  const { verb = '', group = '', resource = '', subresource, namespace = '', name = '' } = asked;
  const fieldSelector = selectorText(asked.fieldSelector);
  const about = { verb, group, resource, subresource: subresource || undefined, namespace, name, fieldSelector };
  return { kind: 'resource', ...about };
}

function rulesReview(operation: Operation, authorizer: Authorizer): Outcome {
  const { spec } = bodyOf(operation);
  const namespace = isObject(spec) && typeof spec.namespace === 'string' ? spec.namespace : '';
  if (namespace === '') throw badRequest('no namespace on request');
  const { user } = operation.request;
  const ofNode = authorizer.modes.includes('Node') && user.groups.includes('system:nodes');
  const rules = authorizer.listedFor(user, namespace);
  const status = {
    resourceRules: rules.filter(({ resources }) => resources?.length).map(resourceRule),
    nonResourceRules: rules.filter((rule) => rule.nonResourceURLs?.length).map(pathRule),
    incomplete: ofNode,
    ...(ofNode && { evaluationError: 'node authorizer does not support user rule resolution' }),
  };
  const { kind, apiVersion } = operation.resource;
  return { code: 201, object: { kind, apiVersion, metadata: {}, spec: {}, status } };
}

function resourceRule({ verbs, apiGroups, resources, resourceNames }: PolicyRule): object {
  return { verbs, apiGroups, resources, ...(resourceNames?.length && { resourceNames }) };
}

function pathRule({ verbs, nonResourceURLs }: PolicyRule): object {
  return { verbs, nonResourceURLs };
}

function answer(operation: Operation, status: object): Outcome {
  const { request, resource, server } = operation;
  const body = isObject(request.body) ? request.body : {};
  const metadata = { creationTimestamp: formatTime(server.scope.now) };
  const spec = isObject(body.spec) ? { spec: body.spec } : {};
  const place = resource.namespaced ? { namespace: request.namespace } : {};
  const kept = resource.resource === 'tokenreviews' ? keptOf(body.metadata) : place;
  const own = { metadata: resource.resource === 'selfsubjectreviews' ? metadata : kept };
  const object: StoredObject = { kind: resource.kind, apiVersion: resource.apiVersion, ...own, ...spec, status };
  if (resource.resource !== 'selfsubjectreviews') noteManager(operation, object, undefined, asStored(body));
  return { code: 201, object };
}

function userInfoOf({ name, uid, groups, extra }: UserInfo): object {
  return { username: name, ...(uid && { uid }), groups, ...(extra && { extra }) };
}

function subjectOf({ user = '', groups = [], uid }: SubjectAccessReviewSpec): UserInfo {
  return { name: user, groups, ...(uid && { uid }) };
}

function specOf(operation: Operation): SubjectAccessReviewSpec {
  const { spec } = bodyOf(operation);
  return (isObject(spec) ? spec : {}) as SubjectAccessReviewSpec; // edge: a review's spec
}

function bodyOf({ request }: Operation): JsonObject {
  return isObject(request.body) ? request.body : {};
}
