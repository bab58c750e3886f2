/** An instruction of a Dockerfile. @see https://docs.docker.com/reference/dockerfile/ */
export interface Instruction {
  readonly name: string;
  /** `--from=build` and the like. */
  readonly flags: Readonly<Record<string, string>>;
  readonly text: string;
}

/** What one `FROM` begins. */
export interface Stage {
  /** What it is called, or its number. */
  readonly name: string;
  readonly base: string;
  readonly instructions: readonly Instruction[];
}

/** As much of the format as our Dockerfile uses: no continued lines, no arguments, no here-documents. */
export const stagesOf = (dockerfile: string): readonly Stage[] => {
  const stages: { name: string; base: string; instructions: Instruction[] }[] = [];
  for (const line of dockerfile.split('\n')) {
    if (/^\s*(#|$)/.test(line)) continue;
    const [, name = '', rest = ''] = /^([A-Z]+)\s+(.*)$/.exec(line) ?? [];
    if (name === '' || rest.endsWith('\\')) throw new Error(`not understood: ${line}`);
    if (name === 'FROM') {
      const [base = '', , called] = rest.split(/\s+/);
      stages.push({ name: called ?? String(stages.length), base, instructions: [] });
    } else {
      stages.at(-1)?.instructions.push(instruction(name, rest));
    }
  }
  return stages;
};

const instruction = (name: string, rest: string): Instruction => {
  const flags: Record<string, string> = {};
  let text = rest;
  for (;;) {
    const [whole, flag, value] = /^--([\w-]+)=(\S+)\s+/.exec(text) ?? [];
    if (whole === undefined) return { name, flags, text };
    flags[flag as string] = value as string;
    text = text.slice(whole.length);
  }
};

/** What a stage says last of something: its user, its command. */
export const lastOf = ({ instructions }: Stage, name: string): Instruction | undefined =>
  instructions.findLast((each) => each.name === name);

/** A command in the form of a JSON array, which no shell reads. */
export const commandOf = (text: string): readonly string[] =>
  JSON.parse(text.slice(text.indexOf('['))) as string[];

/** The variables that a stage sets. */
export const environmentOf = ({ instructions }: Stage): Readonly<Record<string, string>> =>
  Object.fromEntries(
    instructions
      .filter(({ name }) => name === 'ENV')
      .flatMap(({ text }) => text.split(/\s+/))
      .map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
  );
