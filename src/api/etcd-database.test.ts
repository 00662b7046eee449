// Databases of etcd as files, and the ids of its members and clusters.
import { expect, test } from 'vitest';
import { decodeUtf8, encodeUtf8 } from '../base/bytes.ts';
import {
  clusterId,
  databasePages,
  digestOf,
  memberId,
  openDatabaseFile,
  parseDatabase,
  sealSnapshot,
} from './etcd-database.ts';

test('ids follow from the peer URLs and the token, as etcd itself computes them', () => {
  const begun = memberId({ peerUrls: ['http://localhost:2380'], token: 'etcd-cluster' });
  expect([begun, clusterId([begun])]).toEqual(['8e9e05c52164694d', 'cdf818194e3a8c32']);
  const other = memberId({ peerUrls: ['http://localhost:2380'], token: 'tok' });
  expect([other, clusterId([other])]).toEqual(['77110a5728ece0db', '40e3d6f45dd081c6']);
  expect(memberId({ peerUrls: ['http://localhost:2380'], token: 'tok', addedAtMs: 1000 })).not.toBe(other);
});

test('a database fills whole pages, and a snapshot has its digest behind them', () => {
  const database = { revision: 3, kvs: [{ key: 'ä' }] };
  const pages = encodeUtf8(databasePages(database));
  expect(pages.length).toBe(4096);
  expect(parseDatabase(pages)).toEqual(database);
  expect(openDatabaseFile(pages).digest).toBeUndefined();
  const opened = openDatabaseFile(sealSnapshot(pages));
  expect(opened.digest).toEqual(digestOf(opened.pages));
  expect(parseDatabase(opened.pages)).toEqual(database);
  for (const text of ['', 'x', '[]', '{}', '{"revision":"3","kvs":[]}', decodeUtf8(pages.subarray(1))])
    expect(parseDatabase(text)).toBeUndefined();
});
