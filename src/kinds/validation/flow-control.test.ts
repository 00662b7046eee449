// What FlowSchemas and PriorityLevelConfigurations are refused for.
import { expect, test } from 'vitest';
import { refusalOf } from '../testing/refusal.ts';

function made(kind: string, spec: string, name = 'x'): string {
  return `apiVersion: flowcontrol.apiserver.k8s.io/v1\nkind: ${kind}\nmetadata: {name: ${name}}\nspec: ${spec}`;
}

test.each([
  [
    made('FlowSchema', '{matchingPrecedence: 1, priorityLevelConfiguration: {}, rules: [{subjects: [{kind: Robot}]}]}'),
    [
      "spec.matchingPrecedence: Invalid value: 1: only the schema named 'exempt' may have matchingPrecedence 1",
      'spec.priorityLevelConfiguration.name: Required value: must reference a priority level',
      'spec.rules[0].subjects[0].kind: Unsupported value: "Robot": supported values: "Group", "ServiceAccount", "User"',
      'spec.rules[0]: Required value: at least one of resourceRules and nonResourceRules has to be non-empty',
    ],
  ],
  [
    made(
      'FlowSchema',
      '{priorityLevelConfiguration: {name: p}, rules: [{subjects: [{kind: User, group: {name: g}}], nonResourceRules: [{verbs: [post], nonResourceURLs: [a, /b*]}], resourceRules: [{verbs: ["*", get], apiGroups: [""], resources: [pods]}]}]}',
    ),
    [
      "spec.rules[0].subjects[0].user: Required value: user is required when subject kind is 'User'",
      "spec.rules[0].subjects[0].group: Forbidden: group is forbidden when subject kind is not 'Group'",
      'spec.rules[0].resourceRules[0].verbs: Invalid value: ["*","get"]: if \'*\' is present, must not specify other verbs',
      'spec.rules[0].resourceRules[0].namespaces: Required value: resource rules that are not cluster scoped must supply at least one namespace',
      'spec.rules[0].nonResourceRules[0].verbs: Unsupported value: ["post"]: supported values: "create", "delete", "deletecollection", "get", "list", "patch", "proxy", "update", "watch"',
      'spec.rules[0].nonResourceRules[0].nonResourceURLs[0]: Invalid value: "a": must start with slash',
      'spec.rules[0].nonResourceRules[0].nonResourceURLs[1]: Invalid value: "/b*": wildcard can only do suffix matching',
    ],
  ],
  [
    made('PriorityLevelConfiguration', '{type: Limited, limited: {limitResponse: {type: Queue, queuing: {}}}}'),
    ['fine'],
  ],
  [
    made(
      'PriorityLevelConfiguration',
      '{type: Limited, limited: {lendablePercent: 101, limitResponse: {type: Queue, queuing: {queues: 1000, handSize: 10}}}}',
    ),
    [
      'spec.limited.limitResponse.queuing.handSize: Invalid value: 10: required entropy bits of deckSize 1000 and handSize 10 should not be greater than 60',
      'spec.limited.lendablePercent: Invalid value: 101: must be between 0 and 100, inclusive',
    ],
  ],
  [
    made('PriorityLevelConfiguration', '{type: Exempt}'),
    ["spec.type: Invalid value: \"Exempt\": must be 'Exempt' if and only if `name` is 'exempt'"],
  ],
  // What every cluster has stays as it is.
  [
    made('FlowSchema', '{matchingPrecedence: 1, priorityLevelConfiguration: {name: exempt}}', 'exempt'),
    [
      `spec: Invalid value: {"PriorityLevelConfiguration":{"Name":"exempt"},"MatchingPrecedence":1,"DistinguisherMethod":null,"Rules":null}: spec of 'exempt' must equal the fixed value`,
    ],
  ],
  [
    made(
      'PriorityLevelConfiguration',
      '{type: Limited, limited: {nominalConcurrencyShares: 6, limitResponse: {type: Reject}}}',
      'catch-all',
    ),
    [
      `spec: Invalid value: {"Type":"Limited","Limited":{"NominalConcurrencyShares":6,"LimitResponse":{"Type":"Reject","Queuing":null},"LendablePercent":0,"BorrowingLimitPercent":null},"Exempt":null}: spec of 'catch-all' must equal the fixed value`,
    ],
  ],
  [made('PriorityLevelConfiguration', '{type: Exempt, exempt: {nominalConcurrencyShares: 7}}', 'exempt'), ['fine']],
])('%s', (yaml, refusals) => {
  expect(refusalOf(yaml).split('\n')).toEqual(refusals);
});
