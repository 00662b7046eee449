// AlwaysPullImages: whoever uses an image must be allowed to pull it, even where a node has it already.
import { aggregateText, fieldErrorText, notSupported } from '../../../../api/field-error.ts';
import type { Container, PodSpec } from '../../../../api/generated/types.ts';
import { refusal } from '../admission-request.ts';
import { plainError } from '../plain-error.ts';
import type { AdmissionPlugin, Attributes } from '../plugin.ts';
import { asPod, isPodWrite, SpecCompletion } from '../pod-spec.ts';

const always = 'Always';
const anywhere = {};

const completion = new SpecCompletion((spec: PodSpec) => {
  const pulled = <C extends Pick<Container, 'imagePullPolicy'>>(container: C): C => ({
    ...container,
    imagePullPolicy: always,
  });
  const { initContainers, containers, ephemeralContainers, volumes } = spec;
  return {
    ...spec,
    ...(initContainers && { initContainers: initContainers.map(pulled) }),
    ...(containers && { containers: containers.map(pulled) }),
    ...(ephemeralContainers && { ephemeralContainers: ephemeralContainers.map(pulled) }),
    ...(volumes && {
      volumes: volumes.map((volume) =>
        volume.image ? { ...volume, image: { ...volume.image, pullPolicy: always } } : volume,
      ),
    }),
  };
});

export const alwaysPullImages: AdmissionPlugin = {
  name: 'AlwaysPullImages',
  admit: (object, attributes) =>
    concerns(asPod(object).spec, attributes) ? completion.apply(object, anywhere, attributes.lookups) : object,
  validate(object, attributes) {
    const spec = object && asPod(object).spec;
    if (!spec || !concerns(spec, attributes)) return;
    const texts = policiesOf(spec)
      .filter(({ policy }) => policy !== always)
      .map(({ field, policy = '' }) => fieldErrorText(notSupported(field, policy, [always])));
    if (texts.length === 0) return;
    throw plainError(aggregateText(texts.map((text) => refusal(attributes, object, text).message)));
  },
};

/** Updates that bring no image along are let be. */
function concerns(spec: PodSpec | undefined, attributes: Attributes): boolean {
  const { operation, old } = attributes;
  if (!spec || !isPodWrite(attributes)) return false;
  if (operation !== 'update' || !old) return true;
  const known = new Set(containersOf(asPod(old).spec).map(({ image }) => image));
  return containersOf(spec).some(({ image }) => !known.has(image));
}

type Imaged = Pick<Container, 'image' | 'imagePullPolicy'>;

function containersOf(spec: PodSpec | undefined): readonly Imaged[] {
  return [...(spec?.initContainers ?? []), ...(spec?.containers ?? []), ...(spec?.ephemeralContainers ?? [])];
}

function policiesOf(spec: PodSpec): readonly { readonly field: string; readonly policy: string | undefined }[] {
  const lists = ['initContainers', 'containers', 'ephemeralContainers'] as const;
  return [
    ...lists.flatMap((list) =>
      (spec[list] ?? []).map(({ imagePullPolicy }, i) => ({
        field: `spec.${list}[${i}].imagePullPolicy`,
        policy: imagePullPolicy,
      })),
    ),
    ...(spec.volumes ?? []).flatMap(({ image }, i) =>
      image ? [{ field: `spec.volumes[${i}].image.pullPolicy`, policy: image.pullPolicy }] : [],
    ),
  ];
}
