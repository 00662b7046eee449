// A pod's volumes: set up before its containers start, refreshed while they run, shared between them.
import { persistentVolumeClaims, persistentVolumes, serviceAccounts } from '../../../api/generated/resources.ts';
import type { Pod, ProjectedVolumeSource, Volume } from '../../../api/generated/types.ts';
import { ApiError, isNotFound } from '../../../api/status.ts';
import { textAt } from '../../../base/fields.ts';
import { type DirectoryNode, directoryNode, FileError, type FileTree, type TreeNode } from '../../../base/files.ts';
import type { Client } from '../../client/client.ts';
import type { Scope } from '../../sim/scope.ts';
import type { Work } from '../../sim/work.ts';
import { containerOf } from '../kubelet/environment.ts';
import { type DownwardFacts, fieldPathValue, resourceFieldValue } from '../kubelet/field-path.ts';
import { MissingSource, type ObjectSource } from '../kubelet/object-source.ts';
import { hostPath } from './host-path.ts';
import { filesOfKeys, fillDirectory, type VolumeFile } from './volume-files.ts';

export interface VolumeParts {
  readonly scope: Scope;
  readonly client: Client;
  readonly sources: ObjectSource;
  /** The node's own files: hostPath and local volumes. */
  readonly nodeFiles: FileTree;
  /** Directories of the world that several nodes see, by volume: nfs and CSI volumes. */
  readonly sharedDirectory: (name: string) => DirectoryNode;
  readonly facts: (pod: Pod) => DownwardFacts;
}

/** Volumes whose content follows the API objects that they show. */
export function refreshes(volume: Volume): boolean {
  return Boolean(volume.configMap ?? volume.secret ?? volume.projected ?? volume.downwardAPI);
}

/** Sets a volume up, into `known` when it exists already. Throws {@link MissingSource} with MountVolume's words. */
export function* setUpVolume(
  pod: Pod,
  volume: Volume,
  parts: VolumeParts,
  known: TreeNode | undefined,
): Work<TreeNode> {
  const directory = known?.kind === 'directory' ? known : directoryNode(parts.scope.now, rootMode(volume));
  const namespace = pod.metadata?.namespace ?? '';
  const fill = (files: readonly VolumeFile[]): TreeNode => {
    fillDirectory(directory, files, parts.scope);
    return directory;
  };
  if (volume.emptyDir) return directory;
  if (volume.hostPath) return hostPath(parts.nodeFiles, volume.hostPath);
  if (volume.configMap ?? volume.secret) return fill(yield* keyFiles(volume, namespace, parts));
  if (volume.downwardAPI)
    return fill(downwardFiles(pod, volume.downwardAPI.items, volume.downwardAPI.defaultMode, parts));
  if (volume.projected) return fill(yield* projectedFiles(pod, volume.projected, parts));
  if (volume.persistentVolumeClaim) return yield* claimed(namespace, volume.persistentVolumeClaim.claimName, parts);
  if (volume.ephemeral) return yield* claimed(namespace, `${pod.metadata?.name}-${volume.name}`, parts);
  if (volume.nfs) return parts.sharedDirectory(`nfs/${volume.nfs.server}${volume.nfs.path}`);
  if (volume.image) return directory;
  throw new MissingSource(`no volume plugin matched name: ${volume.name}`);
}

/** All may write to a volume's root, as far as it is not read-only; what lies in memory has the sticky bit. */
function rootMode({ configMap, emptyDir }: Volume): number {
  return configMap || (emptyDir && emptyDir.medium !== 'Memory') ? 0o777 : 0o1777;
}

function* keyFiles(volume: Volume, namespace: string, parts: VolumeParts): Work<readonly VolumeFile[]> {
  const { configMap, secret } = volume;
  const kind = configMap ? 'ConfigMap' : 'Secret';
  const { items, defaultMode: mode = 0o644, optional = false } = configMap ?? secret ?? {};
  const name = configMap ? configMap.name : secret?.secretName;
  const keys = yield* parts.sources.get(kind, namespace, { name: name ?? '', optional });
  return filesOfKeys(kind, keys, { items, mode, optional });
}

function downwardFiles(
  pod: Pod,
  items: NonNullable<Volume['downwardAPI']>['items'],
  mode = 0o644,
  parts: VolumeParts,
): readonly VolumeFile[] {
  const facts = parts.facts(pod);
  return (items ?? []).map((item) => ({
    path: item.path,
    mode: item.mode ?? mode,
    content: item.fieldRef
      ? fieldPathValue(pod, item.fieldRef.fieldPath, facts)
      : item.resourceFieldRef
        ? resourceFieldValue(
            containerOf(pod, undefined, item.resourceFieldRef.containerName),
            item.resourceFieldRef,
            facts,
          )
        : '',
  }));
}

function* projectedFiles(pod: Pod, source: ProjectedVolumeSource, parts: VolumeParts): Work<readonly VolumeFile[]> {
  const namespace = pod.metadata?.namespace ?? '';
  const mode = source.defaultMode ?? 0o644;
  const files: VolumeFile[] = [];
  for (const { configMap, secret, downwardAPI, serviceAccountToken } of source.sources ?? []) {
    const ref = configMap ?? secret;
    if (ref) {
      const kind = configMap ? 'ConfigMap' : 'Secret';
      const optional = ref.optional ?? false;
      const keys = yield* parts.sources.get(kind, namespace, { name: ref.name ?? '', optional });
      files.push(...filesOfKeys(kind, keys, { items: ref.items, mode, optional }));
    }
    if (downwardAPI) files.push(...downwardFiles(pod, downwardAPI.items, mode, parts));
    if (serviceAccountToken) {
      const { path, audience, expirationSeconds = 3600 } = serviceAccountToken;
      files.push({ path, mode: 0o644, content: yield* token(pod, parts, audience, expirationSeconds) });
    }
  }
  return files;
}

/** A token for the pod's service account, bound to the pod. */
function* token(pod: Pod, parts: VolumeParts, audience: string | undefined, expirationSeconds: number): Work<string> {
  const { namespace, name = '', uid = '' } = pod.metadata ?? {};
  const account = pod.spec?.serviceAccountName ?? 'default';
  const request = {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenRequest',
    spec: {
      audiences: audience === undefined ? [] : [audience],
      expirationSeconds,
      boundObjectRef: { apiVersion: 'v1', kind: 'Pod', name, uid },
    },
  };
  try {
    const reply = yield* parts.client.createSub(
      serviceAccounts,
      { namespace, name: account, subresource: 'token' },
      request,
    );
    return textAt(reply, 'status.token');
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    throw new MissingSource(`failed to fetch token: ${error.message}`);
  }
}

/** The directory behind a claim: its volume must be bound. */
function* claimed(namespace: string, claimName: string, parts: VolumeParts): Work<TreeNode> {
  try {
    const claim = yield* parts.client.get(persistentVolumeClaims, { namespace, name: claimName });
    const volumeName = claim.spec?.volumeName ?? '';
    if (claim.status?.phase !== 'Bound' || volumeName === '')
      throw new MissingSource(`error processing PVC ${namespace}/${claimName}: PVC is not bound`);
    const { spec } = yield* parts.client.get(persistentVolumes, { name: volumeName });
    if (spec?.hostPath) return hostPath(parts.nodeFiles, spec.hostPath);
    if (spec?.local) return hostPath(parts.nodeFiles, { path: spec.local.path, type: 'Directory' });
    return parts.sharedDirectory(`volume/${spec?.csi?.volumeHandle ?? volumeName}`);
  } catch (error) {
    if (isNotFound(error)) throw new MissingSource(`error processing PVC ${namespace}/${claimName}: ${error.message}`);
    if (error instanceof FileError) throw new MissingSource(error.message);
    throw error;
  }
}
