import { expect } from 'vitest';
import type { Actions, Tab } from './engine.js';

/** Keys that are no characters: https://www.w3.org/TR/webdriver2/#keyboard-actions */
const KEYS = {
  Enter: '\uE007',
  Tab: '\uE004',
  Escape: '\uE00C',
  Shift: '\uE008',
  ArrowUp: '\uE013',
} as const;

type Key = keyof typeof KEYS;

export type Visitor = ReturnType<typeof visitor>;

/** Somebody in front of a page with the widget. A part is named by its test id, or by a selector in the shadow root. */
export function visitor(tab: Tab) {
  const selector = (part: string) => (/^[\w-]+$/.test(part) ? `[data-testid=pp-${part}]` : part);

  const texts = (part: string): Promise<string[]> =>
    tab.run((selector) => {
      const root = document.querySelector('#pocketping')?.shadowRoot;
      return [...(root?.querySelectorAll(selector) ?? [])].map((element) => element.textContent ?? '');
    }, selector(part));
  const count = async (part: string) => (await texts(part)).length;
  const sees = (part: string) => expect.poll(() => count(part), { message: part }).toBeGreaterThan(0);

  /** The middle of the last such part, once it stands still. */
  const middle = async (part: string) => {
    await sees(part);
    return tab.run(async (selector) => {
      const found = document.querySelector('#pocketping')!.shadowRoot!.querySelectorAll(selector);
      const element = found[found.length - 1]!;
      element.scrollIntoView({ block: 'nearest' });
      for (let before = ''; ; ) {
        const { x, y, width, height } = element.getBoundingClientRect();
        const now = `${x} ${y}`;
        if (now === before) return { x: Math.round(x + width / 2), y: Math.round(y + height / 2) };
        before = now;
        await new Promise((resolve) => setTimeout(resolve, 60));
      }
    }, selector(part));
  };
  const point = async (at: { x: number; y: number }, ...then: string[]) => {
    const actions = [{ type: 'pointerMove', ...at }, ...then.map((type) => ({ type, button: 0 }))];
    await tab.act([{ type: 'pointer', id: 'mouse', actions }] as Actions);
  };

  return {
    tab,
    texts,
    count,
    sees,
    hover: async (part: string) => point(await middle(part)),
    click: async (part: string) => point(await middle(part), 'pointerDown', 'pointerUp'),
    async type(text: string) {
      await press(tab, ...text);
    },
    /** A key, or `Shift+` a key. */
    async press(name: Key | `Shift+${Key}`) {
      const [key, shift] = name.split('+').reverse() as [Key, 'Shift' | undefined];
      if (!shift) return press(tab, KEYS[key]);
      const within = [KEYS[key]].flatMap(stroke);
      await tab.act([
        {
          type: 'key',
          id: 'keys',
          actions: [{ type: 'keyDown', value: KEYS.Shift }, ...within, { type: 'keyUp', value: KEYS.Shift }],
        },
      ]);
    },
    /** The test id of what has the focus in the widget. */
    focus: () =>
      tab.run(() => {
        const focused = document.querySelector('#pocketping')?.shadowRoot?.activeElement;
        return focused?.getAttribute('data-testid') ?? null;
      }),
    value: (part: string) =>
      tab.run((selector) => {
        const root = document.querySelector('#pocketping')!.shadowRoot!;
        return root.querySelector<HTMLTextAreaElement>(selector)!.value;
      }, selector(part)),
  };
}

const stroke = (value: string) => [
  { type: 'keyDown', value },
  { type: 'keyUp', value },
];

const press = (tab: Tab, ...keys: string[]) =>
  tab.act([{ type: 'key', id: 'keys', actions: keys.flatMap(stroke) }]);
