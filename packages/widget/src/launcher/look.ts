import { listen } from '../listen.js';
import type { Options } from '../options.js';

/** Puts the options' theme and colour on the widget's root element, and follows the system for as long as it is there. */
export function applyLook(
  root: HTMLElement,
  { theme = 'auto', primaryColor = '#0f6b5c', position = 'right' }: Options,
): void {
  const system = matchMedia('(prefers-color-scheme: dark)');
  const setTheme = () => {
    root.dataset.theme = theme === 'auto' ? (system.matches ? 'dark' : 'light') : theme;
  };
  setTheme();
  root.dataset.position = position;
  root.style.setProperty('--primary', primaryColor);
  // Mixed with itself a colour is computed as `color(srgb …)`, whatever it was written in.
  root.style.color = 'color-mix(in srgb,var(--primary),var(--primary))';
  const isLight = luminance(getComputedStyle(root).color) > 0.18;
  root.style.color = '';
  root.style.setProperty('--on-primary', isLight ? '#111' : '#fff');
  root.style.setProperty('--shade', isLight ? '#fff' : '#000');
  const stop = listen(system, ['change'], () => (root.isConnected ? setTheme() : stop()));
}

/**
 * About the relative luminance (WCAG 2.2) of a computed `color(srgb …)`, whose parts are from 0 to 1 within sRGB; above 0.18 black reads
 * better on it. https://www.w3.org/TR/css-color-5/#serial-color-mix
 */
function luminance(color: string): number {
  const [, red, green, blue] = color.split(' ').map(Number.parseFloat);
  return 0.2126 * red! ** 2 + 0.7152 * green! ** 2 + 0.0722 * blue! ** 2;
}
