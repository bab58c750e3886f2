import type { WireAttachment } from '@pocketping/protocol';
import type { Api, Session } from './api.js';
import { MOST_FILES } from './attachments.js';
import type { Connection } from './connection.js';
import type { Environment } from './environment.js';
import { asPocketPingError, type PocketPingError } from './errors.js';
import { randomName } from './random.js';
import type { ChatState } from './state.js';
import type { Store } from './store.js';
import { upload } from './upload.js';

/** Why a file is not going to be uploaded; after `network` and `failed` it is worth another try. */
export type UploadFailure = 'tooLarge' | 'empty' | 'refused' | 'network' | 'failed';

/** A file that the visitor has chosen for the next message. */
export interface ChosenFile {
  readonly key: string;
  readonly file: File;
  /** How much of it has left, from 0 to 1. */
  readonly progress: number;
  readonly failure?: UploadFailure | undefined;
  /** It is uploaded, in the conversation named. */
  readonly done?: { readonly attachment: WireAttachment; readonly sessionId: string } | undefined;
}

/** Uploads at the same time. */
const MOST_AT_ONCE = 3;
/** Another conversation, or another token, is tried so often for one file. */
const MOST_SESSIONS = 3;

export const isUploading = ({ failure, done }: ChosenFile): boolean => !failure && !done;
export const canRetry = ({ failure }: ChosenFile): boolean => failure === 'network' || failure === 'failed';

/** Uploads what the visitor chooses, at once, so that little is left to wait for when it is sent. */
export function createUploads(
  environment: Environment,
  api: Api,
  endpoint: string,
  connection: Connection,
  store: Store<ChatState>,
) {
  const running = new Map<string, AbortController>();
  const sessionsTried = new Map<string, number>();

  const all = () => store.get().files;
  const change = (key: string, patch: Partial<ChosenFile>) =>
    store.set({ files: all().map((one) => (one.key === key ? { ...one, ...patch } : one)) });

  const refusalOf = (file: File): UploadFailure | undefined => {
    const { uploads } = store.get();
    if (file.size === 0) return 'empty';
    return uploads && file.size > uploads.maxBytes ? 'tooLarge' : undefined;
  };

  const next = () => {
    const session = connection.session();
    if (!session) return;
    for (const one of all()) {
      if (running.size >= MOST_AT_ONCE) return;
      if (isUploading(one) && !running.has(one.key)) void run(one, session);
    }
  };

  const run = async ({ key, file }: ChosenFile, session: Session) => {
    const life = new AbortController();
    running.set(key, life);
    try {
      const attachment = await upload(environment, api, endpoint, session, file, life.signal, (part) => {
        // Each step is rendered: whole percents are fine enough.
        const progress = Math.floor(part * 100) / 100;
        if (all().some((one) => one.key === key && one.progress < progress)) change(key, { progress });
      });
      if (!life.signal.aborted) change(key, { done: { attachment, sessionId: session.sessionId } });
    } catch (thrown) {
      if (!life.signal.aborted) fail(key, session, asPocketPingError(thrown));
    }
    if (running.get(key) === life) running.delete(key);
    next();
  };

  const fail = (key: string, session: Session, error: PocketPingError) => {
    const tried = (sessionsTried.get(key) ?? 0) + 1;
    if (tried < MOST_SESSIONS && connection.leave(session, error)) {
      // It is uploaded again as soon as there is another conversation.
      sessionsTried.set(key, tried);
      change(key, { progress: 0 });
    } else change(key, { failure: failureOf(error) });
  };

  const again = (key: string) => {
    change(key, { failure: undefined, done: undefined, progress: 0 });
    next();
  };

  const remove = (key: string) => {
    running.get(key)?.abort();
    running.delete(key);
    store.set({ files: all().filter((one) => one.key !== key) });
    next();
  };

  return {
    /** False if there were too many, and the last ones were left. */
    add(files: readonly File[]): boolean {
      const room = MOST_FILES - all().length;
      const chosen = files
        .slice(0, room)
        .map((file) => ({ key: randomName(environment, 8), file, progress: 0, failure: refusalOf(file) }));
      store.set({ files: [...all(), ...chosen] });
      next();
      return files.length <= room;
    },
    remove,
    retry: again,
    /** There is a conversation, the same or another; or the network is back. */
    kick() {
      const sessionId = connection.session()?.sessionId;
      for (const { key, failure, done } of all()) {
        if (failure === 'network' || (done && done.sessionId !== sessionId)) again(key);
      }
      next();
    },
    /** Waits for what is being uploaded, and hands over all of it; null if something failed or nothing is left. */
    async take(): Promise<WireAttachment[] | null> {
      await new Promise<void>((resolve) => {
        const check = () => {
          if (all().some(isUploading)) return;
          end();
          resolve();
        };
        const end = store.subscribe(check);
        check();
      });
      const attachments = all().flatMap(({ done }) => done?.attachment ?? []);
      if (attachments.length === 0 || attachments.length < all().length) return null;
      store.set({ files: [] });
      return attachments;
    },
    /** Forgets everything. */
    stop() {
      for (const life of running.values()) life.abort();
      running.clear();
      store.set({ files: [] });
    },
  };
}

const failureOf = (error: PocketPingError): UploadFailure => {
  if (error.status === 413) return 'tooLarge';
  if (error.status === 415) return 'refused';
  return error.retryable ? 'network' : 'failed';
};
