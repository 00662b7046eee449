// Tells the type checker of the module that scripts/lessons-plugin.ts makes of the folders in /lessons.
declare module 'virtual:lessons' {
  export const lessons: unknown;
  export function loadLesson(id: string): Promise<unknown>;
}
