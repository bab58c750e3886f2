/** A variable of the environment: all that anybody has to know of it. `.env.example` and the README's table are made from these. */
export interface Variable<Value = unknown> {
  readonly name: string;
  /** What it is for, as it stands in the documentation. */
  readonly means: string;
  readonly example: string;
  /** What it is where it is not set. */
  readonly default?: string;
  /** What that means, where it is more than a value, or where there is none. */
  readonly otherwise?: string;
  /** It opens something: it is in no log, and may be in the file that `<name>_FILE` names. */
  readonly secret?: true;
  /** @throws Unreadable */
  readonly read: (text: string) => Value;
}

/** Variables by what they are called in the program: for a bridge, by the bridge's option. */
export type Variables = Readonly<Record<string, Variable>>;

/** What variables say: nothing where one is unset and has no default. */
export type ValuesOf<Table extends Variables> = {
  readonly [Key in keyof Table]: Table[Key] extends { readonly default: string }
    ? ReturnType<Table[Key]['read']>
    : ReturnType<Table[Key]['read']> | undefined;
};

/** The text of a variable makes no sense; the message goes on from its name, and says what it has to be. */
export class Unreadable extends Error {
  override readonly name = 'Unreadable';
}
