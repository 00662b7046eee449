// What is wrong with configurations of webhooks, in upstream's words.
import { expect, test } from 'vitest';
import { type FieldError, fieldErrorText } from '../../api/field-error.ts';
import type { ValidatingWebhook } from '../../api/generated/types.ts';
import { validateWebhooks } from './admission-webhooks.ts';

const good: ValidatingWebhook = {
  name: 'a.example.com',
  clientConfig: { service: { name: 'hook', namespace: 'default', path: '/check', port: 443 } },
  rules: [{ apiGroups: ['*'], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'], scope: '*' }],
  sideEffects: 'None',
  admissionReviewVersions: ['v1'],
};
const rule = good.rules?.[0] ?? {};
const service = { name: 'hook', namespace: 'default' };

test.each([
  [{}, []],
  [{ name: '' }, ['webhooks[0].name: Required value']],
  [
    { name: 'a.b' },
    ['webhooks[0].name: Invalid value: "a.b": should be a domain with at least three segments separated by dots'],
  ],
  [{ failurePolicy: 'x' }, ['webhooks[0].failurePolicy: Unsupported value: "x": supported values: "Fail", "Ignore"']],
  [{ sideEffects: '' }, ['webhooks[0].sideEffects: Unsupported value: "": supported values: "None", "NoneOnDryRun"']],
  // Upstream takes name and namespace for each other.
  [
    { clientConfig: { service: { ...service, name: '' } } },
    ['webhooks[0].clientConfig.service.namespace: Required value'],
  ],
  [
    { sideEffects: 'Some' },
    ['webhooks[0].sideEffects: Unsupported value: "Some": supported values: "None", "NoneOnDryRun"'],
  ],
  [
    { timeoutSeconds: 31 },
    ['webhooks[0].timeoutSeconds: Invalid value: 31: the timeout value must be between 1 and 30 seconds'],
  ],
  [
    { admissionReviewVersions: [] },
    ['webhooks[0].admissionReviewVersions: Required value: must specify one of v1, v1beta1'],
  ],
  [
    { admissionReviewVersions: ['v2'] },
    ['webhooks[0].admissionReviewVersions: Invalid value: ["v2"]: must include at least one of v1, v1beta1'],
  ],
  // whom it calls
  [{ clientConfig: {} }, ['webhooks[0].clientConfig: Required value: exactly one of url or service is required']],
  [
    { clientConfig: { url: 'http://a/b' } },
    [
      `webhooks[0].clientConfig.url: Invalid value: "http": 'https' is the only allowed URL scheme; desired format: https://host[/path]`,
    ],
  ],
  [
    { clientConfig: { url: 'https://a/b?c=d' } },
    ['webhooks[0].clientConfig.url: Invalid value: "c=d": query parameters are not permitted in the URL'],
  ],
  [
    { clientConfig: { service: { ...service, path: 'x' } } },
    [
      `webhooks[0].clientConfig.service.path: Invalid value: "x": must start with a '/'`,
      `webhooks[0].clientConfig.service.path: Invalid value: "x": segment[0] may not be empty`,
    ],
  ],
  [
    { clientConfig: { service: { ...service, port: 0 } } },
    [
      'webhooks[0].clientConfig.service.port: Invalid value: 0: port is not valid: must be between 1 and 65535, inclusive',
    ],
  ],
  // for which requests
  [
    { rules: [{ ...rule, operations: ['*', 'CREATE'] }] },
    [
      `webhooks[0].rules[0].operations: Invalid value: ["*","CREATE"]: if '*' is present, must not specify other operations`,
    ],
  ],
  [
    { rules: [{ ...rule, operations: ['ZAP'] }] },
    [
      'webhooks[0].rules[0].operations[0]: Unsupported value: "ZAP": supported values: "*", "CONNECT", "CREATE", "DELETE", "UPDATE"',
    ],
  ],
  [
    { rules: [{ ...rule, resources: ['*', 'pods'] }] },
    [
      `webhooks[0].rules[0].resources: Invalid value: ["*","pods"]: if '*' is present, must not specify other resources without subresources`,
    ],
  ],
  [
    { matchConditions: [{ name: 'x y', expression: '1' }] },
    [
      'webhooks[0].matchConditions[0].expression: Invalid value: "1": must evaluate to bool but got int',
      /matchConditions\[0\].name: Invalid value: "x y": name part must consist of/,
    ],
  ],
] satisfies [Partial<ValidatingWebhook>, (string | RegExp)[]][])('%j', (changes, texts) => {
  const errors: FieldError[] = [];
  validateWebhooks({ metadata: { name: 'x' }, webhooks: [{ ...good, ...changes }] }, errors);
  expect(errors.map(fieldErrorText)).toEqual(
    texts.map((text) => (typeof text === 'string' ? text : expect.stringMatching(text))),
  );
});

test('a name is there once', () => {
  const errors: FieldError[] = [];
  validateWebhooks({ webhooks: [good, good] }, errors);
  expect(errors.map(fieldErrorText)).toEqual(['webhooks[1].name: Duplicate value: "a.example.com"']);
});
