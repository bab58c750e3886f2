import { wrongIn } from '@pocketping/core/bridging';

/** An option that cannot work. The message says what to change. */
export const wrong = wrongIn('TelegramBridge');
