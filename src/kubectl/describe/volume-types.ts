// Every volume type that descriptions know: its title and the rows below it, in upstream's order of precedence.
import { at } from '../../base/fields.ts';
import { goText } from '../../base/go/format.ts';
import { isList, isObject, type JsonObject } from '../../base/json.ts';

export interface Row {
  /** With its colon (one of upstream's labels lacks it). */
  readonly label: string;
  readonly field: string;
  /** Printed where the field is absent. */
  readonly absent: string;
}

export interface VolumeType {
  readonly field: string;
  readonly title: string;
  readonly rows: readonly Row[];
  /** The rows of a persistent volume's source, where they differ. */
  readonly persistentRows?: readonly Row[];
  readonly podOnly?: boolean;
  readonly persistentOnly?: boolean;
}

export function rowValue(source: JsonObject, row: Row): string {
  const value = at(source, row.field);
  if (value === undefined || value === null) return row.absent;
  if (row.field === 'sizeLimit' && value === '0') return row.absent;
  if (row.field === 'targetWWNs' && isList(value)) return value.map(goText).join(', ');
  if (row.field === 'secretRef' && isObject(value)) return referenceText(value);
  return goText(value);
}

/** `Label field` or `Label field=text where absent`; the label's spaces are written as `_`. */
function rows(...specs: readonly string[]): readonly Row[] {
  return specs.map((spec) => {
    const [label = '', rest = ''] = spec.split(' ');
    const [field = '', absent = ''] = rest.split('=');
    return { label: label.replaceAll('_', ' '), field, absent };
  });
}

function referenceText(reference: JsonObject): string {
  const name = goText(reference.name ?? '');
  if (reference.namespace === undefined) return `&LocalObjectReference{Name:${name},}`;
  return `&SecretReference{Name:${name},Namespace:${goText(reference.namespace)},}`;
}

const readOnly = 'ReadOnly: readOnly=false';
const iscsiRows = rows(
  'TargetPortal: targetPortal',
  'IQN: iqn',
  'Lun: lun=0',
  'ISCSIInterface iscsiInterface',
  'FSType: fsType',
  readOnly,
  'Portals: portals=[]',
  'DiscoveryCHAPAuth: chapAuthDiscovery=false',
  'SessionCHAPAuth: chapAuthSession=false',
  'SecretRef: secretRef=nil',
  'InitiatorName: initiatorName=<none>',
);
const scaleIo = ['Gateway: gateway', 'System: system', 'Protection_Domain: protectionDomain'];
const scaleIoPool = ['Storage_Pool: storagePool', 'Storage_Mode: storageMode', 'VolumeName: volumeName'];

export const volumeTypes: readonly VolumeType[] = [
  {
    field: 'hostPath',
    title: 'HostPath (bare host directory volume)',
    rows: rows('Path: path', 'HostPathType: type=<none>'),
  },
  {
    field: 'emptyDir',
    title: "EmptyDir (a temporary directory that shares a pod's lifetime)",
    rows: rows('Medium: medium', 'SizeLimit: sizeLimit=<unset>'),
    podOnly: true,
  },
  {
    field: 'gcePersistentDisk',
    title: 'GCEPersistentDisk (a Persistent Disk resource in Google Compute Engine)',
    rows: rows('PDName: pdName', 'FSType: fsType', 'Partition: partition=0', readOnly),
  },
  {
    field: 'awsElasticBlockStore',
    title: 'AWSElasticBlockStore (a Persistent Disk resource in AWS)',
    rows: rows('VolumeID: volumeID', 'FSType: fsType', 'Partition: partition=0', readOnly),
  },
  {
    field: 'gitRepo',
    title: 'GitRepo (a volume that is pulled from git when the pod is created)',
    rows: rows('Repository: repository', 'Revision: revision'),
    podOnly: true,
  },
  {
    field: 'secret',
    title: 'Secret (a volume populated by a Secret)',
    rows: rows('SecretName: secretName', 'Optional: optional=false'),
    podOnly: true,
  },
  {
    field: 'configMap',
    title: 'ConfigMap (a volume populated by a ConfigMap)',
    rows: rows('Name: name', 'Optional: optional=false'),
    podOnly: true,
  },
  {
    field: 'nfs',
    title: 'NFS (an NFS mount that lasts the lifetime of a pod)',
    rows: rows('Server: server', 'Path: path', readOnly),
  },
  {
    field: 'iscsi',
    title: "ISCSI (an ISCSI Disk resource that is attached to a kubelet's host machine and then exposed to the pod)",
    rows: iscsiRows,
  },
  {
    field: 'glusterfs',
    title: "Glusterfs (a Glusterfs mount on the host that shares a pod's lifetime)",
    rows: rows('EndpointsName: endpoints', 'Path: path', readOnly),
    persistentRows: rows(
      'EndpointsName: endpoints',
      'EndpointsNamespace: endpointsNamespace=<unset>',
      'Path: path',
      readOnly,
    ),
  },
  {
    field: 'persistentVolumeClaim',
    title: 'PersistentVolumeClaim (a reference to a PersistentVolumeClaim in the same namespace)',
    rows: rows('ClaimName: claimName', readOnly),
    podOnly: true,
  },
  {
    field: 'ephemeral',
    title: 'EphemeralVolume (an inline specification for a volume that gets created and deleted with the pod)',
    rows: [],
    podOnly: true,
  },
  {
    field: 'rbd',
    title: "RBD (a Rados Block Device mount on the host that shares a pod's lifetime)",
    rows: rows(
      'CephMonitors: monitors=[]',
      'RBDImage: image',
      'FSType: fsType',
      'RBDPool: pool',
      'RadosUser: user',
      'Keyring: keyring',
      'SecretRef: secretRef=nil',
      readOnly,
    ),
  },
  {
    field: 'quobyte',
    title: "Quobyte (a Quobyte mount on the host that shares a pod's lifetime)",
    rows: rows('Registry: registry', 'Volume: volume', readOnly),
  },
  {
    field: 'downwardAPI',
    title: 'DownwardAPI (a volume populated by information about the pod)',
    rows: [],
    podOnly: true,
  },
  {
    field: 'azureDisk',
    title: 'AzureDisk (an Azure Data Disk mount on the host and bind mount to the pod)',
    rows: rows(
      'DiskName: diskName',
      'DiskURI: diskURI',
      'Kind:_ kind',
      'FSType: fsType',
      'CachingMode: cachingMode',
      readOnly,
    ),
  },
  {
    field: 'vsphereVolume',
    title: 'vSphereVolume (a Persistent Disk resource in vSphere)',
    rows: rows('VolumePath: volumePath', 'FSType: fsType', 'StoragePolicyName: storagePolicyName'),
  },
  {
    field: 'cinder',
    title: 'Cinder (a Persistent Disk resource in OpenStack)',
    rows: rows('VolumeID: volumeID', 'FSType: fsType', readOnly, 'SecretRef: secretRef=nil'),
  },
  {
    field: 'photonPersistentDisk',
    title: 'PhotonPersistentDisk (a Persistent Disk resource in photon platform)',
    rows: rows('PdID: pdID', 'FSType: fsType'),
  },
  {
    field: 'portworxVolume',
    title: 'PortworxVolume (a Portworx Volume resource)',
    rows: rows('VolumeID: volumeID'),
  },
  {
    field: 'scaleIO',
    title: 'ScaleIO (a persistent volume backed by a block device in ScaleIO)',
    rows: rows(...scaleIo, ...scaleIoPool, 'FSType: fsType', readOnly),
    persistentRows: rows(
      ...scaleIo,
      ...scaleIoPool,
      'SecretName: secretRef.name',
      'SecretNamespace: secretRef.namespace',
      'FSType: fsType',
      readOnly,
    ),
  },
  {
    field: 'local',
    title: 'LocalVolume (a persistent volume backed by local storage on a node)',
    rows: rows('Path: path'),
    persistentOnly: true,
  },
  {
    field: 'cephfs',
    title: "CephFS (a CephFS mount on the host that shares a pod's lifetime)",
    rows: rows(
      'Monitors: monitors=[]',
      'Path: path',
      'User: user',
      'SecretFile: secretFile',
      'SecretRef: secretRef=nil',
      readOnly,
    ),
  },
  {
    field: 'storageos',
    title: 'StorageOS (a StorageOS Persistent Disk resource)',
    rows: rows('VolumeName: volumeName', 'VolumeNamespace: volumeNamespace', 'FSType: fsType', readOnly),
  },
  {
    field: 'fc',
    title: 'FC (a Fibre Channel disk)',
    rows: rows('TargetWWNs: targetWWNs', 'LUN: lun=<none>', 'FSType: fsType', readOnly),
  },
  {
    field: 'azureFile',
    title: 'AzureFile (an Azure File Service mount on the host and bind mount to the pod)',
    rows: rows('SecretName: secretName', 'ShareName: shareName', readOnly),
    persistentRows: rows(
      'SecretName: secretName',
      'SecretNamespace: secretNamespace',
      'ShareName: shareName',
      readOnly,
    ),
  },
  {
    field: 'flexVolume',
    title: 'FlexVolume (a generic volume resource that is provisioned/attached using an exec based plugin)',
    rows: rows('Driver: driver', 'FSType: fsType', 'SecretRef: secretRef=nil', readOnly, 'Options: options=map[]'),
  },
  {
    field: 'flocker',
    title: 'Flocker (a Flocker volume mounted by the Flocker agent)',
    rows: rows('DatasetName: datasetName', 'DatasetUUID: datasetUUID'),
  },
  {
    field: 'projected',
    title: 'Projected (a volume that contains injected data from multiple sources)',
    rows: [],
    podOnly: true,
  },
  {
    field: 'csi',
    title: 'CSI (a Container Storage Interface (CSI) volume source)',
    rows: rows('Driver: driver', 'FSType: fsType', readOnly),
    persistentRows: rows('Driver: driver', 'FSType: fsType', 'VolumeHandle: volumeHandle', readOnly),
  },
  {
    field: 'image',
    title: 'Image (a container image or OCI artifact)',
    rows: rows('Reference: reference', 'PullPolicy: pullPolicy'),
    podOnly: true,
  },
];
