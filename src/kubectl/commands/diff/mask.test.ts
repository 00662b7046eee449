import { expect, test } from 'vitest';
import { maskSecrets } from './mask.ts';

test('tells which values of a secret differ and not what they are', () => {
  const live = { data: { same: 'YQ==', changed: 'b2xk', gone: 'Yg==' } };
  const merged = { data: { same: 'YQ==', changed: 'bmV3', added: 'Yw==' } };
  expect(maskSecrets(live, merged)).toEqual([
    { data: { same: '***', changed: '*** (before)', gone: '***' } },
    { data: { same: '***', changed: '*** (after)', added: '***' } },
  ]);
  expect(maskSecrets(undefined, { data: { a: 'YQ==' } })).toEqual([undefined, { data: { a: '***' } }]);
});
