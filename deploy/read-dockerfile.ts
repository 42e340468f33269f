export interface Stage {
  readonly name: string;
  readonly from: string;
  /** Instruction and what follows it, lines joined. */
  readonly instructions: readonly (readonly [name: string, rest: string])[];
}

/** The stages of a Dockerfile; enough of its grammar for this repository's own. */
export function readDockerfile(text: string): readonly Stage[] {
  const lines = text
    .split('\n')
    .filter((line) => !line.startsWith('#') && line.trim() !== '')
    .join('\n')
    .replace(/\\\n\s*/g, '')
    .split('\n');
  const stages: { name: string; from: string; instructions: [string, string][] }[] = [];
  for (const line of lines) {
    const [, instruction = '', rest = ''] = /^\s*(\w+)\s+(.*)$/.exec(line) ?? [];
    if (instruction !== 'FROM') stages.at(-1)?.instructions.push([instruction, rest]);
    else stages.push({ name: rest.split(' ')[2] ?? '', from: rest.split(' ')[0] ?? '', instructions: [] });
  }
  return stages;
}
