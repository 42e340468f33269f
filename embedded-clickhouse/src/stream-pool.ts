import { Worker } from 'node:worker_threads';
import { EngineError } from './engine.ts';
import type { StreamAnswer, StreamRequest, StreamSource } from './stream-runner.ts';
import { ErrorCode } from './sql/refusal.ts';

/** Pieces of a result, in order. */
interface Pieces extends AsyncIterable<Buffer> {
  /** Ends the statement when it still runs and frees its thread; to be called in any case, more than once is fine. */
  close(): Promise<void>;
}

export interface StreamPool {
  /** Starts a statement on a thread of its own. Errors before the first row reject here, later ones while iterating. */
  open(setup: readonly string[], sql: string, format: string): Promise<Pieces>;
  close(): Promise<void>;
}

/** The part of a thread that is used; tests give their own. */
export interface StreamThread {
  ask(request: StreamRequest): Promise<StreamAnswer>;
  terminate(): Promise<void>;
  readonly dead: boolean;
}

/** Makes a pool that keeps the threads it started; the caller's lane bounds how many run at once. */
export function createStreamPool(start: () => StreamThread): StreamPool {
  const idle: StreamThread[] = [];
  const all = new Set<StreamThread>();

  function giveBack(thread: StreamThread): void {
    if (thread.dead) all.delete(thread);
    else idle.push(thread);
  }

  function pieces(thread: StreamThread, first: StreamAnswer): Pieces {
    let answer: StreamAnswer | undefined = first;
    let asking: Promise<StreamAnswer> | undefined;
    let closed = false;

    async function next(): Promise<IteratorResult<Buffer, undefined>> {
      if (answer === undefined && !closed) {
        asking = thread.ask({ type: 'next' });
        answer = await asking;
        asking = undefined;
      }
      const current = answer;
      if (closed || current === undefined || current.type === 'end') return { done: true, value: undefined };
      if (current.type === 'error') throw toError(current);
      answer = undefined;
      const bytes = current.bytes ?? new Uint8Array();
      return { done: false, value: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength) };
    }

    async function close(): Promise<void> {
      if (closed) return;
      closed = true;
      const last = (await asking) ?? answer;
      if (last === undefined || last.type === 'piece') await thread.ask({ type: 'close' });
      giveBack(thread);
    }

    return { [Symbol.asyncIterator]: () => ({ next }), close };
  }

  return {
    async open(setup, sql, format) {
      const thread = idle.pop() ?? start();
      all.add(thread);
      const opened = await thread.ask({ type: 'open', setup, sql, format });
      // The first piece tells whether the statement fails at once, while a status can still be sent.
      const first = opened.type === 'opened' ? await thread.ask({ type: 'next' }) : opened;
      if (first.type === 'error') {
        giveBack(thread);
        throw toError(first);
      }
      return pieces(thread, first);
    },
    async close() {
      await Promise.all([...all].map((thread) => thread.terminate()));
      all.clear();
      idle.length = 0;
    },
  };
}

function toError({ code, message, label }: StreamAnswer): EngineError {
  return new EngineError(code ?? ErrorCode.UNKNOWN_EXCEPTION, message ?? 'the stream failed', label);
}

/** A worker thread that answers one request at a time. */
export function startStreamThread(file: string | URL, source: StreamSource): StreamThread {
  const worker = new Worker(file, { workerData: source });
  worker.unref();
  let waiting: ((answer: StreamAnswer) => void) | undefined;
  let dead = false;
  const settle = (answer: StreamAnswer): void => {
    const resolve = waiting;
    waiting = undefined;
    resolve?.(answer);
  };
  worker.on('message', settle);
  const fail = (why: string) => (): void => {
    dead = true;
    settle({ type: 'error', message: why, transfer: [] });
  };
  worker.on('error', fail('the stream thread failed'));
  worker.on('exit', fail('the stream thread ended'));
  return {
    ask(request) {
      if (dead) return Promise.resolve({ type: 'error', message: 'the stream thread ended', transfer: [] });
      return new Promise((resolve) => {
        waiting = resolve;
        worker.postMessage(request);
      });
    },
    async terminate() {
      await worker.terminate();
    },
    get dead() {
      return dead;
    },
  };
}
