/** A file that an emulator should go on from holds nothing that it could; it is left as it is. */
export class StateFileError extends Error {
  override readonly name = 'StateFileError';

  constructor(
    readonly path: string,
    problem: string,
    options?: ErrorOptions,
  ) {
    super(
      `${path} ${problem}. Restore a copy of it, or move it away: a new one begins with nothing said.`,
      options,
    );
  }
}
