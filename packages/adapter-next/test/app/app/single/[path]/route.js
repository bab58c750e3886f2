/** A mistake: the folder ought to be called [...path]. */
const handler = (request, context) => globalThis[Symbol.for('handler under test')](request, context);

export { handler as GET, handler as POST };
