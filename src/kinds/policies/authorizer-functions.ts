// The authorizer of CEL expressions: `authorizer.group('apps').resource('deployments').check('create').allowed()`.
import type { Environment } from '@marcbachmann/cel-js';

/** What an expression asks: whether somebody may do something. */
export interface AccessQuestion {
  /** Undefined: who sent the request. */
  readonly serviceAccount?: { readonly namespace: string; readonly name: string } | undefined;
  readonly verb: string;
  readonly path?: string | undefined;
  readonly group: string;
  readonly resource: string;
  readonly subresource: string;
  readonly namespace: string;
  readonly name: string;
}

/** The answer, and who gave it. */
export interface AccessAnswer {
  readonly allowed: boolean;
  readonly reason: string;
}

/** Answers for one request. */
export type AskAccess = (question: AccessQuestion) => AccessAnswer;

type Subject = Pick<AccessQuestion, 'serviceAccount'>;
type Place = Omit<AccessQuestion, 'verb' | 'serviceAccount'>;

const nowhere: Place = { group: '', resource: '', subresource: '', namespace: '', name: '' };

/** The variable `authorizer` of one request. */
export class AuthorizerValue {
  readonly requestResource: ResourceCheck;

  constructor(
    readonly ask: AskAccess,
    request: Place,
    readonly subject: Subject = {},
  ) {
    this.requestResource = new ResourceCheck(this, request);
  }
}

class GroupCheck {
  constructor(
    readonly authorizer: AuthorizerValue,
    readonly group: string,
  ) {}
}

class PathCheck {
  constructor(
    readonly authorizer: AuthorizerValue,
    readonly path: string,
  ) {}
}

class ResourceCheck {
  constructor(
    readonly authorizer: AuthorizerValue,
    readonly place: Place,
  ) {}

  with(change: Partial<Place>): ResourceCheck {
    return new ResourceCheck(this.authorizer, { ...this.place, ...change });
  }
}

class Decision {
  constructor(readonly answer: AccessAnswer) {}
}

const base = 'kubernetes.authorization';
const authorizerType = `${base}.Authorizer`;
const pathType = `${base}.PathCheck`;
const groupType = `${base}.GroupCheck`;
const resourceType = `${base}.ResourceCheck`;
const decisionType = `${base}.Decision`;

/** Registers the variable and what can be called on it. */
export function registerAuthorizer(environment: Environment): void {
  environment.registerType(resourceType, { ctor: ResourceCheck, fields: {} });
  environment.registerType(pathType, { ctor: PathCheck, fields: {} });
  environment.registerType(groupType, { ctor: GroupCheck, fields: {} });
  environment.registerType(decisionType, { ctor: Decision, fields: {} });
  environment.registerType(authorizerType, { ctor: AuthorizerValue, fields: { requestResource: resourceType } });
  environment.registerVariable('authorizer', authorizerType);
  registerSteps(environment);
  registerDecisions(environment);
}

function registerSteps(environment: Environment): void {
  const on = (signature: string, run: (...given: never[]) => unknown): void =>
    void environment.registerFunction(signature, run);
  on(`${authorizerType}.path(string): ${pathType}`, (a: AuthorizerValue, path: string) => new PathCheck(a, path));
  on(`${authorizerType}.group(string): ${groupType}`, (a: AuthorizerValue, group: string) => new GroupCheck(a, group));
  on(
    `${authorizerType}.serviceAccount(string, string): ${authorizerType}`,
    (a: AuthorizerValue, namespace: string, name: string) =>
      new AuthorizerValue(a.ask, a.requestResource.place, { serviceAccount: { namespace, name } }),
  );
  on(
    `${groupType}.resource(string): ${resourceType}`,
    (g: GroupCheck, resource: string) => new ResourceCheck(g.authorizer, { ...nowhere, group: g.group, resource }),
  );
  for (const part of ['subresource', 'namespace', 'name'] as const)
    on(`${resourceType}.${part}(string): ${resourceType}`, (r: ResourceCheck, value: string) =>
      r.with({ [part]: value }),
    );
}

function registerDecisions(environment: Environment): void {
  const on = (signature: string, run: (...given: never[]) => unknown): void =>
    void environment.registerFunction(signature, run);
  on(
    `${resourceType}.check(string): ${decisionType}`,
    (r: ResourceCheck, verb: string) => new Decision(r.authorizer.ask({ ...r.place, ...r.authorizer.subject, verb })),
  );
  on(
    `${pathType}.check(string): ${decisionType}`,
    ({ authorizer, path }: PathCheck, verb: string) =>
      new Decision(authorizer.ask({ ...nowhere, ...authorizer.subject, verb, path })),
  );
  on(`${decisionType}.allowed(): bool`, ({ answer }: Decision) => answer.allowed);
  on(`${decisionType}.reason(): string`, ({ answer }: Decision) => answer.reason);
  on(`${decisionType}.errored(): bool`, () => false);
  on(`${decisionType}.error(): string`, () => '');
}
