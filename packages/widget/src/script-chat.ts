import { PocketPing } from './chat.js';
import type { ChatScript } from './launcher/script-loader.js';

// Handed over at the element that brought it: the page's `window.PocketPing` stays what it is.
(document.currentScript as ChatScript).PocketPing = PocketPing;
