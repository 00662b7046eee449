// Kustomize: the objects that a folder's kustomization adds up to.
//
//   kustomization ─▶ resources, generated, transformed (target.ts) ─▶ hashes ─▶ references ─▶ variables ─▶ in order
import type { Process } from '../../api/program.ts';
import { objectAt, textsAt } from '../../base/fields.ts';
import type { JsonObject } from '../../base/json.ts';
import { formatYaml } from '../print/yaml.ts';
import { editField } from './field-spec.ts';
import { FolderLoader } from './folder-loader.ts';
import { fixNameReferences } from './name-references.ts';
import { withOrigins } from './origin.ts';
import { inOrder } from './sort-order.ts';
import { Target } from './target.ts';
import { hashTransformer, isLocal, withPlainAnnotations } from './transformers.ts';
import { resolveVariables } from './variables.ts';

export interface BuildOptions {
  readonly unrestricted?: boolean;
  readonly helm?: boolean;
  readonly reorder?: 'legacy' | 'none';
  /** Labels everything as managed by kustomize. */
  readonly managedByLabel?: boolean;
  /** Is told what is about to go away. */
  readonly warn?: (line: string) => void;
  /** As `warn`, for what upstream writes to its log. */
  readonly log?: (line: string) => void;
}

type Place = Pick<Process, 'machine' | 'cwd'>;

/** The objects of a kustomization's folder, ready to apply. Throws what is wrong with it. */
export function buildKustomization(
  { machine, cwd }: Place,
  folder: string,
  options: BuildOptions = {},
): readonly JsonObject[] {
  const { warn = () => {}, log = warn, unrestricted = false, helm = false, reorder = 'legacy' } = options;
  const loader = FolderLoader.at(folder, cwd, { files: machine.files, unrestricted });
  const target = new Target(loader, { warn, helm, origin: {} });
  const { fields } = target;
  const sum = target.accumulate();
  hashTransformer(sum.map);
  fixNameReferences(sum.map, sum.configuration.nameReference);
  const unused = resolveVariables(sum.map, sum.variables, sum.configuration.varReference);
  if (unused.length > 0) log(`well-defined vars that were never replaced: ${unused.join(',')}`);
  sum.map.keep(({ object }) => !isLocal(object));
  const wanted = textsAt(fields, 'buildMetadata');
  const managed = (options.managedByLabel ?? false) || wanted.includes('managedByLabel');
  return inOrder(sum.map.resources, objectAt(fields, 'sortOptions'), reorder).map((resource) => {
    if (managed) resource.object = editField(resource.object, labels, managedBy);
    return withPlainAnnotations(withOrigins(resource, wanted));
  });
}

/** The objects as the text of a file. */
export function kustomizationText(place: Place, folder: string, options: BuildOptions = {}): string {
  return buildKustomization(place, folder, options).map(formatYaml).join('---\n');
}

const labels = { group: '', version: '', kind: '', path: 'metadata/labels', create: true };
const managedBy = {
  initial: {},
  set: (held: unknown) => ({ ...(held as JsonObject), 'app.kubernetes.io/managed-by': 'kustomize-v5.8.1' }), // edge: labels are an object
};
