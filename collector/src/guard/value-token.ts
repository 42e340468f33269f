import { createHmac } from 'node:crypto';

const TOKEN_LENGTH = 16;

/**
 * Token of a redacted value: 96 bits of HMAC-SHA-256 over workspace, rule and value, so that equal values of a workspace can be
 * told to be equal and nobody without the key can test a guess.
 */
export function createValueToken(key: Uint8Array): (workspace: string, rule: string, value: string) => string {
  return (workspace, rule, value) =>
    createHmac('sha256', key).update(`${workspace}\0${rule}\0${value}`).digest('base64url').slice(0, TOKEN_LENGTH);
}
