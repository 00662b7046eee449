// The text of a kuberc file for those who show and change it: v1beta1, fields that nobody knows are passed over.
import { parseYaml } from '../../api/yaml.ts';
import { isObject } from '../../base/json.ts';
import { CommandError } from '../errors.ts';
import { type Preference, PreferenceError, readPreference } from './preference.ts';

export function parsePreference(text: string): Preference {
  const { value, problem } = parseYaml(text);
  if (problem !== undefined)
    throw new CommandError(`error parsing kuberc file: error converting YAML to JSON: ${problem}`);
  try {
    return readPreference(isObject(value) ? value : {}, 'v1beta1').preference;
  } catch (error) {
    if (!(error instanceof PreferenceError)) throw error;
    const why = `error unmarshaling JSON: while decoding JSON: ${error.message}`;
    throw new CommandError(`error parsing kuberc file: ${why}`);
  }
}
