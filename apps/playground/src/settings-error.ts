/** A variable of the environment makes no sense; the message says which and what to do. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
}

export type Environment = Readonly<Record<string, string | undefined>>;
