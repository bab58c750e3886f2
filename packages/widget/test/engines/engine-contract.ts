import { mkdirSync, writeFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { axe, findViolations } from '../browser/axe.js';
import { servePages, setUpShop } from '../browser/shop-pages.js';
import { png } from '../fake/media.js';
import { FakeServer } from '../fake/server.js';
import type { AbsentEngine, Engine, InstalledEngine, Tab } from './engine.js';
import { type Visitor, visitor } from './visitor.js';

type Api = import('../../src/index.js').PocketPing;
type PageWindow = Window & { PocketPing: Api; heard: string[]; complaints: string[] };

/**
 * What a visitor does with the widget, in a browser as its makers ship it. Everything else about the widget is tried in
 * Chromium: this is for what engines do differently. Where the browser is missing nothing of it runs, and the console
 * says why; on CI, where everything has to be there, that is a failure.
 */
export function engineContract(engine: InstalledEngine | AbsentEngine): void {
  if ('absent' in engine) {
    console.warn(`DOES NOT RUN: the widget in ${engine.name}: ${engine.absent}`);
    describe.skip(`the widget in ${engine.name} (${engine.absent})`, () => contract(engine.name, absent));
    return;
  }
  describe(`the widget in ${engine.name}`, () => contract(engine.name, engine.start));
}

const absent = () => Promise.reject(new Error('never started'));

function contract(name: string, start: () => Promise<Engine>): void {
  let engine: Engine;
  let server: FakeServer;
  const tabs: Tab[] = [];
  const team = () => server.conversations;
  const written = () => team().latest.messages.map(({ content }) => content);

  /** Opens the shop in a window of its own. Every server has an origin of its own, and with it its own visitor. */
  const shop = async (options: Record<string, unknown> = {}): Promise<Visitor> => {
    setUpShop(server, { title: 'Lamp desk', operatorName: 'Ada', ...options });
    const tab = await engine.tab();
    tabs.push(tab);
    await tab.open(`${server.origin}/shop`);
    const made = visitor(tab);
    await made.sees('launcher');
    return made;
  };
  const chat = async (options: Record<string, unknown> = {}): Promise<Visitor> => {
    const made = await shop(options);
    await made.click('launcher');
    await made.sees('presence');
    return made;
  };
  const write = async (who: Visitor, text: string) => {
    await who.type(text);
    await who.press('Enter');
    await who.sees('[data-status=sent]');
  };
  /** Nothing is wrong with what is seen: `SCREENSHOTS` names a folder that keeps pictures of it. */
  const check = async ({ tab }: Visitor, state: string) => {
    await tab.run(axe);
    expect(await tab.run(findViolations), state).toEqual([]);
    const folder = process.env.SCREENSHOTS;
    if (!folder) return;
    mkdirSync(folder, { recursive: true });
    writeFileSync(`${folder}/${name.toLowerCase()}-${state}.png`, await tab.picture());
  };

  beforeAll(async () => {
    engine = await start();
  });
  beforeEach(async () => {
    server = await FakeServer.start();
    servePages(server);
  });
  afterEach(async () => {
    await server.stop();
    for (const tab of tabs.splice(0)) await tab.close();
  });
  afterAll(() => engine?.stop());

  it('is opened, written in and answered by mouse, without breaking the strictest policy', async () => {
    const who = await chat();
    await write(who, 'Hello');
    const session = team().latest;
    team().tell(session, { type: 'typing', data: { sender: 'operator', name: 'Ada', isTyping: true } });
    await who.sees('typing');
    team().say(session, 'See https://lamps.example/ <b>now</b>');
    await who.sees('[data-sender=operator] a');
    expect((await who.texts('[data-sender=operator]')).join()).toContain('https://lamps.example/ <b>now</b>');
    team().receive(session, 'operator', 'read', session.seq);
    await who.sees('[data-status=read]');
    await who.hover('[data-status]');
    await who.click('edit');
    await who.type(' there');
    await who.press('Enter');
    await expect.poll(written).toEqual(['Hello there', 'See https://lamps.example/ <b>now</b>']);
    expect(await who.tab.run(() => (window as unknown as PageWindow).complaints)).toEqual([]);
    await check(who, 'edited');
    await who.click('close');
    expect(await who.focus()).toBe('pp-launcher');
  });

  it('is used by keyboard alone, and the focus is never lost', async () => {
    const who = await shop();
    await who.tab.run(() => document.querySelector<HTMLElement>('#other')!.focus());
    await who.press('Tab');
    expect(await who.focus()).toBe('pp-launcher');
    await who.press('Enter');
    await who.sees('presence');
    await who.type('one');
    await who.press('Shift+Enter');
    await who.type('two');
    expect(await who.value('composer')).toBe('one\ntwo');
    await who.press('Escape');
    expect([await who.count('window'), await who.focus()]).toEqual([0, 'pp-launcher']);
    await who.press('Enter');
    await who.sees('composer');
    expect(await who.value('composer')).toBe('one\ntwo');
    await who.press('Enter');
    await who.sees('[data-status=sent]');
    await who.tab.run(() =>
      document.querySelector('#pocketping')!.shadowRoot!.querySelector<HTMLElement>('.log')!.focus(),
    );
    await who.press('ArrowUp');
    for (const button of ['pp-reply', 'pp-edit', 'pp-delete']) {
      await who.press('Tab');
      expect(await who.focus()).toBe(button);
    }
    await who.press('Enter');
    await who.sees('.is-deleted');
    expect(await who.focus()).toBe('pp-message');
  });

  it('fills a narrow window, and lets the focus go to nothing behind it', async () => {
    const who = await shop();
    await who.tab.resize(390, 780);
    await expect.poll(() => who.tab.run(() => innerWidth)).toBeLessThanOrEqual(480);
    await who.click('launcher');
    await who.sees('presence');
    const gap = await who.tab.run(() => {
      const root = document.querySelector('#pocketping')!.shadowRoot!;
      const { width } = root.querySelector('.window')!.getBoundingClientRect();
      root.querySelector<HTMLElement>('[data-testid=pp-menu]')!.focus();
      return document.documentElement.clientWidth - width;
    });
    expect(gap).toBe(0);
    await who.press('Shift+Tab');
    expect(await who.focus()).toBe('pp-menu');
  });

  for (const carrier of ['WebSocket', 'server-sent events']) {
    it(`follows the conversation by ${carrier}, and goes on where it was`, async () => {
      if (carrier !== 'WebSocket') server.webSocket = 'refused';
      const who = await chat();
      await write(who, 'Hello');
      team().say(team().latest, 'before');
      await who.sees('[data-sender=operator]');
      expect(server.sockets.size).toBe(carrier === 'WebSocket' ? 1 : 0);
      expect(server.followers).toBe(1);
      server.cut();
      team().say(team().latest, 'after');
      await expect.poll(() => who.count('[data-sender=operator]')).toBe(2);
    });
  }

  it('keeps what was written offline over a reload, and sends it once', async () => {
    const who = await chat();
    await write(who, 'before');
    server.fault = ({ path }) => (path === '/message' ? 'drop-before' : undefined);
    await who.type('offline');
    await who.press('Enter');
    await who.sees('[data-status=waiting]');
    await who.tab.open(`${server.origin}/shop`);
    server.fault = () => undefined;
    await expect.poll(written).toEqual(['before', 'offline']);
    await who.click('launcher');
    await expect.poll(() => who.count('message')).toBe(2);
    await expect.poll(() => who.count('[data-status=sent]')).toBe(2);
  });

  it('shows one conversation in two windows', async () => {
    const one = await chat();
    await write(one, 'from one');
    await one.click('close');
    const two = await shop();
    team().say(team().latest, 'to both');
    await expect.poll(() => one.texts('badge')).toEqual(['1']);
    await expect.poll(() => two.texts('badge')).toEqual(['1']);
    await two.click('launcher');
    await two.sees('presence');
    await write(two, 'from two');
    await expect.poll(() => one.count('badge')).toBe(0);
    await one.tab.run(() => (window as unknown as PageWindow).PocketPing.open());
    await expect.poll(() => one.count('message')).toBe(3);
    expect(team().sessions.size).toBe(1);
  });

  it('takes files, and shows them', async () => {
    team().files.maxBytes = 1024 * 1024;
    const who = await chat();
    await who.sees('attach');
    await who.tab.run(
      (picture) => {
        const bytes = Uint8Array.from(atob(picture), (character) => character.charCodeAt(0));
        const transfer = new DataTransfer();
        transfer.items.add(new File([bytes], 'lamp.png', { type: 'image/png' }));
        transfer.items.add(new File(['A lamp'], 'Invoice.txt', { type: 'text/plain' }));
        const composer = document.querySelector('#pocketping')!.shadowRoot!.querySelector('textarea')!;
        const init = { bubbles: true, composed: true, cancelable: true, dataTransfer: transfer };
        composer.dispatchEvent(new DragEvent('dragover', init));
        composer.dispatchEvent(new DragEvent('drop', init));
      },
      png(480, 320, [181, 137, 43]).toString('base64'),
    );
    await expect.poll(() => who.count('file')).toBe(2);
    await write(who, 'These');
    await who.sees('image');
    const width = () =>
      who.tab.run(
        () =>
          document.querySelector('#pocketping')!.shadowRoot!.querySelector<HTMLImageElement>('.pictures img')!
            .naturalWidth,
      );
    await expect.poll(width).toBe(480);
    expect(team().latest.messages[0]!.attachments).toHaveLength(2);
    await check(who, 'files');
  });

  it('tells the site’s code what happened, also on the way to another page, and hears from it', async () => {
    const who = await shop({
      theme: 'dark',
      position: 'left',
      trackedElements: [{ selector: '#away', event: 'click', name: 'left' }],
    });
    await who.tab.run(() => {
      const own = window as unknown as PageWindow;
      document.documentElement.dir = 'rtl';
      own.heard = [];
      own.PocketPing.onEvent('*', ({ name }) => own.heard.push(name));
      own.PocketPing.trigger('arrived');
    });
    await expect.poll(() => server.followers).toBe(1);
    team().emit(team().latest, 'offer');
    team().emit(team().latest, 'notification', { title: 'New', message: 'A lamp for your desk' });
    await who.sees('notification');
    team().emit(team().latest, 'open_chat');
    await who.sees('presence');
    const heard = () => who.tab.run(() => (window as unknown as PageWindow).heard);
    await expect.poll(heard).toEqual(['offer', 'notification', 'open_chat']);
    await check(who, 'dark');
    await who.tab.run(() => {
      document.querySelector('main')!.insertAdjacentHTML('beforeend', '<a id="away" href="/bare">Away</a>');
      document.querySelector<HTMLElement>('#away')!.click();
    });
    await expect.poll(() => team().triggered.map(({ name }) => name)).toEqual(['arrived', 'left']);
    // In between there is no page to ask.
    await expect.poll(() => who.tab.run(() => location.pathname).catch(() => 'on the way')).toBe('/bare');
  });
}
