import { type Client, createClient } from './client/client.js';
import { browserEnvironment } from './client/environment.js';
import { absoluteEndpoint } from './endpoint.js';
import type { IncomingMessage, PocketPingEvent } from './options.js';
import type { Chat } from './pocketping.js';
import { mount } from './ui/mount.js';
import { whenBody } from './when.js';

interface Running {
  client: Client;
  unmount(): void;
}

let running: Running | undefined;

/** The launcher asks nothing before `init`, nor after `destroy`. */
const client = (): Client => running!.client;

/**
 * The whole widget. What the launcher and this file say to one another is the public interface and nothing else: a page
 * that was loaded before a release may meet the chat of the release, and has to get along with it.
 */
export const PocketPing: Chat = {
  init(options) {
    PocketPing.destroy();
    const { onMessage, onEvent } = options;
    const made = createClient(
      {
        endpoint: absoluteEndpoint(options),
        identity: options.identity as ClientIdentity,
        welcomeMessage: options.welcomeMessage,
        onMessage: onMessage && ((message) => onMessage(message as IncomingMessage)),
        onEvent: onEvent && ((event) => onEvent(event as PocketPingEvent)),
      },
      browserEnvironment(),
    );
    running = { client: made, unmount: whenBody(() => mount(made, options)) };
    return PocketPing;
  },
  open(options) {
    client().open(options?.message);
  },
  close() {
    client().close();
  },
  toggle() {
    if (client().state().open) client().close();
    else client().open();
  },
  sendMessage(content, options) {
    return client().sendMessage(content, options?.replyTo, options?.clientMessageId);
  },
  trigger(name, data, id) {
    client().trigger(name, data, id);
  },
  async editMessage(messageId, content) {
    return client().editMessage(messageId, content);
  },
  async deleteMessage(messageId) {
    return client().deleteMessage(messageId);
  },
  async identify(identity) {
    return client().identify(identity as NonNullable<ClientIdentity>);
  },
  reset() {
    client().reset();
  },
  destroy() {
    running?.unmount();
    running?.client.destroy();
    running = undefined;
  },
};

type ClientIdentity = Parameters<typeof createClient>[0]['identity'];
