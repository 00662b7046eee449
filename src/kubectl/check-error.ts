// Errors to what kubectl prints on standard error and its exit code (upstream's cmdutil.CheckErr).
import {
  ConfigurationError,
  ExitError,
  ManyErrors,
  NoResourceMatch,
  PlainError,
  type ServerStatus,
  StatusError,
  UnreachableError,
} from './errors.ts';

export interface Verdict {
  readonly text: string;
  readonly exitCode: number;
}

export function checkError(thrown: Error): Verdict {
  const error = thrown instanceof ManyErrors && thrown.errors.length === 1 ? (thrown.errors[0] ?? thrown) : thrown;
  if (error instanceof ExitError) return { text: '', exitCode: error.code };
  const text = describeError(error);
  return { text: text === '' || text.endsWith('\n') ? text : `${text}\n`, exitCode: 1 };
}

function describeError(error: Error): string {
  if (error instanceof StatusError && error.reason === 'Invalid') return invalid(error.status);
  if (error instanceof ConfigurationError) return multiline('Error in configuration: ', error.problems);
  if (error instanceof NoResourceMatch) return noResourceMatch(error);
  if (error instanceof ManyErrors) return error.errors.map((one) => `${messageForError(one)}\n`).join('');
  const standard = standardMessage(error);
  if (standard !== undefined) return standard;
  return error.message.startsWith('error: ') ? error.message : `error: ${error.message}`;
}

/** The text of an error inside a list: server errors with their prefix, others bare. */
export function messageForError(error: Error): string {
  return standardMessage(error) ?? error.message;
}

function standardMessage(error: Error): string | undefined {
  if (error instanceof PlainError) return error.message;
  if (error instanceof StatusError) {
    if (error.reason === 'Unauthorized') return `error: You must be logged in to the server (${error.message})`;
    return error.reason
      ? `Error from server (${error.reason}): ${error.message}`
      : `Error from server: ${error.message}`;
  }
  if (error instanceof UnreachableError) {
    if (!error.cause.includes('connection refused')) return `Unable to connect to the server: ${error.cause}`;
    const host = /^[a-z]+:\/\/([^/?#]*)/.exec(error.url)?.[1] ?? error.url;
    return `The connection to the server ${host} was refused - did you specify the right host or port?`;
  }
  return undefined;
}

function invalid(status: ServerStatus): string {
  const { details, message = '' } = status;
  if (!details) return `The request is invalid${message ? `: ${message}` : ''}`;
  const causes = details.causes ?? [];
  let head = 'The request is invalid';
  if (details.kind || details.name) head = `The ${details.kind ?? ''} ${JSON.stringify(details.name ?? '')} is invalid`;
  else if (message !== '' && causes.length === 0) head += `: ${message}`;
  if (causes.length === 0) return head;
  const lines = new Set(causes.map((cause) => `${cause.field ?? ''}: ${cause.message ?? ''}`));
  return multiline(`${head}: `, [...lines]);
}

function multiline(prefix: string, messages: readonly string[]): string {
  if (messages.length === 1) return `${prefix}${messages[0]}\n`;
  return `${prefix}\n${messages.map((message) => `* ${message}\n`).join('')}`;
}

function noResourceMatch({ resource, group, version }: NoResourceMatch): string {
  const inGroup = group ? ` in group "${group}"` : '';
  const inVersion = version ? ` ${group ? 'and' : 'in'} version "${version}"` : '';
  return `the server doesn't have a resource type "${resource}"${inGroup}${inVersion}`;
}
