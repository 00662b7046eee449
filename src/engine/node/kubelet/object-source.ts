// ConfigMaps, Secrets and claims as the kubelet gets them: read when needed, in upstream's words when they are not there.
import { configMaps, resourceClaims, secrets } from '../../../api/generated/resources.ts';
import type { ConfigMap, ResourceClaim, Secret } from '../../../api/generated/types.ts';
import { isNotFound } from '../../../api/status.ts';
import { decodeBase64, encodeUtf8 } from '../../../base/bytes.ts';
import { own } from '../../../base/json.ts';
import type { Client } from '../../client/client.ts';
import type { Scope } from '../../sim/scope.ts';
import type { Work } from '../../sim/work.ts';

export type SourceKind = 'ConfigMap' | 'Secret';

/** The keys of a ConfigMap or a Secret, in order. */
export type Keys = ReadonlyMap<string, Uint8Array>;

/** Something that a container or a volume needs is missing; `message` is the kubelet's. */
export class MissingSource extends Error {
  override name = 'MissingSource';
}

/** The certificate authority is the same for all pods of a namespace and rarely changes. */
const rootCaName = 'kube-root-ca.crt';
const rootCaKeptMs = 60_000;

export class ObjectSource {
  private readonly kept = new Map<string, { readonly keys: Keys; readonly at: number }>();

  constructor(
    private readonly scope: Scope,
    private readonly client: Client,
  ) {}

  /** Undefined when it does not exist. */
  *find(kind: SourceKind, namespace: string, name: string): Work<Keys | undefined> {
    const known = name === rootCaName ? this.kept.get(namespace) : undefined;
    if (known && this.scope.now - known.at < rootCaKeptMs) return known.keys;
    try {
      const keys =
        kind === 'ConfigMap'
          ? keysOfConfigMap(yield* this.client.get(configMaps, { namespace, name }))
          : keysOfSecret(yield* this.client.get(secrets, { namespace, name }));
      if (name === rootCaName) this.kept.set(namespace, { keys, at: this.scope.now });
      return keys;
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }

  /** Undefined when it does not exist. */
  *resourceClaim(namespace: string, name: string): Work<ResourceClaim | undefined> {
    try {
      return yield* this.client.get(resourceClaims, { namespace, name });
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }

  /** Throws {@link MissingSource} when it does not exist and is not optional. */
  *get(
    kind: SourceKind,
    namespace: string,
    ref: { readonly name: string; readonly optional: boolean },
  ): Work<Keys | undefined> {
    const keys = yield* this.find(kind, namespace, ref.name);
    if (!keys && !ref.optional) throw new MissingSource(`${kind.toLowerCase()} "${ref.name}" not found`);
    return keys;
  }
}

function keysOfConfigMap(map: ConfigMap): Keys {
  const keys = new Map<string, Uint8Array>();
  for (const key of Object.keys(map.data ?? {}).sort()) keys.set(key, encodeUtf8(textOf(map.data, key)));
  for (const key of Object.keys(map.binaryData ?? {}).sort()) keys.set(key, bytesOf(map.binaryData, key));
  return keys;
}

function keysOfSecret(secret: Secret): Keys {
  const keys = new Map<string, Uint8Array>();
  for (const key of Object.keys(secret.data ?? {}).sort()) keys.set(key, bytesOf(secret.data, key));
  return keys;
}

function textOf(data: Readonly<Record<string, string>> | undefined, key: string): string {
  const value = own(data ?? {}, key);
  return typeof value === 'string' ? value : '';
}

function bytesOf(data: Readonly<Record<string, string>> | undefined, key: string): Uint8Array {
  return decodeBase64(textOf(data, key)) ?? new Uint8Array();
}
