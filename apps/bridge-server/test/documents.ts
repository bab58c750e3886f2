import { fileOf, type Part, parts } from '../src/variables/index.js';
import type { Variable } from '../src/variables/variable.js';

const TITLES: Readonly<Record<Part, string>> = {
  server: 'The server',
  telegram: 'Telegram',
  discord: 'Discord',
  slack: 'Slack',
};

const sections = () =>
  (Object.keys(parts) as Part[]).map((part) => ({
    title: TITLES[part],
    variables: Object.values(parts[part]),
  }));

/** `.env.example`: every variable, with what it means, to be switched on by taking the `#` away. */
export const envExample = (): string =>
  [
    '# Settings of the PocketPing server. Copy this file to .env, and take the # away before what you set.',
    '# Values stand as they are, without quotes. What is misspelt or contradictory is told when the server starts.',
    ...sections().flatMap(({ title, variables }) => ['', '', `# ${title}`, ...variables.flatMap(entry)]),
    '',
  ].join('\n');

const entry = (variable: Variable): string[] => [
  '',
  ...wrapped(`${variable.means} ${preset(variable)}`).map((line) => `# ${line}`),
  ...(variable.secret ? [`# Or set ${fileOf(variable)} to the file that it is in.`] : []),
  `#${variable.name}=${variable.example}`,
];

const preset = ({ default: standard, otherwise }: Variable): string =>
  standard === undefined ? `Unless set: ${otherwise}.` : `Unless set: ${standard}.`;

const wrapped = (text: string): string[] => {
  const lines = [''];
  for (const word of text.split(' ')) {
    const line = lines.at(-1) as string;
    if (line.length + word.length >= 110) lines.push(word);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  return lines;
};

/** The README's tables of variables. */
export const variableTables = (): string =>
  sections()
    .map(({ title, variables }) =>
      [
        `### ${title}`,
        '',
        '| variable | | unless set |',
        '| --- | --- | --- |',
        ...variables.map(
          (variable) =>
            `| \`${variable.name}\`${variable.secret ? ' 🔑' : ''} | ${cell(variable.means)} | ${unlessSet(variable)} |`,
        ),
      ].join('\n'),
    )
    .join('\n\n');

const unlessSet = ({ default: standard, otherwise = '' }: Variable): string =>
  standard === undefined ? cell(otherwise) : `\`${standard}\``;

/** Names of variables as code. A star begins no emphasis. */
const cell = (text: string): string =>
  text
    .replaceAll('|', '\\|')
    .replaceAll('*', '\\*')
    .replace(/\b[A-Z][A-Z\d]*(_[A-Z\d]+)+\b/g, '`$&`');
