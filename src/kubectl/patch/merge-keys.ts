// Which lists of built-in kinds are merged item by item in strategic merge patches, and by which key.

const mergeKeys: ReadonlyMap<string, string> = new Map([
  ['containers', 'name'],
  ['initContainers', 'name'],
  ['ephemeralContainers', 'name'],
  ['env', 'name'],
  ['volumeMounts', 'mountPath'],
  ['volumeDevices', 'devicePath'],
  ['volumes', 'name'],
  ['imagePullSecrets', 'name'],
  ['secrets', 'name'],
  ['hostAliases', 'ip'],
  ['topologySpreadConstraints', 'topologyKey'],
  ['schedulingGates', 'name'],
  ['resourceClaims', 'name'],
  ['ownerReferences', 'uid'],
  ['conditions', 'type'],
  ['webhooks', 'name'],
  ['validations', 'expression'],
]);

/** The key of the list's items; undefined for lists that are replaced as a whole. */
export function mergeKeyOf(path: readonly string[]): string | undefined {
  const name = path.at(-1) ?? '';
  if (name === 'ports') return portKey(path);
  if (name === 'addresses') return path[0] === 'status' ? 'type' : undefined;
  if (name === 'secrets' && path.length > 1) return undefined;
  return mergeKeys.get(name);
}

/** `ports` of containers go by containerPort, those of a service's spec by port; network policies' are replaced. */
function portKey(path: readonly string[]): string | undefined {
  const list = path.at(-3) ?? '';
  if (list.toLowerCase().endsWith('containers')) return 'containerPort';
  return path.length === 2 && path[0] === 'spec' ? 'port' : undefined;
}

/** Lists of texts whose items are merged one by one. */
export function isPrimitiveSet(path: readonly string[]): boolean {
  return path.join('.') === 'metadata.finalizers';
}
