// What is wrong with CustomResourceDefinitions.
import type { CustomResourceDefinition, CustomResourceDefinitionNames } from '../../api/generated/types.ts';
import { defineChecks } from '../kind-checks.ts';
import { unrecognizedFormats, validateDefinition, validateNames } from '../validation/custom-resource-definitions.ts';

export const customResourceDefinitionChecks = defineChecks<CustomResourceDefinition>({
  group: 'apiextensions.k8s.io',
  kind: 'CustomResourceDefinition',
  validate: (definition, errors) => validateDefinition(definition, undefined, errors),
  validateUpdate: validateDefinition,
  validateStatusUpdate: ({ status }, _old, errors) =>
    validateNames(status?.acceptedNames ?? noNames, 'status.acceptedNames', errors),
  warnings(definition, old) {
    const known = old ? unrecognizedFormats(old) : [];
    const news = unrecognizedFormats(definition).filter((format) => !known.includes(format));
    return news.map((format) => `unrecognized format ${JSON.stringify(format)}`);
  },
});

const noNames: CustomResourceDefinitionNames = { plural: '', kind: '' };
