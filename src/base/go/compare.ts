// Comparing values as Go's templates do: only the same basic kind compares.

type Fail = (message: string) => never;
type Kind = 'bool' | 'int' | 'float' | 'string';

const badType = 'invalid type for comparison';
const badPair = 'incompatible types for comparison';

export function compareEqual(left: unknown, right: unknown, fail: Fail): boolean {
  const a = basicKind(left, fail);
  const b = basicKind(right, fail);
  return a === b ? left === right : fail(badPair);
}

export function compareLess(left: unknown, right: unknown, fail: Fail): boolean {
  const a = basicKind(left, fail);
  const b = basicKind(right, fail);
  if (a !== b) fail(badPair);
  if (typeof left === 'number' && typeof right === 'number') return left < right;
  if (typeof left === 'string' && typeof right === 'string') return left < right;
  return fail(badType);
}

function basicKind(value: unknown, fail: Fail): Kind {
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'string') return 'string';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int' : 'float';
  return fail(badType);
}
