/** Where the engine says what happened. The shape is that of pino and of most other loggers. */
export interface Logger {
  debug(fields: LogFields, message: string): void;
  info(fields: LogFields, message: string): void;
  warn(fields: LogFields, message: string): void;
  error(fields: LogFields, message: string): void;
}

/** Never message contents, tokens or secrets. An error stands under `err`. */
export type LogFields = Readonly<Record<string, unknown>>;
