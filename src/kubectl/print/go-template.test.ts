import { expect, test } from 'vitest';
import { GoTemplate, TemplateError } from '../../base/go/template.ts';
import { kubectlFunctions } from './template-functions.ts';

const options = { name: 'output', functions: kubectlFunctions };

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
  ['{{.metadata.name | printf "%-10s|"}}{{len .spec.containers}}', 'web-1     |2'],
  ['{{index .spec.containers 0}}', 'map[args:[a b <x>&] image:nginx:1.3 name:c]'],
  ['{{index .metadata "name"}} {{index .metadata "nope"}}', 'web-1 <no value>'],
  ['{{index .metadata.labels "x.io/tier"}}', 't3'],
  ['{{.a.b}}', '<no value>'],
  ['{{(index .spec.containers 0).name}} {{(index .spec.containers 0).args}}', 'c [a b <x>&]'],
  ['{{range $i, $c := .spec.containers}}{{$i}}={{$c.name}},{{end}}', '0=c,1=d,'],
  ['{{range .spec.containers}}{{.name}}{{else}}none{{end}}', 'cd'],
  ['{{range .nope}}{{.name}}{{else}}none{{end}}', 'none'],
  ['{{range $k, $v := .metadata.labels}}{{$k}}:{{$v}} {{end}}', 'app:a x.io/tier:t3 '],
  ['{{range 3}}{{.}}{{end}}', '012'],
  ['{{with .nope}}x{{else}}y{{end}}{{with .metadata}}{{.name}}{{end}}', 'yweb-1'],
  ['{{with $n := .metadata.name}}{{$n}}{{end}}', 'web-1'],
  ['{{if eq .metadata.name "web-1"}}a{{else if eq 1 2}}b{{else}}c{{end}}', 'a'],
  ['{{if and .metadata (not .nope)}}y{{end}} {{or .nope "d"}} {{and 1 0}}', 'y d 0'],
  [
    '{{eq .spec.priority 3}} {{gt .spec.priority 2}} {{lt .spec.ratio 2.0}} {{ne "a" "b"}} {{le 1 1}} {{ge 2 3}}',
    'true true true true true false',
  ],
  ['{{eq 1 2 3 1}}', 'true'],
  [
    '{{printf "%d %s %v %q %5d|%-5d|%05d %x %t %T %.2f %+v %%" 3 "a" .metadata.labels "q\\"" 42 42 42 255 true .spec.priority 1.234 .spec.containers}}',
    '3 a map[app:a x.io/tier:t3] "q\\""    42|42   |00042 ff true int64 1.23 [map[args:[a b <x>&] image:nginx:1.3 name:c] map[image:b name:d]] %',
  ],
  [
    '{{printf "%d" "a"}} {{printf "%s" 1}} {{printf "%s"}} {{printf "a" 1}}',
    '%!d(string=a) %!s(int=1) %!s(MISSING) a%!(EXTRA int=1)',
  ],
  ['{{print 1 2 "a" "b" 3}} {{println "a" 1}}', '1 2ab3 a 1\n'],
  [
    '{{html "<a&\'\\">"}} {{js "a\'b<\\"\\n"}} {{urlquery "a b&c=é"}}',
    '&lt;a&amp;&#39;&#34;&gt; a\\\'b\\u003C\\"\\u000A a+b%26c%3D%C3%A9',
  ],
  ['{{"YWJj" | base64decode}}', 'abc'],
  ['{{exists .metadata "name"}} {{exists .metadata "nope"}} {{exists .spec.containers 0 "args" 1}}', 'true false true'],
  ['{{slice "abcdef" 1 3}} {{len "héllo"}} {{slice .spec.containers 1}}', 'bc 6 [map[image:b name:d]]'],
  ['{{define "t"}}[{{.}}]{{end}}{{template "t" .metadata.name}}{{template "t"}}', '[web-1][<no value>]'],
  ['{{block "b" .metadata}}{{.name}}{{end}}', 'web-1'],
  ['{{/* c */}}a {{- " b " -}} c', 'a b c'],
  ["{{ 0x10 }} {{ 1e3 }} {{ 'a' }} {{ -5 }} {{ `raw\\n` }} {{ 1_000 }}", '16 1000 97 -5 raw\\n 1000'],
  ['{{range .spec.containers}}{{if eq .name "d"}}{{continue}}{{end}}{{.name}}{{end}}', 'c'],
  ['{{range $i, $e := .spec.containers}}{{if $i}}{{break}}{{end}}{{.name}}{{end}}', 'c'],
  ['{{$a := 1}}{{$a = 2}}{{$a}}', '2'],
  ['{{.x | }}', '<no value>'],
  [
    '{{.spec.priority}} {{.spec.ratio}} {{.metadata.nope}} {{.spec.containers}}',
    '3 1.5 <no value> [map[args:[a b <x>&] image:nginx:1.3 name:c] map[image:b name:d]]',
  ],
  ['{{range .items}}x{{end}}{{.kind}}', 'Pod'],
  ['{{template "x" .}}{{define "x"}}{{.kind}}{{end}}', 'Pod'],
  ['{{with .metadata}}{{$.kind}}{{end}}', 'Pod'],
  ['{{1.5}} {{true}} {{.metadata.creationTimestamp}}', '1.5 true 2026-11-22T10:00:00Z'],
  ['{{.x}}}', '<no value>}'],
  ['{{printf "%v %v %v" nil .nope true}}', '<nil> <nil> true'],
  ['{{print nil}}', '<nil>'],
];

const failures: readonly (readonly [template: string, message: string])[] = [
  [
    '{{index .spec.containers 9}}',
    'template: output:1:2: executing "output" at <index .spec.containers 9>: error calling index: index out of range: 9',
  ],
  [
    '{{index .spec.containers "a"}}',
    'template: output:1:2: executing "output" at <index .spec.containers "a">: error calling index: cannot index slice/array with type string',
  ],
  [
    '{{index .nope 1}}',
    'template: output:1:2: executing "output" at <index .nope 1>: error calling index: index of untyped nil',
  ],
  [
    '{{.metadata.name.x.y}}',
    'template: output:1:11: executing "output" at <.metadata.name.x.y>: can\'t evaluate field x in type interface {}',
  ],
  [
    '{{$x := .metadata.name}}{{$x.y}}',
    'template: output:1:28: executing "output" at <$x.y>: can\'t evaluate field y in type string',
  ],
  [
    '{{range .metadata.name}}{{.}}{{end}}',
    'template: output:1:17: executing "output" at <.metadata.name>: range can\'t iterate over web-1',
  ],
  [
    '{{eq .spec.priority "a"}}',
    'template: output:1:2: executing "output" at <eq .spec.priority "a">: error calling eq: incompatible types for comparison: int64 and string',
  ],
  [
    '{{eq .spec.containers 1}}',
    'template: output:1:2: executing "output" at <eq .spec.containers 1>: error calling eq: incompatible types for comparison: []interface {} and int',
  ],
  [
    '{{lt true false}}',
    'template: output:1:2: executing "output" at <lt true false>: error calling lt: invalid type for comparison',
  ],
  ['{{eq 1}}', 'template: output:1:2: executing "output" at <eq 1>: error calling eq: missing argument for comparison'],
  [
    '{{base64decode "a"}}',
    'template: output:1:2: executing "output" at <base64decode "a">: error calling base64decode: base64 decode failed: illegal base64 data at input byte 0',
  ],
  ['{{base64decode 1}}', 'template: output:1:15: executing "output" at <1>: expected string; found 1'],
  ['{{base64decode .nope}}', 'template: output:1:15: executing "output" at <.nope>: invalid value; expected string'],
  ['{{len 3}}', 'template: output:1:2: executing "output" at <len 3>: error calling len: len of type int'],
  [
    '{{len .nope}}',
    'template: output:1:2: executing "output" at <len .nope>: error calling len: reflect: call of reflect.Value.Type on zero Value',
  ],
  [
    '{{slice "abc" 5}}',
    'template: output:1:2: executing "output" at <slice "abc" 5>: error calling slice: index out of range: 5',
  ],
  [
    '{{template "nope"}}',
    'template: output:1:11: executing "output" at <{{template "nope"}}>: template "nope" not defined',
  ],
  ['{{nil}}', 'template: output:1:2: executing "output" at <nil>: nil is not a command'],
  ['{{$x}}', 'template: output:1: undefined variable "$x"'],
  ['{{if}}', 'template: output:1: missing value for if'],
  ['{{if .x}}', 'template: output:1: unexpected EOF'],
  ['{{else}}', 'template: output:1: unexpected {{else}}'],
  ['{{end}}', 'template: output:1: unexpected {{end}}'],
  ['{{.x', 'template: output:1: unclosed action'],
  ['{{"abc}}', 'template: output:1: unterminated quoted string'],
  ['{{| .x}}', 'template: output:1: unexpected "|" in command'],
  ['{{(.x}}', 'template: output:1: unclosed left paren'],
  ['{{.x)}}', 'template: output:1: unexpected right paren'],
  ['{{foo .x}}', 'template: output:1: function "foo" not defined'],
  [
    '{{.metadata.name "a"}}',
    'template: output:1:11: executing "output" at <.metadata.name>: name is not a method but has arguments',
  ],
  ['{{"a" "b"}}', 'template: output:1:2: executing "output" at <"a">: can\'t give argument to non-function "a"'],
  ['{{not}}', 'template: output:1:2: executing "output" at <not>: wrong number of args for not: want 1 got 0'],
  ['{{not 1 2}}', 'template: output:1:2: executing "output" at <not>: wrong number of args for not: want 1 got 2'],
  ['{{len 1 2}}', 'template: output:1:2: executing "output" at <len>: wrong number of args for len: want 1 got 2'],
  ['{{call .x}}', 'template: output:1:2: executing "output" at <call .x>: error calling call: call of nil'],
  ['{{#}}', 'template: output:1: unexpected "#" in command'],
  ['}}{{', 'template: output:1: unclosed action'],
  ['{{ .metadata.name }', 'template: output:1: unexpected "}" in operand'],
  ['{{ range }}', 'template: output:1: missing value for range'],
  ['{{define}}', 'template: output:1: unexpected "}}" in define clause'],
  ['{{template}}', 'template: output:1: unexpected "}}" in template clause'],
  ['{{if .a}}b{{else}}c{{else}}d{{end}}', 'template: output:1: expected end; found {{else}}'],
  ['{{1 | len}}', 'template: output:1:6: executing "output" at <len>: error calling len: len of type int'],
  ['{{1a}}', 'template: output:1: bad number syntax: "1a"'],
  ['{{.a$}}', "template: output:1: bad character U+0024 '$'"],
  ['{{and}}', 'template: output:1:2: executing "output" at <and>: wrong number of args for and: want at least 1 got 0'],
];

test.each(texts)('the template %s prints what kubectl prints', (template, text) => {
  expect(new GoTemplate(template, options).execute(pod)).toEqual({ text });
});

test.each(failures)('the template %s fails in the words of Go', (template, message) => {
  let problem: string | undefined;
  try {
    problem = new GoTemplate(template, options).execute(pod).problem;
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    problem = error.message;
  }
  expect(problem).toBe(message);
});
