// Manifests on the node's disk: files of /etc/kubernetes/manifests as the static pods that they ask for.
import type { Pod } from '../../../api/generated/types.ts';
import { yaml } from '../../../api/late-yaml.ts';
import type { FileTree } from '../../../base/files.ts';
import { fnv1a } from '../../../base/hash.ts';
import { isObject } from '../../../base/json.ts';
import { formatTime } from '../../../base/time.ts';
import { podDefaults } from '../../../kinds/pod-spec-defaults.ts';

export const mirrorAnnotation = 'kubernetes.io/config.mirror';
export const hashAnnotation = 'kubernetes.io/config.hash';

/** What names and places a static pod. */
export interface ManifestFacts {
  readonly node: string;
  readonly now: number;
}

export interface Manifest {
  readonly path: string;
  readonly text: string;
}

/** The manifests that lie there now; no folder: none. */
export function readManifests(files: FileTree, folder: string): readonly Manifest[] {
  if (!files.exists(folder)) return [];
  return files
    .list(folder)
    .filter((name) => /\.(ya?ml|json)$/.test(name))
    .map((name) => `${folder}/${name}`)
    .filter((path) => files.stat(path).kind === 'file')
    .map((path) => ({ path, text: files.readText(path) }));
}

/** The pod, named after its node; undefined: the text holds none. The same text is the same pod. */
export function staticPod({ path, text }: Manifest, { node, now }: ManifestFacts): Pod | undefined {
  const { value } = yaml().parseYaml(text);
  if (!isObject(value) || value.kind !== 'Pod' || !isObject(value.metadata) || !isObject(value.spec)) return undefined;
  const written = value as Pod; // edge: what it lacks the API server will say of its mirror
  const uid = hashOf(`${node}/${path}/${text}`);
  const pod: Pod = {
    ...written,
    metadata: {
      ...written.metadata,
      name: `${written.metadata?.name ?? ''}-${node}`,
      namespace: written.metadata?.namespace ?? 'default',
      uid,
      generation: 1,
      annotations: {
        ...written.metadata?.annotations,
        [hashAnnotation]: uid,
        'kubernetes.io/config.seen': formatTime(now).replace('Z', '.000000000Z'),
        'kubernetes.io/config.source': 'file',
      },
    },
    spec: {
      ...written.spec,
      containers: written.spec?.containers ?? [],
      nodeName: node,
      tolerations: [...(written.spec?.tolerations ?? []), { operator: 'Exists', effect: 'NoExecute' }],
    },
    status: { phase: 'Pending' },
  };
  return { ...pod, spec: podDefaults(pod.spec ?? { containers: [] }) };
}

/** Thirty-two hexadecimal digits. */
function hashOf(text: string): string {
  return [0, 1, 2, 3].map((part) => fnv1a(`${part}/${text}`).toString(16).padStart(8, '0')).join('');
}
