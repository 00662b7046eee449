// Policies of admission and their bindings: every expression must compile.

import { alike } from '../../api/alike.ts';
import { duplicate, invalid, notSupported, required } from '../../api/field-error.ts';
import type {
  AuditAnnotation,
  MutatingAdmissionPolicy,
  MutatingAdmissionPolicyBinding,
  Mutation,
  NamedRuleWithOperations,
  ValidatingAdmissionPolicy,
  ValidatingAdmissionPolicyBinding,
  Validation,
  Variable,
} from '../../api/generated/types.ts';
import { dns1123Subdomain, qualifiedName } from '../../api/names.ts';
import { type ExpressionOptions, PolicyCompiler } from '../policies/policy-compiler.ts';
import {
  failurePolicies,
  validateMatchConditions,
  validateMatchResources,
  validateParamKind,
  validateParamRef,
} from './admission-rules.ts';
import { complain, type Errors, givenOneOf, oneOf, optionalOneOf, require, requireName } from './checks.ts';

const auditAnnotationsMax = 20;
const valueExpressionBytesMax = 5 * 1024;
const mutatingOperations = ['*', 'CONNECT', 'CREATE', 'UPDATE'];
const identifier = /^[_a-zA-Z][_a-zA-Z0-9]*$/;
const reserved = new Set(
  'true false null in as break const continue else for function if import let loop package namespace return var void while'.split(
    ' ',
  ),
);

/** Adds what is wrong with a policy. `old`: match conditions that have not changed are not looked at again. */
export function validateValidatingPolicy(
  policy: ValidatingAdmissionPolicy,
  errors: Errors,
  old?: ValidatingAdmissionPolicy,
): void {
  const { spec = {}, metadata } = policy;
  const compiler = validateFrame(errors, spec, old?.spec);
  const { validations = [], auditAnnotations = [] } = spec;
  if (validations.length === 0 && auditAnnotations.length === 0) {
    const text = 'validations or auditAnnotations must contain at least one item';
    errors.push(required('spec.validations', text), required('spec.auditAnnotations', text));
    return;
  }
  for (const [i, validation] of validations.entries())
    validateValidation(errors, `spec.validations[${i}]`, { compiler, validation });
  const field = 'spec.auditAnnotations';
  if (auditAnnotations.length > auditAnnotationsMax)
    errors.push(invalid(field, [], `must not have more than ${auditAnnotationsMax} auditAnnotations`));
  for (const [i, annotation] of auditAnnotations.entries()) {
    validateAnnotation(errors, `${field}[${i}]`, { compiler, annotation, policy: metadata?.name ?? '' });
    if (auditAnnotations.findIndex(({ key }) => key === annotation.key) < i)
      errors.push(duplicate(`${field}[${i}].key`, annotation.key));
  }
}

/** Adds what is wrong with a policy that changes objects. */
export function validateMutatingPolicy(
  policy: MutatingAdmissionPolicy,
  errors: Errors,
  old?: MutatingAdmissionPolicy,
): void {
  const { spec = {} } = policy;
  const compiler = validateFrame(errors, spec, old?.spec, true);
  const { mutations = [] } = spec;
  if (mutations.length === 0) errors.push(required('spec.mutations', 'mutations must contain at least one item'));
  for (const [i, mutation] of mutations.entries())
    validateMutation(errors, `spec.mutations[${i}]`, { compiler, mutation });
  oneOf(errors, 'spec.reinvocationPolicy', spec.reinvocationPolicy, ['IfNeeded', 'Never']);
}

/** Adds what is wrong with the binding of a policy. */
export function validateValidatingBinding({ spec }: ValidatingAdmissionPolicyBinding, errors: Errors): void {
  validateBinding(errors, spec);
  const field = 'spec.validationActions';
  const actions = spec.validationActions ?? [];
  for (const [i, action] of actions.entries()) {
    if (!['Audit', 'Deny', 'Warn'].includes(action))
      errors.push(notSupported(`${field}[${i}]`, action, ['Audit', 'Deny', 'Warn']));
    if (actions.indexOf(action) < i) errors.push(duplicate(`${field}[${i}]`, action));
  }
  if (actions.includes('Deny') && actions.includes('Warn')) {
    const text =
      'must not contain both Deny and Warn (repeating the same validation failure information in the API response and headers serves no purpose)';
    errors.push(invalid(field, actions, text));
  }
  if (actions.length === 0) errors.push(required(field, 'at least one validation action is required'));
}

/** Adds what is wrong with the binding of a policy that changes objects. */
export function validateMutatingBinding({ spec = {} }: MutatingAdmissionPolicyBinding, errors: Errors): void {
  validateBinding(errors, spec);
  refuseDeletion(errors, 'spec.matchResources.resourceRules.operations', spec.matchResources?.resourceRules);
}

function validateBinding(
  errors: Errors,
  { policyName, paramRef, matchResources }: NonNullable<MutatingAdmissionPolicyBinding['spec']>,
): void {
  requireName(errors, 'spec.policyName', { name: policyName, valid: dns1123Subdomain });
  validateParamRef(errors, 'spec.paramRef', paramRef);
  validateMatchResources(errors, 'spec.matchResources', matchResources);
}

type Frame = Pick<
  NonNullable<ValidatingAdmissionPolicy['spec']>,
  'failurePolicy' | 'paramKind' | 'matchConstraints' | 'matchConditions' | 'variables'
>;

/** What policies of both sorts have. Returns the compiler that knows the variables. */
function validateFrame(errors: Errors, spec: Frame, old: Frame | undefined, mutating = false): PolicyCompiler {
  const { paramKind, matchConstraints, matchConditions: conditions } = spec;
  givenOneOf(errors, 'spec.failurePolicy', spec.failurePolicy, failurePolicies);
  if (paramKind) validateParamKind(errors, 'spec.paramKind', paramKind);
  if (require(errors, 'spec.matchConstraints', matchConstraints)) {
    validateMatchResources(errors, 'spec.matchConstraints', matchConstraints);
    if ((matchConstraints.resourceRules ?? []).length === 0)
      errors.push(required('spec.matchConstraints.resourceRules'));
    if (mutating)
      refuseDeletion(errors, 'spec.matchConstraints.resourceRules.operations', matchConstraints.resourceRules);
  }
  const params = paramKind !== undefined;
  const same = old && alike(paramKind, old.paramKind) && alike(conditions, old.matchConditions);
  if (!same) validateMatchConditions(errors, 'spec.matchConditions', { conditions, params });
  const compiler = new PolicyCompiler({ params });
  for (const [i, variable] of (spec.variables ?? []).entries())
    validateVariable(errors, `spec.variables[${i}]`, { compiler, variable });
  return compiler;
}

function refuseDeletion(errors: Errors, field: string, rules: readonly NamedRuleWithOperations[] = []): void {
  for (const { operations = [] } of rules)
    for (const operation of operations)
      if (!mutatingOperations.includes(operation)) errors.push(notSupported(field, operation, mutatingOperations));
}

function validateVariable(
  errors: Errors,
  field: string,
  { compiler, variable }: { readonly compiler: PolicyCompiler; readonly variable: Variable },
): void {
  const { name, expression } = variable;
  if (name.trim() === '') errors.push(required(`${field}.name`, 'name is not specified'));
  else if (!identifier.test(name) || reserved.has(name))
    errors.push(invalid(`${field}.name`, name, 'must be a valid CEL identifier'));
  if (expression.trim() === '') {
    errors.push(required(`${field}.expression`, 'expression is not specified'));
    return;
  }
  const { problem } = compiler.addVariable(name, expression);
  if (problem !== undefined) errors.push(invalid(`${field}.expression`, expression, problem));
}

function validateValidation(
  errors: Errors,
  field: string,
  { compiler, validation }: { readonly compiler: PolicyCompiler; readonly validation: Validation },
): void {
  const { expression, message = '', messageExpression = '', reason } = validation;
  const compile = (name: string, text: string, options: ExpressionOptions): void => {
    const { problem } = compiler.compile(text, options);
    if (problem !== undefined) errors.push(invalid(`${field}.${name}`, text, problem));
  };
  if (expression.trim() === '') errors.push(required(`${field}.expression`, 'expression is not specified'));
  else compile('expression', expression, { returns: 'bool', authorizer: true });
  if (messageExpression !== '' && messageExpression.trim() === '')
    errors.push(invalid(`${field}.messageExpression`, messageExpression, 'must be non-empty if specified'));
  else if (messageExpression !== '') compile('messageExpression', messageExpression, { returns: 'string' });
  if (message !== '' && message.trim() === '')
    errors.push(invalid(`${field}.message`, message, 'must be non-empty if specified'));
  else if (/[\n\r]/.test(message.trim()))
    errors.push(invalid(`${field}.message`, message, 'must not contain line breaks'));
  optionalOneOf(errors, `${field}.reason`, reason, ['Forbidden', 'Invalid', 'RequestEntityTooLarge']);
}

function validateAnnotation(
  errors: Errors,
  field: string,
  about: { readonly compiler: PolicyCompiler; readonly annotation: AuditAnnotation; readonly policy: string },
): void {
  const { compiler, annotation, policy } = about;
  const { key, valueExpression } = annotation;
  if (policy === '') errors.push(invalid(`${field}.key`, key, 'requires metadata.name be non-empty'));
  else complain(errors, `${field}.key`, `${policy}/${key}`, qualifiedName(`${policy}/${key}`));
  const text = valueExpression.trim();
  const at = `${field}.valueExpression`;
  if (text === '') errors.push(required(at, 'valueExpression is not specified'));
  else if (text.length > valueExpressionBytesMax)
    errors.push(required(at, `must not exceed ${valueExpressionBytesMax} bytes in length`));
  else {
    const { problem } = compiler.compile(text, { returns: 'string or null', authorizer: true });
    if (problem !== undefined) errors.push(invalid(at, valueExpression, problem));
  }
}

function validateMutation(
  errors: Errors,
  field: string,
  { compiler, mutation }: { readonly compiler: PolicyCompiler; readonly mutation: Mutation },
): void {
  const { patchType, jsonPatch, applyConfiguration } = mutation;
  const checked = (name: string, text: string | undefined, returns: ExpressionOptions['returns']): void => {
    const expression = text?.trim() ?? '';
    if (!require(errors, `${field}.${name}.expression`, expression)) return;
    const { problem } = compiler.compile(expression, { returns, authorizer: true });
    if (problem !== undefined) errors.push(invalid(`${field}.${name}.expression`, expression, problem));
  };
  const only = (name: string, other: string): void => {
    const text = `must not be specified when patchType is ${patchType}`;
    if (other !== '') errors.push(invalid(`${field}.${name}`, `{${name}}`, text));
  };
  if (patchType === 'JSONPatch') {
    if (jsonPatch) checked('jsonPatch', jsonPatch.expression, 'list(JSONPatch)');
    else errors.push(required(`${field}.jsonPatch`, 'must be specified when patchType is JSONPatch'));
    only('applyConfiguration', applyConfiguration ? 'set' : '');
  } else if (patchType === 'ApplyConfiguration') {
    const text = 'must be specified when patchType is ApplyConfiguration';
    if (applyConfiguration) checked('applyConfiguration', applyConfiguration.expression, 'Object');
    else errors.push(required(`${field}.applyConfiguration`, text));
    only('jsonPatch', jsonPatch ? 'set' : '');
  } else oneOf(errors, `${field}.patchType`, patchType, ['ApplyConfiguration', 'JSONPatch']);
}
