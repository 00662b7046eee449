// What ends a build: the Dockerfile's line and buildkit's words.

export class BuildFailure extends Error {
  override name = 'BuildFailure';
  constructor(
    readonly line: number,
    message: string,
  ) {
    super(message);
  }
}
