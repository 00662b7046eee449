// Decoding errors name the structs that Go embeds.
import { expect, test } from 'vitest';
import { DecodeError, decode } from './decode.ts';

test.each([
  [{ volumes: [{ name: 'v', secret: 'x' }] }, 'string into Go struct field Volume.spec.volumes.VolumeSource.secret'],
  [{ volumes: [{ name: 3 }] }, 'number into Go struct field Volume.spec.volumes.name'],
  [
    { containers: [{ livenessProbe: { httpGet: 'x' } }] },
    'string into Go struct field Probe.spec.containers.livenessProbe.ProbeHandler.httpGet',
  ],
  [
    { containers: [{ env: [{ valueFrom: { secretKeyRef: { name: 3 } } }] }] },
    'number into Go struct field SecretKeySelector.spec.containers.env.valueFrom.secretKeyRef.LocalObjectReference.name',
  ],
  [
    { ephemeralContainers: [{ name: 3 }] },
    'number into Go struct field EphemeralContainer.spec.ephemeralContainers.EphemeralContainerCommon.name',
  ],
])('of a pod with %j', (spec, place) => {
  const reading = () => decode('core.v1.Pod', { spec });
  expect(reading).toThrow(DecodeError);
  expect(reading).toThrow(`json: cannot unmarshal ${place} of type`);
});
