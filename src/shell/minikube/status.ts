// minikube status: what of each machine runs.
import type { LocalCluster } from '../../api/clusters.ts';
import { GoTemplate, TemplateError } from '../../base/go/template.ts';
import { type MinikubeCommand, MinikubeExit, needCluster } from './command.ts';

type Machine = LocalCluster['nodes'][number];

export const status: MinikubeCommand = {
  name: 'status',
  about: 'Gets the status of a local Kubernetes cluster',
  options: [
    { name: 'output', short: 'o', kind: 'text', about: 'minikube status --output OUTPUT. json, text' },
    { name: 'format', short: 'f', kind: 'text', about: 'Go template format string for the status output' },
    { name: 'node', short: 'n', kind: 'text', about: 'The node to check status for' },
  ],
  async run(call) {
    const cluster = await needCluster(call);
    const wanted = call.options.text('node');
    const nodes = cluster.nodes.filter(
      ({ name }) => wanted === undefined || name === wanted || name === `${cluster.name}-${wanted}`,
    );
    if (nodes.length === 0)
      throw new MinikubeExit(
        `\n❌  Exiting due to GUEST_NODE_RETRIEVE: retrieving node: Could not find node ${wanted ?? ''}`,
        80,
      );
    const rows = nodes.map((node) => fieldsOf(cluster, node));
    const template = call.options.text('format');
    if (call.options.text('output') === 'json') {
      const all = rows.map(({ Worker, ...row }) => ({ ...row, Worker: Worker === 'true' }));
      await call.out(`${JSON.stringify(all.length === 1 ? all[0] : all)}\n`);
    } else if (template !== undefined) for (const row of rows) await call.out(filled(template, row));
    else for (const row of rows) await call.out(`${textOf(row)}\n`);
    return rows.reduce((code, row) => code | exitCodeOf(row), 0);
  },
};

type Fields = Readonly<Record<'Name' | 'Host' | 'Kubelet' | 'APIServer' | 'Kubeconfig' | 'Worker', string>>;

function fieldsOf({ paused, running }: LocalCluster, node: Machine): Fields {
  const state = (up: boolean): string => (up ? 'Running' : 'Stopped');
  const { name, controlPlane } = node;
  const reached = running && node.running;
  return {
    Name: name,
    Host: state(node.running),
    Kubelet: state(node.kubelet),
    APIServer: !controlPlane ? 'Irrelevant' : paused && node.running ? 'Paused' : state(node.apiServer),
    Kubeconfig: !controlPlane ? 'Irrelevant' : reached ? 'Configured' : 'Stopped',
    Worker: String(!controlPlane),
  };
}

function filled(template: string, row: Fields): string {
  const missing = (field: string): string => `can't evaluate field ${field} in type *cluster.Status`;
  try {
    const { text, problem } = new GoTemplate(template, { name: 'status', missing }).execute(row);
    if (problem === undefined) return text;
    throw new TemplateError(problem);
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    throw new MinikubeExit(`\n❌  Exiting due to INTERNAL_STATUS_TEXT: status text failure: ${error.message}`, 80);
  }
}

function textOf({ Name, Host, Kubelet, APIServer, Kubeconfig, Worker }: Fields): string {
  const type = Worker === 'true' ? 'Worker' : 'Control Plane';
  const rest = Worker === 'true' ? '' : `apiserver: ${APIServer}\nkubeconfig: ${Kubeconfig}\n`;
  return `${Name}\ntype: ${type}\nhost: ${Host}\nkubelet: ${Kubelet}\n${rest}`;
}

/** As bits: the machine, what makes it a cluster, and the way to it. */
function exitCodeOf({ Host, Kubelet, APIServer, Kubeconfig }: Fields): number {
  const serves = APIServer === 'Running' || APIServer === 'Irrelevant';
  const isCluster = serves && Kubelet === 'Running';
  const isKnown = Kubeconfig === 'Configured' || Kubeconfig === 'Irrelevant';
  return (Host === 'Running' ? 0 : 1) | (isCluster ? 0 : 2) | (isKnown ? 0 : 4);
}
