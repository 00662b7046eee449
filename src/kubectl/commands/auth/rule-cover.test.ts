import { expect, test } from 'vitest';
import { uncoveredRules } from './rule-cover.ts';

const rule = (verbs: string, resources: string, names?: string) => ({
  apiGroups: [''],
  resources: resources.split(' '),
  verbs: verbs.split(' '),
  ...(names === undefined ? {} : { resourceNames: names.split(' ') }),
});

test.each([
  ['the same', rule('get', 'pods'), rule('get', 'pods'), []],
  ['less', rule('get list', 'pods nodes'), rule('get', 'nodes'), []],
  ['anything, where all is given', rule('*', '*'), rule('delete', 'secrets'), []],
  ['a subresource of any resource', rule('get', '*/log'), rule('get', 'pods/log'), []],
  ['one verb more', rule('get', 'pods'), rule('get list', 'pods'), [rule('list', 'pods')]],
  ['every name, where one is given', rule('get', 'pods', 'a'), rule('get', 'pods'), [rule('get', 'pods')]],
])('rules cover %s', (_, owned, wanted, missing) => {
  expect(uncoveredRules([owned], [wanted])).toEqual(missing);
});
