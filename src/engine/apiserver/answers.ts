// Answers to the requests of components: at once where nothing has to be waited for, which is nearly always.
//
//   request ─▶ of an aggregated API? ─▶ its service answers
//           ─▶ etcd's members agree ─▶ carried out, again and again until no answer from outside is missing
import type { ApiRequest } from '../../api/request.ts';
import { ApiError } from '../../api/status.ts';
import type { JsonObject } from '../../base/json.ts';
import type { Scope, Stop } from '../sim/scope.ts';
import type { Settle, Work } from '../sim/work.ts';
import type { Aggregator } from './aggregator/aggregator.ts';
import { call } from './aggregator/forward.ts';
import type { Agreement } from './agreement.ts';
import type { AuditRecord } from './audit/audit-record.ts';
import { asJson } from './json-edge.ts';
import type { Outcome } from './operation.ts';
import { AnswersNeeded, RequestMemory } from './request-memory.ts';
import type { RequestTally } from './request-tally.ts';

export interface AnswersParts {
  readonly tally: RequestTally;
  readonly aggregator: Pick<Aggregator, 'find' | 'connection'>;
  /** Undefined: etcd is one member, and answers at once. */
  readonly agreement: Agreement | undefined;
  /** Notes that a request has come; undefined: nobody audits it. */
  audit(request: ApiRequest): AuditRecord | undefined;
  /** Throws the refusal of a request that is not allowed. */
  check(request: ApiRequest): void;
  /** Carries it out. Throws ApiError, and AnswersNeeded where an answer from outside is missing. */
  perform(request: ApiRequest, memory: RequestMemory): Outcome;
}

export class Answers {
  constructor(private readonly parts: AnswersParts) {}

  give(request: ApiRequest, settle: Settle<JsonObject>, scope: Scope): Stop | undefined {
    const { aggregator, agreement } = this.parts;
    const memory = new RequestMemory();
    const audit = this.parts.audit(request);
    if (audit) {
      memory.audit = audit;
      return scope.run(this.noted(request, memory, audit), settle.value.bind(settle), settle.error.bind(settle));
    }
    let missing: AnswersNeeded | undefined;
    if (!agreement?.needed && !aggregator.find(request.group, request.version)) {
      try {
        const { object, code } = this.parts.perform(request, memory);
        this.parts.tally.addInside(request, code);
        settle.value(asJson(object));
        return undefined;
      } catch (error) {
        if (!(error instanceof AnswersNeeded)) {
          this.parts.tally.addInside(request, codeOf(error));
          settle.error(error);
          return undefined;
        }
        missing = error;
      }
    }
    return scope.run(
      this.wait(request, memory, missing),
      (answer) => settle.value(answer),
      (error) => settle.error(error),
    );
  }

  /** As wait, for a request that is audited. */
  private *noted(request: ApiRequest, memory: RequestMemory, audit: AuditRecord): Work<JsonObject> {
    try {
      return yield* this.wait(request, memory);
    } catch (error) {
      audit.failed(error);
      throw error;
    } finally {
      audit.completed();
    }
  }

  *wait(request: ApiRequest, memory: RequestMemory, missing?: AnswersNeeded): Work<JsonObject> {
    const { tally } = this.parts;
    const since = tally.now;
    try {
      const { object, code } = yield* this.outcome(request, memory, missing);
      tally.addInside(request, code, tally.now - since);
      return asJson(object);
    } catch (error) {
      tally.addInside(request, codeOf(error), tally.now - since);
      throw error;
    }
  }

  private *outcome(request: ApiRequest, memory: RequestMemory, missing?: AnswersNeeded): Work<Outcome> {
    const { aggregator, agreement } = this.parts;
    const remote = aggregator.find(request.group, request.version);
    if (remote) {
      this.parts.check(request);
      return { code: 200, object: yield* call(aggregator.connection, remote, request) };
    }
    const act = (): Outcome => this.parts.perform(request, memory);
    for (let needed = missing; ; ) {
      if (needed) yield* needed.answers(memory);
      try {
        const outcome = agreement?.needed ? yield* agreement.on(request, act) : act();
        memory.audit?.told(outcome);
        return outcome;
      } catch (error) {
        if (!(error instanceof AnswersNeeded)) throw error;
        needed = error;
      }
    }
  }
}

function codeOf(error: unknown): number {
  return error instanceof ApiError ? error.code : 500;
}
