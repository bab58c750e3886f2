/** Each test puts its handler here, as an app would make it at the top of this file. */
const handler = (request, context) => globalThis[Symbol.for('handler under test')](request, context);

export {
  handler as DELETE,
  handler as GET,
  handler as HEAD,
  handler as OPTIONS,
  handler as PATCH,
  handler as POST,
  handler as PUT,
};
