import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AbsentEngine, Engine, InstalledEngine, Tab } from './engine.js';
import { findProgram, freePort, said, startFamily, temporaryHome } from './processes.js';

const driver = findProgram(process.env.WEBKIT_DRIVER_PATH, '/usr/bin/WebKitWebDriver');
const screen = findProgram('/usr/bin/Xvfb');

/** WebKitGTK, Safari's engine on Linux, over WebDriver: https://www.w3.org/TR/webdriver2/. It needs a screen, if only a virtual one. */
export const webkit: InstalledEngine | AbsentEngine =
  driver && screen
    ? { name: 'WebKit', start: () => start(driver, screen) }
    : { name: 'WebKit', absent: 'no WebKitGTK found: apt-get install webkit2gtk-driver xvfb' };

async function start(driver: string, screen: string): Promise<Engine> {
  const home = await temporaryHome();
  const display = startFamily(
    screen,
    ['-displayfd', '3', '-screen', '0', '1280x1024x24', '-nolisten', 'tcp'],
    {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    },
  );
  const families = [display];
  let send: Send | undefined;
  const stop = async () => {
    // It closes its windows, and what it has started ends of itself; what does not is ended.
    await send?.('DELETE', '').catch(() => {});
    for (const family of families.reverse()) await family.end();
    await home.remove();
  };
  try {
    const [, number] = await said(display.first.stdio[3] as Readable, /^(\d+)\n/);
    const port = await freePort();
    const env = {
      ...process.env,
      DISPLAY: `:${number}`,
      GDK_BACKEND: 'x11',
      GSETTINGS_BACKEND: 'memory',
      NO_AT_BRIDGE: '1',
      LIBGL_ALWAYS_SOFTWARE: '1',
      HOME: home.path,
      XDG_CACHE_HOME: home.path,
      XDG_CONFIG_HOME: home.path,
      XDG_DATA_HOME: home.path,
    };
    families.push(startFamily(driver, [`--port=${port}`], { stdio: 'ignore', env }));
    send = await newSession(`http://127.0.0.1:${port}/session`);
    const first = await send<string>('GET', '/window');
    return { stop, tab: tabs(send, first) };
  } catch (error) {
    await stop();
    throw error;
  }
}

type Send = <Result>(method: string, path: string, body?: object) => Promise<Result>;

/** The driver listens a moment after its start. */
async function newSession(url: string): Promise<Send> {
  for (let left = 300; ; left--) {
    try {
      const { sessionId } = await request<{ sessionId: string }>('POST', url, { capabilities: {} });
      return (method, path, body) => request(method, `${url}/${sessionId}${path}`, body);
    } catch (error) {
      if (!(error instanceof TypeError) || left === 0) throw error;
      await sleep(100);
    }
  }
}

async function request<Result>(method: string, url: string, body: object = {}): Promise<Result> {
  const response = await fetch(url, {
    method,
    ...(method === 'POST' && { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(60_000),
  });
  const { value } = (await response.json()) as { value: Result & { error?: string; message?: string } };
  if (!response.ok) throw new Error(`${value.error}: ${value.message}`);
  return value;
}

/** Commands go to one window at a time: who is meant is said before each. */
function tabs(send: Send, first: string): () => Promise<Tab> {
  return async () => {
    const { handle } = await send<{ handle: string }>('POST', '/window/new', { type: 'window' });
    const here: Send = async (...command) => {
      await send('POST', '/window', { handle });
      return send(...command);
    };
    const resize = async (width: number, height: number) =>
      void (await here('POST', '/window/rect', { x: 0, y: 0, width, height }));
    await resize(1000, 800);
    return {
      resize,
      open: (url) => here('POST', '/url', { url }),
      async run(call, ...args) {
        const answer = await here<{ result?: string; error?: string }>('POST', '/execute/async', {
          script: `const [args, done] = arguments;
            Promise.resolve(args).then((args) => (${call})(...JSON.parse(args))).then(
              (result) => done({ result: JSON.stringify(result ?? null) }),
              (error) => done({ error: String(error) }),
            );`,
          args: [JSON.stringify(args)],
        });
        if (answer.result === undefined) throw new Error(answer.error);
        return JSON.parse(answer.result);
      },
      act: (actions) => here('POST', '/actions', { actions }),
      picture: async () => Buffer.from(await here<string>('GET', '/screenshot'), 'base64'),
      async close() {
        await here('DELETE', '/window');
        await send('POST', '/window', { handle: first });
      },
    };
  };
}
