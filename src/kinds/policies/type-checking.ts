// Type checking of a policy's expressions against the kinds that it is about: warnings for its status. Custom
// resources and the kinds of parameters are left out.

import type { ExpressionWarning, ValidatingAdmissionPolicy } from '../../api/generated/types.ts';
import type { GroupVersionKind } from '../../api/resource.ts';
import { definitionName } from '../../api/schema/schema.ts';
import { builtInResources } from '../catalog.ts';
import { PolicyCompiler } from './policy-compiler.ts';

const typesMax = 10;

/** What is wrong with its expressions, for each kind that its rules name without wildcards. */
export function typeWarnings({ spec = {} }: ValidatingAdmissionPolicy): readonly ExpressionWarning[] {
  const { validations = [], variables = [], paramKind } = spec;
  const compilers = kindsOf(spec).map((kind) => {
    const compiler = new PolicyCompiler({ params: paramKind !== undefined, object: definitionName(kind) });
    for (const { name, expression } of variables) compiler.addVariable(name, expression);
    return { kind, compiler };
  });
  const warnings: ExpressionWarning[] = [];
  const check = (fieldRef: string, text: string): void => {
    const problems = compilers.flatMap(({ kind, compiler }) => {
      const { problem } = compiler.compile(text, { returns: 'dyn', authorizer: true });
      return problem === undefined ? [] : [`${kind.group}/${kind.version}, Kind=${kind.kind}: ${problem}\n`];
    });
    if (problems.length > 0) warnings.push({ fieldRef, warning: problems.join('\n') });
  };
  for (const [i, { expression, messageExpression }] of validations.entries()) {
    check(`spec.validations[${i}].expression`, expression);
    if (messageExpression) check(`spec.validations[${i}].messageExpression`, messageExpression);
  }
  return warnings;
}

function kindsOf({ matchConstraints }: NonNullable<ValidatingAdmissionPolicy['spec']>): readonly GroupVersionKind[] {
  const named = new Map<string, GroupVersionKind>();
  for (const { apiGroups = [], apiVersions = [], resources = [] } of matchConstraints?.resourceRules ?? []) {
    if (apiGroups.includes('*') || apiVersions.includes('*')) continue;
    const plain = resources.filter((resource) => !/[*/]/.test(resource));
    for (const { group, version, kind, resource } of builtInResources())
      if (apiGroups.includes(group) && apiVersions.includes(version) && plain.includes(resource))
        named.set(`${group}/${version}/${kind}`, { group, version, kind });
  }
  return [...named]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .slice(0, typesMax)
    .map(([, kind]) => kind);
}
