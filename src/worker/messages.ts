// What crosses between the page and the worker that the world runs in: plain messages, one MessagePort a conversation.
//
//   page ── hello, request, pace ──▶ worker          one main line
//        ◀─ ready, clock, steps ───
//        ══ port ══ terminal                          lines in, output out
//        ══ port ══ files                             the learner's files, for the editor
//        ══ port ══ stream                            watch events and log text, one credit a read
import type { DesktopRequest, FetchedPage } from '../api/desktop.ts';
import type { KubeBody, KubeReply, KubeRequest } from '../api/ports.ts';

/** What a session is started with. */
export interface WorldChoice {
  readonly profile: string;
  readonly seed: number;
  /** Lines that the terminal runs before anybody comes: a lesson's beginning. */
  readonly setup?: readonly string[] | undefined;
  /** The name under which the world outlives its tab; without it, it does not. */
  readonly key?: string | undefined;
  /** Begins anew, whatever was saved under the name. */
  readonly fresh?: boolean | undefined;
  /** What a share link carries: the world is the one that it tells of. */
  readonly share?: string | undefined;
}

/** Page to worker, on the main line. */
export type PageMessage =
  | { readonly kind: 'start'; readonly world: WorldChoice }
  | { readonly kind: 'pause' }
  | { readonly kind: 'resume' }
  /** The page may be gone soon: saves the world now. */
  | { readonly kind: 'save' }
  /** Asks for what a share link carries; answered by `shared` or `unshared`. */
  | { readonly kind: 'share'; readonly id: number }
  | { readonly kind: 'speed'; readonly speed: number }
  /** Opens a terminal; each has a number of its own. */
  | { readonly kind: 'terminal'; readonly number: number; readonly port: MessagePort }
  /** Opens the way to the learner's files. */
  | { readonly kind: 'files'; readonly port: MessagePort }
  | { readonly kind: 'request'; readonly id: number; readonly request: KubeRequest }
  | { readonly kind: 'cancel'; readonly id: number }
  | { readonly kind: 'stream'; readonly request: KubeRequest; readonly port: MessagePort }
  /** What a step of the trace has brought about so far; answered by `trace`. */
  | { readonly kind: 'trace'; readonly id: number; readonly step: number }
  /** What a step of the trace asked and changed; answered by `effect`. */
  | { readonly kind: 'effect'; readonly id: number; readonly step: number }
  /** What kubectl describe says of an object; answered by `description`. */
  | { readonly kind: 'describe'; readonly id: number; readonly object: DescribedObject }
  /** The browser goes to an address; answered by `fetched`. */
  | { readonly kind: 'fetch'; readonly id: number; readonly url: string };

/** Worker to page, on the main line. */
export type WorkerMessage =
  /** `restored`: the world goes on from where an earlier visit left it. */
  | { readonly kind: 'ready'; readonly server: string; readonly now: number; readonly restored: boolean }
  | { readonly kind: 'shared'; readonly id: number; readonly text: string }
  /** It could not be shared. */
  | { readonly kind: 'unshared'; readonly id: number; readonly message: string }
  | { readonly kind: 'clock'; readonly now: number; readonly speed: number }
  /** Who leads among the processes that several machines have, by process; told when it changes. */
  | { readonly kind: 'leaders'; readonly leaders: Readonly<Record<string, string>> }
  | { readonly kind: 'steps'; readonly steps: readonly WireStep[] }
  | { readonly kind: 'reply'; readonly id: number; readonly reply: KubeReply }
  | { readonly kind: 'refused'; readonly id: number; readonly message: string; readonly connection: boolean }
  | { readonly kind: 'trace'; readonly id: number; readonly trace: WireTrace }
  | { readonly kind: 'effect'; readonly id: number; readonly effect: WireEffect }
  | { readonly kind: 'description'; readonly id: number; readonly text: string }
  | { readonly kind: 'fetched'; readonly id: number; readonly page: FetchedPage }
  /** A program asks for a window beside the terminal. */
  | { readonly kind: 'open'; readonly request: DesktopRequest }
  /** A line of a terminal has run. */
  | { readonly kind: 'ran'; readonly line: string; readonly exitCode: number }
  | { readonly kind: 'fault'; readonly message: string };

/** A step of the trace: who did what to which object, and which step made it do so (0: time alone). */
export interface WireStep {
  readonly id: number;
  readonly cause: number;
  readonly at: number;
  readonly component: string;
  readonly action: string;
  readonly subject: string;
  readonly detail?: string | undefined;
  /** Places on the network that it went by, e.g. `pod/default/client`, `service/default/web`. */
  readonly way?: readonly string[] | undefined;
  /** Of a program's request: the API server that took it, where there are several, e.g. `apiserver/control-plane-2`. */
  readonly server?: string | undefined;
  /** Revisions of etcd that it wrote, and to which object (`default/web`). */
  readonly writes?: readonly WireWrite[] | undefined;
  /** How a program's request was answered. */
  readonly status?: number | undefined;
}

export interface WireWrite {
  readonly revision: number;
  readonly name: string;
  readonly change: 'created' | 'changed' | 'deleted';
}

/** An object as kubectl describe is asked for it; `namespace` is empty for objects of the cluster. */
export interface DescribedObject {
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/** A step and everything that goes back to it, oldest first. */
export interface WireTrace {
  readonly steps: readonly WireStep[];
  /** There are more: these are the first. */
  readonly cut: boolean;
}

/** What a step asked for and what it changed, as YAML. */
export interface WireEffect {
  readonly asked: string | undefined;
  readonly changes: readonly {
    readonly key: string;
    readonly revision: number;
    readonly before: string | undefined;
    readonly after: string | undefined;
  }[];
}

/** Page to worker, on a terminal's port. */
export type TerminalInput =
  | { readonly kind: 'line'; readonly text: string }
  /** Keys while a line runs: for the program that runs. */
  | { readonly kind: 'keys'; readonly text: string }
  | { readonly kind: 'resize'; readonly columns: number; readonly rows: number }
  /** Whether the text is a whole command; answered by `complete`. */
  | { readonly kind: 'check'; readonly text: string }
  /** What could stand at the end of the text; answered by `candidates`. */
  | { readonly kind: 'suggest'; readonly id: number; readonly text: string }
  /** The terminal is gone. */
  | { readonly kind: 'close' };

/** Worker to page, on a terminal's port. */
export type TerminalOutput =
  | { readonly kind: 'output'; readonly bytes: Uint8Array }
  /** A line has begun to run: the step of the trace that all it brings about goes back to. */
  | { readonly kind: 'started'; readonly step: number }
  /**
   * The shell waits for a line. `notice` tells of jobs that have ended. `unread` is what was typed and no program has
   * read; `heard` counts the `keys` that came while a line ran: those beyond are for the next line.
   */
  | {
      readonly kind: 'prompt';
      readonly cwd: string;
      readonly exitCode: number;
      readonly notice: string;
      readonly unread: string;
      readonly heard: number;
    }
  /** The shell has ended. */
  | { readonly kind: 'exited'; readonly exitCode: number }
  | { readonly kind: 'complete'; readonly complete: boolean }
  | { readonly kind: 'candidates'; readonly id: number; readonly candidates: Candidates };

/** Words that fit the end of a line, from `from` on. */
export interface Candidates {
  readonly from: number;
  readonly words: readonly string[];
}

/** Page to worker, on the files' port. `list`, `read` and `write` are answered with their `id`. */
export type FilesInput =
  | { readonly kind: 'list'; readonly id: number }
  | { readonly kind: 'read'; readonly id: number; readonly path: string }
  | { readonly kind: 'write'; readonly id: number; readonly path: string; readonly text: string }
  /** The editor has closed a file: a program may wait for that. */
  | { readonly kind: 'close'; readonly path: string };

/** Worker to page, on the files' port. */
export type FilesOutput =
  | { readonly kind: 'answer'; readonly id: number; readonly value: string | readonly string[] }
  | { readonly kind: 'refused'; readonly id: number; readonly message: string }
  /** A program asks for the editor. */
  | { readonly kind: 'edit'; readonly path: string };

/** Page to worker, on a stream's port. */
export type StreamInput = { readonly kind: 'read' } | { readonly kind: 'close' };

/** Worker to page, on a stream's port. */
export type StreamOutput =
  | { readonly kind: 'head'; readonly status: number; readonly headers: Readonly<Record<string, string>> }
  | { readonly kind: 'piece'; readonly body: KubeBody | undefined }
  | { readonly kind: 'refused'; readonly message: string; readonly connection: boolean };
