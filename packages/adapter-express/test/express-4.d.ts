/** Express 4 has no types of its own, and what is used here is the same in both. */
declare module 'express-4' {
  export { default } from 'express';
}
