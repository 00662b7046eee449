// The functions that Kubernetes adds to CEL: an unknown one fails when its rule is compiled.
import type { Environment } from '@marcbachmann/cel-js';
import { quote } from '../../base/go/quote.ts';
import { goRegexp } from '../../base/go-regexp.ts';
import { matchesName } from './rewrite-expression.ts';
import { registerFormat, registerSets } from './rule-format.ts';
import { registerLists } from './rule-lists.ts';
import { registerNames } from './rule-names.ts';
import { registerNetworks } from './rule-networks.ts';
import { registerOptionals } from './rule-optionals.ts';
import { registerVersions } from './rule-versions.ts';

/** Registers them. */
export function registerFunctions(environment: Environment): void {
  registerLists(environment);
  registerTexts(environment);
  registerFormat(environment);
  registerSets(environment);
  registerNetworks(environment);
  registerVersions(environment);
  registerNames(environment);
  registerOptionals(environment);
}

function registerTexts(environment: Environment): void {
  environment.registerFunction(`string.${matchesName}(string): bool`, (text: string, pattern: string) =>
    goRegexp(pattern).test(text),
  );
  environment.registerFunction('string.find(string): string', (text: string, pattern: string) => {
    return goRegexp(pattern).find(text) ?? '';
  });
  environment.registerFunction('string.findAll(string): list<string>', (text: string, pattern: string) =>
    goRegexp(pattern).findAll(text),
  );
  environment.registerFunction(
    'string.replace(string, string): string',
    (text: string, old: string, replacement: string) => text.replaceAll(old, () => replacement),
  );
  environment.registerFunction('string.charAt(int): string', (text: string, at: bigint) => text.charAt(Number(at)));
  environment.registerFunction(
    'string.replace(string, string, int): string',
    (text: string, old: string, replacement: string, count: bigint) => {
      const pieces = text.split(old);
      const most = count < 0n ? pieces.length : Math.min(Number(count), pieces.length - 1);
      const [first = '', ...rest] = pieces;
      return rest.reduce((made, piece, i) => `${made}${i < most ? replacement : old}${piece}`, first);
    },
  );
  environment.registerFunction(
    'string.findAll(string, int): list<string>',
    (text: string, pattern: string, most: bigint) =>
      most < 0n ? goRegexp(pattern).findAll(text) : goRegexp(pattern).findAll(text).slice(0, Number(most)),
  );
  environment.registerType('kubernetes.Strings', { ctor: Strings, fields: {} });
  environment.registerConstant('strings', 'kubernetes.Strings', new Strings());
  environment.registerFunction('kubernetes.Strings.quote(string): string', (_: Strings, text: string) => quote(text));
}

class Strings {}
