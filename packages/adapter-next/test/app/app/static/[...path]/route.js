/** A mistake that is easily made in a layout or by a tool: each request is another one. */
export const dynamic = 'force-static';

const handler = (request, context) => globalThis[Symbol.for('handler under test')](request, context);

export { handler as GET };
