// etcd's answers as messages, against bytes that etcdctl itself writes.
import { expect, test } from 'vitest';
import { encodeMessage } from './print-protobuf.ts';

const header = { cluster_id: '2328652073410867913', member_id: '11849581591971102139', revision: '6', raft_term: '2' };
const headerHex = '0a1908c9e586c99197c2a82010bbfbc7b3d1f58ab9a40118062002';
const hex = (bytes: Uint8Array): string => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');

test('numbers are varints, what is zero is left out, messages are framed', () => {
  expect(hex(encodeMessage('HeaderResponse', { header }))).toBe(headerHex);
  const kv = { key: 'YQ==', create_revision: '6', mod_revision: '6', version: '1', value: 'Yg==' };
  expect(hex(encodeMessage('RangeResponse', { header, kvs: [kv], count: '1' }))).toBe(
    `${headerHex}120c0a01611006180620012a01622001`,
  );
  expect(hex(encodeMessage('AlarmMember', { memberID: '1', alarm: 'NOSPACE' }))).toBe('08011001');
  expect(hex(encodeMessage('Permission', { permType: 'READWRITE', key: 'YQ==', range_end: 'AA==' }))).toBe(
    '08021201611a0100',
  );
  expect(hex(encodeMessage('AuthRoleListResponse', { roles: ['a', 'b'] }))).toBe('120161120162');
  expect(hex(encodeMessage('AuthStatusResponse', { enabled: false, authRevision: '300' }))).toBe('18ac02');
});
