import { listen } from '../listen.js';
import type { Options } from '../options.js';
import { CHAT_PATH } from '../ui/chat-path.js';
import { openCorner } from './corner.js';
import { launcherStrings } from './strings.js';

export type LauncherState = 'idle' | 'loading' | 'failed';

export type EarlyLauncher = ReturnType<typeof earlyLauncher>;

const SVG = 'http://www.w3.org/2000/svg';

/** The button of the widget, before there is a chat to open. What it looks like must match what the chat renders. */
export function earlyLauncher(options: Options, events: { onIntent(): void; onPress(): void }) {
  const strings = { ...launcherStrings, ...options.strings };
  const { host, root } = openCorner(options);
  const button = document.createElement('button');
  const icon = document.createElementNS(SVG, 'svg');
  const path = document.createElementNS(SVG, 'path');
  const badge = document.createElement('span');
  const status = document.createElement('span');
  button.type = 'button';
  button.className = 'launcher';
  button.dataset.testid = 'pp-launcher';
  button.ariaHasPopup = 'dialog';
  button.ariaExpanded = 'false';
  icon.setAttribute('class', 'icon chat');
  icon.setAttribute('viewBox', '0 0 24 24');
  icon.ariaHidden = 'true';
  path.setAttribute('d', CHAT_PATH);
  icon.append(path);
  button.append(icon);
  badge.className = 'badge';
  badge.ariaHidden = 'true';
  badge.textContent = '!';
  status.className = 'unseen';
  status.role = 'status';
  root.append(button, status);
  const cleanUp = [
    listen(button, ['pointerenter', 'pointerdown', 'focus'], events.onIntent),
    listen(button, ['click'], events.onPress),
  ];
  const stop = () => {
    for (const end of cleanUp) end();
  };

  return {
    /** @param asked somebody is waiting for the window */
    show(state: LauncherState, asked: boolean) {
      const hasFailed = state === 'failed';
      button.ariaLabel = hasFailed ? strings.loadFailed : strings.open;
      button.title = hasFailed ? strings.loadFailed : '';
      button.ariaBusy = `${asked && state === 'loading'}`;
      status.textContent = hasFailed && asked ? strings.loadFailed : '';
      if (hasFailed && asked) button.append(badge);
      else badge.remove();
    },
    /** Leaves the elements to the chat. */
    release() {
      stop();
      // A page that changes all of its body has taken it out meanwhile.
      if (!host.isConnected) document.body.append(host);
      badge.remove();
      status.remove();
      button.removeAttribute('title');
      button.removeAttribute('aria-busy');
    },
    remove() {
      stop();
      host.remove();
    },
  };
}
