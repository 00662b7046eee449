// The tokens controller: fills Secrets of type service-account-token with a token of the account that they name, and
// deletes them when the account is gone.
import { secrets, serviceAccounts } from '../../../api/generated/resources.ts';
import type { Secret, ServiceAccount, TokenRequest } from '../../../api/generated/types.ts';
import { isNotFound } from '../../../api/status.ts';
import { encodeBase64, encodeUtf8 } from '../../../base/bytes.ts';
import { isObject } from '../../../base/json.ts';
import { type Controller, type ControllerContext, defineController } from '../../client/controller.ts';
import { keyOf } from '../../client/store.ts';
import type { Work } from '../../sim/work.ts';

export const tokenController = defineController({
  name: 'serviceaccount-token-controller',
  asManager: true,
  setup: (context) => new Tokens(context),
});

const tokenType = 'kubernetes.io/service-account-token';
const nameAnnotation = 'kubernetes.io/service-account.name';
const uidAnnotation = 'kubernetes.io/service-account.uid';
/** Tokens of Secrets never expire; the server issues none for longer than that. */
const longestSeconds = 2 ** 32;

class Tokens implements Controller {
  private readonly context: ControllerContext;

  constructor(context: ControllerContext) {
    const { informers, queue } = context;
    this.context = context;
    const all = informers.informer(secrets);
    const enqueue = (secret: Secret): void => {
      if (secret.type === tokenType) queue.add(keyOf(secret));
    };
    all.on({ added: enqueue, updated: enqueue });
    const enqueueOf = ({ metadata }: ServiceAccount): void => {
      for (const secret of all.lister.inNamespace(metadata?.namespace ?? ''))
        if (secret.metadata?.annotations?.[nameAnnotation] === metadata?.name) enqueue(secret);
    };
    informers.informer(serviceAccounts).on({ added: enqueueOf, deleted: enqueueOf });
  }

  *reconcile(key: string): Work<void> {
    const { informers, client } = this.context;
    const secret = informers.informer(secrets).lister.get(key);
    const { namespace, name = '', uid, annotations } = secret?.metadata ?? {};
    const accountName = annotations?.[nameAnnotation];
    if (!secret || !accountName) return;
    const account = informers.informer(serviceAccounts).lister.get(`${namespace}/${accountName}`);
    const wantedUid = annotations?.[uidAnnotation];
    if (!account || (wantedUid && wantedUid !== account.metadata?.uid)) {
      if (yield* this.accountExists(namespace, accountName, wantedUid)) return;
      yield* client.delete(secrets, { namespace, name, ...(uid !== undefined && { preconditions: { uid } }) });
      return;
    }
    if (secret.data?.token && secret.data.namespace && secret.data['ca.crt'] && wantedUid) return;
    yield* this.fill(secret, account);
  }

  /** The cache may not have it yet. */
  private *accountExists(namespace: string | undefined, name: string, uid: string | undefined): Work<boolean> {
    try {
      const account = yield* this.context.client.get(serviceAccounts, { namespace, name });
      return !uid || account.metadata?.uid === uid;
    } catch (error) {
      if (isNotFound(error)) return false;
      throw error;
    }
  }

  private *fill(secret: Secret, account: ServiceAccount): Work<void> {
    const { client, cluster } = this.context;
    const { namespace = '', name = '' } = account.metadata ?? {};
    const request: TokenRequest = {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'TokenRequest',
      spec: {
        audiences: [],
        expirationSeconds: longestSeconds,
        boundObjectRef: { apiVersion: 'v1', kind: 'Secret', name: secret.metadata?.name, uid: secret.metadata?.uid },
      },
    };
    const reply = yield* client.createSub(serviceAccounts, { namespace, name, subresource: 'token' }, request);
    const token = isObject(reply.status) && typeof reply.status.token === 'string' ? reply.status.token : '';
    const encoded = (text: string): string => encodeBase64(encodeUtf8(text));
    const annotations = { ...secret.metadata?.annotations, [uidAnnotation]: account.metadata?.uid ?? '' };
    yield* client.update(secrets, {
      ...secret,
      metadata: { ...secret.metadata, annotations },
      data: {
        ...secret.data,
        'ca.crt': encoded(cluster.rootCa),
        namespace: encoded(namespace),
        token: encoded(token),
      },
    });
  }
}
