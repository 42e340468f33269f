import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Engine } from './engine.ts';
import { readBody } from './http/read-body.ts';
import { readPlan } from './http/read-plan.ts';
import type { Plan } from './http/read-plan.ts';
import { summary } from './http/send-result.ts';
import type { Lane } from './lane.ts';
import type { Limits } from './limits.ts';
import { canStream } from './run-read.ts';
import type { createRunRead } from './run-read.ts';
import type { createRunWrite } from './run-write.ts';
import { sessionSetup } from './session-setup.ts';
import type { StatementLimits } from './settings.ts';
import type { ReaderScope } from './sql/reader-ast.ts';
import { checkReaderText } from './sql/reader-text.ts';
import { ErrorCode, Refusal } from './sql/refusal.ts';
import type { Statement } from './sql/statement.ts';
import { checkWriterText } from './sql/writer-text.ts';
import type { User } from './users.ts';
import { rightsOf } from './visible-tables.ts';
import type { VisibleTables } from './visible-tables.ts';

export interface QueryDependencies {
  readonly engine: Engine;
  readonly runRead: ReturnType<typeof createRunRead>;
  readonly runWrite: ReturnType<typeof createRunWrite>;
  readonly lanes: { readonly read: Lane; readonly insert: Lane; readonly change: Lane };
  readonly visible: VisibleTables;
  readonly limits: Limits;
  readonly publicTables: ReadonlySet<string>;
  readonly now: () => number;
}

/** One request of a known user. */
export interface Call {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly parameters: URLSearchParams;
  readonly user: User;
}

/** Time beyond max_execution_time after which a statement is killed from outside, milliseconds. */
const GRACE_MS = 5_000;

/** Makes the function that answers one query; it rejects with a Refusal (see sendError). */
export function createQueryHandler(deps: QueryDependencies): (call: Call) => Promise<void> {
  const { engine, lanes, limits, visible, now } = deps;

  async function read(call: Call, plan: Plan, session: Session): Promise<void> {
    const { sql, scope, format, streamed, hasTail } = session;
    const wish = {
      sql,
      verb: plan.statement.verb,
      format,
      streamed,
      hasTail,
      setup: session.setup,
      parameters: call.parameters,
      revision: Number(call.parameters.get('client_protocol_version') ?? 0) || 0,
      ...(scope === undefined ? {} : { scope }),
    };
    await watched(call, session, (signal) =>
      lanes.read.run(() => deps.runRead(wish, call.request, call.response), signal)
    );
  }

  /** Kills the statement when its client leaves or its time is far over; waits until it has really ended. */
  async function watched(call: Call, session: Session, work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const left = new AbortController();
    const kill = (): void => {
      left.abort();
      void engine.kill(session.id);
    };
    const onClose = (): void => {
      if (!call.response.writableFinished) kill();
    };
    const deadline = setTimeout(kill, session.seconds * 1000 + limits.waitMs + GRACE_MS);
    call.response.on('close', onClose);
    try {
      await work(left.signal);
    } finally {
      clearTimeout(deadline);
      call.response.off('close', onClose);
    }
  }

  async function insert(call: Call, plan: Plan, session: Session): Promise<void> {
    const started = now();
    const write = {
      sql: session.sql,
      setup: session.setup,
      ...(plan.insert === undefined ? {} : { insert: plan.insert }),
    };
    const nothing = plan.insert?.data.length === 0;
    const written = nothing ? { rows: 0, bytes: 0 } : await lanes.insert.run(() => deps.runWrite(write));
    const counts = {
      writtenRows: written.rows,
      writtenBytes: written.bytes,
      resultRows: written.rows,
      resultBytes: written.bytes,
      readRows: written.rows,
      readBytes: written.bytes,
    };
    call.response.setHeader('X-ClickHouse-Summary', summary({ ...counts, elapsedMs: now() - started }));
    call.response.setHeader('Content-Type', 'text/plain; charset=UTF-8');
    call.response.end();
  }

  async function change(call: Call, session: Session): Promise<void> {
    const started = now();
    const bytes = await lanes.change.run(async () => {
      visible.changed();
      const connection = engine.open();
      try {
        for (const statement of session.setup) await connection.query(statement, 'TabSeparated');
        return (await connection.query(session.sql, 'TabSeparated')).bytes;
      } finally {
        connection.close();
        visible.changed();
      }
    });
    call.response.setHeader('X-ClickHouse-Summary', summary({ elapsedMs: now() - started }));
    call.response.setHeader('Content-Type', 'text/plain; charset=UTF-8');
    call.response.end(bytes);
  }

  /** What the user may do with this statement, and the session it runs in. Rejects with a Refusal when it may not run. */
  async function openSession(call: Call, statement: Statement): Promise<Session> {
    const { user, parameters } = call;
    const kindLimits: StatementLimits =
      statement.kind === 'insert' ? limits.insert : statement.kind === 'change' ? limits.change : limits.read;
    const id = randomUUID();
    const database = parameters.get('database') ?? headerText(call.request, 'x-clickhouse-database') ?? 'default';
    const seconds = kindLimits.seconds;
    const format = outputFormat(call, statement);
    const hasTail =
      parameters.get('extremes') === '1' || statement.tokens.some(({ text }) => /^(?:totals|extremes)$/i.test(text));
    const streamed = canStream(statement.verb, format, hasTail);
    const setup = (binding: readonly string[]): string[] =>
      sessionSetup({ parameters, database, limits: kindLimits, id, binding });
    const session = { id, seconds, format, streamed, hasTail };
    if (user.role === 'reader') {
      const catalogue = await visible.catalogue();
      const { sql, withNames } = checkReaderText(statement, catalogue.functions, user.workspaces !== '*');
      if (!catalogue.databases.has(database) || /^(?:system|information_schema)$/i.test(database)) {
        throw new Refusal(
          ErrorCode.UNKNOWN_DATABASE,
          `Database ${database.slice(0, 64)} does not exist or is no default for a reader.`
        );
      }
      const { tables, settings } = rightsOf(user, catalogue, deps.publicTables);
      const scope: ReaderScope = {
        database,
        databases: catalogue.databases,
        tables,
        withNames,
        engineFunctions: catalogue.functions,
        limited: user.workspaces !== '*',
      };
      return { ...session, sql, setup: setup(settings), scope };
    }
    if (user.role === 'writer') checkWriterText(statement);
    const isGet = call.request.method === 'GET' || call.request.method === 'HEAD';
    if (isGet && statement.kind !== 'read' && statement.kind !== 'session') {
      throw new Refusal(
        ErrorCode.READONLY,
        'Cannot execute query in readonly mode. For queries over HTTP, method GET implies readonly. You should use method POST for modifying queries.'
      );
    }
    return { ...session, sql: withoutFormat(statement), setup: setup(isGet ? ['readonly = 2'] : []) };
  }

  return async (call) => {
    const { parameters, request, response } = call;
    const queryId = parameters.get('query_id');
    response.setHeader(
      'X-ClickHouse-Query-Id',
      queryId !== null && /^[\x20-\x7e]{1,256}$/.test(queryId) ? queryId : randomUUID()
    );
    for (const name of ['compress', 'decompress']) {
      if (parameters.get(name) === '1')
        throw new Refusal(
          ErrorCode.NOT_IMPLEMENTED,
          `${name}=1 (ClickHouse's own block compression) is not supported: use gzip.`
        );
    }
    const body = await readBody(request);
    const inputFormat = headerText(request, 'x-clickhouse-format') ?? parameters.get('default_format') ?? undefined;
    const plan = readPlan(parameters.get('query') ?? '', body, inputFormat, limits.statementBytes);
    const session = await openSession(call, plan.statement);
    switch (plan.statement.kind) {
      case 'read':
        return read(call, plan, session);
      case 'insert':
        return insert(call, plan, session);
      case 'change':
        return change(call, session);
      case 'session':
        // A session lives for one request: SET and USE are accepted and change nothing after it.
        response.setHeader('X-ClickHouse-Summary', summary({}));
        response.end();
    }
  };
}

interface Session {
  readonly id: string;
  readonly seconds: number;
  readonly sql: string;
  readonly format: string;
  readonly streamed: boolean;
  readonly hasTail: boolean;
  readonly setup: readonly string[];
  readonly scope?: ReaderScope;
}

/** The FORMAT clause wins, then default_format, then the header. Rejects a name that cannot be one. */
function outputFormat({ parameters, request }: Call, statement: Statement): string {
  const format =
    statement.format?.name ??
    parameters.get('default_format') ??
    headerText(request, 'x-clickhouse-format') ??
    'TabSeparated';
  if (!/^\w{1,64}$/.test(format)) throw new Refusal(ErrorCode.UNKNOWN_FORMAT, 'Unknown format.');
  return format;
}

function headerText(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** The statement without FORMAT name; SETTINGS behind it stay. */
function withoutFormat({ text, tokens, format }: Statement): string {
  if (format === undefined) return text;
  const before = text.slice(0, tokens[format.index]?.start ?? 0);
  const after = tokens[format.index + 2];
  return after === undefined ? before : `${before} ${text.slice(after.start)}`;
}
