import { ICONS, type Penmanship } from '@pocketping/core/rendering';
import type { Run } from './markup.js';

/** What is special to Slack in what notes say. */
export const pen: Penmanship = {
  address: (text) => (text === '' ? [] : [addressRun(text)]),
  privately: {
    speaker: (name) => [...name, { text: ' · private note, the visitor never sees it', style: 'italic' }],
    cited: (name) => [{ text: `${ICONS.private} `, style: 'bold' }, ...name],
  },
};

/** It can be clicked where it is an address of the web in full. */
const addressRun = (text: string): Run => ({ text, ...(isWebAddress(text) && { isAddress: true }) });

const isWebAddress = (text: string): boolean =>
  /^https?:\/\/[\x21-\x7e]+$/i.test(text) && !/[<>|]/.test(text) && URL.canParse(text);
