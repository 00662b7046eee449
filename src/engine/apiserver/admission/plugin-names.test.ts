// Which admission plugins run, and which flags are refused.
import { expect, test } from 'vitest';
import { choiceProblem, isChosen, usualChoice } from './plugin-names.ts';

test.each<[readonly string[], readonly string[], string | undefined]>([
  [['PodNodeSelector', 'NodeRestriction'], ['Priority'], undefined],
  [['Foo'], [], 'enable-admission-plugins plugin "Foo" is unknown'],
  [
    ['Foo'],
    ['Bar'],
    '[enable-admission-plugins plugin "Foo" is unknown, disable-admission-plugins plugin "Bar" is unknown]',
  ],
  [
    ['Priority', 'LimitRanger'],
    ['Priority', 'LimitRanger'],
    '[LimitRanger Priority] in enable-admission-plugins and disable-admission-plugins overlapped',
  ],
  // What does nothing without a file is not accepted.
  [['EventRateLimit'], [], 'admission plugin EventRateLimit needs a configuration, which is not simulated'],
])('enabling %j and disabling %j: %s', (enabled, disabled, problem) => {
  expect(choiceProblem({ enabled, disabled })).toBe(problem);
});

test('what is on by default stays on unless it is disabled', () => {
  const names = ['Priority', 'NodeRestriction', 'AlwaysPullImages'];
  const chosen = (choice = usualChoice) => names.filter((name) => isChosen(name, choice));
  expect(chosen()).toEqual(['Priority', 'NodeRestriction']);
  expect(chosen({ enabled: ['AlwaysPullImages'], disabled: ['Priority'] })).toEqual(['AlwaysPullImages']);
});
