// YAML as kubectl prints objects.
import { emitYaml } from '../../base/yaml-emit.ts';

export function formatYaml(value: unknown): string {
  return emitYaml(value);
}
