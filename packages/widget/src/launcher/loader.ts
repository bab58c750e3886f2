import type { PocketPing } from '../pocketping.js';
import { type Forerunner, forerunner } from './forerunner.js';

/**
 * The public interface before, while and after the chat is loaded.
 *
 * @param load brings the chat; called again after it rejected
 */
export function createLoader(load: () => Promise<PocketPing>): PocketPing {
  let chat: PocketPing | undefined;
  let early: Forerunner | undefined;

  const waiting = (): Forerunner => {
    if (!early) throw new Error('PocketPing.init() comes first');
    return early;
  };
  const ask = <T>(call: (chat: PocketPing) => Promise<T>): Promise<T> =>
    chat ? call(chat) : waiting().ask(call);

  const self: PocketPing = {
    init(options) {
      self.destroy();
      if (chat) chat.init(options);
      else
        early = forerunner(options, load, (loaded) => {
          chat = loaded;
          early = undefined;
        });
      return self;
    },
    open() {
      (chat ?? waiting()).open();
    },
    close() {
      (chat ?? waiting()).close();
    },
    toggle() {
      (chat ?? waiting()).toggle();
    },
    sendMessage: (content, options) => ask((there) => there.sendMessage(content, options)),
    async editMessage(messageId, content) {
      return ask((there) => there.editMessage(messageId, content));
    },
    async deleteMessage(messageId) {
      return ask((there) => there.deleteMessage(messageId));
    },
    async identify(identity) {
      return (chat ?? waiting()).identify(identity);
    },
    reset() {
      (chat ?? waiting()).reset();
    },
    destroy() {
      chat?.destroy();
      early?.destroy();
      early = undefined;
    },
  };
  return self;
}
