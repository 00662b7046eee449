// Selectors of devices: expressions in CEL about one device.
//
//   device.driver == 'gpu.example.com' && device.attributes['gpu.example.com'].memory > 8
import type { Environment } from '@marcbachmann/cel-js';
import type { Device, DeviceAttribute } from '../../api/generated/types.ts';
import { cel } from '../custom/cel.ts';
import { compilerText, evaluationText } from '../custom/expression-problems.ts';
import { rewriteExpression } from '../custom/rewrite-expression.ts';
import { loopDepth } from '../custom/rule-compiler.ts';
import { registerFunctions } from '../custom/rule-functions.ts';
import { quantityType, quantityValue, versionValue } from '../custom/rule-versions.ts';

/** A selector could not be asked about a device; the message is upstream's. */
export class SelectorFailure extends Error {
  override name = 'SelectorFailure';
}

/** Why an expression is no selector, in upstream's words; undefined: it is one. */
export function selectorProblem(expression: string): string | undefined {
  const known = problems.get(expression);
  if (known) return known.problem;
  const problem = findProblem(expression);
  if (problems.size >= remembered) problems.clear();
  problems.set(expression, { problem });
  return problem;
}

/** Whether a device is what an expression selects. Throws {@link SelectorFailure}. */
export function deviceMatches(expression: string, driver: string, device: Device): boolean {
  const problem = selectorProblem(expression);
  if (problem !== undefined) throw new SelectorFailure(problem);
  try {
    const result: unknown = environment().parse(rewriteExpression(expression))({
      device: new DeviceValue(driver, device),
    });
    if (typeof result === 'boolean') return result;
  } catch (error) {
    throw new SelectorFailure(evaluationText(error));
  }
  throw new SelectorFailure('CEL result of that type could not be converted to bool');
}

/** How many expressions are remembered. */
const remembered = 1000;
const problems = new Map<string, { readonly problem: string | undefined }>();
/** Loops in loops in loops cost more than upstream allows. */
const depthMax = 2;
const limits = { maxAstNodes: 10_000, maxDepth: 100 };

let made: Environment | undefined;

function environment(): Environment {
  if (made) return made;
  made = new (cel().Environment)({ enableOptionalTypes: true, homogeneousAggregateLiterals: false, limits });
  registerFunctions(made);
  made.registerType('kubernetes.DRADevice', {
    ctor: DeviceValue,
    fields: {
      driver: 'string',
      allowMultipleAllocations: 'bool',
      attributes: 'map<string, map<string, dyn>>',
      capacity: `map<string, map<string, ${quantityType}>>`,
    },
  });
  made.registerVariable('device', 'kubernetes.DRADevice');
  return made;
}

function findProblem(expression: string): string | undefined {
  const checked = environment().check(rewriteExpression(expression));
  if (checked.error) return `compilation failed: ${compilerText(expression, checked.error)}`;
  const type = checked.type ?? 'dyn';
  if (type !== 'bool' && type !== 'dyn') {
    const name = type.replaceAll('<', '(').replaceAll('>', ')');
    return `must evaluate to bool or the unknown type, not ${name}`;
  }
  const depth = loopDepth(environment().parse(rewriteExpression(expression)).ast);
  return depth > depthMax ? tooComplex : undefined;
}

/** What {@link selectorProblem} says of an expression that could take too long. */
export const tooComplex = 'too complex, exceeds cost limit';

/** A device as expressions see it: attributes and capacities by domain and name. */
class DeviceValue {
  readonly driver: string;
  readonly allowMultipleAllocations: boolean;
  readonly attributes: Map<string, Values>;
  readonly capacity: Map<string, Values>;

  constructor(driver: string, { allowMultipleAllocations = false, attributes = {}, capacity = {} }: Device) {
    this.driver = driver;
    this.allowMultipleAllocations = allowMultipleAllocations;
    this.attributes = byDomain(driver, mapped(attributes, attributeValue));
    this.capacity = byDomain(
      driver,
      mapped(capacity, ({ value }) => quantityValue(value)),
    );
  }
}

type Values = Map<string, unknown>;

function mapped<T>(given: { readonly [name: string]: T }, to: (value: T) => unknown): readonly [string, unknown][] {
  return Object.entries(given).map(([name, value]) => [name, to(value)]);
}

function attributeValue({ int, bool, string: text, version }: DeviceAttribute): unknown {
  if (int !== undefined) return BigInt(int);
  return bool ?? text ?? (version === undefined ? null : versionValue(version));
}

/** A name without a domain is of the driver's; a domain that nothing is known of is empty. */
function byDomain(driver: string, entries: readonly [string, unknown][]): Map<string, Values> {
  const domains = new Map<string, Values>();
  for (const [name, value] of entries) {
    const [first = '', second] = name.split('/');
    const [domain, id] = second === undefined ? [driver, first] : [first, second];
    const values = domains.get(domain) ?? new Map<string, unknown>();
    domains.set(domain, values.set(id, value));
  }
  // The library takes Maps alone for maps, not what is derived from them.
  const get = (domain: string): Values => Map.prototype.get.call(domains, domain) ?? new Map();
  return Object.defineProperty(domains, 'get', { value: get });
}
