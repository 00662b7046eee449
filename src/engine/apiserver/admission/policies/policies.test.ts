// Admission policies as clients meet them.
import { describe, expect, test } from 'vitest';
import type { ApiRequest } from '../../../../api/request.ts';
import { ApiError } from '../../../../api/status.ts';
import { isObject, type JsonObject } from '../../../../base/json.ts';
import { EtcdStore } from '../../../etcd/store.ts';
import { Simulation } from '../../../sim/simulation.ts';
import { createApiServer } from '../../api-server.ts';
import { asJson } from '../../json-edge.ts';

const admin = { name: 'admin', groups: ['system:masters', 'system:authenticated'] };
const deployments = { group: 'apps', resource: 'deployments' };
const group = 'admissionregistration.k8s.io';

function setUp() {
  const simulation = new Simulation({ seed: 1, startsAt: Date.UTC(2026, 0, 1) });
  const api = createApiServer({ scope: simulation.root.child('apiserver'), store: new EtcdStore() });
  const warnings: string[] = [];
  const call = (request: Partial<ApiRequest>): JsonObject => {
    const whole = { verb: 'create', group: '', version: 'v1', resource: 'pods', namespace: 'default' } as const;
    const full: ApiRequest = { ...whole, user: admin, userAgent: 'test', ...request };
    return asJson(api.perform(full, (text) => warnings.push(text)).object);
  };
  const failure = (request: Partial<ApiRequest>): ApiError | undefined => {
    try {
      call(request);
    } catch (error) {
      if (error instanceof ApiError) return error;
      throw error;
    }
    return undefined;
  };
  const add = (resource: string, name: string, spec: JsonObject) =>
    call({ group, resource, namespace: undefined, body: { metadata: { name }, spec } });
  const policy = (spec: JsonObject, name = 'p') =>
    add('validatingadmissionpolicies', name, { matchConstraints: { resourceRules: [rule()] }, ...spec });
  const bind = (spec: JsonObject = {}, name = 'p') =>
    add('validatingadmissionpolicybindings', `${name}-b`, { policyName: name, validationActions: ['Deny'], ...spec });
  const mutate = (spec: JsonObject, name = 'm') => {
    const rules = { matchConstraints: { resourceRules: [rule()] }, reinvocationPolicy: 'Never' };
    add('mutatingadmissionpolicies', name, { ...rules, ...spec });
    add('mutatingadmissionpolicybindings', `${name}-b`, { policyName: name });
  };
  call({ resource: 'serviceaccounts', body: { metadata: { name: 'default' } } });
  return {
    api,
    call,
    failure,
    warnings,
    add,
    policy,
    bind,
    mutate,
    refusal: (r: Partial<ApiRequest>) => failure(r)?.message,
  };
}

function rule(more: JsonObject = {}): JsonObject {
  return {
    apiGroups: ['apps'],
    apiVersions: ['v1'],
    operations: ['CREATE', 'UPDATE'],
    resources: ['deployments'],
    ...more,
  };
}

function deployment(replicas: number, labels: JsonObject = {}): JsonObject {
  const template = { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'c', image: 'nginx' }] } };
  return { metadata: { name: 'web', labels }, spec: { replicas, selector: { matchLabels: { a: 'b' } }, template } };
}

const few = { validations: [{ expression: 'object.spec.replicas <= 5' }] };

describe('ValidatingAdmissionPolicy', () => {
  test('denies what a bound policy is against, and says which one', () => {
    const { policy, bind, failure } = setUp();
    policy(few);
    expect(failure({ ...deployments, body: deployment(9), options: { dryRun: ['All'] } })).toBeUndefined();
    bind();
    expect(failure({ ...deployments, body: deployment(5), options: { dryRun: ['All'] } })).toBeUndefined();
    expect(failure({ ...deployments, body: deployment(6) })?.status).toMatchInlineSnapshot(`
      {
        "apiVersion": "v1",
        "code": 422,
        "details": {
          "causes": [
            {
              "message": "ValidatingAdmissionPolicy 'p' with binding 'p-b' denied request: failed expression: object.spec.replicas <= 5",
            },
          ],
          "group": "apps",
          "kind": "deployments",
          "name": "web",
        },
        "kind": "Status",
        "message": "deployments.apps "web" is forbidden: ValidatingAdmissionPolicy 'p' with binding 'p-b' denied request: failed expression: object.spec.replicas <= 5",
        "metadata": {},
        "reason": "Invalid",
        "status": "Failure",
      }
    `);
  });

  const sentence = (text: string) =>
    `deployments.apps "web" is forbidden: ValidatingAdmissionPolicy 'p' with binding 'p-b' denied request: ${text}`;

  const expression = 'object.spec.replicas <= 5';
  test.each([
    // messages
    [{ validations: [{ expression, message: 'at most five' }] }, 'at most five'],
    [{ validations: [{ expression, messageExpression: '"not " + string(object.spec.replicas)' }] }, 'not 6'],
    [{ validations: [{ expression, message: 'm', messageExpression: 'string(object.spec.nope)' }] }, 'm'],
    // variables
    [
      {
        variables: [{ name: 'n', expression: 'object.spec.replicas' }],
        validations: [{ expression: 'variables.n < 6' }],
      },
      'failed expression: variables.n < 6',
    ],
    [
      { variables: [{ name: 'n', expression: 'object.spec.nope' }], validations: [{ expression: 'variables.n < 6' }] },
      `expression 'variables.n < 6' resulted in error: composited variable "n" fails to evaluate: no such key: nope`,
    ],
    // errors
    [
      { validations: [{ expression: 'object.nope == 1' }] },
      "expression 'object.nope == 1' resulted in error: no such key: nope",
    ],
    [{ failurePolicy: 'Ignore', validations: [{ expression: 'object.nope == 1' }] }, undefined],
    [
      {
        validations: [
          { expression: 'false', messageExpression: '"%s wants %d of %s".format([object.metadata.name, 6, ["a"]])' },
        ],
      },
      'web wants 6 of [a]',
    ],
    [{ validations: [{ expression: 'sets.contains(["a", "b"], ["b"]) && !sets.intersects([1], [2])' }] }, undefined],
    [
      {
        validations: [
          { expression: `${'object.spec.template.metadata.labels.all(k, '.repeat(9)}true${')'.repeat(9)}` },
        ],
      },
      'validation failed due to running out of cost budget, no further validation rules will be run',
    ],
    // what else an expression sees
    [
      { validations: [{ expression: 'request.operation == "UPDATE"' }] },
      'failed expression: request.operation == "UPDATE"',
    ],
    [{ validations: [{ expression: 'request.userInfo.username == "admin" && oldObject == null' }] }, undefined],
    [{ validations: [{ expression: 'namespaceObject.metadata.name == "default"' }] }, undefined],
    [
      {
        validations: [
          { expression: 'authorizer.group("apps").resource("deployments").namespace("x").check("create").allowed()' },
        ],
      },
      undefined,
    ],
    [
      {
        validations: [
          {
            expression:
              '!authorizer.serviceAccount("default", "default").group("apps").resource("deployments").check("create").allowed()',
          },
        ],
      },
      undefined,
    ],
    [
      { validations: [{ expression: 'object.metadata.name.matches("^(w+)+e$")' }] },
      'failed expression: object.metadata.name.matches("^(w+)+e$")',
    ],
    // conditions
    [{ ...few, matchConditions: [{ name: 'no', expression: 'request.operation == "UPDATE"' }] }, undefined],
    [
      { ...few, matchConditions: [{ name: 'bad', expression: 'object.nope' + ' == 1' }] },
      "expression 'object.nope == 1' resulted in error: no such key: nope",
    ],
    [
      {
        ...few,
        matchConditions: [
          { name: 'bad', expression: 'object.nope == 1' },
          { name: 'no', expression: 'false' },
        ],
      },
      undefined,
    ],
    // constraints
    [{ ...few, matchConstraints: { resourceRules: [rule({ operations: ['DELETE'] })] } }, undefined],
    [
      { ...few, matchConstraints: { resourceRules: [rule({ resources: ['*'] })] } },
      'failed expression: object.spec.replicas <= 5',
    ],
    [
      {
        ...few,
        matchConstraints: { resourceRules: [rule()], excludeResourceRules: [rule({ resourceNames: ['web'] })] },
      },
      undefined,
    ],
    [
      { ...few, matchConstraints: { resourceRules: [rule()], objectSelector: { matchLabels: { env: 'prod' } } } },
      undefined,
    ],
    [
      {
        ...few,
        matchConstraints: {
          resourceRules: [rule()],
          namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'default' } },
        },
      },
      'failed expression: object.spec.replicas <= 5',
    ],
  ] satisfies [JsonObject, string | undefined][])('%j', (spec, text) => {
    const { policy, bind, refusal } = setUp();
    policy(spec);
    bind();
    expect(refusal({ ...deployments, body: deployment(6) })).toBe(text && sentence(text));
  });

  test('warns where the binding says so, and lets the request pass', () => {
    const { policy, bind, refusal, warnings } = setUp();
    policy(few);
    bind({ validationActions: ['Warn', 'Audit'] });
    expect(refusal({ ...deployments, body: deployment(6) })).toBeUndefined();
    expect(warnings).toEqual([
      "Validation failed for ValidatingAdmissionPolicy 'p' with binding 'p-b': failed expression: object.spec.replicas <= 5",
    ]);
  });

  test('gives its reason', () => {
    const { policy, bind, failure } = setUp();
    policy({ validations: [{ expression: 'false', reason: 'Forbidden' }] });
    bind();
    expect(failure({ ...deployments, body: deployment(6) })?.status).toMatchObject({ code: 403, reason: 'Forbidden' });
  });

  test('sees the Scale of a workload where it is scaled', () => {
    const { policy, bind, call, refusal } = setUp();
    policy({ ...few, matchConstraints: { resourceRules: [rule({ resources: ['deployments/scale'] })] } });
    bind();
    call({ ...deployments, body: deployment(6) });
    const scale = { ...deployments, verb: 'patch', name: 'web', subresource: 'scale' } as const;
    const patchType = 'application/merge-patch+json';
    expect(refusal({ ...scale, patchType, body: { spec: { replicas: 7 } } })).toContain('failed expression');
    expect(refusal({ ...scale, patchType, body: { spec: { replicas: 2 } } })).toBeUndefined();
  });

  test('sees what somebody wants to execute', () => {
    const { policy, bind, call, api } = setUp();
    const resourceRules = [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CONNECT'], resources: ['pods/exec'] }];
    policy({
      matchConstraints: { resourceRules },
      validations: [{ expression: '!("sh" in object.command)', message: 'no shells' }],
    });
    bind();
    call({ body: { metadata: { name: 'web' }, spec: { containers: [{ name: 'c', image: 'nginx' }] } } });
    const path = '/api/v1/namespaces/default/pods/web/exec?stdout=true&command=';
    const refusals: unknown[] = [];
    for (const command of ['sh', 'ls'])
      api.connect(
        { method: 'GET', path: path + command },
        {
          accepted: () => void refusals.push('accepted'),
          refused: (_, body) =>
            void refusals.push(body.kind === 'json' && isObject(body.value) ? body.value.message : ''),
          data() {},
          end() {},
        },
      );
    expect(refusals).toEqual([
      `pods "web" is forbidden: ValidatingAdmissionPolicy 'p' with binding 'p-b' denied request: no shells`,
      'pod web does not have a host assigned',
    ]);
  });

  test('takes parameters from the object that a binding refers to', () => {
    const { policy, bind, call, refusal } = setUp();
    policy({
      paramKind: { apiVersion: 'v1', kind: 'ConfigMap' },
      validations: [{ expression: 'object.spec.replicas <= int(params.data.max)' }],
    });
    bind({ paramRef: { name: 'limits', parameterNotFoundAction: 'Deny' } });
    const text = 'failed to configure binding: no params found for policy binding with `Deny` parameterNotFoundAction';
    expect(refusal({ ...deployments, body: deployment(6) })).toBe(sentence(text));
    call({ resource: 'configmaps', body: { metadata: { name: 'limits' }, data: { max: '6' } } });
    expect(refusal({ ...deployments, body: deployment(7) })).toContain('failed expression');
    expect(refusal({ ...deployments, body: deployment(6) })).toBeUndefined();
  });

  test('says that nothing is known of the kind of its parameters', () => {
    const { policy, bind, refusal } = setUp();
    policy({ ...few, paramKind: { apiVersion: 'rules.example.com/v1', kind: 'Limit' } });
    bind({ paramRef: { name: 'limits', parameterNotFoundAction: 'Deny' } });
    expect(refusal({ ...deployments, body: deployment(6) })).toBe(
      `deployments.apps "web" is forbidden: ValidatingAdmissionPolicy 'p' denied request: failed to configure policy: failed to find resource referenced by paramKind: 'rules.example.com/v1, Kind=Limit'`,
    );
  });

  test.each([
    [{ validations: [{ expression: 'object.spec.(' }] }, 'Syntax error'],
    [{ validations: [{ expression: 'zork' }] }, "undeclared reference to 'zork' (in container '')"],
    [{ validations: [{ expression: '1' }] }, 'must evaluate to bool but got int'],
    [{ validations: [{ expression: 'true', messageExpression: '1' }] }, 'must evaluate to string but got int'],
    [
      { validations: [{ expression: 'true', messageExpression: 'string(authorizer)' }] },
      "undeclared reference to 'authorizer'",
    ],
    [{ validations: [] }, 'validations or auditAnnotations must contain at least one item'],
    [
      { ...few, failurePolicy: 'Perhaps' },
      'spec.failurePolicy: Unsupported value: "Perhaps": supported values: "Fail", "Ignore"',
    ],
    [{ ...few, matchConstraints: {} }, 'spec.matchConstraints.resourceRules: Required value'],
    [
      { ...few, matchConstraints: { resourceRules: [rule({ operations: [] })] } },
      'spec.matchConstraints.resourceRules[0].operations: Required value',
    ],
    [
      { ...few, variables: [{ name: 'if', expression: '1' }] },
      'spec.variables[0].name: Invalid value: "if": must be a valid CEL identifier',
    ],
    [{ ...few, matchConditions: [{ name: 'a', expression: 'variables.x' }] }, "undeclared reference to 'variables'"],
  ] satisfies [JsonObject, string][])('is refused: %j', (spec, text) => {
    const { failure } = setUp();
    const body = { metadata: { name: 'p' }, spec: { matchConstraints: { resourceRules: [rule()] }, ...spec } };
    const request = { group, resource: 'validatingadmissionpolicies', namespace: undefined, body };
    expect(failure(request)?.message).toContain(text);
  });
});

describe('MutatingAdmissionPolicy', () => {
  const made = (object: JsonObject): unknown => {
    const { metadata, spec } = object;
    return { labels: isObject(metadata) ? metadata.labels : undefined, replicas: isObject(spec) ? spec.replicas : 0 };
  };

  test('lays an apply configuration over the object', () => {
    const { mutate, call } = setUp();
    const expression =
      'Object{metadata: Object.metadata{labels: Object.metadata.labels{team: "a"}}, spec: Object.spec{replicas: object.spec.replicas + 1}}';
    mutate({ mutations: [{ patchType: 'ApplyConfiguration', applyConfiguration: { expression } }] });
    expect(made(call({ ...deployments, body: deployment(2, { env: 'x' }) }))).toEqual({
      labels: { env: 'x', team: 'a' },
      replicas: 3,
    });
  });

  test('applies a JSON patch', () => {
    const { mutate, call } = setUp();
    const expression = '[JSONPatch{op: "add", path: "/metadata/labels/" + jsonpatch.escapeKey("a/b"), value: "c"}]';
    mutate({ mutations: [{ patchType: 'JSONPatch', jsonPatch: { expression } }] });
    expect(made(call({ ...deployments, body: deployment(2, { env: 'x' }) }))).toEqual({
      labels: { env: 'x', 'a/b': 'c' },
      replicas: 2,
    });
  });

  test('comes again for what a later one changed, where it asks for that', () => {
    const { mutate, call } = setUp();
    const add = (name: string, when: string) => ({
      matchConditions: [{ name: 'when', expression: when }],
      mutations: [
        {
          patchType: 'ApplyConfiguration',
          applyConfiguration: { expression: `Object{metadata: Object.metadata{labels: {"${name}": "yes"}}}` },
        },
      ],
    });
    mutate(
      { ...add('a', 'has(object.metadata.labels.b) || object.spec.replicas == 2'), reinvocationPolicy: 'IfNeeded' },
      'a',
    );
    mutate(add('b', 'true'), 'b');
    expect(made(call({ ...deployments, body: deployment(2) }))).toEqual({
      labels: { a: 'yes', b: 'yes' },
      replicas: 2,
    });
  });

  test('says what went wrong', () => {
    const { mutate, failure } = setUp();
    const expression =
      'Object{spec: Object.spec{selector: Object.spec.selector{matchLabels: Object.spec.selector.matchLabels{x: "y"}}}}';
    mutate({ mutations: [{ patchType: 'ApplyConfiguration', applyConfiguration: { expression } }] });
    expect(failure({ ...deployments, body: deployment(2) })?.status).toMatchObject({
      code: 403,
      message:
        "policy 'm' with binding 'm-b' denied request: error applying patch: invalid ApplyConfiguration: may not mutate atomic arrays, maps or structs: .spec.selector",
      reason: 'Invalid',
    });
  });
});
