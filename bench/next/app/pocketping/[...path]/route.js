/** The process that serves this app puts the handler here, a new one for each round: see src/server/next-app.ts. */
const handler = (request, context) => globalThis[Symbol.for('measured route')](request, context);

export { handler as POST };
