import { wrongIn } from '@pocketping/core/bridging';

/** Makes the error for an option that cannot work. */
export const wrong = wrongIn('RemoteBridge');
