// kube-webhook-certgen: makes the webhook's certificate (create), and tells the API server whom to trust (patch).
import { secrets, validatingWebhookConfigurations } from '../../../../api/generated/resources.ts';
import { ApiError, isNotFound } from '../../../../api/status.ts';
import { encodeBase64, encodeUtf8 } from '../../../../base/bytes.ts';
import { CertificateAuthority } from '../../../../base/certificate-authority.ts';
import type { Client } from '../../../client/client.ts';
import { TransportError } from '../../../client/transport.ts';
import type { Work } from '../../../sim/work.ts';
import type { NativeContext, NativeProgram } from '../define-image.ts';
import { flagOf } from '../web-server.ts';

export const certgen: NativeProgram = (context) => {
  const { argv, scope } = context;
  const client = context.api('kube-webhook-certgen');
  const verb = argv.find((word) => word === 'create' || word === 'patch');
  const act = verb === 'create' ? create : verb === 'patch' ? patch : undefined;
  if (client && act) scope.spawn(toItsEnd(context, act(context, client)));
  else {
    say(context, 'fatal', client ? 'no command was given: create or patch' : 'error building kubernetes config');
    context.exit(1);
  }
  return { signal: () => context.exit(143) };
};

function* toItsEnd(context: NativeContext, work: Work<void>): Work<void> {
  try {
    yield* work;
    context.exit(0);
  } catch (error) {
    if (!(error instanceof ApiError) && !(error instanceof TransportError)) throw error;
    say(context, 'fatal', error.message);
    context.exit(1);
  }
}

function* create(context: NativeContext, client: Client): Work<void> {
  const target = secretOf(context);
  try {
    yield* client.get(secrets, target);
    say(context, 'info', 'secret already exists');
    return;
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
  say(context, 'info', `getting secret '${target.name}' in namespace '${target.namespace}'`);
  say(context, 'info', `secrets \\"${target.name}\\" not found`);
  say(context, 'info', 'creating new secret');
  const names = (flagOf(context.argv, 'host') ?? '').split(',');
  const seed = context.scope.random(`${context.scope.name}/certgen`).hex(32);
  const authority = new CertificateAuthority({ seed, name: 'nil1', since: context.scope.now });
  const subject = { commonName: 'nil2', organizations: [] };
  const { certificate, key } = authority.issueWithKey({ subject, usages: ['server'], names, at: context.scope.now });
  const data = { ca: encoded(authority.certificate), cert: encoded(certificate), key: encoded(key) };
  yield* client.create(secrets, { apiVersion: 'v1', kind: 'Secret', metadata: target, type: 'Opaque', data });
}

function* patch(context: NativeContext, client: Client): Work<void> {
  const name = flagOf(context.argv, 'webhook-name') ?? '';
  const failurePolicy = flagOf(context.argv, 'patch-failure-policy');
  const secret = yield* client.get(secrets, secretOf(context));
  const caBundle = secret.data?.ca ?? '';
  say(
    context,
    'info',
    `patching webhook configurations '${name}' mutating=false, validating=true, failurePolicy=${failurePolicy}`,
  );
  const known = yield* client.get(validatingWebhookConfigurations, { name });
  const webhooks = (known.webhooks ?? []).map((webhook) => ({
    ...webhook,
    clientConfig: { ...webhook.clientConfig, caBundle },
    ...(failurePolicy === undefined ? {} : { failurePolicy }),
  }));
  yield* client.update(validatingWebhookConfigurations, { ...known, webhooks });
  say(context, 'info', 'Patched hook(s)');
}

function secretOf({ argv }: NativeContext): { readonly namespace: string; readonly name: string } {
  return { namespace: flagOf(argv, 'namespace') ?? '', name: flagOf(argv, 'secret-name') ?? '' };
}

function encoded(text: string): string {
  return encodeBase64(encodeUtf8(text));
}

function say({ stderr, scope }: NativeContext, level: string, message: string): void {
  const time = new Date(Math.floor(scope.now)).toISOString().replace(/\.\d+/, '');
  stderr(`{"level":"${level}","msg":"${message}","source":"cmd/root.go","time":"${time}"}\n`);
}
