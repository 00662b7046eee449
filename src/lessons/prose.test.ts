// Markdown in, blocks out.
import { describe, expect, test } from 'vitest';
import type { Inline } from './lesson.ts';
import { readLine, readProse } from './prose.ts';

const glossary = new Map([
  ['pod', 'One or more containers.'],
  ['pods', 'One or more containers.'],
]);

function plain(text: readonly Inline[]): string {
  return text.map((each) => (typeof each.text === 'string' ? each.text : plain(each.text))).join('');
}

describe('prose', () => {
  test('is cut into sections; lines of sh are commands, other code is shown', () => {
    const sections = readProse(
      '# Title\n\nIntro.\n\n## First\n\n```sh\nls\npwd\n```\n\n```yaml\na: 1\n```\n\n- one\n- two\n\n> Note.\n',
      new Map(),
    );
    expect(sections).toMatchInlineSnapshot(`
      [
        {
          "blocks": [
            {
              "kind": "paragraph",
              "text": [
                {
                  "kind": "text",
                  "text": "Intro.",
                },
              ],
            },
          ],
          "title": "Title",
        },
        {
          "blocks": [
            {
              "kind": "commands",
              "lines": [
                "ls",
                "pwd",
              ],
            },
            {
              "kind": "code",
              "language": "yaml",
              "text": "a: 1",
            },
            {
              "items": [
                [
                  {
                    "kind": "text",
                    "text": "one",
                  },
                ],
                [
                  {
                    "kind": "text",
                    "text": "two",
                  },
                ],
              ],
              "kind": "list",
              "ordered": false,
            },
            {
              "kind": "note",
              "text": [
                {
                  "kind": "text",
                  "text": "Note.",
                },
              ],
            },
          ],
          "title": "First",
        },
      ]
    `);
  });

  test('marks the first use of a word of the glossary, and nothing inside of another word', () => {
    const [section] = readProse('# T\n\nPodcasts and pods, and one pod more, `pod`.\n', glossary);
    const [block] = section?.blocks ?? [];
    const terms = block?.kind === 'paragraph' ? block.text.filter(({ kind }) => kind === 'term') : [];
    expect(terms).toEqual([{ kind: 'term', text: 'pods', means: 'One or more containers.' }]);
  });
});

// hostile: what could become HTML or run is shown as it is written
test.each([
  ['<img src=x onerror=alert(1)>', '<img src=x onerror=alert(1)>'],
  ['a <b>bold</b> word', 'a <b>bold</b> word'],
  ['[click](javascript:alert(1))', '[click](javascript:alert(1))'],
  ['![image](https://example.com/x.png)', '![image](https://example.com/x.png)'],
  ['1 < 2 && 3 > 2', '1 < 2 && 3 > 2'],
])('%s is text', (markdown, shown) => {
  const line = readLine(markdown, new Map());
  expect(plain(line)).toBe(shown);
  expect(line.every(({ kind }) => kind === 'text')).toBe(true);
});

test('a link leads to https', () => {
  expect(readLine('[docs](https://kubernetes.io)', new Map())).toEqual([
    { kind: 'link', url: 'https://kubernetes.io', text: [{ kind: 'text', text: 'docs' }] },
  ]);
});
