import { expect, test } from 'vitest';
import * as table from '../../api/generated/descriptions.ts';
import { descriptionsOf } from '../../api/schema/descriptions.ts';
import { ColumnTexts } from './column-texts.ts';

test('a column says what the field is that it shows; others have no text of the API', () => {
  const texts = new ColumnTexts();
  expect(texts.of('ConfigMap', 'Data')).toBeUndefined();
  texts.describe(descriptionsOf(table));
  expect(texts.of('ConfigMap', 'Data')).toMatch(/^Data contains the configuration data\. /);
  expect(texts.of('Pod', 'Node')).toMatch(/^NodeName indicates in which node this pod is scheduled\./);
  expect(texts.of('StorageClass', 'AllowVolumeExpansion')).toMatch(/^allowVolumeExpansion shows whether/);
  expect(texts.of('Anything', 'Name')).toMatch(/^Name must be unique within a namespace\. /);
  expect(texts.of('Anything', 'Age')).toContain('in UTC.\n\nPopulated by the system.');
  expect(texts.of('Pod', 'Ready')).toBeUndefined();
});
