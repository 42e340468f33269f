import { createHmac } from 'node:crypto';

/** Users whose token is remembered; above it the memory starts anew, which costs time and nothing else. */
const MAX_REMEMBERED_USERS = 10_000;
const TOKEN_LENGTH = 22;

/**
 * Replaces a user's id by `user-` and 128 bits of HMAC-SHA-256 over workspace and id: the same user keeps the same token
 * within a workspace, and nobody without the key can tell who it is or find the user in another workspace.
 */
export function createUserToken(key: Uint8Array): (workspace: string, userId: string) => string {
  const remembered = new Map<string, string>();
  return (workspace, userId) => {
    const subject = `${workspace}\0${userId}`;
    const known = remembered.get(subject);
    if (known !== undefined) return known;
    const token = `user-${createHmac('sha256', key).update(subject).digest('base64url').slice(0, TOKEN_LENGTH)}`;
    if (remembered.size >= MAX_REMEMBERED_USERS) remembered.clear();
    remembered.set(subject, token);
    return token;
  };
}
