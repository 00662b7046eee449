// The table of protobuf messages, which Go clients and etcdctl need, and nothing else.
import { late } from '../base/late.ts';

/** Fields of each message as text, by its name, once late code is there. */
export const messageTable = late('protobuf', async () => (await import('./generated/protobuf.ts')).messageTable);
