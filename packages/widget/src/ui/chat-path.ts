/** The drawing on the launcher. */
export const CHAT_PATH = 'M5 6h14v9h-7l-4 3v-3H5z';
