import { blocking } from './blocking.js';
import type { Command } from './command.js';

export const unblock: Command = {
  name: 'unblock',
  summary: 'Let this visitor in again',
  needs: 'conversation',
  weighty: true,
  run: (context) => blocking(context, false),
};
