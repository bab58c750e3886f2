import type { Change } from './comparison.js';
import type { Figure } from './figure.js';
import { elsewhere, percent, quantity, times, verdict } from './format.js';
import { spread } from './statistics.js';

export interface Line {
  readonly figure: Figure;
  /** Absent the first time. */
  readonly change?: Change;
}

const HEAD = ['', 'floor', 'ours', 'ratio', '±', 'target', 'µs of CPU', 'last ratio', 'elsewhere'];
/** Columns of words. */
const LEFT = new Set([0, 8]);

/** The lines as a table of text, and below it what has to be known to read it. */
export function table(lines: readonly Line[]): string {
  const cells = [HEAD, ...lines.map(row)];
  const widths = HEAD.map((_, column) => Math.max(...cells.map((line) => (line[column] as string).length)));
  const rows = cells.map((line) =>
    line
      .map((cell, column) => {
        const width = widths[column] as number;
        return LEFT.has(column) ? cell.padEnd(width) : cell.padStart(width);
      })
      .join('  ')
      .trimEnd(),
  );
  const notes = lines.flatMap(({ figure }) => (figure.note ? [`${figure.title}: ${figure.note}`] : []));
  return [...rows, ...(notes.length > 0 ? ['', ...notes] : [])].join('\n');
}

const row = ({ figure, change }: Line): string[] => [
  figure.title,
  quantity(figure.floor.median, figure.unit),
  quantity(figure.ours.median, figure.unit),
  times(figure.ratio.median),
  percent(spread(figure.ratio) / 2),
  verdict(figure),
  figure.cost ? `${figure.cost.floor.toFixed(1)} → ${figure.cost.ours.toFixed(1)}` : '',
  change ? `${times(change.then.ratio.median)} ${MARK[change.verdict]}` : '',
  elsewhere(figure),
];

const MARK = { better: '▲', same: '=', worse: '▼' } as const;
