/** Compiles the WebAssembly of the guard: `npm run guard:wat` writes beside each source a module with its bytes as base64. */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import createWabt from 'wabt';

const GUARD = new URL('../src/guard/', import.meta.url);
const wabt = await createWabt();

for (const [folder, name] of [
  ['./', 'scan'],
  ['./models/', 'runs'],
]) {
  const source = fileURLToPath(new URL(`${folder}${name}.wat`, GUARD));
  const parsed = wabt.parseWat(source, readFileSync(source, 'utf8'), { simd: true });
  parsed.validate();
  const base64 = Buffer.from(parsed.toBinary({}).buffer).toString('base64');
  parsed.destroy();
  writeFileSync(
    new URL(`${folder}${name}-module.ts`, GUARD),
    `/** ${name}.wat, compiled: written by \`npm run guard:wat\`, not by hand. */\nexport const ${name}Module =\n  '${base64}';\n`
  );
}
