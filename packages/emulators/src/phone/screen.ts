import type { Params } from '../telegram/params.js';

/** What an act came to. */
export interface Done {
  readonly status: number;
  readonly body: unknown;
}

/** A file that somebody sends with the phone, or gets there. */
export interface ScreenFile {
  readonly name?: string | undefined;
  readonly mimeType?: string | undefined;
  /** As what it is sent, where the platform has several ways, such as `voice`. */
  readonly kind?: string | undefined;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** A chat as somebody who holds the phone sees it. The page knows no platform: it shows topics and messages. */
export interface Screen {
  /** Everything that the phone needs to begin with, and again when too much has changed. */
  hello(): object;
  /** The list of topics. */
  topics(): readonly object[];
  /** The messages of a topic, oldest first. */
  messages(topicId: number): readonly object[];
  /** Does something as the phone's holder: 404 for an act there is not, 400 for one that cannot be done. */
  perform(name: string, input: Params): Done;
  /** Files can be sent, and looked at; without it a picture stands for them. */
  readonly files?: {
    /** Sends one or several together as the phone's holder. @param input what else the request says, as `topicId` */
    send(files: readonly ScreenFile[], input: Params): Done;
    /** The file of that id, if there is one; absent where the platform itself has addresses for files. */
    get?(id: string): ScreenFile | undefined;
  };
  /**
   * Tells what happens: `topic`, `message`, `action`, `commands`, `hello`.
   * @returns a function that ends it
   */
  follow(send: (event: string, content: unknown) => void): () => void;
}

/** What the phone can be asked to do, as `POST /phone/<name>` with these fields as JSON. */
export type Acts<Holder> = Readonly<Record<string, (holder: Holder, input: Params) => unknown>>;

/** Does an act of a list. @param whyNot what to tell of an error */
export function performing<Holder>(
  acts: Acts<Holder>,
  holder: Holder,
  name: string,
  input: Params,
  whyNot: (error: unknown) => string = (error) => (error instanceof Error ? error.message : String(error)),
): Done {
  const act = Object.hasOwn(acts, name) ? acts[name] : undefined;
  if (!act) return { status: 404, body: { error: 'there is no such act' } };
  try {
    return { status: 200, body: { result: act(holder, input) ?? null } };
  } catch (error) {
    return { status: 400, body: { error: whyNot(error) } };
  }
}
