import type { Figure, Unit } from './figure.js';

/** `44,200/s`, `0.77 ms`: three digits that mean something, whatever the size. */
export function quantity(value: number, unit: Unit): string {
  const digits = value >= 100 ? 0 : value >= 10 ? 1 : 2;
  const number = value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
  return unit === '/s' ? `${number}/s` : `${number} ${unit}`;
}

export const times = (ratio: number): string => `${ratio.toFixed(2)}×`;

export const percent = (share: number): string => `${Math.round(share * 100)} %`;

/** What has to be reached, with a mark that says whether it is. */
export function verdict({ target, better, unit, met }: Figure): string {
  if (!target) return '';
  const wanted = 'ratio' in target ? times(target.ratio) : quantity(target.value, unit);
  return `${better === 'more' ? '≥' : '≤'} ${wanted} ${met ? '✔' : '✘'}`;
}

/** The comparable implementation's figure, and its ratio where its floor is known. */
export function elsewhere({ elsewhere, unit }: Figure): string {
  if (!elsewhere) return '';
  const { floor, value } = elsewhere;
  if (floor === undefined) return quantity(value, unit);
  return `${quantity(value, unit)} of ${quantity(floor, unit)}: ${times(value / floor)}`;
}
