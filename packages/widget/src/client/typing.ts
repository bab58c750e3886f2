import type { FrameOf } from '@pocketping/protocol';
import type { Api } from './api.js';
import type { Connection } from './connection.js';
import type { Environment } from './environment.js';
import type { ChatState } from './state.js';
import type { Store } from './store.js';

/** While the visitor types, it is told again this often. */
const REPEAT_MS = 3_000;
const IDLE_MS = 4_000;
/** An operator's typing that is not repeated is over. */
const EXPIRES_MS = 6_000;

/** Who is writing, both ways. Nothing here is ever retried: it would be about the past. */
export function createTyping(
  environment: Environment,
  api: Api,
  connection: Connection,
  store: Store<ChatState>,
) {
  const { clock } = environment;
  let toldAt: number | undefined;
  let cancelIdle: (() => void) | undefined;
  let cancelExpiry: (() => void) | undefined;

  const tell = (isTyping: boolean) => {
    const session = connection.session();
    if (!session || connection.sendFrame({ type: 'typing', data: { isTyping } })) return;
    api.post('/typing', { isTyping }, session).catch(() => {});
  };

  const visitorStopped = () => {
    cancelIdle?.();
    if (toldAt !== undefined) tell(false);
    toldAt = undefined;
  };

  return {
    /** The visitor changed the text; an empty one means that nothing is being written. */
    visitorTyped(text: string) {
      if (text.trim() === '') return visitorStopped();
      cancelIdle?.();
      cancelIdle = clock.after(IDLE_MS, visitorStopped);
      if (toldAt !== undefined && clock.now() - toldAt < REPEAT_MS) return;
      toldAt = clock.now();
      tell(true);
    },
    /** The message was sent: the server knows that this ends the typing. */
    visitorSent() {
      cancelIdle?.();
      toldAt = undefined;
    },
    teamTyped({ isTyping, name }: FrameOf<'typing'>['data']) {
      cancelExpiry?.();
      store.set({ typing: isTyping ? { name } : undefined });
      if (isTyping) cancelExpiry = clock.after(EXPIRES_MS, () => store.set({ typing: undefined }));
    },
    stop() {
      cancelIdle?.();
      cancelExpiry?.();
    },
  };
}
