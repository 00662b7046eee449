// What sources of volumes are filled up with, in pods and in PersistentVolumes alike.
import { change, fill, fillZero } from './share.ts';

type Text = string | undefined;

/** The sources that have defaults. */
interface Sources {
  readonly hostPath?: { readonly path: string; readonly type?: Text } | undefined;
  readonly iscsi?: { readonly iscsiInterface?: Text } | undefined;
  readonly rbd?: { readonly pool?: Text; readonly user?: Text; readonly keyring?: Text } | undefined;
  readonly azureDisk?:
    | {
        readonly cachingMode?: Text;
        readonly fsType?: Text;
        readonly readOnly?: boolean | undefined;
        readonly kind?: Text;
      }
    | undefined;
  readonly scaleIO?: { readonly storageMode?: Text; readonly fsType?: Text } | undefined;
}

/** What has the sources, with their defaults. */
export function sourceDefaults<T extends Sources>(given: T): T {
  let has: Sources = change<Sources, 'hostPath'>(given, 'hostPath', (path) => fill(path, { type: '' }));
  has = change(has, 'iscsi', (iscsi) => fillZero(iscsi, { iscsiInterface: 'default' }));
  has = change(has, 'rbd', (rbd) => fillZero(rbd, { pool: 'rbd', user: 'admin', keyring: '/etc/ceph/keyring' }));
  has = change(has, 'azureDisk', (disk) =>
    fill(disk, { cachingMode: 'ReadWrite', fsType: 'ext4', readOnly: false, kind: 'Shared' }),
  );
  has = change(has, 'scaleIO', (disk) => fillZero(disk, { storageMode: 'ThinProvisioned', fsType: 'xfs' }));
  return has as T; // edge: T with more fields in its sources
}
