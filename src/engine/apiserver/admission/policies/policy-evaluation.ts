// What expressions are asked about one request, and whether a policy's conditions hold for it.

import { aggregateText } from '../../../../api/field-error.ts';
import type { MatchCondition, Variable } from '../../../../api/generated/types.ts';
import type { UserInfo } from '../../../../api/request.ts';
import type { JsonObject } from '../../../../base/json.ts';
import type { StoredObject } from '../../../../kinds/kind.ts';
import { type AccessQuestion, AuthorizerValue } from '../../../../kinds/policies/authorizer-functions.ts';
import {
  type Activation,
  type CompiledExpression,
  ExpressionError,
  PolicyCompiler,
  type PolicySubject,
} from '../../../../kinds/policies/policy-compiler.ts';
import { asJson } from '../../json-edge.ts';
import type { ServedResource } from '../../served-resource.ts';
import { admissionRequest, shownIn } from '../admission-request.ts';
import type { Attributes } from '../plugin.ts';

/** What all policies are compiled to. */
export interface CompiledFrame {
  readonly compiler: PolicyCompiler;
  readonly conditions: readonly CompiledExpression[];
}

/** Compiles variables and conditions; conditions come before variables. */
export function compileFrame(spec: {
  readonly paramKind?: object | undefined;
  readonly variables?: readonly Variable[] | undefined;
  readonly matchConditions?: readonly MatchCondition[] | undefined;
}): CompiledFrame {
  const compiler = new PolicyCompiler({ params: spec.paramKind !== undefined });
  for (const { name, expression } of spec.variables ?? []) compiler.addVariable(name, expression);
  const conditions = (spec.matchConditions ?? []).map(({ expression }) =>
    compiler.compile(expression, { returns: 'bool', authorizer: true, variables: false }),
  );
  return { compiler, conditions };
}

/** A request with the parameter of one binding. */
export function subjectOf(
  attributes: Attributes,
  matched: ServedResource,
  { object, param }: { readonly object: StoredObject | undefined; readonly param: StoredObject | undefined },
): PolicySubject {
  return {
    object: shownIn(attributes, matched, object),
    oldObject: shownIn(attributes, matched, attributes.old),
    request: admissionRequest(attributes, matched, object),
    params: param ? asJson(param) : null,
    namespaceObject: namespaceObject(attributes),
    authorizer: authorizerOf(attributes),
  };
}

/** Upstream's matchConditions: one that is false excludes the request, whatever the others say. */
export function conditionsHold(conditions: readonly CompiledExpression[], activation: Activation): boolean {
  const errors: string[] = [];
  for (const condition of conditions) {
    try {
      if (condition.evaluate({ ...activation, namespaceObject: null }) === false) return false;
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error;
      errors.push(error.message);
    }
  }
  if (errors.length > 0) throw new ExpressionError(aggregateText(errors));
  return true;
}

const seenMetadata = [
  'name',
  'generateName',
  'namespace',
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'labels',
  'annotations',
  'finalizers',
];

function namespaceObject({ namespace: name, lookups }: Attributes): JsonObject | null {
  const namespace = name === '' ? undefined : lookups.get('namespaces', undefined, name);
  if (!namespace) return null;
  const { metadata = {}, spec = {}, status = {} } = asJson(namespace);
  const shown = Object.entries(metadata ?? {}).filter(([key]) => seenMetadata.includes(key));
  return { metadata: Object.fromEntries(shown), spec, status };
}

function authorizerOf(attributes: Attributes): AuthorizerValue {
  const { resource, subresource = '', namespace, name } = attributes;
  const place = { group: resource.group, resource: resource.resource, subresource, namespace, name };
  return new AuthorizerValue((question) => {
    const allowed = attributes.mayUser(accessOf(question), accountOf(question));
    return { allowed, reason: '' };
  }, place);
}

function accessOf(question: AccessQuestion): Parameters<Attributes['mayUser']>[0] {
  const { verb, path, group, resource, subresource, namespace, name } = question;
  if (path !== undefined) return { kind: 'path', verb, path };
  return { kind: 'resource', verb, group, resource, subresource: subresource || undefined, namespace, name };
}

function accountOf({ serviceAccount }: AccessQuestion): UserInfo | undefined {
  if (!serviceAccount) return undefined;
  const { namespace, name } = serviceAccount;
  const groups = ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'];
  return { name: `system:serviceaccount:${namespace}:${name}`, groups };
}
