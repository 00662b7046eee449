// `tabernetes serve`: a cluster whose API real clients reach on loopback.
import { writeFileSync } from 'node:fs';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { startSession } from '../../driver/session.ts';
import * as wallClockHost from '../../host.ts';
import { reportFault } from '../report-fault.ts';
import { wholeNumber, worldChoice, worldFlags, worldFlagsHelp } from '../world-options.ts';
import { apiServerFlags, apiServerFlagsHelp, apiServerSettings } from './api-server-flags.ts';
import { serveHttp } from './http-server.ts';
import { plainKubeconfig } from './kubeconfig.ts';
import { serveTls } from './tls.ts';

const help = `tabernetes serve: a simulated cluster's API over HTTP

  --port N              where to listen on 127.0.0.1 (default 8080; 0 takes any free port)
  --tls-port N          serve HTTPS there as well, with certificates of the cluster's own authority
${worldFlagsHelp}
  --speed X             virtual seconds a real second (default 1)
  --kubeconfig FILE     write a kubeconfig for the server, over HTTPS where it is served
${apiServerFlagsHelp}
`;

const host = '127.0.0.1';

/** The cluster has come up before anybody asks, which takes virtual time. */
const bootLeadMs = 60_000;

export async function serve(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      ...worldFlags,
      port: { type: 'string', default: '8080' },
      'tls-port': { type: 'string' },
      speed: { type: 'string', default: '1' },
      kubeconfig: { type: 'string' },
      ...apiServerFlags,
    },
  });
  if (values.help) {
    process.stdout.write(help);
    return 0;
  }
  const speed = Number(values.speed);
  if (!(speed > 0)) throw new Error(`--speed: ${JSON.stringify(values.speed)} is not a positive number`);
  const session = await startSession({
    ...worldChoice(values),
    host: wallClockHost,
    onFault: reportFault,
    startsAt: wallClockHost.wallClock() - bootLeadMs,
  });
  // From here on the world's clock is the client's: ages are what they should be.
  await session.driver.runTo(Math.max(wallClockHost.wallClock(), session.driver.simulation.now));
  const { simulation } = session.driver;
  session.world.cluster?.configure(apiServerSettings(values, () => simulation.now));
  const { port } = await serveHttp(session.kubePort, {
    port: wholeNumber('--port', values.port) ?? 8080,
    host,
  });
  const secure = await serveTls(session, values['tls-port'], values['client-ca-file']);
  const url = `http://${host}:${port}`;
  if (values.kubeconfig) writeFileSync(values.kubeconfig, secure?.kubeconfig ?? plainKubeconfig(url), { mode: 0o600 });
  process.stdout.write(`Kubernetes v1.36.2 (simulated) is served at ${url}${secure ? ` and ${secure.url}` : ''}\n`);
  await session.driver.runPaced(
    () => speed,
    new Promise((resolve) => process.once('SIGTERM', resolve).once('SIGINT', resolve)),
  );
  process.exit(0); // open connections do not keep the server
}
