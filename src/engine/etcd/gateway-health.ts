// What a member tells of itself over plain GETs, on its client port and on those of --listen-metrics-urls: /health,
// /livez, /readyz, /metrics, /version.
import { encodeUtf8 } from '../../base/bytes.ts';
import type { HttpRequest } from '../../base/http.ts';
import type { AnswerSink } from '../../base/http-streams.ts';
import type { JsonObject } from '../../base/json.ts';
import { late } from '../../base/late.ts';
import { metricsText, metricsType } from '../../base/metrics-text.ts';
import type { Stop } from '../sim/scope.ts';
import type { Work } from '../sim/work.ts';
import type { Gateway } from './gateway-port.ts';
import { EtcdError, etcdVersion } from './member.ts';

const metricsCode = late("etcd's metrics", () => import('./metrics.ts'));

/** Answers GET of a path with its query. Returns how to stop. */
export function answerDocument(gateway: Gateway, { target, headers }: HttpRequest, sink: AnswerSink): Stop {
  const { scope } = gateway.cluster;
  const [path = '', query = ''] = target.split('?');
  const accept = headers.get('accept') ?? '';
  const asked = query.split('&').map((part) => part.split('='));
  const values = (name: string): readonly string[] =>
    asked.filter(([key]) => key === name).map(([, value = '']) => decodeURIComponent(value));
  const done = (answer: Answer): void => reply(sink, answer);
  const check = checkOf(path);
  if (path === '/health')
    return scope.run(health(gateway, values('exclude'), values('serializable').includes('true')), done, fail);
  if (check)
    return scope.run(
      checked(
        gateway,
        check.filter((name) => !values('exclude').includes(name)),
        asked.some(([key]) => key === 'verbose'),
      ),
      done,
      fail,
    );
  if (path === '/metrics')
    done({ status: 200, type: metricsType(accept), text: metricsText(metricsCode().etcdMetrics(gateway)) });
  else if (path === '/version') {
    const versions = { etcdserver: etcdVersion, etcdcluster: '3.6.0', storage: '3.6.0' };
    done({ status: 200, type: 'application/json', text: JSON.stringify(versions) });
  } else done({ status: 404, type: plainText, text: '404 page not found\n' });
  return () => {};
}

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

const plainText = 'text/plain; charset=utf-8';

function fail(error: unknown): never {
  throw error;
}

function reply(sink: AnswerSink, { status, type, text }: Answer): void {
  sink.head(status, { 'Content-Type': type });
  sink.piece(encodeUtf8(text));
  sink.end();
}

function* health(
  { cluster, member, meters }: Gateway,
  excluded: readonly string[],
  serializable: boolean,
): Work<Answer> {
  let reason = cluster.alarms.length > 0 && !excluded.includes('NOSPACE') ? 'ALARM NOSPACE' : '';
  if (reason === '' && !serializable && !cluster.leaderOf(member)) reason = 'RAFT NO LEADER';
  if (reason === '' && !serializable) {
    const problem = yield* readProblem(() => member.agree('read'));
    if (problem !== undefined) reason = `RANGE ERROR:${problem}`;
  }
  if (reason === '') meters.healthSuccesses++;
  else meters.healthFailures++;
  const told: JsonObject = { health: String(reason === ''), reason };
  const end = reason === '' ? '' : '\n';
  return { status: reason === '' ? 200 : 503, type: plainText, text: `${JSON.stringify(told)}${end}` };
}

const checks: Readonly<Record<string, readonly string[]>> = {
  livez: ['serializable_read'],
  readyz: ['data_corruption', 'linearizable_read', 'non_learner', 'serializable_read'],
};

/** The checks behind a path; undefined: it is none of theirs. */
function checkOf(path: string): readonly string[] | undefined {
  const [, kind = '', name, more] = path.split('/');
  const all = Object.hasOwn(checks, kind) ? checks[kind] : undefined;
  if (!all || more !== undefined) return undefined;
  if (name === undefined) return all;
  return all.includes(name) ? [name] : undefined;
}

function* checked({ member }: Gateway, names: readonly string[], verbose: boolean): Work<Answer> {
  const lines: string[] = [];
  for (const name of names) {
    let problem: string | undefined;
    if (name === 'linearizable_read') problem = yield* readProblem(() => member.agree('read'));
    else if (name === 'non_learner' && member.learner) problem = 'etcdserver: local member is a learner';
    lines.push(problem === undefined ? `[+]${name} ok\n` : `[-]${name} failed: ${problem}\n`);
  }
  const reason = lines.join('');
  if (lines.some((line) => line.startsWith('[-]'))) return { status: 503, type: plainText, text: `${reason}\n` };
  return { status: 200, type: plainText, text: `${verbose ? reason : ''}ok\n` };
}

function* readProblem(read: () => Work<void>): Work<string | undefined> {
  try {
    yield* read();
    return undefined;
  } catch (error) {
    if (!(error instanceof EtcdError)) throw error;
    return error.message;
  }
}
