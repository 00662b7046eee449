// MutatingAdmissionPolicies: expressions in CEL that change objects on their way in, where a binding says so.
import type {
  MutatingAdmissionPolicy,
  MutatingAdmissionPolicyBinding,
  Mutation,
} from '../../../../api/generated/types.ts';
import { ApiError } from '../../../../api/status.ts';
import { equal, type JsonObject } from '../../../../base/json.ts';
import type { StoredObject } from '../../../../kinds/kind.ts';
import { type CompiledExpression, ExpressionError } from '../../../../kinds/policies/policy-compiler.ts';
import type { ServedResource } from '../../served-resource.ts';
import { refusal, shownIn } from '../admission-request.ts';
import type { AdmissionPlugin, Attributes } from '../plugin.ts';
import { isExempt, matchedResource } from '../request-matching.ts';
import { mutated } from './mutation.ts';
import { type CompiledFrame, compileFrame, conditionsHold, subjectOf } from './policy-evaluation.ts';
import { ConfigurationError, hookSource, type PolicyHook, paramResource, paramsOf } from './policy-hooks.ts';

type Policy = MutatingAdmissionPolicy;
type Binding = MutatingAdmissionPolicyBinding;

interface CompiledPolicy extends CompiledFrame {
  readonly mutations: readonly { readonly mutation: Mutation; readonly expression: CompiledExpression }[];
}

type Hook = PolicyHook<Policy, Binding, CompiledPolicy>;

/** One policy with one binding and one parameter. */
interface Invocation {
  readonly hook: Hook;
  readonly binding: Binding;
  readonly matched: ServedResource;
  readonly param: StoredObject | undefined;
}

/** A policy that could not be applied, in upstream's words. */
interface Problem {
  readonly policy: Policy;
  readonly text: string;
  readonly reason?: string;
}

const name = 'MutatingAdmissionPolicy';

const hooksOf = hookSource<Policy, Binding, CompiledPolicy>({
  policies: 'mutatingadmissionpolicies.admissionregistration.k8s.io',
  bindings: 'mutatingadmissionpolicybindings.admissionregistration.k8s.io',
  asPolicy: (object) => object as Policy, // edge: an object of that resource
  asBinding: (object) => object as Binding, // edge: an object of that resource
  policyName: ({ spec }) => spec?.policyName ?? '',
  compile: compilePolicy,
});

export const mutatingPolicies: AdmissionPlugin = {
  name,
  takesParts: true,
  admit(object, attributes) {
    const hooks = hooksOf(attributes.lookups);
    if (hooks.length === 0 || isExempt(attributes)) return object;
    const problems: Problem[] = [];
    const invocations = hooks.flatMap((hook) => invocationsOf(hook, { attributes, object, problems }));
    const rounds = attributes.reinvocation.of(name);
    rounds.begin(object);
    let admitted = object;
    for (const invocation of invocations) admitted = invoke(invocation, { attributes, object: admitted, problems });
    rounds.end(admitted);
    const serious = problems.filter(({ policy }) => policy.spec?.failurePolicy !== 'Ignore');
    if (serious.length > 0) throw denied(attributes, object, serious);
    return admitted;
  },
};

interface Case {
  readonly attributes: Attributes;
  readonly object: StoredObject;
  readonly problems: Problem[];
}

function compilePolicy({ spec = {} }: Policy): CompiledPolicy {
  const frame = compileFrame(spec);
  return {
    ...frame,
    mutations: (spec.mutations ?? []).map((mutation) => {
      const { applyConfiguration, jsonPatch } = mutation;
      const text = (applyConfiguration ?? jsonPatch)?.expression?.trim() ?? '';
      const returns = applyConfiguration ? 'Object' : 'list(JSONPatch)';
      return { mutation, expression: frame.compiler.compile(text, { returns, authorizer: true }) };
    }),
  };
}

function invocationsOf(hook: Hook, { attributes, object, problems }: Case): readonly Invocation[] {
  const { policy } = hook;
  const { matchConstraints = {}, paramKind } = policy.spec ?? {};
  const { resourceRules: rules = [], excludeResourceRules: excluded } = matchConstraints;
  const matched = matchedResource({ ...matchConstraints, rules, excluded }, attributes, object);
  if (!matched) return [];
  try {
    const resource = paramResource(paramKind, attributes);
    return hook.bindings.flatMap((binding) => {
      const { matchResources, paramRef } = binding.spec ?? {};
      if (matchResources && !bindingMatches(matchResources, attributes, object)) return [];
      try {
        return paramsOf(resource, paramRef, attributes).map((param) => ({ hook, binding, matched, param }));
      } catch (error) {
        const text = configurationText(error, 'binding');
        problems.push({ policy, text: sentence(policy, binding, text) });
        return [];
      }
    });
  } catch (error) {
    const text = configurationText(error, 'policy');
    problems.push({ policy, text: `policy ${JSON.stringify(policy.metadata?.name)} denied request: ${text}` });
    return [];
  }
}

function bindingMatches(
  match: NonNullable<NonNullable<Binding['spec']>['matchResources']>,
  attributes: Attributes,
  object: StoredObject,
): boolean {
  const rules = match.resourceRules?.length ? match.resourceRules : undefined;
  return matchedResource({ ...match, rules, excluded: match.excludeResourceRules }, attributes, object) !== undefined;
}

function invoke(invocation: Invocation, { attributes, object, problems }: Case): StoredObject {
  const { hook, binding, matched, param } = invocation;
  const { policy, compiled } = hook;
  const rounds = attributes.reinvocation.of(name);
  const key = [policy, binding, param].map((each) => keyOf(each)).join(' ');
  let changed = object;
  const attempt = (run: () => void): boolean => {
    try {
      run();
      return true;
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error;
      problems.push({ policy, text: sentence(policy, binding, error.message), reason: 'Invalid' });
      return false;
    }
  };
  const activation = (now: StoredObject) =>
    compiled.compiler.activation(subjectOf(attributes, matched, { object: now, param }));
  let holds = false;
  const decided = attempt(() => {
    holds = conditionsHold(compiled.conditions, activation(object));
  });
  if (!decided || !holds || rounds.skips(key)) return object;
  for (const { mutation, expression } of compiled.mutations)
    attempt(() => {
      const shown = shownIn(attributes, matched, changed) ?? {};
      const result = mutated({ mutation, expression, matched }, shown, activation(changed));
      if (result !== shown) changed = restored(attributes, matched, { object: changed, shown: result });
    });
  if (!equal(changed, object)) rounds.changed();
  if (policy.spec?.reinvocationPolicy === 'IfNeeded') rounds.comesAgain(key);
  return changed;
}

function restored(
  { view, restore }: Attributes,
  matched: ServedResource,
  { object, shown }: { readonly object: StoredObject; readonly shown: JsonObject },
): StoredObject {
  return view ? view.restore(object, shown) : restore(matched, shown);
}

function keyOf(object: StoredObject | undefined): string {
  return `${object?.metadata?.namespace ?? ''}/${object?.metadata?.name ?? ''}`;
}

function configurationText(error: unknown, what: 'policy' | 'binding'): string {
  if (!(error instanceof ConfigurationError)) throw error;
  return `failed to configure ${what}: ${error.message}`;
}

function sentence(policy: Policy, binding: Binding, text: string): string {
  return `policy '${policy.metadata?.name}' with binding '${binding.metadata?.name}' denied request: ${text}`;
}

/** The first problem is the message; all of them are causes. The code stays that of a refusal. */
function denied(attributes: Attributes, object: StoredObject, problems: readonly Problem[]): ApiError {
  const [first] = problems;
  const { status } = refusal(attributes, object, '');
  const causes = problems.map(({ text }) => ({ message: text }));
  const { text: message = '', reason } = first ?? {};
  return new ApiError({ ...status, message, ...(reason && { reason }), details: { ...status.details, causes } });
}
