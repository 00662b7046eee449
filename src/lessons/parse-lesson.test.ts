// What is wrong with a lesson is said to its author by name.
import { expect, test } from 'vitest';
import { parseLesson } from './parse-lesson.ts';

const good = {
  id: 'one',
  files: {},
  markdown: '# One\n\nIntro.\n\n## Do it\n\nProse.\n\n## End\n\nDone.\n',
  yaml: `summary: A lesson.
profile: 3-node
steps:
  - checks:
      - says: Web runs
        resource: apps/v1/deployments
        name: web
        where: [{field: .status.availableReplicas, atLeast: 1}]
    solution: [kubectl create deployment web --image=nginx]
`,
};

test('a lesson is read', () => {
  const { steps, outro } = parseLesson(good, new Map());
  expect(steps.map(({ title, checks }) => [title, checks])).toMatchInlineSnapshot(`
    [
      [
        "Do it",
        [
          {
            "count": {
              "max": 9007199254740991,
              "min": 1,
            },
            "fresh": false,
            "kind": "objects",
            "name": "web",
            "namespace": undefined,
            "resource": "apps/v1/deployments",
            "says": "Web runs",
            "selector": undefined,
            "where": [
              {
                "atLeast": 1,
                "field": ".status.availableReplicas",
              },
            ],
          },
        ],
      ],
    ]
  `);
  expect(outro).toHaveLength(1);
});

test.each([
  [{ markdown: '# One\n\n## Do it\n' }, /lesson.md has 1 sections; 1 steps and an ending need 2/],
  [{ yaml: 'steps: [' }, /lessons\/one: yaml: /],
  [{ yaml: good.yaml.replace('summary: A lesson.\n', '') }, /summary is missing/],
  [{ yaml: good.yaml.replace(/ {4}solution.*\n/, '') }, /step "Do it" lacks checks or a solution/],
  [{ yaml: good.yaml.replace('.status.availableReplicas', 'status') }, /status is no path of a field/],
  [{ yaml: good.yaml.replace('atLeast: 1', 'maybe: 1') }, /what .status.availableReplicas must be is not said/],
  [{ yaml: good.yaml.replace('atLeast: 1', 'matches: "("') }, /\( is no regular expression/],
])('%j is refused', (change, words) => {
  expect(() => parseLesson({ ...good, ...change }, new Map())).toThrow(words);
});
