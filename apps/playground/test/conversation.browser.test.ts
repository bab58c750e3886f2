import axe from 'axe-core';
import { describe, expect, it, onTestFinished } from 'vitest';
import { complaintsOf, finish, frames, phoneOn, picture, widgetIn, withBrowser } from './browser.js';
import { folder, type Running, run } from './process.js';

const browser = withBrowser();

/** A playground of the test's own, so that its phone shows no other conversation. */
const start = async (): Promise<Running> => {
  const files = folder();
  const playground = await run({ POCKETPING_DB: files.database });
  onTestFinished(async () => {
    await playground.stop();
    files.remove();
  });
  return playground;
};

const visit = async (options: { scheme?: 'light' | 'dark'; width?: number } = {}) => {
  const { width = 1440, scheme = 'light' } = options;
  const playground = await start();
  const context = await browser().newContext({
    viewport: { width, height: 900 },
    colorScheme: scheme,
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  const complaints = complaintsOf(page);
  await page.goto(playground.url);
  return { playground, context, page, ...frames(page), done: () => finish(context, complaints) };
};

describe('the first conversation', () => {
  it('goes from the visitor to the phone and back, and is there after a reload', async () => {
    const { page, widget, phone, done } = await visit();
    await picture(page, '1-arrival');
    await widget.open();
    await widget.write('Does it come with a UK plug?');
    await phone.sees('Does it come with a UK plug?');
    await widget.sees('Does it come with a UK plug?', 'delivered');
    await picture(page, '2-delivered');
    await phone.write('It does!');
    await widget.sees('It does!');
    await widget.sees('Does it come with a UK plug?', 'read');
    await picture(page, '3-answered');

    await page.reload();
    await widget.open();
    await widget.sees('It does!');
    expect(await widget.texts()).toEqual(['Does it come with a UK plug?', 'It does!']);
    await done();
  });

  it('shows a session card that tells who writes, and from where', async () => {
    const { widget, phone, done } = await visit();
    await widget.open();
    await widget.write('Who am I?');
    await phone.sees('Who am I?');
    const card = await phone.by('phone-message').first().textContent();
    for (const part of ['Lumen & Oak', '/shop', 'Chrome', 'en-US']) expect(card).toContain(part);
    await done();
  });

  it('keeps edits, deletions and replies the same on both sides', async () => {
    const { page, widget, phone, done } = await visit();
    await widget.open();
    await widget.write('I have a qestion');
    await phone.sees('I have a qestion');
    await widget.message('I have a qestion').hover();
    await widget.by('pp-edit').click();
    await widget.by('pp-edit-field').fill('I have a question');
    await widget.by('pp-edit-save').click();
    await phone.sees('I have a question');

    await phone.menu('I have a question', 'reply');
    await phone.write('Ask away, plaese');
    await widget.sees('Ask away, plaese');
    await phone.menu('Ask away, plaese', 'edit');
    await phone.write('Ask away, please');
    await widget.sees('Ask away, please');
    await picture(page, '4-edited');

    await widget.write('never mind');
    await phone.sees('never mind');
    await widget.message('never mind').hover();
    await widget.by('pp-delete').click();
    await expect.poll(() => phone.count('never mind')).toBe(0);

    await phone.menu('Ask away, please', 'reply');
    await phone.write('/delete');
    await expect.poll(() => widget.count('Ask away, please')).toBe(0);
    await done();
  });

  it('shows words as words, whatever they look like', async () => {
    const { page, widget, phone, done } = await visit();
    const hostile = '<img src=x onerror="document.title=1"> <b>&amp;</b> *bold* [a](http://b)';
    await widget.open();
    await widget.write(hostile);
    await phone.sees(hostile);
    await phone.write(hostile);
    await expect.poll(() => widget.count(hostile)).toBe(2);
    expect(await page.title()).toBe('PocketPing playground');
    await done();
  });

  it('can be closed by the team and goes on with the next message', async () => {
    const { page, widget, phone, done } = await visit();
    await widget.open();
    await widget.write('Thank you, bye');
    await phone.sees('Thank you, bye');
    await phone.write('/close');
    await phone
      .by('phone-service')
      .filter({ hasText: /closed/i })
      .waitFor();
    await picture(page, '5-closed');
    await widget.write('One more thing');
    await phone.sees('One more thing');
    await phone.write('Yes?');
    await widget.sees('Yes?');
    await done();
  });

  it('shows who is online', async () => {
    const { widget, phone, done } = await visit();
    await widget.open();
    await widget.write('Is anybody there?');
    await phone.sees('Is anybody there?');
    await phone.write('/offline');
    await expect.poll(() => widget.by('pp-presence').textContent()).not.toContain('Online');
    await phone.write('/online');
    await expect.poll(() => widget.by('pp-presence').textContent()).toContain('Online');
    await done();
  });

  it('never shows the visitor a command', async () => {
    const { widget, phone, done } = await visit();
    await widget.open();
    await widget.write('Hello?');
    await phone.sees('Hello?');
    await phone.write('/dance');
    await phone.sees('There is no command /dance');
    await phone.write('Hi there');
    await widget.sees('Hi there');
    expect(await widget.count('dance')).toBe(0);
    await done();
  });

  it('ends when the visitor says so, and the next one is a new topic', async () => {
    const { page, widget, phone, done } = await visit();
    await widget.open();
    await widget.write('First conversation');
    await phone.sees('First conversation');
    await widget.by('pp-menu').click();
    await widget.by('pp-end').click();
    await picture(page, '6-ending');
    await widget.by('pp-end-confirm').click();
    await widget.write('Second conversation');
    const second = phone.by('topic-item').filter({ hasText: 'Second conversation' });
    // A phone that shows its list opens a new topic by itself: it is to be there before the list is.
    await second.waitFor({ state: 'attached' });
    await phone.by('phone-back').click();
    await second.click();
    await phone.sees('Second conversation');
    expect(await phone.count('First conversation')).toBe(0);
    expect(await widget.count('First conversation')).toBe(0);
    await done();
  });
});

describe('two tabs of one browser', () => {
  it('are one visitor and see the same', async () => {
    const { playground, context, page, widget, phone, done } = await visit();
    const second = await context.newPage();
    await second.goto(`${playground.url}/shop`);
    const other = widgetIn(second);
    await Promise.all([widget.open(), other.open()]);
    await Promise.all([widget.write('from the first tab'), other.write('from the second tab')]);
    for (const tab of [widget, other]) {
      await tab.sees('from the first tab');
      await tab.sees('from the second tab');
    }
    await phone.sees('from the first tab');
    await phone.sees('from the second tab');
    await phone.write('to both');
    for (const tab of [widget, other]) await tab.sees('to both');
    for (const text of ['from the first tab', 'from the second tab', 'to both']) {
      expect([await widget.count(text), await other.count(text), await phone.count(text)]).toEqual([1, 1, 1]);
    }
    await second.screenshot();
    await picture(page, '7-two-tabs');
    await done();
  });
});

describe('a network that is cut', () => {
  it('costs nothing: what was written goes out, and what was said comes in', async () => {
    const playground = await start();
    const context = await browser().newContext();
    const team = await browser().newContext();
    const page = await context.newPage();
    await page.goto(`${playground.url}/shop`);
    const widget = widgetIn(page);
    await widget.open();
    await widget.write('before the tunnel');
    await widget.sees('before the tunnel', 'delivered');

    const stage = await team.newPage();
    await stage.goto(playground.url);
    const phone = phoneOn(stage, 'telegram');
    await phone.sees('before the tunnel');

    await context.setOffline(true);
    await widget.write('in the tunnel');
    await widget.by('pp-notice').waitFor();
    await picture(page, '8-offline');
    await phone.write('can you hear me?');
    await phone.sees('can you hear me?');
    expect(await widget.count('can you hear me?')).toBe(0);
    expect(await phone.count('in the tunnel')).toBe(0);

    await context.setOffline(false);
    await widget.sees('can you hear me?');
    await phone.sees('in the tunnel');
    await widget.sees('in the tunnel', 'delivered');
    expect(await phone.count('in the tunnel')).toBe(1);
    await Promise.all([context.close(), team.close()]);
  });

  it('and a tab that is closed meanwhile: the message goes out with the next visit', async () => {
    const playground = await start();
    const context = await browser().newContext();
    const page = await context.newPage();
    await page.goto(`${playground.url}/shop`);
    const widget = widgetIn(page);
    await widget.open();
    await widget.write('hello');
    await widget.sees('hello', 'delivered');
    await context.setOffline(true);
    await widget.write('written offline');
    await widget.sees('written offline');
    await page.close();
    await context.setOffline(false);
    const again = await context.newPage();
    await again.goto(`${playground.url}/shop`);
    const later = widgetIn(again);
    await later.open();
    await later.sees('written offline', 'delivered');
    expect(await later.count('written offline')).toBe(1);
    await context.close();
  });
});

describe('how it looks', () => {
  it('is accessible, on the stage and in the shop with the chat open', async () => {
    const playground = await start();
    // On a small screen the phones stand in a row that scrolls.
    for (const [path, width, colorScheme] of [
      ['/', 1440, 'light'],
      ['/', 1440, 'dark'],
      ['/', 390, 'light'],
      ['/shop', 1440, 'light'],
    ] as const) {
      const viewport = { width, height: 900 };
      const context = await browser().newContext({ bypassCSP: true, viewport, colorScheme });
      const page = await context.newPage();
      await page.goto(playground.url + path);
      if (path === '/shop') {
        await widgetIn(page).open();
        await widgetIn(page).write('hello');
        await widgetIn(page).sees('hello', 'delivered');
      }
      await page.addScriptTag({ content: axe.source });
      const { violations } = await page.evaluate(() =>
        (globalThis as unknown as { axe: typeof axe }).axe.run({ exclude: ['iframe'] }),
      );
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
      await context.close();
    }
  });

  it('is itself in the dark and on a small screen', async () => {
    const dark = await visit({ scheme: 'dark' });
    await dark.widget.open();
    await dark.widget.by('pp-composer').waitFor();
    await picture(dark.page, '9-dark');
    await dark.done();
    const small = await visit({ width: 390 });
    await small.widget.open();
    await small.widget.by('pp-composer').waitFor();
    await picture(small.page, '10-small');
    const overflow = await small.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(overflow).toBeLessThanOrEqual(0);
    await small.done();
  });
});
