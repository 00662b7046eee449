// Has the code there that a world may begin without, as it is once anything has come in from outside.
import { beforeAll } from 'vitest';
import { loadLateCode } from '../../src/base/late.ts';

beforeAll(loadLateCode);
