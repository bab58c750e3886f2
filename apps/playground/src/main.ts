import { fileURLToPath } from 'node:url';
import { BridgeError, PocketPingError } from '@pocketping/core';
import { StateFileError } from '@pocketping/emulators';
import { startPlayground } from './playground.js';
import { settingsFrom } from './settings.js';
import { SettingsError } from './settings-error.js';

const home = fileURLToPath(new URL('..', import.meta.url));

/** What a person can mend is said in one line; anything else is shown whole. */
const explain = (error: unknown): void => {
  const { code, port, message } = error as NodeJS.ErrnoException & { port?: number };
  if (code === 'EADDRINUSE') {
    console.error(`Port ${port} is taken. Stop what uses it, or choose another one: PORT=3100 npm start`);
  } else if (
    error instanceof SettingsError ||
    error instanceof StateFileError ||
    BridgeError.isInstance(error) ||
    PocketPingError.isInstance(error)
  )
    console.error(message);
  else console.error(error);
};

try {
  // npm runs this in the app's folder; a relative POCKETPING_DB is meant where the person typed.
  const settings = settingsFrom(process.env, process.env.INIT_CWD ?? process.cwd(), home);
  const playground = await startPlayground(settings);
  console.info(`
  The playground is ready:  ${playground.url}

  ${
    playground.drawn
      ? 'Write in the chat on the page, and answer from any of the phones beside it.'
      : 'Write in the chat on the page, and answer from your own phone.'
  }
  Conversations are kept in ${settings.database}
  Ctrl+C stops it.
`);
  let stopping = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (stopping) process.exit(130);
      stopping = true;
      playground.close().then(
        () => process.exit(0),
        (error: unknown) => {
          console.error(error);
          process.exit(1);
        },
      );
    });
  }
} catch (error) {
  explain(error);
  process.exit(1);
}
