import { expect, test } from 'vitest';
import { JsonPath } from './jsonpath.ts';

const pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    creationTimestamp: '2026-11-22T10:00:00Z',
    labels: {
      app: 'a',
      'x.io/tier': 't3',
    },
    name: 'web-1',
    namespace: 'default',
    resourceVersion: '5',
    uid: 'u-web-1',
  },
  spec: {
    containers: [
      {
        args: ['a b', '<x>&'],
        image: 'nginx:1.3',
        name: 'c',
      },
      {
        image: 'b',
        name: 'd',
      },
    ],
    nodeName: 'n1',
    priority: 3,
    ratio: 1.5,
  },
  status: {
    phase: 'Running',
    podIP: '10.0.0.3',
  },
};

// Recorded from kubectl v1.36.3.
const texts: readonly (readonly [template: string, text: string])[] = [
  ['{.metadata.name}x{.kind}', 'web-1xPod'],
  ['{.spec.containers[*].name}', 'c d'],
  ['{.spec.containers[0,1].name}', 'c d'],
  [
    '{.spec.containers[-1].name} {.spec.containers[-1:].name} {.spec.containers[:1].name} {.spec.containers[::2].name}',
    'd d c c',
  ],
  ['{.spec.containers[?(@.name=="c")].image}', 'nginx:1.3'],
  ["{.spec.containers[?(@.name!='c')].image}", 'b'],
  ['{.spec.containers[?(@.args)].name}', 'c'],
  ['{.spec.containers[?(@.nope>1)].name}', ''],
  ["{['metadata.name','kind']}", 'web-1 Pod'],
  ['{.metadata.labels.x\\.io/tier}', 't3'],
  ["{.metadata.labels['x\\.io/tier']}", 't3'],
  ['{range .spec.containers[*]}[{.name}, {.image}] {end}', '[c, nginx:1.3] [d, b] '],
  ['{range .spec.containers[*]}{range .args[*]}<{@}>{end}{"\\n"}{end}', '<a b><<x>&>\n\n'],
  ['{range .nope[*]}x{end}y', 'y'],
  ['{"a\\tb\\"c"}{\'d\'}', 'a\tb"cd'],
  ['{...x}', ''],
  ['{.spec.containers[?(@.image=="b")]}', '{"image":"b","name":"d"}'],
  ['{$.kind}', 'Pod'],
  ['{ .kind }', 'Pod'],
  ['.kind', '.kind'],
  ['plain', 'plain'],
  ['{true}{1}{-2.5}{+3}', 'true1-2.53'],
  ["{.metadata['name','uid']}", 'web-1 u-web-1'],
  ['{range .spec.containers[*]}{.name}', 'cd'],
  ['{.spec..image}', 'nginx:1.3 b'],
];

const failures: readonly (readonly [template: string, message: string])[] = [
  ['{.spec.containers[?(@.name>1)].name}', 'incompatible types for comparison'],
  ['{end}', 'not in range, nothing to end'],
  ['{foo}', 'unrecognized identifier foo'],
  ['{.spec.containers[1:0]}', 'starting index 1 is greater than ending index 0'],
  ['{.spec.containers[0:9]}', 'array index out of bounds: index 8, length 2'],
  ['{.spec.containers[a]}', 'invalid array index a'],
  ['{.spec.containers[?(@.a]}', 'unterminated filter'],
  ['{.spec.containers[0', 'unterminated array'],
  ['{"abc}', 'unterminated quoted string'],
  ['{.a}{.b', 'unclosed action'],
  ['{#}', "unrecognized character in action: U+0023 '#'"],
  ['{.spec.priority[0]}', 'int64 is not array or slice'],
  ['{.metadata.name[0]}', 'string is not array or slice'],
  ['{1.2.3}', 'cannot parse number 1.2.3'],
  ['{.spec.containers[?(@.name=="c" && @.image)].name}', "unrecognized character in action: U+0026 '&'"],
  ['{.spec.containers[0::0].name}', 'step must be > 0'],
  ['{.spec.containers[5]}', 'array index out of bounds: index 5, length 2'],
  ['{.spec.containers[-5]}', 'array index out of bounds: index -3, length 2'],
];

const allow = { allowMissingKeys: true };

test.each(texts)('the path %s prints what kubectl prints', (template, text) => {
  expect(new JsonPath(template, allow).text(pod)).toBe(text);
});

test.each(failures)('the path %s fails in the words of client-go', (template, message) => {
  expect(() => new JsonPath(template, allow).text(pod)).toThrow(message);
});

test('a missing key fails unless it is allowed', () => {
  expect(() => new JsonPath('{.nope}').text(pod)).toThrow('nope is not found');
});
