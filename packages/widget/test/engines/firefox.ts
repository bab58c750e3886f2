import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { WebSocket } from 'ws';
import type { AbsentEngine, Actions, Engine, InstalledEngine, Tab } from './engine.js';
import { findProgram, said, startFamily, temporaryHome } from './processes.js';

const program = findProgram(
  process.env.FIREFOX_PATH,
  '/usr/bin/firefox-esr',
  '/usr/bin/firefox',
  '/Applications/Firefox.app/Contents/MacOS/firefox',
);

/** It calls nobody, asks nothing and leaves no reports. */
const preferences = {
  'app.update.enabled': false,
  'app.normandy.enabled': false,
  'browser.aboutwelcome.enabled': false,
  'browser.region.network.url': '',
  'browser.search.update': false,
  'browser.shell.checkDefaultBrowser': false,
  'browser.startup.page': 0,
  'datareporting.healthreport.uploadEnabled': false,
  'datareporting.policy.dataSubmissionEnabled': false,
  'extensions.update.enabled': false,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'services.settings.server': 'data:,',
  'toolkit.telemetry.enabled': false,
};

/** The Firefox of this machine, over WebDriver BiDi: https://www.w3.org/TR/webdriver-bidi/ */
export const firefox: InstalledEngine | AbsentEngine = program
  ? { name: 'Firefox', start: () => start(program) }
  : { name: 'Firefox', absent: 'no Firefox found: apt-get install firefox-esr, or set FIREFOX_PATH' };

async function start(path: string): Promise<Engine> {
  const home = await temporaryHome();
  const lines = Object.entries(preferences).map(([name, value]) => `user_pref(${[name, value].map(json)});`);
  await writeFile(join(home.path, 'user.js'), lines.join('\n'));
  const family = startFamily(
    path,
    ['--headless', '--no-remote', '--remote-debugging-port=0', '--profile', home.path],
    {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, HOME: home.path, MOZ_CRASHREPORTER_DISABLE: '1' },
    },
  );
  const stop = async () => {
    await family.end();
    await home.remove();
  };
  try {
    const [, url] = await said(family.first.stderr as Readable, /WebDriver BiDi listening on (ws:\S+)/);
    const send = await connect(`${url}/session`);
    await send('session.new', { capabilities: {} });
    return { stop, tab: () => openTab(send) };
  } catch (error) {
    await stop();
    throw error;
  }
}

const json = (value: unknown) => JSON.stringify(value);

type Result = Record<string, never>;
type Send = (method: string, params: object) => Promise<Result>;

async function connect(url: string): Promise<Send> {
  const socket = new WebSocket(url, { perMessageDeflate: false, maxPayload: 2 ** 28 });
  await once(socket, 'open');
  const waiting = new Map<number, { resolve(result: Result): void; reject(error: Error): void }>();
  socket.on('message', (raw) => {
    const { id, result, error, message } = JSON.parse(String(raw));
    const asked = waiting.get(id);
    waiting.delete(id);
    if (error) asked?.reject(new Error(`${error}: ${message}`));
    else asked?.resolve(result);
  });
  socket.on('close', () => {
    for (const { reject } of waiting.values()) reject(new Error('Firefox is gone'));
  });
  let count = 0;
  return (method, params) =>
    new Promise((resolve, reject) => {
      waiting.set(++count, { resolve, reject });
      socket.send(json({ id: count, method, params }));
    });
}

async function openTab(send: Send): Promise<Tab> {
  const { context } = await send('browsingContext.create', { type: 'window' });
  const resize = async (width: number, height: number) =>
    void (await send('browsingContext.setViewport', { context, viewport: { width, height } }));
  await resize(1000, 760);
  return {
    resize,
    open: async (url) => void (await send('browsingContext.navigate', { context, url, wait: 'complete' })),
    async run(call, ...args) {
      const { result, exceptionDetails } = (await send('script.callFunction', {
        functionDeclaration: `async (args) => JSON.stringify((await (${call})(...JSON.parse(args))) ?? null)`,
        arguments: [{ type: 'string', value: json(args) }],
        awaitPromise: true,
        target: { context },
      })) as { result?: { value: string }; exceptionDetails?: { text: string } };
      if (!result) throw new Error(exceptionDetails?.text);
      return JSON.parse(result.value);
    },
    act: async (actions: Actions) => void (await send('input.performActions', { context, actions })),
    picture: async () =>
      Buffer.from((await send('browsingContext.captureScreenshot', { context })).data!, 'base64'),
    close: async () => void (await send('browsingContext.close', { context })),
  };
}
