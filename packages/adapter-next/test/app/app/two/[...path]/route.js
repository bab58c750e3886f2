/** What the documentation promises to be enough. */
const handler = (request, context) => globalThis[Symbol.for('handler under test')](request, context);

export { handler as GET, handler as POST };
