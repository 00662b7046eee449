// Whom an HTTP request acts as. Where requests are audited, it is noted from here on, with what it may do.
import type { KubeRequest } from '../../api/ports.ts';
import type { UserInfo } from '../../api/request.ts';
import type { ApiCore } from './api-core.ts';
import { auditedSender } from './audit/audited-sender.ts';
import type { Attributes } from './authorizer.ts';
import { actingUser } from './http-user.ts';
import type { RequestMemory } from './request-memory.ts';
import type { Route } from './router.ts';

/** Throws Unauthorized, and Forbidden where it may not impersonate whom it wants to. */
export function requestUser(
  { auditor, authenticator, authorizer, address }: ApiCore,
  exchange: {
    readonly memory: RequestMemory;
    readonly route: Route;
    readonly attributes: Attributes;
    readonly request: KubeRequest;
    readonly auditId?: string;
  },
): UserInfo {
  const { memory, request, attributes } = exchange;
  const { headers = {} } = request;
  if (!auditor) return actingUser(authenticator.userOfRequest(request), headers, authorizer, attributes);
  const outside = outsideOf(address);
  const sender = auditedSender({ auditor, outside, auditId: auditor.newId(), ...exchange }, authenticator);
  const user = actingUser(sender, headers, authorizer, attributes);
  if (user !== sender) memory.audit?.actsAs(user);
  return user;
}

/** Machines beside the cluster's come through the gateway of its network. */
function outsideOf(address: string): string {
  return address.replace(/\.\d+(:\d+)?$/, '.1');
}
