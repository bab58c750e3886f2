import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { listenTo } from './page-api.js';
import { openChat, part, site } from './site.js';

const world = site();
const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');

/** The README's code in a language, in the order of the page. */
const blocks = (language: string): string[] =>
  [...readme.matchAll(new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, 'gs'))].map(([, code]) => code!);

const [tag, queue] = blocks('html') as [string, string];
const [module, events] = blocks('ts') as [string, string];
const dist = new URL('../../dist/', import.meta.url);

/** Where the README's site serves the package. */
function serve(): void {
  for (const name of readdirSync(dist).filter((file) => file.endsWith('.js')))
    world.server.pages.set(`/widget/${name}`, {
      type: 'text/javascript',
      body: readFileSync(new URL(name, dist), 'utf8'),
    });
}

async function open(body: string) {
  serve();
  world.server.pages.set('/page', {
    type: 'text/html',
    body: `<!doctype html><html lang="en"><title>Shop</title><body>${body}</body></html>`,
  });
  const page = await (await world.visitor()).newPage();
  await page.goto(`${world.server.origin}/page`);
  return page;
}

/** The code as a bundler would hand it out, but for where its server is; it runs as it stands. */
const asModule = (code: string, after = ''): string => `<script type="importmap">
    {"imports": {"@pocketping/widget": "/widget/index.js"}}</script>
  <script type="module">${code.replaceAll('https://api.example.com', world.server.origin)}
  ${after}</script>`;

it('is a script in the page', async () => {
  const page = await open(tag);
  await openChat(page);
  await page.getByRole('dialog', { name: 'Lamp desk' }).waitFor();
});

it('takes commands before it is there', async () => {
  const page = await open(queue);
  await part(page, 'presence').waitFor();
});

it('is a module', async () => {
  const page = await open(asModule(module));
  await expect
    .poll(() => [...world.team().sessions.values()].flatMap(({ messages }) => messages).at(0)?.content)
    .toBe('Where is my brass lamp?');
  expect([...world.team().identities.values()]).toEqual([{ id: 'u_42', name: 'Mia' }]);
  await part(page, 'launcher').click();
  await page.getByText('Good evening').waitFor();
});

it('tells of what happens on the page, and hears of what your backend tells', async () => {
  const page = await open(
    `<p id="offer"></p><nav><a href="/pricing" onclick="return false">Pricing</a></nav><button class="help">Help</button>
    ${asModule(events, 'window.PocketPing = PocketPing;')}`,
  );
  const names = () => world.team().triggered.map(({ name }) => name);
  await expect.poll(names).toEqual(['viewed_plan']);
  await page.getByText('Pricing').click();
  await page.getByText('Help').click();
  await page.getByText('What can we help you with?').waitFor();
  await expect.poll(names).toEqual(['viewed_plan', 'clicked_pricing', 'asked_for_help']);
  await expect.poll(() => world.server.followers).toBe(1);
  await listenTo(page, 'show_offer');
  world.team().emit(world.team().latest, 'show_offer', { discount: 20, code: 'SAVE20' });
  await page.getByText('20 % off with SAVE20').waitFor();
});
