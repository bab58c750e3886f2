import { afterEach, beforeEach, vi } from 'vitest';
import { type Client, type ClientOptions, createClient } from '../../src/client/client.js';
import { FakeBrowser, type FakeTab, VirtualClock } from './browser.js';
import { FakeServer } from './server.js';

/** Real sockets take real time: looks again until it is so. Fails after some seconds. */
export const until = (condition: () => unknown) =>
  vi.waitFor(
    () => {
      if (!condition()) throw new Error(`never: ${condition}`);
    },
    { interval: 2, timeout: 4000 },
  );

/** Lets everything that is on its way over the sockets arrive, for claims that something did *not* happen. */
export const settled = async (server: FakeServer) => {
  for (let round = 0; round < 3; round++) await fetch(`${server.endpoint}/presence`);
};

export interface Page {
  client: Client;
  tab: FakeTab;
}

/** A server and a browser for each test; every page opened in it is closed after it. */
export function chat() {
  const open = new Set<Client>();
  const world = {
    server: undefined as unknown as FakeServer,
    browser: new FakeBrowser(),
    clock: new VirtualClock(),
    page(options: Partial<ClientOptions> = {}, prepare: (tab: FakeTab) => void = () => {}): Page {
      const tab = world.browser.tab(world.clock);
      prepare(tab);
      const client = createClient({ endpoint: world.server.endpoint, ...options }, tab.environment);
      open.add(client);
      return { client, tab };
    },
    /** The page goes away without a word, as when a tab is closed. */
    leave({ client }: Page): void {
      client.destroy();
      open.delete(client);
    },
    /** A page with the window open and a live connection. */
    async openPage(options: Partial<ClientOptions> = {}): Promise<Page> {
      const page = world.page(options);
      page.client.open();
      await until(() => page.client.state().link === 'live');
      return page;
    },
  };
  beforeEach(async () => {
    world.server = await FakeServer.start();
    world.browser = new FakeBrowser();
    world.clock = new VirtualClock();
  });
  afterEach(async () => {
    for (const client of open) client.destroy();
    open.clear();
    await world.server.stop();
  });
  return world;
}

export const texts = ({ client }: Page): string[] =>
  client.state().messages.map((message) => message.content);
