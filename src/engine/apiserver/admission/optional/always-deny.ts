// AlwaysDeny: nothing may be changed.
import type { StoredObject } from '../../../../kinds/kind.ts';
import { refusal } from '../admission-request.ts';
import type { AdmissionPlugin, Attributes } from '../plugin.ts';

export const alwaysDeny: AdmissionPlugin = {
  name: 'AlwaysDeny',
  takesParts: true,
  admit: deny,
  validate: deny,
};

function deny(object: StoredObject | undefined, attributes: Attributes): never {
  throw refusal(attributes, object, 'admission control is denying all modifications');
}
