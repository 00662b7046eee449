// Auditing: decides by the policy which requests are noted, and writes their events to the log.

import { goJson } from '../../../api/go-format.ts';
import type { ApiRequest } from '../../../api/request.ts';
import { quote } from '../../../base/go/quote.ts';
import { isList, isObject, type JsonObject, type JsonValue } from '../../../base/json.ts';
import type { Scope } from '../../sim/scope.ts';
import { type Attributes, placeOf } from '../authorizer.ts';
import { uriOf } from '../request-uri.ts';
import { type AuditDecision, type AuditPolicy, decide } from './audit-policy.ts';
import { type AuditedRequest, AuditRecord } from './audit-record.ts';
import { isLongRunning } from './long-running.ts';

/** What the flags of a kube-apiserver say of auditing. */
export interface AuditSettings {
  readonly policy: AuditPolicy;
  readonly format: 'json' | 'legacy';
  /** Takes whole lines. */
  write(lines: string): void;
}

export class Auditor {
  /** Events so far, and requests by the level that the policy gave them. */
  events = 0;
  readonly levels = new Map<string, number>();
  private readonly ids;

  constructor(
    private readonly scope: Scope,
    private readonly settings: AuditSettings,
  ) {
    this.ids = scope.random('apiserver/audit-ids');
  }

  /** Notes that a request has come. Undefined: the policy does not care for it. */
  begin(request: AuditedRequest): AuditRecord | undefined {
    const { attributes, user, verb } = request;
    const decision = decide(this.settings.policy, { user, verb, about: aboutOf(attributes) });
    const { level } = decision;
    this.levels.set(level, (this.levels.get(level) ?? 0) + 1);
    return level === 'None' ? undefined : this.record(request, decision);
  }

  /** An ID for a request that brings none. */
  newId(): string {
    return this.ids.uuid();
  }

  /** As begin, for a component's request. */
  beginInside(request: ApiRequest, sourceIp: string): AuditRecord | undefined {
    const { user, userAgent, verb, version } = request;
    return this.begin({
      auditId: this.newId(),
      uri: uriOf(request),
      verb,
      user,
      userAgent,
      sourceIps: [sourceIp],
      attributes: attributesOf(request),
      version,
      longRunning: isLongRunning(request),
    });
  }

  private record(request: AuditedRequest, decision: AuditDecision): AuditRecord {
    const record = new AuditRecord(request, decision, {
      now: () => this.scope.now,
      event: (event) => {
        this.events++;
        this.settings.write(this.settings.format === 'json' ? jsonLine(event) : legacyLine(event));
      },
    });
    record.received();
    return record;
  }
}

function aboutOf(attributes: Attributes) {
  return attributes.kind === 'path' ? attributes : { ...attributes, subresource: attributes.subresource ?? '' };
}

/** What the authorizer is asked about a request. */
function attributesOf(request: ApiRequest): Attributes {
  const { verb, group, resource, subresource, name = '' } = request;
  return { kind: 'resource', verb, group, resource, subresource, namespace: placeOf(request), name };
}

function jsonLine(event: JsonObject): string {
  const text = JSON.stringify(event).replace(/[<>&\u2028\u2029]/g, escaped);
  return `${text}\n`;
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** Upstream's one line of text an event. */
function legacyLine(event: JsonObject): string {
  const user = isObject(event.user) ? event.user : {};
  const as = isObject(event.impersonatedUser) ? event.impersonatedUser : undefined;
  const reference = isObject(event.objectRef) ? event.objectRef : {};
  const status = isObject(event.responseStatus) ? event.responseStatus : undefined;
  const [ip = '<unknown>'] = isList(event.sourceIPs) ? event.sourceIPs : [];
  const words = {
    id: event.auditID,
    stage: event.stage,
    ip,
    method: event.verb,
    user: user.username ?? '<none>',
    groups: user.username && isList(user.groups) ? groupList(user.groups) : '<none>',
    as: as ? (as.username ?? '') : '<self>',
    asgroups: as && isList(as.groups) ? groupList(as.groups) : '<lookup>',
    'user-agent': event.userAgent ?? '',
    namespace: reference.namespace ?? '<none>',
    uri: event.requestURI,
    response: status ? goJson(status.code ?? 0) : '<deferred>',
  };
  const told = Object.entries(words).map(([word, value]) => `${word}=${quote(String(value))}`);
  return `${String(event.requestReceivedTimestamp).replace(/\.?0+Z$/, 'Z')} AUDIT: ${told.join(' ')}\n`;
}

function groupList(groups: readonly JsonValue[]): string {
  return groups.map((group) => quote(String(group))).join(',');
}
