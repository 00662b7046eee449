// The reader of YAML, which a cluster begins without.
import { late } from '../base/late.ts';

export const yaml = late('YAML', () => import('./yaml.ts'));
