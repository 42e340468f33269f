import type { Detector, Match, StepMeter } from '../../detector.ts';
import { isNoSecret } from './secret-values.ts';

/** Longest command that is looked at, from its name on, and how far before `chpasswd` its input may stand. */
const MAX_COMMAND_LENGTH = 512;
const MAX_INPUT_LENGTH = 160;
/** `IDENTIFIED BY 'x'`. */
const SQL = 'identified';
const VALUE = /(["']?)([^\s"'`$<>{;|&\\]{4,128})\1(?=[\s"'`;)|\\]|$)/.source;

const TWO_ARGUMENTS = /\s?\(\s{0,16}(?:(?:"[^"\n]{0,120}"|'[^'\n]{0,120}'|[$\w>-]{1,40})\s?,\s{0,16}){2}(?=["'])/
  .source;

/** The option that takes the password, and the commands that have it. Sources: the commands' manuals. */
const OPTIONS: readonly (readonly [option: RegExp, commands: readonly string[]])[] = [
  [/\s-p/, ['mysql', 'mysqldump', 'mysqladmin', 'mysqlimport', 'mariadb']],
  [/\s-p\s{0,2}/, ['sshpass']],
  [/\slogin\s[^\n]{0,200}?-p[ =]/, ['docker', 'podman', 'buildah', 'skopeo']],
  [/\s-P\s{0,2}/, ['sqlcmd', 'osql', 'bcp', 'unzip', 'zip']],
  [/\s-p\s+/, ['psexec', 'winexe']],
  [/(?:\s-k\s+|\s-pass(?:in|out)?\s+pass:)/, ['openssl']],
  [/-cli\s[^\n]{0,200}?-a\s+/, ['redis', 'valkey']],
];
const COMMANDS: ReadonlyMap<string, RegExp> = new Map([
  ...OPTIONS.flatMap(([option, commands]) =>
    commands.map((command) => [command, new RegExp(option.source + VALUE)] as const)
  ),
  // The third argument of PHP's connections, https://www.php.net/manual/en/pdo.construct.php.
  ['mysqli', new RegExp(/^mysqli(?:_connect)?/.source + TWO_ARGUMENTS + VALUE)],
  ['pdo', new RegExp(/^pdo/.source + TWO_ARGUMENTS + VALUE, 'i')],
  [SQL, new RegExp(/^identified\s+(?:with\s+["'`]?\w{1,40}["'`]?\s+)?by\s+(?:password\s+)?/.source + VALUE, 'i')],
]);
const CHPASSWD_INPUT = /[\w.-]{1,32}:([^\s"'`:|$<]{4,128})["']?\s{0,4}\|\s{0,4}(?:sudo\s{1,4})?$/;

/** The password of the command whose name stands at `hit`. */
function passwordAt(text: string, hit: number): Match | undefined {
  const command = text.slice(hit, hit + MAX_COMMAND_LENGTH);
  const name = /^[a-z]{1,16}/i.exec(command)?.[0].toLowerCase() ?? '';
  if (name === 'chpasswd') {
    const from = Math.max(0, hit - MAX_INPUT_LENGTH);
    const found = CHPASSWD_INPUT.exec(text.slice(from, hit));
    if (found === null) return undefined;
    const start = from + found.index + found[0].indexOf(':') + 1;
    return { start, end: start + (found[1] ?? '').length, score: 0.8 };
  }
  const [line = ''] = name === SQL ? [command] : command.split('\n', 1);
  const found = COMMANDS.get(name)?.exec(line);
  if (found === null || found === undefined) return undefined;
  const end = hit + found.index + found[0].length - (found[1] ?? '').length;
  return { start: end - (found[2] ?? '').length, end, score: 0.8 };
}

function find(text: string, hits: readonly number[], meter: StepMeter): readonly Match[] {
  const matches: Match[] = [];
  let readTo = 0;
  for (const hit of hits) {
    if (hit < readTo) continue;
    meter.steps += MAX_COMMAND_LENGTH;
    const match = passwordAt(text, hit);
    if (match === undefined || match.start < readTo || isNoSecret(text.slice(match.start, match.end))) continue;
    matches.push(match);
    readTo = Math.max(hit, match.end);
  }
  return matches;
}

/** Most commands in prose have no option behind them. */
function confirmWord(text: string, start: number, end: number): boolean {
  const name = text.slice(start, end).toLowerCase();
  const near = text.slice(end, end + MAX_INPUT_LENGTH);
  if (name === 'mysqli' || name === 'pdo') return /^(?:_connect)?\s?\(/.test(near);
  if (name === SQL) return /^\s+(?:by|with)\s/i.test(near);
  return name === 'chpasswd'
    ? /\|\s{0,4}(?:sudo\s{1,4})?$/.test(text.slice(Math.max(0, start - 16), start))
    : /\s-[pPka]/.test(near);
}

/** Passwords on command lines, in SQL and in PHP that have no name before them: `mysql -p…`, `sshpass -p …`, `IDENTIFIED BY '…'`, `new PDO(…)`. */
export const commandPassword: Detector = {
  rule: 'command-line-password',
  category: 'secret',
  severity: 'high',
  action: 'redact',
  keywords: [],
  words: [...COMMANDS.keys(), 'chpasswd'],
  confirmWord,
  publicPrefix: 0,
  find,
};
