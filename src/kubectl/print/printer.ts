// `-o`: which printer a command uses, and the flags that choose it.
import { FileError, normalizePath } from '../../base/files.ts';
import { goSyntax, goText } from '../../base/go/format.ts';
import { GoTemplate, TemplateError } from '../../base/go/template.ts';
import { isList, isObject, type JsonObject } from '../../base/json.ts';
import type { Context } from '../context.ts';
import { CommandError } from '../errors.ts';
import { type Flag, flag } from '../flags.ts';
import { CustomColumnsPrinter, parseCustomColumns, parseCustomColumnsFile } from './custom-columns.ts';
import { formatJson } from './json.ts';
import { JsonPath, JsonPathError } from './jsonpath.ts';
import { formatKyaml } from './kyaml.ts';
import { kubectlFunctions } from './template-functions.ts';
import { inTypedOrder } from './typed-order.ts';
import { formatYaml } from './yaml.ts';

/** An object's text; a printer may remember what it printed before (YAML parts documents with dashes). */
export interface ObjectPrinter {
  print(object: JsonObject): string;
}

export const objectFormats = [
  'json',
  'yaml',
  'kyaml',
  'name',
  'go-template',
  'go-template-file',
  'template',
  'templatefile',
  'jsonpath',
  'jsonpath-as-json',
  'jsonpath-file',
] as const;

/** The flags of a command that prints objects (create, apply, label …). */
export function printFlags(formats: readonly string[] = objectFormats, initial = ''): readonly Flag[] {
  return [
    flag.string('output', `Output format. One of: (${formats.join(', ')}).`, {
      shorthand: 'o',
      default: initial,
    }),
    flag.string(
      'template',
      'Template text, or the path of a template file for -o=go-template-file. The format is that of Go templates.',
    ),
    flag.bool(
      'allow-missing-template-keys',
      'Let a template go on where a field or key is missing. For Go templates and JSONPath.',
      {
        default: 'true',
      },
    ),
    flag.bool('show-managed-fields', 'Print managedFields too in JSON and YAML.'),
  ];
}

export interface PrinterOptions {
  /** What was done, after the name: `created`, `created (dry run)`. Without `-o` this is printed. */
  readonly operation?: string;
  /** Further formats: get's custom-columns and wide. */
  readonly formats?: readonly string[];
  /** Keys as they are (typed objects of `create --dry-run=client`), not sorted as in what the server sent. */
  readonly typed?: boolean;
}

/** The printer that `-o` and `--template` choose. */
export function objectPrinter(context: Context, options: PrinterOptions = {}): ObjectPrinter {
  const { flags } = context;
  const templateFlag = flags.has('template') ? flags.string('template') : '';
  const written = templateFlag && !flags.changed('output') ? 'go-template' : flags.string('output');
  const lower = written.toLowerCase();
  const strip = !flags.has('show-managed-fields') || !flags.bool('show-managed-fields');
  if (lower === 'json') return jsonPrinter(strip, !options.typed);
  if (lower === 'yaml') return yamlPrinter(strip);
  if (lower === 'kyaml') return kyamlPrinter(strip, !options.typed);
  if (lower === 'name') return namePrinter();
  if (lower === '') return namePrinter(options.operation);
  const formats = options.formats ?? objectFormats;
  const { format, value } = splitFormat(written, formats, templateFlag);
  const allowMissing = !flags.has('allow-missing-template-keys') || flags.bool('allow-missing-template-keys');
  if (format.startsWith('jsonpath')) return jsonPathPrinter(context, { format, value, allowMissing });
  if (format.startsWith('custom-columns')) {
    const noHeaders = flags.has('no-headers') && flags.bool('no-headers');
    const file = format === 'custom-columns-file';
    if (file && value === '') throw new CommandError('custom-columns format specified but no custom columns given');
    const columns = file ? parseCustomColumnsFile(readTemplate(context, value, 'template')) : parseCustomColumns(value);
    return new CustomColumnsPrinter(columns, noHeaders);
  }
  return templatePrinter(context, { format, value, allowMissing });
}

/** `go-template=…` → its format and template. */
function splitFormat(
  written: string,
  formats: readonly string[],
  templateFlag: string,
): { readonly format: string; readonly value: string } {
  const equals = written.indexOf('=');
  const name = equals < 0 ? written : written.slice(0, equals);
  const takesValue = formats.includes(name) && !['json', 'yaml', 'kyaml', 'name', 'wide'].includes(name);
  if (!takesValue || (equals >= 0 && templateFlag !== '' && !name.startsWith('custom')))
    throw new CommandError(
      `unable to match a printer suitable for the output format ${JSON.stringify(written)}, allowed formats are: ${[...formats].sort().join(',')}`,
    );
  return { format: name, value: equals < 0 ? templateFlag : written.slice(equals + 1) };
}

interface TemplateChoice {
  readonly format: string;
  readonly value: string;
  readonly allowMissing: boolean;
}

function jsonPathPrinter(context: Context, { format, value, allowMissing }: TemplateChoice): ObjectPrinter {
  if (value === '') throw new CommandError('template format specified but no template given');
  const template = format === 'jsonpath-file' ? readTemplate(context, value, '--template') : value;
  let path: JsonPath;
  try {
    path = new JsonPath(template, { allowMissingKeys: allowMissing });
  } catch (error) {
    if (!(error instanceof JsonPathError)) throw error;
    throw new CommandError(`error parsing jsonpath ${template}, ${error.message}\n`);
  }
  return {
    print: (object) => {
      try {
        return format === 'jsonpath-as-json' ? path.json(object) : path.text(object);
      } catch (error) {
        if (!(error instanceof JsonPathError)) throw error;
        const report = `Error executing template: ${error.message}. Printing more information for debugging the template:\n\ttemplate was:\n\t\t${template}\n\tobject given to jsonpath engine was:\n\t\t${goSyntax(object)}\n\n`;
        throw new CommandError(`error executing jsonpath ${JSON.stringify(template)}: ${report}\n`);
      }
    },
  };
}

function templatePrinter(context: Context, { format, value, allowMissing }: TemplateChoice): ObjectPrinter {
  if (value === '') throw new CommandError('template format specified but no template given');
  const text = format.endsWith('file') ? readTemplate(context, value, '--template') : value;
  let template: GoTemplate;
  try {
    template = new GoTemplate(text, {
      name: 'output',
      functions: kubectlFunctions,
      ...(allowMissing ? {} : { missing: (field: string) => `map has no entry for key ${JSON.stringify(field)}` }),
    });
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    throw new CommandError(`error parsing template ${text}, ${error.message}\n`);
  }
  return {
    print: (object) => {
      const result = template.execute(object);
      if (result.problem === undefined) return result.text;
      const report = `Error executing template: ${result.problem}. Printing more information for debugging the template:\n\ttemplate was:\n\t\t${text}\n\traw data was:\n\t\t${formatJson(object, { indent: '', sorted: true })}\n\tobject given to template engine was:\n\t\t${goText(object)}\n\n`;
      context.out(result.text + report);
      throw new CommandError(`error executing template ${JSON.stringify(text)}: ${result.problem}`);
    },
  };
}

/** `what` names the file in the error. */
function readTemplate(context: Context, path: string, what: string): string {
  try {
    return context.process.machine.files.readText(normalizePath(path, context.process.cwd));
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    throw new CommandError(`error reading ${what} ${path}, open ${path}: ${error.message.toLowerCase()}\n`);
  }
}

function jsonPrinter(strip: boolean, sorted: boolean): ObjectPrinter {
  return {
    print: (object) => {
      const shown = strip ? withoutManagedFields(object) : object;
      return `${formatJson(sorted ? shown : inTypedOrder(shown), { sorted })}\n`;
    },
  };
}

function yamlPrinter(strip: boolean): ObjectPrinter {
  let count = 0;
  return {
    print: (object) => (count++ > 0 ? '---\n' : '') + formatYaml(strip ? withoutManagedFields(object) : object),
  };
}

function kyamlPrinter(strip: boolean, sorted: boolean): ObjectPrinter {
  return {
    print: (object) => {
      const shown = strip ? withoutManagedFields(object) : object;
      return formatKyaml(sorted ? shown : inTypedOrder(shown), sorted);
    },
  };
}

/** `pod/web created`; for `-o name` without the operation. */
export function namePrinter(operation?: string): ObjectPrinter {
  return { print: (object) => nameLine(object, operation) };
}

function nameLine(object: JsonObject, operation: string | undefined): string {
  if (isList(object.items))
    return object.items
      .filter(isObject)
      .map((item) => nameLine(item, operation))
      .join('');
  const metadata = isObject(object.metadata) ? object.metadata : {};
  const apiVersion = typeof object.apiVersion === 'string' ? object.apiVersion : '';
  const group = apiVersion.includes('/') ? `.${apiVersion.slice(0, apiVersion.indexOf('/'))}` : '';
  const name = typeof metadata.name === 'string' && metadata.name !== '' ? metadata.name : '<unknown>';
  return `${String(object.kind ?? '').toLowerCase()}${group}/${name}${operation ? ` ${operation}` : ''}\n`;
}

export function withoutManagedFields(object: JsonObject): JsonObject {
  const items = isList(object.items)
    ? object.items.map((item) => (isObject(item) ? withoutManagedFields(item) : item))
    : undefined;
  const copy = items ? { ...object, items } : object;
  if (!isObject(copy.metadata) || !('managedFields' in copy.metadata)) return copy;
  const { managedFields: _, ...metadata } = copy.metadata;
  return { ...copy, metadata };
}
