// What minikube's subcommands share: their description, the world's ports, and how minikube speaks.
import type { ClustersPort, LocalCluster } from '../../api/clusters.ts';
import type { DesktopPort } from '../../api/desktop.ts';
import type { DockerPort } from '../../api/docker.ts';
import type { KubePort } from '../../api/ports.ts';
import type { Process } from '../../api/program.ts';
import { decodeUtf8, encodeUtf8 } from '../../base/bytes.ts';
import type { OptionSpec, Options } from '../text/long-options.ts';

export interface MinikubePorts {
  docker(): DockerPort;
  clusters(): ClustersPort;
  desktop: DesktopPort;
  /** The API of the server that a kubeconfig names. */
  kube(server: string): KubePort;
}

export interface MinikubeCommand {
  /** E.g. `start`, `addons enable`. */
  readonly name: string;
  readonly about: string;
  readonly options: readonly OptionSpec[];
  /** What follows the first operand belongs to another program. */
  readonly operandsEnd?: boolean;
  run(call: MinikubeCall): Promise<number>;
}

export interface MinikubeCall {
  readonly process: Process;
  readonly docker: DockerPort;
  readonly clusters: ClustersPort;
  readonly desktop: DesktopPort;
  kube(server: string): KubePort;
  readonly options: Options;
  /** `-p`, default `minikube`. */
  readonly profile: string;
  /** A line with its sign: `😄  minikube v1.39.0 on …`. */
  say(sign: string, text: string): Promise<void>;
  out(text: string): Promise<void>;
  error(text: string): Promise<void>;
}

/** Ends a command: `❌  Exiting due to KIND: message`. */
export class MinikubeExit extends Error {
  override name = 'MinikubeExit';
  constructor(
    message: string,
    readonly status: number,
  ) {
    super(message);
  }
}

export const minikubeVersion = 'v1.39.0';
export const kubernetesVersion = 'v1.36.2';
export const kicbaseVersion = 'v0.0.50';

export async function findCluster(call: MinikubeCall): Promise<LocalCluster | undefined> {
  return (await call.clusters.list()).find(({ name }) => name === call.profile);
}

/** The profile's cluster, or the two lines that say that there is none. */
export async function needCluster(call: MinikubeCall): Promise<LocalCluster> {
  const found = await findCluster(call);
  if (found) return found;
  throw new MinikubeExit(
    `🤷  Profile "${call.profile}" not found. Run "minikube profile list" to view all profiles.\n👉  To start a cluster, run: "minikube start${flagOf(call)}"`,
    85,
  );
}

/** The profile's cluster, which runs. */
export async function needRunning(call: MinikubeCall): Promise<LocalCluster> {
  const found = await needCluster(call);
  if (found.running) return found;
  throw new MinikubeExit(
    `🤷  The control-plane node ${call.profile} host is not running: state=Stopped\n👉  To start a cluster, run: "minikube start${flagOf(call)}"`,
    83,
  );
}

function flagOf({ profile }: MinikubeCall): string {
  return profile === 'minikube' ? '' : ` -p ${profile}`;
}

/** Runs kubectl; what it printed is kept unless it goes on to the terminal. */
export async function runKubectl(
  process: Process,
  words: readonly string[],
  {
    input = '',
    shown = false,
    heard,
  }: { readonly input?: string; readonly shown?: boolean; readonly heard?: (text: string) => void } = {},
): Promise<number> {
  const silent = { write: async () => {} };
  const listening = {
    write: async (data: string | Uint8Array) => heard?.(typeof data === 'string' ? data : decodeUtf8(data)),
  };
  let rest: Uint8Array | undefined = encodeUtf8(input);
  const stdin = {
    read: async () => {
      const bytes = rest;
      rest = undefined;
      return bytes && bytes.length > 0 ? bytes : undefined;
    },
  };
  const child = await process.spawn({
    argv: ['kubectl', ...words],
    env: process.env,
    cwd: process.cwd,
    stdin: shown ? process.stdin : stdin,
    stdout: shown ? process.stdout : listening,
    stderr: shown ? process.stderr : silent,
    terminal: shown ? process.terminal : undefined,
  });
  return child.wait();
}

/** A table as minikube draws it since v1.37: titles in the middle, values to the left. */
export function drawTable(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = titles.map((title, at) => Math.max(title.length, ...rows.map((row) => row[at]?.length ?? 0)));
  const rule = (left: string, middle: string, right: string): string =>
    `${left}${widths.map((width) => '─'.repeat(width + 2)).join(middle)}${right}\n`;
  const line = (cells: readonly string[]): string => `│ ${cells.join(' │ ')} │\n`;
  const head = titles.map((title, at) => {
    const room = (widths[at] ?? 0) - title.length;
    return ' '.repeat(Math.floor(room / 2)) + title + ' '.repeat(Math.ceil(room / 2));
  });
  const body = rows.map((row) => line(row.map((cell, at) => cell.padEnd(widths[at] ?? 0))));
  return `${rule('┌', '┬', '┐')}${line(head)}${rule('├', '┼', '┤')}${body.join('')}${rule('└', '┴', '┘')}`;
}
