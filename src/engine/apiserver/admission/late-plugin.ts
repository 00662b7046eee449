// Admission plugins that a cluster begins without: they have nothing to say before a user has made what they go by.
import { late } from '../../../base/late.ts';
import type { AdmissionPlugin } from './plugin.ts';

const code = late('admission by what users make', () => import('./late-plugins.ts'));

export function latePlugin(name: string, about: { readonly takesParts?: boolean } = {}): AdmissionPlugin {
  let found: AdmissionPlugin | undefined;
  const plugin = (): AdmissionPlugin | undefined => {
    found ??= code.loaded?.latePlugins.find((one) => one.name === name);
    return found;
  };
  return {
    ...about,
    name,
    admit: (object, attributes) => plugin()?.admit?.(object, attributes) ?? object,
    validate: (object, attributes) => plugin()?.validate?.(object, attributes),
  };
}
