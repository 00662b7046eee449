// The library that evaluates the expressions of rules and policies, which a fresh cluster has none of.
import { late } from '../../base/late.ts';

/** The library's module, once late code is there. */
export const cel = late('CEL', () => import('@marcbachmann/cel-js'));
