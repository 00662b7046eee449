// Builds an image from a Dockerfile's instructions: stages, one file tree each, and a cache of what steps made.
//
//   FROM node ─▶ base's files + settings ─ WORKDIR, COPY, RUN change files; ENV, CMD … change settings ─▶ image
import type {
  BuildEvent,
  BuildInstruction,
  BuildRequest,
  DockerImage,
  DockerImageConfig,
  HistoryLayer,
} from '../../api/docker.ts';
import { decodeUtf8 } from '../../base/bytes.ts';
import { restoreFiles } from '../../base/file-snapshot.ts';
import { type DirectoryNode, directoryNode, FileTree, type TreeNode } from '../../base/files.ts';
import { humanSize } from '../../base/human-size.ts';
import type { ImageDefinition } from '../node/images/define-image.ts';
import { parseImageName } from '../node/registry/image-name.ts';
import type { Registries } from '../node/registry/registries.ts';
import { perform, type Work } from '../sim/work.ts';
import { copyInto } from './build-copy.ts';
import { BuildFailure } from './build-failure.ts';
import { bytesIn, historyLayer } from './build-history.ts';
import { applySetting, substitute } from './build-settings.ts';
import type { ContainersOptions } from './docker-container.ts';
import { baseTree, configOf, definitionOf, digestOf, historyOf, type LocalImage } from './local-image.ts';

/** What a build needs of its daemon. */
export interface BuildHost {
  readonly options: ContainersOptions & { readonly registries: Registries };
  find(name: string): LocalImage | undefined;
  add(image: LocalImage, tags: readonly string[]): void;
  show(image: LocalImage): DockerImage;
  nextBuildId(): number;
  fullTag(tag: string): string;
}

export interface Stage {
  readonly name: string;
  readonly base: ImageDefinition | undefined;
  files: FileTree;
  config: DockerImageConfig;
  sizeBytes: number;
  /** Stands for all that has been done so far. */
  key: string;
  readonly layers: string[];
  /** Newest first. */
  history: readonly HistoryLayer[];
  readonly args: Map<string, string>;
}

const stepInstructions = new Set(['FROM', 'RUN', 'COPY', 'ADD', 'WORKDIR']);
interface Base {
  readonly image: LocalImage;
  readonly title: string;
  readonly known: boolean;
}

const cacheMax = 200;
/** What is sent beside the files. */
const contextOverheadBytes = 60;

/** Files by what made them. */
export class BuildCache {
  private readonly trees = new Map<string, { readonly root: DirectoryNode; readonly sizeBytes: number }>();

  get(key: string): { readonly root: DirectoryNode; readonly sizeBytes: number } | undefined {
    const known = this.trees.get(key);
    return known && { ...known, root: copyDirectory(known.root) };
  }

  set(key: string, root: DirectoryNode, sizeBytes: number): void {
    if (this.trees.size < cacheMax) this.trees.set(key, { root: copyDirectory(root), sizeBytes });
  }
}

export class ImageBuilder {
  private readonly stages: Stage[] = [];
  private readonly globalArgs = new Map<string, string>();
  private readonly bases = new Map<string, Base>();
  private readonly context: FileTree;
  private step = 0;

  constructor(
    private readonly daemon: BuildHost,
    private readonly cache: BuildCache,
    private readonly request: BuildRequest,
    private readonly tell: (event: BuildEvent) => void,
  ) {
    this.context = new FileTree(() => daemon.options.scope.now);
    restoreFiles(this.context, request.context);
  }

  *run(): Work<void> {
    const { instructions } = this.request;
    try {
      const definition = `dockerfile: ${humanSize(this.request.dockerfileBytes)}`;
      yield* this.simple('[internal] load build definition from Dockerfile', 30, definition);
      const froms = instructions.filter(({ name }) => name === 'FROM');
      if (froms.length === 0) throw new BuildFailure(0, 'file with no instructions');
      const [head = [], ...groups] = grouped(instructions);
      for (const { words } of head) this.globalArg(words);
      yield* this.loadBases(froms);
      yield* this.simple('[internal] load .dockerignore', 10, 'context: 2B');
      for (const group of groups) yield* this.stage(group, froms.length > 1);
      yield* this.finish();
    } catch (error) {
      if (!(error instanceof BuildFailure)) throw error;
      this.tell({ kind: 'failed', step: Math.max(0, this.step - 1), line: error.line, message: error.message });
    }
  }

  /** What every stage begins with, in the order of the file, each once. */
  private *loadBases(froms: readonly BuildInstruction[]): Work<void> {
    const stages = new Set<string>(['scratch']);
    for (const { words, line } of froms) {
      const wanted = substitute(words[0] ?? '', this.globalArgs);
      if (!stages.has(wanted) && !this.bases.has(wanted)) this.bases.set(wanted, yield* this.base(wanted, line));
      if (/^as$/i.test(words[1] ?? '')) stages.add(words[2] ?? '');
    }
  }

  /** The context crosses once, when the first stage has its base. */
  private *loadContext(): Work<void> {
    const isNeeded = this.request.instructions.some(
      ({ name, flags }) => (name === 'COPY' || name === 'ADD') && !flags.from,
    );
    if (this.stages.length > 0 || !isNeeded) return;
    const size = humanSize(bytesIn(this.context.root) + contextOverheadBytes);
    yield* this.simple('[internal] load build context', 60, `context: ${size}`);
  }

  private *simple(title: string, durationMs: number, transfer?: string): Work<void> {
    yield* this.timed(title, function* (this: ImageBuilder, step) {
      yield* this.daemon.options.scope.sleep(durationMs);
      if (transfer !== undefined) this.tell({ kind: 'log', step, text: `transferring ${transfer}\n` });
      return false;
    });
  }

  /** One numbered step; `work` says whether the cache had it. */
  private *timed(title: string, work: (this: ImageBuilder, step: number) => Work<boolean>): Work<void> {
    const { scope } = this.daemon.options;
    const step = this.step++;
    const began = scope.now;
    this.tell({ kind: 'begin', step, title });
    const cached = yield* work.call(this, step);
    this.tell({ kind: 'end', step, cached, durationMs: scope.now - began });
  }

  private *stage(group: readonly BuildInstruction[], isOneOfMany: boolean): Work<void> {
    const [from] = group;
    if (!from) return;
    if (this.request.target !== undefined && this.stages.some(({ name }) => name === this.request.target)) return;
    const name = /^as$/i.test(from.words[1] ?? '') ? (from.words[2] ?? '') : `stage-${this.stages.length}`;
    const steps = group.filter(({ name: instruction }) => stepInstructions.has(instruction));
    const title = (at: number): string => `[${isOneOfMany ? `${name} ` : ''}${at}/${steps.length}]`;
    const stage = yield* this.from(from, name, title(1));
    yield* this.loadContext();
    this.stages.push(stage);
    let at = 1;
    for (const instruction of group.slice(1)) {
      const variables = environmentOf(stage);
      if (!stepInstructions.has(instruction.name)) {
        applySetting(stage, instruction, this.request.args, this.globalArgs);
        stage.key = digestOf(`${stage.key}\n${instruction.text}\n${[...stage.args].join()}`);
        this.note(stage, instruction, stage.sizeBytes);
        continue;
      }
      at++;
      const text = instruction.name === 'RUN' ? instruction.text : substitute(instruction.text, variables);
      const before = stage.sizeBytes;
      yield* this.timed(`${title(at)} ${text}`, function* (this: ImageBuilder, step) {
        return yield* this.change(stage, { ...instruction, text }, step);
      });
      this.note(stage, { ...instruction, text }, before);
    }
  }

  private note(stage: Stage, instruction: BuildInstruction, bytesBefore: number): void {
    const sizeBytes = Math.max(0, stage.sizeBytes - bytesBefore);
    const layer = historyLayer(instruction, { createdAt: this.daemon.options.scope.now, sizeBytes });
    stage.history = [layer, ...stage.history];
  }

  private *from(instruction: BuildInstruction, name: string, title: string): Work<Stage> {
    const wanted = substitute(instruction.words[0] ?? '', this.globalArgs);
    const earlier = this.stages.find((stage) => stage.name === wanted);
    const args = new Map<string, string>();
    if (earlier)
      return {
        ...earlier,
        name,
        args,
        layers: [...earlier.layers],
        files: this.tree(copyDirectory(earlier.files.root)),
      };
    if (wanted === 'scratch') {
      const config = {
        entrypoint: undefined,
        command: undefined,
        env: [],
        workingDir: '',
        user: '',
        ports: [],
        labels: {},
      };
      return {
        name,
        base: undefined,
        files: this.tree(directoryNode()),
        config,
        sizeBytes: 0,
        key: 'scratch',
        layers: [],
        history: [],
        args,
      };
    }
    const base = this.bases.get(wanted) ?? (yield* this.base(wanted, instruction.line));
    yield* this.timed(`${title} FROM ${base.title}`, function* (this: ImageBuilder) {
      yield* this.daemon.options.scope.sleep(base.known ? 5 : 2400);
      return base.known;
    });
    const { definition, config, sizeBytes, id, layers, history } = base.image;
    const files = this.tree(baseTree(definition, this.daemon.options.scope.now));
    return { name, base: definition, files, config, sizeBytes, key: id, layers: [...layers], history, args };
  }

  private *base(wanted: string, line: number): Work<Base> {
    const { registries, scope } = this.daemon.options;
    const name = parseImageName(wanted);
    if ('problem' in name) throw new BuildFailure(line, `failed to parse stage name "${wanted}": ${name.problem}`);
    const full = `${name.registry}/${name.path}:${name.tag ?? 'latest'}`;
    const local = this.request.pull ? undefined : this.daemon.find(wanted);
    if (local) {
      yield* this.simple(`[internal] load metadata for ${full}`, 20);
      return { image: local, title: full, known: true };
    }
    const outcome = registries.pull(name);
    yield* this.simple(`[internal] load metadata for ${full}`, 900);
    if (outcome.kind === 'failed')
      throw new BuildFailure(
        line,
        `${wanted}: failed to resolve source metadata for ${full}: ${/not found/.test(outcome.message) ? `${full}: not found` : 'pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed'}`,
      );
    const { image, digestName, sizeBytes } = outcome.image;
    const digest = digestName.slice(digestName.indexOf('@'));
    const id = `sha256:${digestOf(`config/${digestName}`)}`;
    const known = this.cache.get(id) !== undefined;
    this.cache.set(id, directoryNode(), 0);
    const layers = [...Array(4).keys()].map((i) => digestOf(`${i}/${digestName}`).slice(0, 12));
    const config = configOf(image);
    const history = historyOf(config, { createdAt: scope.now, sizeBytes });
    const made = { id, createdAt: scope.now, sizeBytes, config, definition: image, layers, history };
    return { image: made, title: `${full}${digest}`, known };
  }

  /** RUN, COPY, ADD, WORKDIR: what changes files. True when the cache had it. */
  private *change(stage: Stage, instruction: BuildInstruction, step: number): Work<boolean> {
    const { scope } = this.daemon.options;
    const copied =
      instruction.name === 'COPY' || instruction.name === 'ADD' ? this.source(stage, instruction) : undefined;
    stage.key = digestOf(`${stage.key}\n${instruction.text}\n${copied?.fingerprint ?? ''}\n${[...stage.args].join()}`);
    stage.layers.push(stage.key.slice(0, 12));
    if (instruction.name === 'WORKDIR') {
      const path = instruction.text.replace(/^WORKDIR\s+/i, '').trim();
      const base = stage.config.workingDir;
      stage.config = {
        ...stage.config,
        workingDir: path.startsWith('/') ? path : `${base === '/' ? '' : base}/${path}`,
      };
    }
    const known = this.request.noCache ? undefined : this.cache.get(stage.key);
    if (known) {
      stage.files = this.tree(known.root);
      stage.sizeBytes = known.sizeBytes;
      return true;
    }
    if (instruction.name === 'WORKDIR') {
      yield* scope.sleep(40);
      stage.files.makeDirectory(stage.config.workingDir, { parents: true });
    } else if (copied) {
      yield* scope.sleep(50);
      stage.sizeBytes += copied.apply();
    } else {
      const before = bytesIn(stage.files.root);
      yield* this.runCommand(stage, instruction, step);
      stage.sizeBytes += Math.max(0, bytesIn(stage.files.root) - before);
    }
    this.cache.set(stage.key, stage.files.root, stage.sizeBytes);
    return false;
  }

  private source(stage: Stage, instruction: BuildInstruction) {
    const { from } = instruction.flags;
    const other = this.stages.find(({ name }, at) => name === from || String(at) === from);
    if (from !== undefined && !other)
      throw new BuildFailure(
        instruction.line,
        `${instruction.name} --from=${from}: the simulator copies from stages of the same file alone`,
      );
    const words = instruction.words.map((word) => substitute(word, environmentOf(stage)));
    return copyInto(stage, { instruction: { ...instruction, words }, source: other?.files ?? this.context });
  }

  private *runCommand(stage: Stage, instruction: BuildInstruction, step: number): Work<void> {
    const { programs, host, scope } = this.daemon.options;
    const line = instruction.text.replace(/^RUN\s+/i, '');
    const argv = instruction.isJson ? instruction.words : ['/bin/sh', '-c', line];
    const machine = { id: `build/${this.daemon.nextBuildId()}`, hostname: 'buildkitsandbox', files: stage.files };
    const name = stage.config.user || 'root';
    const code = yield* perform<number>((settle) => {
      const handle = programs.start(
        {
          machine,
          network: host,
          argv,
          env: environmentOf(stage),
          cwd: stage.config.workingDir || '/',
          user: { name, uid: name === 'root' ? 0 : 1000 },
          stdin: false,
        },
        {
          output: (_stream, bytes) => this.tell({ kind: 'log', step, text: decodeUtf8(bytes) }),
          exited: (exit) => settle.value(exit),
          failed: () => settle.value(127),
        },
      );
      return () => handle.signal('SIGKILL');
    });
    yield* scope.sleep(180);
    if (code !== 0)
      throw new BuildFailure(
        instruction.line,
        `process "${argv.join(' ')}" did not complete successfully: exit code: ${code}`,
      );
  }

  private *finish(): Work<void> {
    const { scope } = this.daemon.options;
    const stage = this.stages.at(-1);
    if (!stage) return;
    if (this.request.target !== undefined && stage.name !== this.request.target)
      throw new BuildFailure(0, `target stage "${this.request.target}" could not be found`);
    const config = stage.config;
    const sizeBytes = stage.sizeBytes;
    const image: LocalImage = {
      id: `sha256:${digestOf(`${stage.key}/${JSON.stringify(config)}`)}`,
      createdAt: scope.now,
      sizeBytes,
      config,
      definition: definitionOf(stage.base, config, { root: stage.files.root, sizeBytes }),
      layers: stage.layers,
      history: stage.history,
    };
    yield* this.timed('exporting to image', function* (this: ImageBuilder, step) {
      yield* scope.sleep(150);
      this.daemon.add(image, this.request.tags);
      this.tell({ kind: 'log', step, text: `exporting layers\nwriting image ${image.id}\n` });
      for (const tag of this.request.tags)
        this.tell({ kind: 'log', step, text: `naming to ${this.daemon.fullTag(tag)}\n` });
      return false;
    });
    this.tell({ kind: 'built', image: this.daemon.show(image) });
  }

  private globalArg(words: readonly string[]): void {
    for (const word of words) {
      const [name = '', ...value] = word.split('=');
      this.globalArgs.set(name, this.request.args[name] ?? value.join('='));
    }
  }

  private tree(root: DirectoryNode): FileTree {
    return new FileTree(() => this.daemon.options.scope.now, root);
  }
}

/** ARGs before the first FROM; then each FROM with what follows it. */
function grouped(instructions: readonly BuildInstruction[]): readonly (readonly BuildInstruction[])[] {
  const groups: BuildInstruction[][] = [[]];
  for (const instruction of instructions) {
    if (instruction.name === 'FROM') groups.push([]);
    groups.at(-1)?.push(instruction);
  }
  return groups;
}

function environmentOf(stage: Stage): ReadonlyMap<string, string> {
  const pairs = stage.config.env.map((line) => [line.split('=')[0] ?? '', line.slice(line.indexOf('=') + 1)] as const);
  return new Map([...stage.args, ...pairs]);
}

function copyDirectory(directory: DirectoryNode): DirectoryNode {
  const entries = new Map<string, TreeNode>();
  for (const [name, node] of directory.entries)
    entries.set(name, node.kind === 'directory' ? copyDirectory(node) : { ...node });
  return { ...directory, entries };
}
