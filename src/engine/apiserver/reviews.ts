// Reviews: may somebody do something, what may they do, who are they. Answered at once, never stored.
import { type FieldError, invalid as invalidField, required } from '../../api/field-error.ts';
import type { PolicyRule, ResourceAttributes, SubjectAccessReviewSpec } from '../../api/generated/types.ts';
import type { UserInfo } from '../../api/request.ts';
import { badRequest, invalid } from '../../api/status.ts';
import { isList, isObject, type JsonObject } from '../../base/json.ts';
import { formatTime } from '../../base/time.ts';
import type { StoredObject } from '../../kinds/kind.ts';
import type { Attributes, Authorizer } from './authorizer.ts';
import { asJson, asStored } from './json-edge.ts';
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
  const errors = specErrors(spec, resource.resource !== 'selfsubjectaccessreviews');
  if (errors.length > 0) throw invalid({ group: resource.group, kind: '' }, '', errors);
  const { namespace } = spec.resourceAttributes ?? {};
  if (resource.namespaced && namespace !== request.namespace)
    throw badRequest('spec.resourceAttributes.namespace must match metadata.namespace');
  const attributes = attributesOf(spec);
  const reason = authorizer.reason(user, attributes);
  return answer(operation, { allowed: authorizer.allows(user, attributes), ...(reason && { reason }) });
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
        asJson(nonResourceAttributes),
        'cannot be specified in combination with resourceAttributes',
      ),
    );
  if (!resourceAttributes && !nonResourceAttributes) {
    const text = 'exactly one of nonResourceAttributes or resourceAttributes must be specified';
    errors.push(invalidField('spec.resourceAttributes', null, text));
  }
  if (resourceAttributes) errors.push(...selectorErrors(resourceAttributes));
  if (aboutOthers && !user && !groups?.length)
    errors.push(invalidField('spec.user', '', 'at least one of user or group must be specified'));
  return errors;
}

/** Field and label selectors are a text or requirements, not both. */
function selectorErrors(attributes: ResourceAttributes): readonly FieldError[] {
  return (['fieldSelector', 'labelSelector'] as const).flatMap((name) => {
    const selector = attributes[name];
    if (!selector) return [];
    const at = `spec.resourceAttributes.${name}`;
    const { rawSelector = '', requirements = [] } = selector;
    if (rawSelector !== '' && requirements.length > 0)
      return [invalidField(`${at}.rawSelector`, rawSelector, 'may not specified at the same time as requirements')];
    if (rawSelector !== '' || requirements.length > 0) return [];
    return [required(`${at}.requirements`, `when ${at} is specified, requirements or rawSelector is required`)];
  });
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
  const ofNode = user.groups.includes('system:nodes');
  const rules = authorizer.rulesFor(user, namespace);
  const { object, ...rest } = answer(operation, {
    resourceRules: rules.filter(({ resources }) => resources?.length).map(resourceRule),
    nonResourceRules: rules.filter((rule) => rule.nonResourceURLs?.length).map(pathRule),
    incomplete: ofNode,
    ...(ofNode && { evaluationError: 'node authorizer does not support user rule resolution' }),
  });
  return { ...rest, object: { ...object, spec: {} } };
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
  const own = resource.resource === 'selfsubjectreviews' ? { metadata } : { metadata: {} };
  const object: StoredObject = { kind: resource.kind, apiVersion: resource.apiVersion, ...own, ...spec, status };
  noteManager(operation, object, undefined, asStored(body));
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
