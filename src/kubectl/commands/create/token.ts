// `kubectl create token`
import { textAt } from '../../../base/fields.ts';
import { resourcePath } from '../../client/url.ts';
import type { Command } from '../../command.ts';
import type { Context } from '../../context.ts';
import { asError, CommandError } from '../../errors.ts';
import { flag } from '../../flags.ts';
import { objectPrinter, printFlags } from '../../print/printer.ts';
import { nameArgument } from './generator.ts';

/** Kinds that a token can be bound to, and their API versions. */
const bindable = new Map([
  ['Node', 'v1'],
  ['Pod', 'v1'],
  ['Secret', 'v1'],
]);

export const createToken: Command = {
  use: 'token SERVICE_ACCOUNT_NAME',
  completes: { kind: 'names', of: 'serviceaccounts' },
  short: 'Request a service account token',
  example:
    '# A token of a service account\nkubectl create token myapp\n\n# One that lives ten minutes\nkubectl create token myapp --duration 10m',
  flags: [
    ...printFlags(),
    flag.stringArray('audience', 'Audience of the token; may be repeated. Default: the Kubernetes API server.'),
    flag.string('bound-object-kind', 'Kind of an object to bind the token to: Node, Pod, Secret.'),
    flag.string('bound-object-name', 'Name of the object to bind the token to; the token ends with it.'),
    flag.string('bound-object-uid', "UID of that object; default: the present object's."),
    flag.duration('duration', 'Lifetime to ask for; 0 leaves it to the server.'),
  ],
  run: runCreateToken,
};

async function runCreateToken(context: Context): Promise<void> {
  const name = nameArgument(context);
  const { flags } = context;
  checkFlags(context);
  const [kind, objectName, uid] = ['kind', 'name', 'uid'].map((part) => flags.string(`bound-object-${part}`));
  const seconds = flags.number('duration') / 1000;
  const bound = {
    kind: kind ?? '',
    apiVersion: bindable.get(kind ?? '') ?? '',
    name: objectName ?? '',
    uid: uid ?? '',
  };
  const spec = {
    audiences: flags.strings('audience').length > 0 ? flags.strings('audience') : null,
    expirationSeconds: seconds > 0 ? seconds : null,
    boundObjectRef: kind === '' ? null : bound,
  };
  const resource = { group: '', version: 'v1', resource: 'serviceaccounts' };
  const reply = await context
    .client()
    .object({
      method: 'POST',
      path: resourcePath(resource, { ns: context.namespace().ns, name, subresource: 'token' }),
      body: { kind: 'TokenRequest', apiVersion: 'authentication.k8s.io/v1', metadata: {}, spec, status: {} },
      about: { resource: 'serviceaccounts', name },
    })
    .catch((error: unknown) => {
      throw new CommandError(`failed to create token: ${asError(error).message}`);
    });
  const token = textAt(reply, 'status.token');
  if (token === '') throw new CommandError('failed to create token: no token in server response');
  if (flags.string('output') !== '') context.out(objectPrinter(context, { typed: true }).print(reply));
  else context.out(context.process.terminal ? `${token}\n` : token);
}

function checkFlags({ flags }: Context): void {
  if (flags.number('duration') < 0) throw new CommandError('--duration must be greater than or equal to 0');
  if (flags.number('duration') % 1000 !== 0) {
    throw new CommandError('--duration cannot be expressed in units less than seconds');
  }
  if (flags.strings('audience').includes('')) throw new CommandError('--audience must not be an empty string');
  const [kind, name] = [flags.string('bound-object-kind'), flags.string('bound-object-name')];
  if (kind === '') {
    for (const part of ['name', 'uid']) {
      if (flags.string(`bound-object-${part}`) === '') continue;
      throw new CommandError(`--bound-object-${part} can only be set if --bound-object-kind is provided`);
    }
    return;
  }
  if (!bindable.has(kind)) {
    throw new CommandError(`supported --bound-object-kind values are ${[...bindable.keys()].join(', ')}`);
  }
  if (name === '') throw new CommandError('--bound-object-name is required if --bound-object-kind is provided');
}
