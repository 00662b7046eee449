// Plays a lesson on the page: looks at its checks again and again, and remembers how far it has come.

import { useEffect, useState } from 'react';
import type { KubePort } from '../../api/ports.ts';
import { isObject } from '../../base/json.ts';
import { nap } from '../../host.ts';
import type { CheckPorts } from '../../lessons/checks.ts';
import type { Lesson } from '../../lessons/lesson.ts';
import { LessonPlay, type Progress } from '../../lessons/progress.ts';
import type { RemoteSession } from '../../worker/page-side.ts';
import { onLine } from '../state/desktop.ts';
import { useLessonPlace } from '../state/lesson-place.ts';
import { useSession } from '../state/session-store.ts';
import { lessonPlace, rememberDone, rememberPlace } from './lesson-progress.ts';
import { loadLesson } from './lessons.ts';

export interface PlayedLesson {
  readonly lesson: Lesson;
  readonly progress: Progress;
  goTo(step: number): void;
}

/** Real milliseconds between two looks. */
const lookMs = 500;
const linesMax = 200;

/** Undefined while it is loaded. */
export function useLesson(id: string): PlayedLesson | undefined {
  const session = useSession(({ session: found }) => found);
  const lesson = useLoaded(id);
  const [play, setPlay] = useState<LessonPlay>();
  const [progress, setProgress] = useState<Progress>({ step: 0, passed: new Set(), done: false });
  useEffect(() => {
    if (!session || !lesson) return undefined;
    let stopped = false;
    const tell = (made: LessonPlay): void => {
      if (!stopped) setProgress(made.progress);
    };
    const follow = async (): Promise<void> => {
      const made = await begin(lesson, session);
      if (stopped) return;
      setPlay(made);
      tell(made);
      await look(made, { lesson, session, tell: () => tell(made), stopped: () => stopped });
    };
    void follow();
    return () => {
      stopped = true;
    };
  }, [session, lesson]);
  useEffect(() => {
    if (!lesson) return;
    useLessonPlace.setState({ progress: { lesson: lesson.id, done: progress.step, steps: lesson.steps.length } });
  }, [lesson, progress.step]);
  if (!lesson) return undefined;
  return {
    lesson,
    progress,
    goTo: (step) => {
      play?.goTo(step);
      if (play) setProgress(play.progress);
    },
  };
}

function useLoaded(id: string): Lesson | undefined {
  const [lesson, setLesson] = useState<Lesson>();
  useEffect(() => {
    let stopped = false;
    void loadLesson(id).then((loaded) => {
      if (!stopped) setLesson(loaded);
    });
    return () => {
      stopped = true;
    };
  }, [id]);
  return lesson?.id === id ? lesson : undefined;
}

/** Where the learner was, if the cluster is still the one that it was in. */
async function begin(lesson: Lesson, session: RemoteSession): Promise<LessonPlay> {
  const place = lessonPlace(lesson.id);
  return place?.world === (await worldOf(session.kube)) ? new LessonPlay(lesson, place) : new LessonPlay(lesson);
}

async function look(
  play: LessonPlay,
  {
    lesson,
    session,
    tell,
    stopped,
  }: {
    readonly lesson: Lesson;
    readonly session: RemoteSession;
    readonly tell: () => void;
    readonly stopped: () => boolean;
  },
): Promise<void> {
  const ran: string[] = [];
  const unlisten = onLine((line, exitCode) => {
    if (exitCode === 0) ran.splice(0, ran.length - linesMax + 1, ...ran.slice(ran.length - linesMax + 1), line);
  });
  const ports: CheckPorts = {
    kube: session.kube,
    ran,
    fetch: async (url) => {
      const page = await session.fetchPage(url);
      return page.kind === 'page' ? page.body : undefined;
    },
  };
  while (!stopped()) {
    const before = play.progress;
    if (await play.look(ports)) {
      ran.length = 0;
      rememberPlace(lesson.id, { step: play.progress.step, world: await worldOf(session.kube) });
      if (play.progress.done) rememberDone(lesson.id);
    }
    if (before.step !== play.progress.step || before.passed.size !== play.progress.passed.size) tell();
    await nap(lookMs).done;
  }
  unlisten();
}

/** Something that a cluster gets once: the uid of its first namespace. Empty: there is no cluster. */
async function worldOf(kube: KubePort): Promise<string> {
  try {
    const { body } = await kube.request({ method: 'GET', path: '/api/v1/namespaces/kube-system' });
    const metadata = body.kind === 'json' && isObject(body.value) ? body.value.metadata : undefined;
    return isObject(metadata) && typeof metadata.uid === 'string' ? metadata.uid : '';
  } catch {
    return ''; // no cluster yet
  }
}
