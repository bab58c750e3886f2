/** The end of the session's id, to tell conversations apart and to search for one. */
export const tagOf = (sessionId: string): string => `#c${sessionId.replace(/[^a-z0-9]/gi, '').slice(-5)}`;
