import type { Chat, PocketPing } from '../pocketping.js';
import { eventHandlers } from './event-handlers.js';
import { type Forerunner, forerunner } from './forerunner.js';
import { trackElements } from './tracking.js';
import { triggers } from './triggers.js';

/**
 * The public interface before, while and after the chat is loaded.
 *
 * @param load brings the chat; called again after it rejected
 */
export function createLoader(load: () => Promise<Chat>): PocketPing {
  const handlers = eventHandlers();
  const { admit } = triggers();
  let chat: Chat | undefined;
  let early: Forerunner | undefined;
  /** Between `init` and `destroy`. */
  let running = false;
  let untrack = () => {};
  let takeAway = () => {};
  /** What was triggered before `init`. */
  let untold: Parameters<PocketPing['trigger']>[] = [];

  /** Whoever answers now. */
  const there = () => {
    if (!running) throw new Error('PocketPing.init() comes first');
    return chat ?? early!;
  };

  const self: PocketPing = {
    init({ ...options }) {
      const { onEvent, trackedElements } = options;
      self.destroy();
      options.onEvent = (event) => handlers.tell(event, ...(onEvent ? [onEvent] : []));
      const made = forerunner(options, load, chat, (loaded) => {
        chat = loaded;
        early = undefined;
      });
      if (!chat) early = made;
      takeAway = made.destroy;
      running = true;
      untrack = trackElements(trackedElements ?? [], ({ name, data, widgetMessage }) => {
        self.trigger(name, widgetMessage ? { ...data, widgetMessage } : data);
        if (widgetMessage) self.open({ message: widgetMessage });
      });
      for (const event of untold) there().trigger(...event);
      untold = [];
      return self;
    },
    open(options) {
      there().open(options);
    },
    close() {
      there().close();
    },
    toggle() {
      there().toggle();
    },
    sendMessage: (content, options) => there().sendMessage(content, options),
    async editMessage(messageId, content) {
      return there().editMessage(messageId, content);
    },
    async deleteMessage(messageId) {
      return there().deleteMessage(messageId);
    },
    trigger(name, data) {
      admit(name, data, (...event) => {
        if (running) there().trigger(...event);
        else untold.push(event);
      });
    },
    onEvent: handlers.on,
    offEvent: handlers.off,
    async identify(identity) {
      return there().identify(identity);
    },
    reset() {
      there().reset();
    },
    destroy() {
      running = false;
      untrack();
      chat?.destroy();
      takeAway();
      early = undefined;
    },
  };
  return self;
}
