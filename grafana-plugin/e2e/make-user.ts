import { ADMIN, GRAFANA_URL } from './settings.ts';

const PASSWORD = ['e2e', 'only', 'here'].join('-');

async function api(method: string, path: string, body?: object): Promise<Response> {
  return fetch(`${GRAFANA_URL}/api${path}`, {
    method,
    headers: {
      Authorization: `Basic ${btoa(`${ADMIN.user}:${ADMIN.password}`)}`,
      'Content-Type': 'application/json',
    },
    body: body && JSON.stringify(body),
  });
}

/** A user of the role, made when it is not there; the login. */
export async function makeUser(role: 'Viewer' | 'Editor'): Promise<{ user: string; password: string }> {
  const user = `spanledger-e2e-${role.toLowerCase()}`;
  await api('POST', '/admin/users', { name: user, login: user, password: PASSWORD });
  const { id } = (await (await api('GET', `/users/lookup?loginOrEmail=${user}`)).json()) as { id: number };
  await api('PATCH', `/org/users/${id}`, { role });
  return { user, password: PASSWORD };
}

/** An alert rule as Grafana stored it. */
export async function readRule(
  uid: string
): Promise<{ isPaused: boolean; data: Array<{ model: { rawSql?: string } }> }> {
  return (await (await api('GET', `/v1/provisioning/alert-rules/${uid}`)).json()) as never;
}

export async function deleteRule(uid: string): Promise<void> {
  await api('DELETE', `/v1/provisioning/alert-rules/${uid}`);
}
