import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import type { TrackedElement } from '../../src/index.js';
import { consoleOf, init } from './page-api.js';
import { openChat, part, site, write } from './site.js';

const world = site();
const team = () => world.team();
const triggered = () => team().triggered.map(({ name }) => name);

async function shop(trackedElements: readonly TrackedElement[]): Promise<Page> {
  return world.shop(await world.visitor(), { trackedElements, operatorName: 'Ada' });
}

it('tells of what is used, also where it was added later, or the page keeps the click to itself', async () => {
  const page = await shop([
    { selector: '.plan', event: 'click', name: 'clicked_plan', data: { from: 'pricing' } },
    { selector: '[aria-label=Search]', event: 'focus', name: 'searched' },
    { selector: 'main', event: 'focus', name: 'never: a focus is the element’s own' },
    { selector: '.absent', event: 'click', name: 'never' },
  ]);
  await page.evaluate(() => {
    const button = document.createElement('button');
    button.className = 'plan';
    button.innerHTML = '<b>Pro</b>';
    button.onclick = (event) => event.stopPropagation();
    document.querySelector('main')!.append(button);
    const host = document.createElement('p');
    host.attachShadow({ mode: 'open' }).innerHTML = '<button class="plan">Team</button>';
    document.querySelector('main')!.append(host);
  });
  await page.getByText('Pro').click();
  await page.getByText('Team').click();
  await page.getByLabel('Search').focus();
  await page.getByRole('button', { name: 'Buy' }).click();
  await expect.poll(() => triggered()).toEqual(['clicked_plan', 'clicked_plan', 'searched']);
  expect(team().triggered[0]!.data).toEqual({ from: 'pricing' });
  expect(await part(page, 'window').count()).toBe(0);
});

it('names what it cannot use, once, and goes on with the rest', async () => {
  const page = await (await world.visitor()).newPage();
  const said = consoleOf(page);
  await page.goto(`${world.server.origin}/bare`);
  await init(page, {
    trackedElements: [
      { selector: '#', event: 'click', name: 'broken' },
      { selector: '#other', event: '', name: 'nothing' },
      { selector: '#other', event: 'click', name: 'bought' },
    ],
  });
  for (let n = 0; n < 2; n++) await page.getByRole('button', { name: 'Buy' }).click();
  await expect.poll(() => triggered()).toEqual(['bought', 'bought']);
  expect(said.filter((line) => line.includes('trackedElements'))).toHaveLength(2);
});

it('tells of a link once, though it leads away', async () => {
  const page = await shop([{ selector: 'a', event: 'click', name: 'clicked_pricing' }]);
  await page.evaluate(() => {
    document.querySelector('main')!.insertAdjacentHTML('beforeend', '<a href="/shop?pricing">Pricing</a>');
  });
  await page.getByText('Pricing').click();
  await page.waitForURL(/pricing/);
  await expect.poll(() => triggered()).toEqual(['clicked_pricing']);
  await page.evaluate(() => {
    document.querySelector('main')!.insertAdjacentHTML('beforeend', '<a href="/shop?again">Pricing</a>');
  });
  await expect.poll(() => world.server.followers).toBe(1);
  await page.getByText('Pricing').click();
  await page.waitForURL(/again/);
  await expect.poll(() => world.server.followers).toBe(1);
  await page.waitForTimeout(500);
  expect(triggered()).toEqual(['clicked_pricing', 'clicked_pricing']);
});

it('opens the chat with words of the team’s, of which the team knows', async () => {
  const page = await shop([
    {
      selector: '#other',
      event: 'click',
      name: 'clicked_buy',
      data: { price: 40 },
      widgetMessage: 'Questions before you buy? <b>Ask</b>!',
    },
    { selector: 'button', event: 'click', name: 'clicked_any' },
  ]);
  await page.getByRole('button', { name: 'Buy' }).click();
  const words = page.getByText('Questions before you buy? <b>Ask</b>!');
  await words.waitFor();
  await expect.poll(() => triggered()).toEqual(['clicked_buy', 'clicked_any']);
  expect(team().triggered[0]!.data).toEqual({
    price: 40,
    widgetMessage: 'Questions before you buy? <b>Ask</b>!',
  });
  await part(page, 'presence').waitFor();
  await world.picture(page, 'light-40-words-of-the-team');
  await write(page, 'Does it dim?');
  await page.locator('[data-status=sent]').waitFor();
  expect(team().latest.messages.map(({ content }) => content)).toEqual(['Does it dim?']);
  const order = await part(page, 'message').allTextContents();
  expect(order.map((text) => /Questions|Does it dim/.exec(text)?.[0])).toEqual(['Questions', 'Does it dim']);
  await part(page, 'close').click();
  expect(triggered()).toHaveLength(2);
  await page.reload();
  await openChat(page);
  await page.getByText('Does it dim?').waitFor();
  expect(await words.count()).toBe(0);
});
