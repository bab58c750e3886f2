import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TelegramEmulator } from '@pocketping/emulators';
import { chromium, type Page } from 'playwright-core';
import { expect, onTestFinished } from 'vitest';

export interface Example {
  /** The example's folder. */
  readonly folder: string;
  /** What `npm start` does there, as arguments of Node. */
  readonly start: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Reads its port from what it prints when it is ready. */
  readonly port: RegExp;
}

/**
 * Starts an example as its README says and has a visitor write in the widget of its page, in a real browser. The team answers from
 * Telegram, and the visitor sees it.
 * @returns the visitor's page
 */
export const visitorIsAnswered = async (example: Example): Promise<{ page: Page; origin: string }> => {
  const telegram = await TelegramEmulator.start();
  onTestFinished(() => telegram.close());
  const origin = await started(example, {
    TELEGRAM_BOT_TOKEN: telegram.botToken,
    TELEGRAM_FORUM_CHAT_ID: telegram.forumChatId,
    TELEGRAM_API_ROOT: telegram.apiRoot,
  });
  const page = await pageOf(origin);
  const by = (name: string) => page.getByTestId(`pp-${name}`);

  await by('launcher').click();
  await page.getByText('Hi! How can we help?').waitFor();
  await by('composer').fill('Is it in stock?');
  await by('send').click();
  const asked = await telegram.waitForMessage(({ text }) => text === 'Is it in stock?', {
    timeoutMs: 30_000,
  });
  telegram.operator({ name: 'Ada' }).type(asked.topicId, 'It is!');
  await by('message').filter({ hasText: 'It is!' }).waitFor();
  expect(await by('message').locator('.bubble').allInnerTexts()).toContain('Is it in stock?');
  return { page, origin };
};

const started = async ({ folder, start, env, port }: Example, more: Record<string, string>) => {
  const temporary = mkdtempSync(join(tmpdir(), 'example-'));
  const child = spawn(process.execPath, start, {
    cwd: folder,
    env: {
      PATH: process.env.PATH,
      NODE_ENV: 'production',
      PORT: '0',
      POCKETPING_DB: join(temporary, 'conversations.db'),
      POCKETPING_FILES: join(temporary, 'files'),
      ...more,
      ...env,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  onTestFinished(async () => {
    child.kill();
    await ended;
    rmSync(temporary, { recursive: true });
  });
  let printed = '';
  return new Promise<string>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the example ended with ${code}; it said: ${printed}`)));
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
      const [, found] = port.exec(printed) ?? [];
      if (found) resolve(`http://127.0.0.1:${found}`);
    });
  });
};

const pageOf = async (origin: string): Promise<Page> => {
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM_PATH ?? '',
    args: (process.env.CHROMIUM_FLAGS ?? '').split(' '),
  });
  onTestFinished(() => browser.close());
  const page = await browser.newPage();
  page.setDefaultTimeout(30_000);
  await page.goto(origin);
  return page;
};
