/** Shows what a variable does, as a test: fails where it does nothing. */
export type Effect = () => Promise<void>;

/** By the variable's name. */
export type Effects = Readonly<Record<string, Effect>>;
