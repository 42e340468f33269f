/** What TypeScript's libraries name only among the things of browsers. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (
    module: object,
    imports: Readonly<Record<string, Readonly<Record<string, (...numbers: number[]) => number>>>>
  ) => { readonly exports: object };
};

type Imports = ConstructorParameters<typeof WebAssembly.Instance>[1];

/** What a WebAssembly module exports that is kept as base64: a few kilobytes, compiled at once. */
export function instantiate(base64: string, imports: Imports): object {
  return new WebAssembly.Instance(new WebAssembly.Module(Buffer.from(base64, 'base64')), imports).exports;
}
