// Fields that a Go struct has from another one inside it: in JSON they stand among its own, and only the decoder's
// errors tell (`spec.volumes.VolumeSource.secret`).

/** The fields of a struct that are of the embedded one; or, after `but`, those that are not. */
type Embedded = readonly [name: string, ...fields: readonly string[]];

const reference: Embedded = ['LocalObjectReference', 'name'];
const configuration: Embedded = ['DeviceConfiguration', 'opaque'];
const rule = 'apiGroups apiVersions resources scope'.split(' ');
const volume =
  'capacity accessModes claimRef persistentVolumeReclaimPolicy storageClassName mountOptions volumeMode nodeAffinity volumeAttributesClassName'.split(
    ' ',
  );

const structs: Readonly<Record<string, readonly Embedded[]>> = {
  ConfigMapEnvSource: [reference],
  ConfigMapKeySelector: [reference],
  ConfigMapProjection: [reference],
  ConfigMapVolumeSource: [reference],
  DeviceAllocationConfiguration: [configuration],
  DeviceClaimConfiguration: [configuration],
  DeviceClassConfiguration: [configuration],
  EphemeralContainer: [['EphemeralContainerCommon', 'but', 'targetContainerName']],
  IngressRule: [['IngressRuleValue', 'http']],
  NamedRuleWithOperations: [
    ['RuleWithOperations.Rule', ...rule],
    ['RuleWithOperations', 'operations'],
  ],
  PersistentVolumeSpec: [['PersistentVolumeSource', 'but', ...volume]],
  Probe: [['ProbeHandler', 'exec', 'httpGet', 'tcpSocket', 'grpc']],
  RuleWithOperations: [['Rule', ...rule]],
  SecretEnvSource: [reference],
  SecretKeySelector: [reference],
  SecretProjection: [reference],
  Volume: [['VolumeSource', 'but', 'name']],
};

/** The field as the decoder names it within a struct: `secret` of Volume is `VolumeSource.secret`. */
export function embeddedField(struct: string, field: string): string {
  const embedded = Object.hasOwn(structs, struct) ? (structs[struct] ?? []) : [];
  const found = embedded.find(([, first, ...rest]) => {
    return first === 'but' ? !rest.includes(field) : first === field || rest.includes(field);
  });
  return found ? `${found[0]}.${field}` : field;
}
