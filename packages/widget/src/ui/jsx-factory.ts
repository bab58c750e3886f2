/** What the bundle's JSX becomes: `h(…)` is shorter than the automatic runtime's calls. */
export { Fragment, h } from 'preact';
