// Selectors of reviews of access that make no sense are refused in upstream's words.
import { expect, test } from 'vitest';
import { fieldErrorText } from '../../api/field-error.ts';
import type { ResourceAttributes } from '../../api/generated/types.ts';
import { accessSelectorErrors } from './access-selectors.ts';

const fields = 'spec.resourceAttributes.fieldSelector';
const labels = 'spec.resourceAttributes.labelSelector';

test.each<[ResourceAttributes, readonly string[]]>([
  [{ fieldSelector: { requirements: [{ key: 'k', operator: 'Later' }] }, labelSelector: { rawSelector: 'a=b' } }, []],
  [
    { fieldSelector: {}, labelSelector: { rawSelector: 'a=b', requirements: [{ key: 'k', operator: 'Exists' }] } },
    [
      `${fields}.requirements: Required value: when ${fields} is specified, requirements or rawSelector is required`,
      `${labels}.rawSelector: Invalid value: "a=b": may not specified at the same time as requirements`,
    ],
  ],
  [
    {
      fieldSelector: { requirements: [{ key: '', operator: 'In' }] },
      labelSelector: { requirements: [{ key: 'a b/c', operator: 'Exists', values: ['v'] }] },
    },
    [
      `${fields}.requirements[0].key: Required value: must be specified`,
      `${fields}.requirements[0].values: Required value: must be specified when \`operator\` is 'In' or 'NotIn'`,
      `${labels}.requirements[0].values: Forbidden: may not be specified when \`operator\` is 'Exists' or 'DoesNotExist'`,
      expect.stringMatching(/labelSelector\.requirements\[0\]\.key: Invalid value: "a b\/c": prefix part/),
    ],
  ],
])('%j', (attributes, texts) => {
  expect(accessSelectorErrors(attributes).map(fieldErrorText)).toEqual(texts);
});
