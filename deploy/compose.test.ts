import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { parse } from 'yaml';
import { readConfig } from '../collector/src/config.ts';
import { configFields } from '../collector/src/config/fields.ts';
import { readDockerfile } from './read-dockerfile.ts';

interface Service {
  readonly build?: { readonly context: string; readonly target: string };
  readonly image?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly network_mode?: string;
  readonly user?: string;
}
interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: Readonly<Record<string, null>>;
}

const root = process.cwd();
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const stages = readDockerfile(read('Dockerfile'));
const stageOf = (name: string) => stages.find((stage) => stage.name === name)!;
const instructions = (stage: string, name: string): string[] =>
  stageOf(stage).instructions.flatMap(([instruction, rest]) => (instruction === name ? [rest] : []));
const base = parse(read('docker-compose.yml')) as Compose;
const override = parse(read('deploy/cluster.yml')) as Compose;

/** As Compose does with `-f base -f override`: maps are merged, lists are joined. */
function merge(lower: unknown, upper: unknown): unknown {
  if (Array.isArray(lower) && Array.isArray(upper)) return [...(lower as unknown[]), ...(upper as unknown[])];
  if (typeof lower !== 'object' || typeof upper !== 'object' || lower === null || upper === null) return upper ?? lower;
  const names = new Set([...Object.keys(lower), ...Object.keys(upper)]);
  const valueOf = (map: object, name: string): unknown => (map as Record<string, unknown>)[name];
  return Object.fromEntries([...names].map((name) => [name, merge(valueOf(lower, name), valueOf(upper, name))]));
}
const files = [
  ['docker-compose.yml', base],
  ['docker-compose.yml with deploy/cluster.yml', merge(base, override) as Compose],
] as const;

/** Values of variables that must be set; their names. */
const SECRET = 'letters0and1digits';
const asked = new Set<string>();
const interpolate = (value: string): string =>
  value.replace(/\$\{(\w+):\?[^}]*\}/g, (_match, name: string) => {
    asked.add(name);
    return SECRET;
  });

describe.each(files)('%s', (_name, { services, volumes }) => {
  const entries = Object.entries(services);

  it('builds stages that exist and takes images by a version', () => {
    for (const [, { build, image }] of entries) {
      if (build !== undefined) expect(stages.map(({ name }) => name)).toContain(build.target);
      else expect(image).toMatch(/^[a-z/-]+:\d/);
    }
  });

  it('mounts files that exist and volumes that are declared, and declares no other', () => {
    const mounted = entries.flatMap(([, service]) => (service.volumes ?? []).map((volume) => volume.split(':')[0]!));
    const paths = mounted.filter((source) => source.startsWith('.'));
    expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([]);
    const named = mounted.filter((source) => !source.startsWith('.'));
    expect(named.sort()).toEqual(Object.keys(volumes).sort());
  });

  it('publishes ports on this machine only, each of a server that listens beyond its container', () => {
    const published = entries.flatMap(([name, { ports = [] }]) => ports.map((port) => `${name} ${port}`));
    expect(published).toEqual([
      'spanledger 127.0.0.1:4318:4318',
      'spanledger 127.0.0.1:4317:4317',
      'spanledger 127.0.0.1:3000:3000',
    ]);
    expect(instructions('collector', 'EXPOSE')).toEqual(['4317 4318']);
    expect(services['grafana']!.network_mode).toBe('service:spanledger');
  });

  it('waits only for services that have a health check', () => {
    const isChecked = ({ build, healthcheck }: Service): boolean =>
      healthcheck !== undefined || (build !== undefined && instructions(build.target, 'HEALTHCHECK').length > 0);
    for (const [, { depends_on: needed = {} }] of entries) {
      for (const [name, { condition }] of Object.entries(needed)) {
        expect([name, condition, isChecked(services[name]!)]).toEqual([name, 'service_healthy', true]);
      }
    }
  });

  it('sets what the collector knows, and the collector accepts it', () => {
    const known = new Set(Object.values(configFields).map(({ name }) => `SPANLEDGER_${name.toUpperCase()}`));
    const set = Object.entries(services['spanledger']!.environment ?? {});
    expect(set.map(([name]) => name).filter((name) => !known.has(name))).toEqual([]);
    const environment = Object.fromEntries(set.map(([name, value]) => [name, interpolate(value)]));
    const fromImage = { SPANLEDGER_DATA_DIR: '/var/lib/spanledger' };
    expect(() => readConfig({ ...fromImage, ...environment }, () => '')).not.toThrow();
  });
});

it('the cluster uses its own server, with the passwords that the operator sets', () => {
  const { spanledger, grafana, clickhouse } = override.services;
  const url = new URL(interpolate(spanledger!.environment!['SPANLEDGER_CLICKHOUSE_URL']!));
  const server = clickhouse!.environment!;
  expect([url.hostname, url.port, url.username, url.password]).toEqual([
    'clickhouse',
    '8123',
    server['CLICKHOUSE_USER'],
    interpolate(server['CLICKHOUSE_PASSWORD']!),
  ]);
  expect(server['GRAFANA_READER_PASSWORD']).toBe(grafana!.environment!['GRAFANA_READER_PASSWORD']);
  interpolate(server['GRAFANA_READER_PASSWORD']!);
  expect([...asked].sort()).toEqual(['CLICKHOUSE_PASSWORD', 'GRAFANA_READER_PASSWORD']);
});

it('the data source of the cluster is the provisioned one, on the server and as the user that may only read', () => {
  interface Provisioning {
    readonly datasources: readonly (Record<string, unknown> & { readonly jsonData: Record<string, unknown> })[];
  }
  const [provisioned] = (parse(read('provisioning/datasources/spanledger.yaml')) as Provisioning).datasources;
  const [clustered] = (parse(read('deploy/grafana-datasource.yaml')) as Provisioning).datasources;
  expect(clustered).toEqual({
    ...provisioned,
    jsonData: { ...provisioned!.jsonData, host: 'clickhouse', username: 'grafana' },
    secureJsonData: { password: '$GRAFANA_READER_PASSWORD' },
  });
  expect(read('deploy/clickhouse-reader.xml')).toMatch(/<grafana>\s*<password from_env="GRAFANA_READER_PASSWORD"\/>/);
});

it('the images copy what is there and do not run as root', () => {
  const copied = stages.flatMap(({ name }) =>
    instructions(name, 'COPY').flatMap((rest) => (rest.startsWith('--from') ? [] : rest.split(' ').slice(0, -1)))
  );
  expect(copied.length).toBeGreaterThan(0);
  expect(copied.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  const copiedStages = stages.flatMap(({ name }) =>
    instructions(name, 'COPY').flatMap((rest) => /^--from=(\S+)/.exec(rest)?.[1] ?? [])
  );
  expect(copiedStages.map((name) => stageOf(name)?.name)).toEqual(copiedStages);
  expect(stages.map(({ from }) => /:\d/.test(from))).toEqual(stages.map(() => true));
  expect(['collector', 'grafana'].map((stage) => instructions(stage, 'USER').at(-1))).toEqual(['node', 'grafana']);
});

it('the container starts a program that exists', () => {
  const [entry] = instructions('collector', 'ENTRYPOINT');
  expect(JSON.parse(entry!)).toEqual(['node', 'collector/bin/spanledger.mjs']);
  expect(existsSync(join(root, 'collector/bin/spanledger.mjs'))).toBe(true);
  expect(instructions('collector', 'CMD')).toEqual(['["serve"]']);
});

describe('the health check of the image', () => {
  const [check] = instructions('collector', 'HEALTHCHECK');
  const command = JSON.parse(/CMD (\[.*\])$/.exec(check!)![1]!) as string[];
  const probe = (port: number): Promise<number> =>
    new Promise((resolve) => {
      const parameters = command.slice(1).map((text) => text.replace('127.0.0.1:4318', `127.0.0.1:${port}`));
      execFile(command[0]!, parameters, (error) => {
        resolve(error === null ? 0 : Number(error.code));
      });
    });
  const withServer = async (status: number): Promise<number> => {
    const server = createServer((request, reply) => reply.writeHead(request.url === '/healthz' ? status : 404).end());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const outcome = await probe(port);
    await new Promise((resolve) => server.close(resolve));
    return outcome;
  };

  it.each([
    ['healthy', 200, 0],
    ['not healthy', 503, 1],
  ])('%s: /healthz answers %d, the check ends with %d', async (_name, status, code) => {
    expect(await withServer(status)).toBe(code);
  });

  it('fails when nothing listens', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    expect(await probe(port)).toBe(1);
  });
});
