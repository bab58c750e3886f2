import { nextHandler } from '@pocketping/adapter-next';
import { chat } from '../../../../lib/chat.ts';

export const maxDuration = 60;

const handler = nextHandler(chat, { maxDuration });

export { handler as GET, handler as POST };
