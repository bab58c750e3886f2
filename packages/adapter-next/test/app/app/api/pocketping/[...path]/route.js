import { nextHandler, shared } from '@pocketping/adapter-next';
import { PocketPing } from '@pocketping/core';

const pp = shared('chat', () => new PocketPing({ welcomeMessage: 'Hi! How can we help?' }));
const handler = nextHandler(pp);

export { handler as GET, handler as POST };
