import { blocking } from './blocking.js';
import type { Command } from './command.js';

export const block: Command = {
  name: 'block',
  summary: 'Keep this visitor out: nothing they write arrives any more',
  needs: 'conversation',
  weighty: true,
  run: (context) => blocking(context, true),
};
