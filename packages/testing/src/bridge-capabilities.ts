import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Bridge, MessageNote } from '@pocketping/core';
import { describe, expect, it } from 'vitest';
import type { BridgeContract } from './bridge-contract/fixture.js';
import { card, message } from './bridge-contract/samples.js';

/** One way in which a bridge can be set up, and the column of its README's table in which it stands. */
export interface BridgeMode extends BridgeContract {
  /** The column's heading. Ways that can do the same may share one. */
  readonly column: string;
}

/** A README's table stands between these. */
const BEGIN = '<!-- capabilities: made from the code -->';
const END = '<!-- /capabilities -->';

/**
 * A README's table of what its bridge can in each way of setting it up, which is made from the bridges themselves. The
 * README marks the place with `<!-- capabilities: made from the code -->` and `<!-- /capabilities -->`. `vitest -u`
 * writes the table anew.
 *
 * @example
 * bridgeCapabilities({ readme: new URL('../README.md', import.meta.url), modes });
 */
export const bridgeCapabilities = ({
  readme,
  modes,
}: {
  readonly readme: URL;
  readonly modes: readonly BridgeMode[];
}): void => {
  describe('the table of capabilities', () => {
    it('tells what each way can, as it is', async () => {
      const told = readFileSync(readme, 'utf8');
      expect(told.split(BEGIN), `the README has ${BEGIN} once`).toHaveLength(2);
      expect(told.split(END), `the README has ${END} once`).toHaveLength(2);
      const table = tableOf(await columnsOf(modes));
      const before = told.slice(0, told.indexOf(BEGIN) + BEGIN.length);
      const after = told.slice(told.indexOf(END));
      await expect(
        `${before}\n\n${table}\n\n${after}`,
        'The table differs from the code. `npx vitest run -u` on this file writes it anew',
      ).toMatchFileSnapshot(fileURLToPath(readme));
    });
  });
};

type Cells = Readonly<Record<string, string>>;

/** What stands in each column, by row. @throws where ways that share a column can not do the same */
const columnsOf = async (modes: readonly BridgeMode[]): Promise<Map<string, Cells>> => {
  const columns = new Map<string, Cells>();
  for (const mode of modes) {
    const { bridge, platform } = await mode.create();
    await platform.close();
    const cells = Object.fromEntries(ROWS.map(([row, tell]) => [row, shown(tell(bridge, mode))]));
    expect(cells, `${mode.name} can what else stands in its column`).toEqual(
      columns.get(mode.column) ?? cells,
    );
    columns.set(mode.column, cells);
  }
  return columns;
};

/** A row's name, and what stands in it: whether a bridge can it, or how. */
type Row = readonly [name: string, tell: (bridge: Bridge, mode: BridgeMode) => boolean | string];

type Optional = { [Key in keyof Bridge]-?: undefined extends Bridge[Key] ? Key : never }[keyof Bridge];

const has =
  (capability: Optional): Row[1] =>
  (bridge) =>
    bridge[capability] !== undefined;

/** Everything a bridge may have or lack, so that what is new in the port has to have a row too. */
const CAPABILITY_ROWS: { readonly [Key in Optional]: Row | null } = {
  threadless: ['A thread for each conversation', ({ threadless }) => !threadless],
  titles: ['Titles say who it is, and follow', has('titles')],
  closing: ['Closing and reopening is shown', has('closing')],
  editing: ['What the visitor edits or deletes changes the post', has('editing')],
  typing: ['The team sees that the visitor types', has('typing')],
  receipts: ['Receipts: delivered, read', has('receipts')],
  files: ['Files that the team sends reach the visitor', has('files')],
  catchUp: ['What was missed is asked for', has('catchUp')],
  reconcile: ['An uncertain post is looked for before it is repeated', has('reconcile')],
  access: ['Access is checked before a refused post is repeated', has('access')],
  webhook: ['The platform calls your server', has('webhook')],
  gestures: [
    'Words of its own to type',
    ({ gestures = [], commandPrefix }) =>
      gestures.map(({ name }) => `\`${commandPrefix}${name}\``).join(', '),
  ],
  // The first row tells it.
  postsOnly: null,
  // It is about the process that runs a bridge.
  intermittent: null,
  // These depend on the options' values, not on the way.
  siblings: null,
  connection: null,
};

const ROWS: readonly Row[] = [
  ['The team answers from here', (_, { sendOnly }) => !sendOnly],
  [
    'Commands, which help names',
    ({ commandPrefix }, { sendOnly }) => (sendOnly ? false : `\`${commandPrefix}help\``),
  ],
  ...Object.values(CAPABILITY_ROWS).filter((row) => row !== null),
  [
    'Files of the visitor are shown, not only linked',
    (bridge) => bridge.render(picture, card())[0]?.file !== undefined,
  ],
  ['A reply is a native one', (bridge) => !bridge.render(reply, card())[0]?.plain.includes(QUOTED)],
];

const QUOTED = 'What was answered';

/** Where a post cannot be a reply itself, it quotes what it answers. */
const reply: MessageNote = {
  ...message('The answer'),
  replyTo: { author: { kind: 'operator', id: '1', name: 'Bob' }, content: QUOTED, native: true },
};

const picture: MessageNote = {
  ...message(''),
  attachments: [{ id: 'att_1', name: 'cat.png', mimeType: 'image/png', size: 1000, status: 'ready' }],
};

const shown = (told: boolean | string): string => {
  if (typeof told === 'string' && told !== '') return told;
  return told ? 'yes' : 'no';
};

const tableOf = (columns: ReadonlyMap<string, Cells>): string => {
  const lines = [
    ['', ...columns.keys()],
    ...ROWS.map(([row]) => [row, ...[...columns.values()].map((cells) => cells[row] as string)]),
  ];
  const widths = (lines[0] as string[]).map((_, at) =>
    Math.max(...lines.map((line) => (line[at] as string).length)),
  );
  const row = (cells: readonly string[]) =>
    `| ${cells.map((cell, at) => cell.padEnd(widths[at] as number)).join(' | ')} |`;
  const [head = [], ...body] = lines;
  return [row(head), row(widths.map((width) => '-'.repeat(width))), ...body.map(row)].join('\n');
};
