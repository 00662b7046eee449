// ValidatingAdmissionPolicies: rules in CEL that requests must fulfil, where a binding says so.
//
//   policy (what is checked) ◀─ binding (where, with which parameters, and what follows: Deny, Warn, Audit)
//
// Audit annotations go to the request's audit event; an error in one refuses the request.
import type {
  AuditAnnotation,
  ValidatingAdmissionPolicy,
  ValidatingAdmissionPolicyBinding,
  Validation,
} from '../../../../api/generated/types.ts';
import { ApiError } from '../../../../api/status.ts';
import type { StoredObject } from '../../../../kinds/kind.ts';
import {
  type Activation,
  type CompiledExpression,
  ExpressionError,
} from '../../../../kinds/policies/policy-compiler.ts';
import type { ServedResource } from '../../served-resource.ts';
import { refusal } from '../admission-request.ts';
import type { AdmissionPlugin, Attributes } from '../plugin.ts';
import { isExempt, matchedResource } from '../request-matching.ts';
import { type CompiledFrame, compileFrame, conditionsHold, subjectOf } from './policy-evaluation.ts';
import { ConfigurationError, hookSource, type PolicyHook, paramResource, paramsOf } from './policy-hooks.ts';

type Policy = ValidatingAdmissionPolicy;
type Binding = ValidatingAdmissionPolicyBinding;

interface CompiledPolicy extends CompiledFrame {
  readonly validations: readonly CompiledValidation[];
  readonly annotations: readonly { readonly annotation: AuditAnnotation; readonly value: CompiledExpression }[];
}

interface CompiledValidation {
  readonly validation: Validation;
  readonly expression: CompiledExpression;
  readonly message: CompiledExpression | undefined;
}

/** A request that does not do, and why. */
interface Denial {
  readonly message: string;
  /** Which of the policy's expressions. */
  readonly index?: number | undefined;
  readonly reason?: string | undefined;
}

type Hook = PolicyHook<Policy, Binding, CompiledPolicy>;

const hooksOf = hookSource<Policy, Binding, CompiledPolicy>({
  policies: 'validatingadmissionpolicies.admissionregistration.k8s.io',
  bindings: 'validatingadmissionpolicybindings.admissionregistration.k8s.io',
  asPolicy: (object) => object as Policy, // edge: an object of that resource
  asBinding: (object) => object as Binding, // edge: an object of that resource
  policyName: ({ spec }) => spec.policyName ?? '',
  compile: compilePolicy,
});

export const validatingPolicies: AdmissionPlugin = {
  name: 'ValidatingAdmissionPolicy',
  takesParts: true,
  validate(object, attributes) {
    const hooks = hooksOf(attributes.lookups);
    if (hooks.length === 0 || isExempt(attributes)) return;
    const denials = hooks.flatMap((hook) => denialsOf(hook, attributes, object));
    const [first] = denials;
    if (first) throw denied(attributes, object, first);
  },
};

function compilePolicy({ spec = {} }: Policy): CompiledPolicy {
  const frame = compileFrame(spec);
  const { compiler } = frame;
  return {
    ...frame,
    validations: (spec.validations ?? []).map((validation) => ({
      validation,
      expression: compiler.compile(validation.expression, { returns: 'bool', authorizer: true }),
      message: validation.messageExpression?.trim()
        ? compiler.compile(validation.messageExpression, { returns: 'string' })
        : undefined,
    })),
    annotations: (spec.auditAnnotations ?? []).map((annotation) => ({
      annotation,
      value: compiler.compile(annotation.valueExpression.trim(), { returns: 'string or null', authorizer: true }),
    })),
  };
}

/** Upstream's sentences on what one policy has against the request; warns by the way. */
function denialsOf(hook: Hook, attributes: Attributes, object: StoredObject | undefined): readonly Denial[] {
  const { policy } = hook;
  const { matchConstraints = {}, paramKind } = policy.spec ?? {};
  const criteria = { ...matchConstraints, rules: matchConstraints.resourceRules ?? [] };
  const matched = matchedResource({ ...criteria, excluded: matchConstraints.excludeResourceRules }, attributes, object);
  if (!matched) return [];
  try {
    const resource = paramResource(paramKind, attributes);
    const notes = new Map<string, Set<string>>();
    const denials = hook.bindings.flatMap((binding) => {
      const outcome = boundDenials(hook, binding, { attributes, object, matched, resource, notes });
      return outcome.map((denial) => ({ ...denial, message: sentence(policy, binding, denial.message) }));
    });
    for (const [key, values] of notes) attributes.annotate(`${policy.metadata?.name}/${key}`, [...values].join(', '));
    return denials;
  } catch (error) {
    return configurationDenial(policy, error, 'policy').map((denial) => ({
      message: `ValidatingAdmissionPolicy '${policy.metadata?.name}' denied request: ${denial.message}`,
    }));
  }
}

interface Case {
  readonly attributes: Attributes;
  readonly object: StoredObject | undefined;
  readonly matched: ServedResource;
  readonly resource: ServedResource | undefined;
  /** The policy's audit annotations, from all its bindings. */
  readonly notes: Map<string, Set<string>>;
}

function boundDenials(
  hook: Hook,
  binding: Binding,
  { attributes, object, matched, resource, notes }: Case,
): readonly Denial[] {
  const { matchResources, paramRef, validationActions = [] } = binding.spec;
  const criteria = matchResources && {
    ...matchResources,
    rules: matchResources.resourceRules?.length ? matchResources.resourceRules : undefined,
    excluded: matchResources.excludeResourceRules,
  };
  if (criteria && !matchedResource(criteria, attributes, object)) return [];
  let params: readonly (StoredObject | undefined)[];
  try {
    params = paramsOf(resource, paramRef, attributes);
  } catch (error) {
    return configurationDenial(hook.policy, error, 'binding');
  }
  return params.flatMap((param) => {
    const subject = subjectOf(attributes, matched, { object, param });
    const note = (key: string, value: string): void =>
      void notes.set(key, (notes.get(key) ?? new Set()).add(value.slice(0, noteLengthMax)));
    const { decisions, always } = evaluate(hook, hook.compiled.compiler.activation(subject), note);
    if (validationActions.includes('Audit'))
      for (const { message, index = 0 } of decisions)
        attributes.annotate(
          'validation.policy.admission.k8s.io/validation_failure',
          failureText(binding, { message, expressionIndex: index }),
        );
    if (validationActions.includes('Warn'))
      for (const { message } of decisions) attributes.warn(warning(hook.policy, binding, message));
    return validationActions.includes('Deny') ? [...decisions, ...always] : always;
  });
}

const noteLengthMax = 10 * 1024;

function failureText(
  { spec: { policyName, validationActions }, metadata }: Binding,
  { message, expressionIndex }: { readonly message: string; readonly expressionIndex: number },
): string {
  const failure = { message, policy: policyName, binding: metadata?.name, expressionIndex, validationActions };
  return JSON.stringify([failure]);
}

/** `decisions` follow the binding's actions; `always` refuse the request. */
function evaluate(
  { policy, compiled }: Hook,
  activation: Activation,
  note: (key: string, value: string) => void,
): { readonly decisions: readonly Denial[]; readonly always: readonly Denial[] } {
  const tolerant = policy.spec?.failurePolicy === 'Ignore';
  const failed = (error: unknown): readonly Denial[] => {
    if (!(error instanceof ExpressionError)) throw error;
    return tolerant ? [] : [{ message: error.message }];
  };
  try {
    if (!conditionsHold(compiled.conditions, activation)) return { decisions: [], always: [] };
  } catch (error) {
    return { decisions: failed(error), always: [] };
  }
  const decisions = compiled.validations.flatMap((validation, index): readonly Denial[] => {
    try {
      const held = validation.expression.evaluate(activation) === true;
      return held ? [] : [{ ...denialOf(validation, activation), index }];
    } catch (error) {
      return failed(error).map((denial) => ({ ...denial, index }));
    }
  });
  const always = compiled.annotations.flatMap(({ annotation, value }) => {
    try {
      const made = value.evaluate(activation);
      if (typeof made === 'string' && made.trim() !== '') note(annotation.key, made.trim());
      return [];
    } catch (error) {
      return failed(error);
    }
  });
  return { decisions, always };
}

const messageBytesMax = 5 * 1024;

function denialOf({ validation, message }: CompiledValidation, activation: Activation): Denial {
  const { expression, reason } = validation;
  const made = message && messageOf(message, activation);
  const text = made || validation.message?.trim() || `failed expression: ${expression.trim()}`;
  return { message: text, reason: reason ?? 'Invalid' };
}

/** Undefined where the expression fails or makes no message. */
function messageOf(message: CompiledExpression, { authorizer: _, ...activation }: Activation): string | undefined {
  try {
    const made = message.evaluate(activation);
    const text = typeof made === 'string' ? made.trim() : '';
    return text.length > messageBytesMax || text.includes('\n') ? undefined : text;
  } catch (error) {
    if (error instanceof ExpressionError) return undefined;
    throw error;
  }
}

function configurationDenial(policy: Policy, error: unknown, what: 'policy' | 'binding'): readonly Denial[] {
  if (!(error instanceof ConfigurationError)) throw error;
  return policy.spec?.failurePolicy === 'Ignore' ? [] : [{ message: `failed to configure ${what}: ${error.message}` }];
}

function sentence(policy: Policy, binding: Binding, text: string): string {
  return `ValidatingAdmissionPolicy '${policy.metadata?.name}' with binding '${binding.metadata?.name}' denied request: ${text}`;
}

function warning(policy: Policy, binding: Binding, text: string): string {
  return `Validation failed for ValidatingAdmissionPolicy '${policy.metadata?.name}' with binding '${binding.metadata?.name}': ${text}`;
}

const codes: Readonly<Record<string, number>> = { Forbidden: 403, Unauthorized: 401, RequestEntityTooLarge: 413 };

function denied(attributes: Attributes, object: StoredObject | undefined, denial: Denial): ApiError {
  const { message, reason = 'Invalid' } = denial;
  const { status } = refusal(attributes, object, message);
  const details = { ...status.details, causes: [{ message }] };
  return new ApiError({ ...status, reason, code: codes[reason] ?? 422, details });
}
