import { render } from 'preact';
import type { Client } from '../client/client.js';
import { createStore } from '../client/store.js';
import type { Options } from '../options.js';
import { defaultStrings } from '../strings.js';
import { type Chat, COMPOSER, LOG, type ViewState } from './chat.js';
import { logScroll } from './log-scroll.js';
import { rows } from './rows.js';
import { takeCorner } from './shadow.js';
import styles from './styles.css';
import { followViewport } from './viewport.js';
import { Widget } from './widget.js';

/** A problem is shown this long. */
const PROBLEM_MS = 6_000;

/**
 * Puts the widget into the page, inside a shadow root. What is shown is a function of two states, the client's and the
 * view's; after either has changed it is rendered anew. The answer takes the widget out again, without a trace.
 */
export function mount(client: Client, options: Options): () => void {
  const corner = takeCorner(styles);
  if (!corner) return () => {};
  const { host, shadow, root } = corner;
  const view = createStore<ViewState>({ draft: '' });
  const strings = { ...defaultStrings, ...options.strings };
  const scroll = logScroll({
    onBehind(behind) {
      if (behind !== view.get().behind) view.set({ behind });
    },
    onNearStart: () => void client.loadOlder(),
  });
  let focusNext: string | undefined;
  let wasOpen = false;
  let scheduled = false;
  let problemTimer: ReturnType<typeof setTimeout> | undefined;

  const set: Chat['set'] = (patch, focus) => {
    focusNext = focus ?? focusNext;
    view.set(patch);
  };
  const showProblem = (problem: boolean) => {
    clearTimeout(problemTimer);
    view.set({ problem });
    if (problem) problemTimer = setTimeout(showProblem, PROBLEM_MS, false);
  };
  const chat = {
    client,
    options,
    strings,
    set,
    title: options.title ?? options.operatorName ?? strings.title,
    operatorName: options.operatorName ?? strings.team,
    onLogScroll: scroll.moved,
    onLogGrown: scroll.grown,
    goToEnd: scroll.goToEnd,
    attempt(task: Promise<unknown>) {
      showProblem(false);
      return task.then(
        () => true,
        () => {
          showProblem(true);
          return false;
        },
      );
    },
  };

  const update = () => {
    scheduled = false;
    if (!host.isConnected) return;
    const state = client.state();
    const shown = rows(state);
    const hadFocus = shadow.activeElement !== null;
    render(<Widget {...chat} state={state} view={view.get()} rows={shown} />, root);
    const find = (selector: string) => root.querySelector<HTMLElement>(selector);
    if (state.open !== wasOpen) {
      wasOpen = state.open;
      // Who is writing elsewhere in the page, and has not asked for the window, goes on writing there.
      if (wasOpen && state.unasked && document.activeElement?.matches(':read-write')) focusNext = undefined;
      // On a touch screen the focus in a text field would bring up the keyboard, over the conversation.
      else if (wasOpen) focusNext = matchMedia('(pointer: coarse)').matches ? '.window' : COMPOSER;
      else if (hadFocus) focusNext = '.launcher';
    }
    // As high as the text; the style sheet sets the limit.
    for (const field of root.querySelectorAll('textarea')) {
      field.style.height = 'auto';
      field.style.height = `${field.scrollHeight}px`;
    }
    scroll.rendered(find(LOG), shown);
    if (focusNext) find(focusNext)?.focus();
    focusNext = undefined;
  };
  /** However much changes at once, it is rendered once. */
  const schedule = () => {
    if (!scheduled) queueMicrotask(update);
    scheduled = true;
  };

  const cleanUp = [client.subscribe(schedule), view.subscribe(schedule), followViewport(root), scroll.stop];
  update();
  return () => {
    for (const end of cleanUp) end();
    clearTimeout(problemTimer);
    render(null, root);
    host.remove();
  };
}
