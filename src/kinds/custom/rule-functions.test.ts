// What CEL knows beyond its own language.
import { Environment } from '@marcbachmann/cel-js';
import { expect, test } from 'vitest';
import { evaluationText } from './expression-problems.ts';
import { rewriteExpression } from './rewrite-expression.ts';
import { registerFunctions } from './rule-functions.ts';

function resultOf(text: string): unknown {
  const environment = new Environment({ enableOptionalTypes: true, homogeneousAggregateLiterals: false });
  registerFunctions(environment);
  environment.registerVariable('anything', 'dyn');
  const expression = rewriteExpression(text);
  const { error } = environment.check(expression);
  if (error) return error.message.split('\n')[0];
  try {
    return environment.parse(expression)({ anything: { a: [1n, 2n], b: [3n] } });
  } catch (error) {
    return evaluationText(error);
  }
}

test.each([
  // Addresses and ranges.
  "ip('192.168.0.1').family() == 4",
  "ip('::1').isLoopback() && !ip('10.0.0.1').isLoopback()",
  "ip('10.0.0.1').isGlobalUnicast() && ip('169.254.1.1').isLinkLocalUnicast()",
  "ip.isCanonical('2001:db8::abcd') && !ip.isCanonical('2001:DB8::ABCD')",
  "isIP('10.0.0.1') && !isIP('10.0.0.256') && !isIP('::ffff:1.2.3.4')",
  "string(ip('2001:DB8::1')) == '2001:db8::1'",
  "cidr('192.168.0.0/24').containsIP('192.168.0.7') && !cidr('192.168.0.0/24').containsIP(ip('192.168.1.7'))",
  "cidr('10.0.0.0/8').containsCIDR('10.1.0.0/16') && !cidr('10.1.0.0/16').containsCIDR(cidr('10.0.0.0/8'))",
  "cidr('10.1.2.3/8').masked() == cidr('10.0.0.0/8') && string(cidr('10.1.2.3/8').masked()) == '10.0.0.0/8'",
  "ip('::1') == ip('0::1') && quantity('1k') == quantity('1000') && semver('1.2.3') != semver('1.2.4')",
  "cidr('10.0.0.0/8').prefixLength() == 8 && isCIDR('::/0') && !isCIDR('10.0.0.0')",
  // Optional values, and texts of times.
  "optional.of('a').optMap(v, v + 'b').value() == 'ab' && !optional.none().optMap(v, v + 'b').hasValue()",
  "optional.of('a').optFlatMap(v, optional.of(v + 'b')).orValue('') == 'ab'",
  "optional.ofNonZeroValue('a').hasValue() && !optional.ofNonZeroValue('').hasValue()",
  "string(timestamp('2026-01-02T03:04:05.5Z')) == '2026-01-02T03:04:05.5Z' && string(duration('1m1s500ms')) == '61.5s'",
  "string(timestamp('2026-01-02T03:04:00Z')) == '2026-01-02T03:04:00Z'",
  // URLs.
  "url('https://example.com:80/a b?k=v&k=w').getHostname() == 'example.com'",
  "url('https://example.com:80/').getPort() == '80' && url('https://[::1]:80/').getHostname() == '::1'",
  "url('https://example.com/p?k=v&k=w').getQuery()['k'] == ['v', 'w']",
  "url('/a b').getEscapedPath() == '/a%20b' && isURL('/x') && !isURL('x')",
  // Versions and quantities.
  "semver('1.2.3').isLessThan(semver('1.10.0')) && semver('1.0.0-rc.1').isLessThan(semver('1.0.0'))",
  "semver('v1.02', true).minor() == 2 && !isSemver('v1.2') && isSemver('1.2.3-a+b')",
  "quantity('1Gi').isGreaterThan(quantity('1G')) && sign(quantity('-1')) == -1",
  "quantity('1k').add(quantity('24')).asInteger() == 1024 && quantity('50M').sub(1).isInteger()",
  "quantity('500m').asApproximateFloat() == 0.5 && !quantity('500m').isInteger()",
  // Names.
  "!format.dns1123Label().validate('my-name').hasValue()",
  "format.named('dns1123Label').value().validate('My Name').value().size() == 1",
  "format.uuid().validate('x').orValue([]) == ['does not match the UUID format']",
  // Lists.
  '[3, 1, 2].sort() == [1, 2, 3] && [1, 2].reverse() == [2, 1] && [1, 1, 2].distinct() == [1, 2]',
  '[[1], [2, [3]]].flatten().size() == 3 && [[1], [2, [3]]].flatten(2) == [1, 2, 3]',
  "lists.range(3) == [0, 1, 2] && [1, 2, 3].slice(1, 3) == [2, 3] && ['a'].first().value() == 'a'",
  "[{'n': 2}, {'n': 1}].sortBy(e, e.n)[0].n == 1",
  // Loops over two variables.
  "['a', 'b'].all(i, v, i < 2 && v != '') && [1, 2].exists(i, v, i == 1 && v == 2)",
  "{'a': 1, 'b': 2}.all(k, v, k in ['a', 'b'] && v > 0) && {'a': 1}.existsOne(k, v, v == 1)",
  '[1, 2, 3].transformList(i, v, v > 1, v * 10 + i) == [21, 32]',
  "{'a': 1, 'b': 2}.transformMap(k, v, v + 1)['b'] == 3 && {'a': 1}.transformMap(k, v, v > 1, v).size() == 0",
  "['x', 'y'].transformMapEntry(i, v, {v: i})['y'] == 1",
  'anything.all(k, v, v.all(i, e, e > i))',
  // Texts.
  "'aaa'.replace('a', 'b', 2) == 'bba' && strings.quote('a\"b') == '\"a\\\\\"b\"'",
  "'a1b22c333'.findAll('[0-9]+', 2) == ['1', '22']",
])('%s', (text) => {
  expect(resultOf(text)).toBe(true);
});

test.each([
  ["ip('x')", 'IP Address "x" parse error during conversion from string: ParseAddr("x"): unable to parse IP'],
  [
    "cidr('10.0.0.0')",
    `network address parse error during conversion from string: network address parse error during conversion from string: netip.ParsePrefix("10.0.0.0"): no '/'`,
  ],
  ["url('x')", 'URL parse error during conversion from string: parse "x": invalid URI for request'],
  ["quantity('1.5').asInteger()", 'cannot convert value to integer'],
  ['[1, 2].slice(1, 5)', 'cannot slice(1, 5), list is length 2'],
])('%s fails: %s', (text, problem) => {
  expect(resultOf(text)).toBe(problem);
});
